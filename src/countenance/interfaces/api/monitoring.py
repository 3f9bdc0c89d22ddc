"""Monitoring: people counted by staff come in, rates, tests and signals go out; nothing about any person either way."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from countenance.interfaces.api.captures import invalid
from countenance.interfaces.api.front import Acting, Fronting
from countenance.interfaces.durations import parse_day
from countenance.interfaces.monitored import monitoring_body
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas import ReceiptReply
from countenance.interfaces.schemas_monitoring import ClearanceBody, MonitoringBody, TallyBody
from countenance.interfaces.shown import receipt_body
from countenance.terms import Clearance, Tally

router = APIRouter(tags=["monitoring"])

Since = Annotated[str | None, Query(max_length=10, description="First day, in UTC; the last 30 days by default.")]


@router.get(
    "/monitoring", response_model=MonitoringBody, summary="Read rates, tests and signals",
    responses=documented(401, 403, 422, 507),
)  # fmt: skip
async def read_monitoring(front: Fronting, actor: Acting, since: Since = None) -> MonitoringBody:
    """Return each checkpoint's figures and every signal. What is new is evaluated first, and signals recorded.

    Shares are per million people and have intervals; null means insufficient data. Cells of fewer than ten people, and
    those that would give them away, are kept in.
    """
    first = None if since is None else _day("since", since)
    return monitoring_body(await front.threads.call(front.service.watching.report, first, actor))


@router.post(
    "/tallies", status_code=201, response_model=ReceiptReply, summary="Note how many people were presented",
    responses=documented(401, 403, 404, 409, 413, 422, 507),
)  # fmt: skip
async def note_tally(body: TallyBody, front: Fronting, actor: Acting) -> ReceiptReply:
    """Add a boarding count or an officer's tally to a day: the honest denominator, which attempts are not."""
    tally = Tally(body.checkpoint, _day("day", body.day), body.presented, body.exempt, body.source, body.replaces)
    return ReceiptReply(receipt=receipt_body(await front.threads.call(front.service.noting.note_tally, tally, actor)))


@router.post(
    "/clearances", status_code=201, response_model=ReceiptReply, summary="Note people cleared by hand, and why",
    responses=documented(401, 403, 404, 409, 413, 422, 507),
)  # fmt: skip
async def note_clearance(body: ClearanceBody, front: Fronting, actor: Acting) -> ReceiptReply:
    """Say that people went on after an ordinary check. With an encounter it ends, its wait is counted, and it is over.

    Note every check that follows a refusal or an answer other than a match: only then is it known whether refusing
    costs time.
    """
    clearance = Clearance(body.checkpoint, body.reason, body.people, body.encounter, body.words)
    receipt = await front.threads.call(front.service.noting.note_clearance, clearance, actor)
    return ReceiptReply(receipt=receipt_body(receipt))


def _day(field: str, text: str) -> int:
    try:
        return parse_day(text)
    except ValueError:
        raise invalid(field, "A day such as 2026-12-01") from None
