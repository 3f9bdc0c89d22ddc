"""Codes as a reader of the demo sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from countenance.terms import Instant, NextStep, Outcome, Reply, iso
from countenance.terms.staging import Announced, TravellerState

OUTCOME = {
    Outcome.MATCH: "match",
    Outcome.NO_MATCH: "no match",
    Outcome.NOT_COMPARED: "not compared",
    Outcome.REFERRED: "referred",
    Outcome.RETRY: "try again",
    Outcome.OPTED_OUT: "opted out",
    Outcome.OPENED: "opened",
}
NEXT = {
    NextStep.PROCEED: "proceed",
    NextStep.REFER_TO_OFFICER: "an officer looks",
    NextStep.MANUAL_CHECK: "ordinary manual check",
    NextStep.TRY_AGAIN: "another photograph",
    NextStep.CAPTURE: "camera",
}
SYMBOL = {
    Outcome.MATCH: "✓",
    Outcome.NO_MATCH: "→",
    Outcome.NOT_COMPARED: "○",
    Outcome.REFERRED: "→",
    Outcome.RETRY: "↻",
    Outcome.OPTED_OUT: "○",
    Outcome.OPENED: "·",
}
"""Shape beside colour, so that colour is never the only sign."""
STAGES = ("decode", "detect", "quality", "embed", "compare")
"""In the order of work; "compare" is decision and record too."""


def stage_millis(reply: Reply) -> dict[str, float]:
    """Return milliseconds by stage: the slower photograph of the two counts, they are handled side by side."""
    spent: dict[str, float] = {}
    for item in reply.millis:
        name = item.stage.rpartition(".")[2]
        spent[name] = max(spent.get(name, 0.0), item.millis)
    return spent


def stages_in_line(reply: Reply) -> str:
    """Return milliseconds by stage in one line, in the order of ``STAGES``; "" when no frame was decoded."""
    spent = stage_millis(reply)
    return " ".join(_short(spent[name]) for name in STAGES if name in spent) if "decode" in spent else ""


def _short(millis: float) -> str:
    """Return two figures that matter: 0.4, 4.3, 43, 107."""
    return f"{millis:.1f}" if millis < 10 else f"{millis:.0f}"  # noqa: PLR2004 - two figures


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a traveller's reference stands, as a reader of the demo sees it."""

    mark: str
    word: str


STANDS = {
    TravellerState.STAGED: Stands("●", "staged"),
    TravellerState.POOR: Stands("!", "poor portrait"),
    TravellerState.EXCLUDED: Stands("-", "excluded by age"),
    TravellerState.WANTED: Stands("?", "no portrait"),
}


NO_FINDING = "That no camera saw somebody is no finding about them."
NOTHING_LEFT = (
    "The gallery can no longer say who was expected, staged or aboard, nor whose its pseudonyms were: its roll "
    "went too. What encounters and referrals keep is no part of it and has clocks of its own."
)


def minute(instant: Instant) -> str:
    """Return a time as people read it, to the minute."""
    return f"{iso(instant)[:16].replace('T', ' ')} UTC"


def announced_in_words(told: Announced) -> str:
    """Return what a manifest's message changed."""
    return (
        f"{told.expected} people, {told.added} new, {told.excluded} too young to be compared, portraits wanted of "
        f"{len(told.wanted)}"
    )


def numbered(numbers: Sequence[int]) -> str:
    """Return travellers' numbers as a list, or "nobody"."""
    return ", ".join(map(str, numbers)) or "nobody"
