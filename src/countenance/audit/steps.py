"""What may happen to a referral, written a second time: the record's steps are replayed against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .events import Event

TRANSITIONS = {
    ("waiting", "clear"): "cleared",
    ("waiting", "send_on"): "secondary",
    ("secondary", "clear"): "cleared",
    ("secondary", "find"): "adverse",
    ("cleared", "contest"): "contested",
    ("adverse", "contest"): "contested",
    ("lapsed", "contest"): "contested",
    ("contested", "uphold"): "upheld",
    ("contested", "correct"): "corrected",
}
"""(state, step) to the state after it; a test compares it with the site's own table."""
UNDECIDED = frozenset({"waiting", "secondary"})


@dataclass(frozen=True, slots=True)
class Replayed:
    """A referral after its steps."""

    state: str
    settled: str
    """When the last step was taken; "" without one."""
    due_ms: int
    """When it lapses undecided, -1 where it does not say."""
    wrong: tuple[Event, ...]
    """Steps that could not be taken where they stand."""


def replay(raised: Event, steps: Sequence[Event]) -> Replayed:
    """Return where a referral stands after its steps, in the order of time; of one instant, in the order that fits."""
    state, settled, wrong = raised.text("state"), "", list[Event]()
    left = sorted(steps, key=lambda step: step.order)
    while left:
        now = [step for step in left if step.order == left[0].order]
        fits = [one for one in now if _after(state, one.text("step")) == one.text("state")]
        direct = [one for one in fits if (state, one.text("step")) in TRANSITIONS]
        step = (direct or fits or now)[0]
        left.remove(step)
        if _after(state, step.text("step")) != step.text("state"):
            wrong.append(step)
            continue
        state, settled = step.text("state"), step.text("time")
    return Replayed(state, settled, raised.time("kept_until"), tuple(wrong))


def _after(state: str, step: str) -> str | None:
    """Return the state after a step; an undecided referral whose clock ran out has lapsed without a step."""
    found = TRANSITIONS.get((state, step))
    return TRANSITIONS.get(("lapsed", step)) if found is None and state in UNDECIDED else found
