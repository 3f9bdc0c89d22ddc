"""The desk: the auditor's bundle, the charters in words, and the administrator's counters."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Path, Response

from countenance.interfaces import metrics
from countenance.interfaces.api.front import Acting, Front, Fronting
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas import CharterBody
from countenance.interfaces.schemas_record import RecordBody
from countenance.interfaces.shown import charter_body
from countenance.procedures import Lane, permit
from countenance.terms import Action, Actor, JsonObject

router = APIRouter(tags=["desk"])


@router.get(
    "/record/bodies", summary="Export the record's bodies for an auditor", response_class=Response,
    responses={
        200: {"description": "The bundle for `countenance audit --bodies`.", "content": {"application/json": {}}},
        **documented(401, 403, 507),
    },
)  # fmt: skip
async def export_bodies(front: Fronting, actor: Acting) -> Response:
    """Return every entry opened: facts and salt, and the personal part while it lives. The export is recorded."""
    return Response(await front.threads.call(_export, front, actor), media_type="application/json")


def _export(front: Front, actor: Actor) -> bytes:
    return json.dumps(front.service.desk.export_record(actor), ensure_ascii=False).encode()


@router.get(
    "/record/bodies/{commitment}", response_model=RecordBody, response_model_exclude_unset=True,
    summary="Open one entry for an auditor", responses=documented(401, 403, 404, 422, 507),
)  # fmt: skip
async def open_body(
    commitment: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="From a receipt: 32 bytes in hex.")],
    front: Fronting,
    actor: Acting,
) -> JsonObject:
    """Return one entry opened, as the bundle holds it. That it was opened, and by whom, is recorded first."""
    return await front.threads.call(front.service.desk.open_body, bytes.fromhex(commitment), actor)


@router.get("/charters", response_model=list[CharterBody], summary="Read the charters", responses=documented(401))
async def list_charters(front: Fronting, _actor: Acting) -> list[CharterBody]:
    """Return what this site may do, why, by which law, where and until when, with the notices people read."""
    return await front.threads.call(_charters, front)


def _charters(front: Front) -> list[CharterBody]:
    now = front.service.clock.now()
    by_charter: dict[str, list[Lane]] = {}
    for lane in front.service.lanes.all:
        by_charter.setdefault(lane.charter.sha256, []).append(lane)
    return [charter_body(lanes[0], lanes, now) for lanes in by_charter.values()]


@router.get(
    "/metrics", summary="Counters for Prometheus", response_class=Response,
    responses={200: {"description": "Prometheus text format.", "content": {"text/plain": {}}}, **documented(401, 403)},
)  # fmt: skip
async def read_metrics(front: Fronting, actor: Acting) -> Response:
    """Return counts by outcome, reason and checkpoint, time by stage, and the log's state: no ids, no scores."""
    return Response(await front.threads.call(_metrics, front, actor), media_type=metrics.MEDIA_TYPE)


def _metrics(front: Front, actor: Actor) -> bytes:
    permit(front.service.policy, actor, Action.READ_METRICS, "")
    return front.metrics.render()
