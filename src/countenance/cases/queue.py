"""What waits for a human, in the order in which it is due."""

from __future__ import annotations

from collections.abc import Iterable

from countenance.cases.referral import state_at
from countenance.terms import Case, CaseState, Instant

_URGENCY = {CaseState.SECONDARY: 0, CaseState.WAITING: 1, CaseState.CONTESTED: 2}
"""People who stand there go first; only these states wait."""


def queue(cases: Iterable[Case], now: Instant) -> tuple[Case, ...]:
    """Return what waits at ``now``: people in secondary, people with the officer, contests; the oldest first in each.

    A contest past its clock comes before all of them: the person waits for an answer that is late.
    """
    waiting = [(state_at(case, now), case) for case in cases]
    waiting = [(state, case) for state, case in waiting if state in _URGENCY]
    waiting.sort(key=lambda one: (-overdue(one[1], now), _URGENCY[one[0]], _since(one[1]), one[1].referral.referral_id))
    return tuple(case for _, case in waiting)


def overdue(case: Case, now: Instant) -> bool:
    """Return whether a contest should have been reviewed by now."""
    last = case.steps[-1] if case.steps else None
    return last is not None and last.state is CaseState.CONTESTED and now >= last.until


def _since(case: Case) -> Instant:
    return case.steps[-1].at if case.steps else case.referral.opened_at
