"""Training and partners: who learnt what and until when, who promised to store nothing, and who looked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from countenance.interfaces.api.captures import invalid
from countenance.interfaces.api.front import Acting, Fronting
from countenance.interfaces.durations import parse_day
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas import ReceiptReply
from countenance.interfaces.schemas_cases import (
    AuditSentBody,
    PartnerBody,
    PartnerSentBody,
    TrainingBody,
    TrainingSentBody,
)
from countenance.interfaces.shown import receipt_body
from countenance.interfaces.shown_cases import partner_body, training_body
from countenance.terms import DAY_MS, Instant, Partner

router = APIRouter(tags=["administration"])


@router.post(
    "/trainings", status_code=201, response_model=ReceiptReply, summary="Record a training",
    responses=documented(401, 403, 413, 422, 507),
)  # fmt: skip
async def record_training(body: TrainingSentBody, front: Fronting, actor: Acting) -> ReceiptReply:
    """Let an operator or supervisor work until a day; from then on their key is refused until they did it again."""
    until = _instant("until", body.until)
    call, ledger = front.threads.call, front.service.ledger
    return ReceiptReply(
        receipt=receipt_body(await call(ledger.record_training, body.holder, body.course, until, actor))
    )


@router.get(
    "/trainings", response_model=list[TrainingBody], summary="Read who is trained", responses=documented(401, 403)
)
async def list_trainings(front: Fronting, actor: Acting) -> list[TrainingBody]:
    """Return everybody's newest training and whether it holds."""
    found = await front.threads.call(front.service.ledger.trainings, actor)
    return [training_body(training, in_date=in_date) for training, in_date in found]


@router.post(
    "/partners", status_code=201, response_model=ReceiptReply, summary="Record a partner and its obligation",
    responses=documented(401, 403, 413, 422, 507),
)  # fmt: skip
async def add_partner(body: PartnerSentBody, front: Fronting, actor: Acting) -> ReceiptReply:
    """Let a partner's devices be enrolled: it has signed that it stores and reuses no photograph."""
    partner = Partner(
        body.partner, body.name, body.contact, body.obligation, _instant("obliged", body.obliged),
        body.audit_every_days,
    )  # fmt: skip
    receipt = await front.threads.call(front.service.ledger.add_partner, partner, actor)
    return ReceiptReply(receipt=receipt_body(receipt))


@router.get(
    "/partners", response_model=list[PartnerBody], summary="Read the ledger of partners", responses=documented(401, 403)
)
async def list_partners(front: Fronting, actor: Acting) -> list[PartnerBody]:
    """Return every partner with its devices, its audits, and whether one is overdue."""
    return [partner_body(line) for line in await front.threads.call(front.service.ledger.ledger, actor)]


@router.post(
    "/partners/{partner}/audits", status_code=201, response_model=ReceiptReply, summary="Note an audit of a partner",
    responses=documented(401, 403, 404, 413, 422, 507),
)  # fmt: skip
async def note_audit(
    partner: Annotated[str, Path(max_length=80, description="The partner's id.")],
    body: AuditSentBody, front: Fronting, actor: Acting,
) -> ReceiptReply:  # fmt: skip
    """Say that a partner was audited, whether it passed, and where the report is; an auditor does."""

    def note() -> ReceiptReply:
        """Note it."""
        receipt = front.service.ledger.note_audit(partner, passed=body.passed, reference=body.reference, actor=actor)
        return ReceiptReply(receipt=receipt_body(receipt))

    return await front.threads.call(note)


def _instant(field: str, text: str) -> Instant:
    try:
        return Instant(parse_day(text) * DAY_MS)
    except ValueError:
        raise invalid(field, "A day such as 2026-12-01") from None
