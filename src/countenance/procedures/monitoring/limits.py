"""The limit on referrals as sequential tests, for each lane: it passes when chance no longer explains what came."""

from __future__ import annotations

from functools import cache

from countenance.evaluate.drift import Cusum
from countenance.ports import UnitOfWork
from countenance.procedures.lanes import Lane
from countenance.terms import EARLIER_REFERRAL, Decision, Instant, Match, NoMatch, Referred, Refused

NATS = 12.0
"""How much evidence suspends, as a log-likelihood ratio; as the match rate's test."""
_NOTICES = {"referral-limit": 2.0, "referral-limit-near": 1.25}
"""Two tests of one limit, by the name of their state: one sees twice the limit soon, one a quarter more at all."""


@cache
def limit_test(per_thousand: int, times: float = 2.0) -> Cusum:
    """Return the test of this limit, made to notice ``times`` as many referrals; silent at the limit and below."""
    share = per_thousand / 1000
    return Cusum.between(1 - share, 1 - times * share, NATS)


def passes_limit(tx: UnitOfWork, lane: Lane, decision: Decision | Refused, *, expires_at: Instant) -> bool:
    """Count one answer inside ``tx`` and return whether the charter's limit is passed with it, at this lane.

    Only people who were compared count; of these, whoever is referred.
    """
    if not isinstance(decision, Match | NoMatch | Referred):
        return False
    if isinstance(decision, Referred) and decision.reason == EARLIER_REFERRAL:  # nobody was compared
        return False
    matched = int(isinstance(decision, Match))
    checkpoint_id = lane.checkpoint.checkpoint_id
    passed = 0
    for name, times in _NOTICES.items():
        before = (tx.aggregates.state(checkpoint_id, name) or {"total": 0})["total"]
        assert isinstance(before, int)  # noqa: S101 - saved below
        test = limit_test(lane.charter.referral_limit_per_thousand, times)
        total, signals = test.advance(before, matched, 1 - matched)
        if total != before:
            tx.aggregates.save_state(checkpoint_id, name, {"total": total}, expires_at=expires_at)
        passed += signals
    return passed > 0


def reset_limit(tx: UnitOfWork, lane: Lane, *, expires_at: Instant) -> None:
    """Let the tests of one checkpoint begin anew."""
    for name in _NOTICES:
        tx.aggregates.save_state(lane.checkpoint.checkpoint_id, name, {"total": 0}, expires_at=expires_at)
