"""Why something is allowed: the same answer as ``countenance charter explain``, and nothing about any person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query

from countenance.bootstrap.explaining import explain_in_service
from countenance.interfaces.api.captures import invalid
from countenance.interfaces.api.front import Acting, Fronting
from countenance.interfaces.explained import action_named, actor_named, explanation_data, moment_named, person_named
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas_authority import ExplanationBody

router = APIRouter(tags=["desk"])
T = TypeVar("T")


@router.get(
    "/explanations", response_model=ExplanationBody, summary="Say why something is or would be allowed",
    responses=documented(401, 404, 422),
)  # fmt: skip
async def read_explanation(
    front: Fronting,
    _actor: Acting,
    *,
    who: Annotated[str, Query(alias="as", max_length=120, description="Who acts, such as `operator:17`.")],
    action: Annotated[str, Query(max_length=40, description="What they do, such as `identify`.")],
    at: Annotated[str, Query(max_length=64, description="The checkpoint; empty for what has no place.")] = "",
    on: Annotated[
        str | None, Query(max_length=40, description="A day (its midday, UTC) or a moment; now by default.")
    ] = None,
    person_class: Annotated[str, Query(max_length=64, description="Also say what holds for such a person.")] = "",
    age: Annotated[int, Query(ge=-1, le=150, description="Their age in completed years; -1: unknown.")] = -1,
    charter: Annotated[
        str, Query(max_length=64, description="SHA-256 of a charter of the site, as if it were in force then.")
    ] = "",
) -> ExplanationBody:
    """Return every rule that is asked, in order: charter, mode, camera, policy, and what holds for a class of people.

    Where no charter is in force on that day, the one that begins next is told, and what it would say.

    A question on paper: nothing is computed, nobody is opened an encounter, nothing is recorded.
    """
    moment = front.service.clock.now() if on is None else _read("on", on, moment_named, "A day or a moment")
    answer = await front.threads.call(
        explain_in_service, front.service, _read("as", who, actor_named, "A role and a post, as operator:17"),
        _read("action", action, action_named, "An action of the policies"), at, moment, person_named(person_class, age),
        charter,
    )  # fmt: skip
    return ExplanationBody(**explanation_data(answer))


def _read(field: str, text: str, reader: Callable[[str], T], expected: str) -> T:
    try:
        return reader(text)
    except ValueError:
        raise invalid(field, expected) from None
