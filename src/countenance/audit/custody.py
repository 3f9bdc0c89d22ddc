"""What became of what was kept about the person of an encounter: gone with a receipt, kept by its clock, or overdue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .events import Event
from .steps import frozen_until

GRACE_MS = 60_000
"""How long after its clock something may still be there: the sweeper looks once a second, and a batch takes time."""
_OF_THE_PERSON = frozenset({"encounter.opened", "attempt.answered", "encounter.opted_out", "referral.raised"})


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
    """Return the outcome, naming what is overdue by more than a minute.

    ``receipt`` is the newest erasure that says nothing about this person was left. What was sealed after it has a
    clock of its own again.
    """
    since = -1 if receipt is None else receipt.time("time")
    later = [event for event in story if event.time("time") > since]
    stated = [event for event in later if event.kind in _OF_THE_PERSON and event.time("kept_until") >= 0]
    steps = [event for event in later if event.kind == "referral.stepped"]
    deadline = max([*(event.time("kept_until") for event in stated), frozen_until(steps)], default=-1)
    timed = {event.time("kept_until"): event.text("kept_until") for event in (*stated, *steps)}
    shown = timed.get(deadline, "")
    if receipt is not None and deadline < 0:
        return Outcome("gone", "", receipt.text("erasure"))
    if deadline < 0:
        return Outcome("unstated", "", "")
    if deadline + GRACE_MS < exported_at_ms:
        gap(
            "census.custody",
            f"something about the person was to be gone by {shown or 'a review'}, and no receipt says so",
        )
        return Outcome("overdue", shown, "")
    return Outcome("kept", shown, "")
