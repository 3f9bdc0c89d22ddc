"""What became of what was kept about the person of an encounter: gone with a receipt, kept by its clock, or overdue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .events import Event

GRACE_MS = 120_000
"""How long something past its clock may have no receipt: erasures of one minute share theirs, and one to spare."""
_REVIEWS = frozenset({"uphold", "correct"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One encounter's."""

    outcome: str
    """gone, kept, overdue, unstated."""
    kept_until: str
    """As the event says that decides; "" where none does."""
    erased_by: str


def judge_custody(
    story: Sequence[Event], receipt: Event | None, exported_at_ms: int, gap: Callable[[str, str], None]
) -> Outcome:
    """Return the outcome, naming what is overdue by more than the grace.

    ``receipt`` is of the newest erasure after which nothing about this person was left. What was sealed after that
    erasure began, and had not run out when it ended, has a clock of its own again.
    """
    left = story if receipt is None else [event for event in story if _outlives(event, receipt)]
    deadline, shown = _deadline(left)
    if deadline < 0:
        return Outcome("unstated", "", "") if receipt is None else Outcome("gone", "", receipt.text("erasure"))
    if deadline + GRACE_MS < exported_at_ms:
        due = shown or "the end of a review"
        gap("census.custody", f"what was kept about the person was to be gone by {due}, and no receipt says so")
        return Outcome("overdue", shown, "")
    return Outcome("kept", shown, "")


def _outlives(event: Event, receipt: Event) -> bool:
    begun = max(receipt.time("begun"), -1)
    return event.time("time") > begun and event.time("kept_until") > receipt.time("time")


def _deadline(events: Sequence[Event]) -> tuple[int, str]:
    """Return the latest time that events state, and as it stands there: a review ends a contest's, a release a lock's.

    What a review lets go is gone with the next sweep, or at the ordinary clock.
    """
    ended = {event.text("hold") for event in events if event.kind == "hold.released"}
    reviews = [event for event in events if event.kind == "referral.stepped" and event.text("step") in _REVIEWS]
    latest, shown = -1, ""
    for event in events:
        until, said = event.time("kept_until"), event.text("kept_until")
        if event.kind == "hold.placed" and event.text("hold") in ended:
            continue
        if event.text("step") == "contest":
            over = [
                one for one in reviews if one.text("referral") == event.text("referral") and one.order >= event.order
            ]
            until, said = (over[0].time("time"), "") if over and until >= 0 else (until, said)
        if until > latest:
            latest, shown = until, said
    return latest, shown
