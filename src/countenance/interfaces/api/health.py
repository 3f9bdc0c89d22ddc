"""Whether the service lives and can do its work; anonymous, so it says what is missing and nothing else."""

from __future__ import annotations

from fastapi import APIRouter, Response

from countenance.interfaces.api.front import Front, Fronting
from countenance.interfaces.metrics import living_processes
from countenance.interfaces.problems import MEDIA_TYPE, not_ready_problem, problem_response
from countenance.interfaces.schemas_health import Live, Ready

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", response_model=Live, summary="Say that the process answers")
async def live() -> Live:
    """Return at once; says nothing about whether the service can compare. For restarting a process that hangs."""
    return Live()


@router.get(
    "/ready", response_model=Ready, summary="Say whether the service can do its work",
    responses={
        503: {
            "description": "Not now: `reasons` says what is missing; do an ordinary manual check.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/NotReady"}}},
        }
    },
)  # fmt: skip
async def ready(front: Fronting) -> Response:
    """Return 200 when inference processes, sweeper and log work, else 503 with what is missing."""
    reasons = await front.threads.call(missing, front)
    if not reasons:
        return Response(Ready().model_dump_json(), media_type="application/json")
    return problem_response(not_ready_problem(reasons))


def missing(front: Front) -> list[str]:
    """Return what is missing, as stable words; empty when the service is ready."""
    reasons: list[str] = []
    if not front.ticker.running:
        reasons.append("starting_or_stopping")
    elif front.ticker.failing:
        reasons.append("sweeper_or_log_failing")
    alive = living_processes(front.service)
    if alive is not None and alive < front.service.settings.workers:
        reasons.append("inference_process_missing")
    return reasons
