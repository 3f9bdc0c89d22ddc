"""What the demo must not be allowed to do, and why: asked of the real site, answered with every rule that was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from countenance.bootstrap import Service
from countenance.bootstrap.explaining import explain_in_service
from countenance.errors import CountenanceError
from countenance.interfaces.demo.story import EXPIRED, LANE
from countenance.interfaces.doors import Doors
from countenance.interfaces.explained import actor_named, explanation_data
from countenance.ports import Extractor
from countenance.terms import UNKNOWN, Action, Eligibility, Explanation, OpenRequest

_NOBODY = Eligibility(UNKNOWN, 30, 5, refusal_offered=True)


@dataclass(frozen=True, slots=True)
class Denied:
    """One question that had to be answered with no."""

    asks: str
    """Who asks for what, in a sentence."""
    code: str
    said: str
    """The refusal as the person at the lane reads it."""
    explanation: Explanation
    as_expected: bool

    @property
    def data(self) -> Mapping[str, object]:
        """Return what ``demo --json`` tells of it."""
        return {"asks": self.asks, "code": self.code, "said": self.said, "as_expected": self.as_expected,
                "explanation": explanation_data(self.explanation)}  # fmt: skip


def denials(service: Service, operator: Doors, auditor: Doors) -> Iterator[Denied]:
    """Ask at a lane whose charter has ended, and let somebody ask who may not; nothing may be decoded for either."""
    for door, who, where, code, asks in (
        (operator, "operator:1", EXPIRED, "charter.not_in_force", "A lane whose charter ended last night"),
        (auditor, "auditor:1", LANE, "access.denied", "An auditor who wants to open a lane"),
    ):
        decoded = service.extractor.frames_decoded
        error = _refused(door, where)
        why = explain_in_service(
            service, actor_named(who), Action.OPEN_ENCOUNTER, where, service.clock.now(), None
        )  # fmt: skip
        said, got = (error.diagnostics(), error.code) if error is not None else ("This was allowed.", "")
        yield Denied(
            asks, got, said, why,
            as_expected=got == code and not why.allowed and _unseen(service.extractor, decoded),
        )  # fmt: skip


def _unseen(counter: Extractor, before: int) -> bool:
    return counter.frames_decoded == before


def _refused(door: Doors, where: str) -> CountenanceError | None:
    """Return the refusal; None means that this was allowed, which is a fault of the demo."""
    try:
        door.open_encounter(OpenRequest(where, _NOBODY, "", "nobody"))
    except CountenanceError as error:
        return error
    return None
