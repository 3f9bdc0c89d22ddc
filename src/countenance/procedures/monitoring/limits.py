"""The limit on referrals as a sequential test: it passes when chance no longer explains what came."""

from __future__ import annotations

from functools import cache

from countenance.evaluate.drift import Cusum
from countenance.ports import UnitOfWork
from countenance.procedures.lanes import Lane
from countenance.terms import EARLIER_REFERRAL, Decision, Instant, Match, NoMatch, Referred, Refused

NATS = 12.0
"""How much evidence suspends, as a log-likelihood ratio; as the match rate's test."""
_STATE = "referral-limit"


@cache
def limit_test(per_thousand: int) -> Cusum:
    """Return the test of this limit, made to notice twice as many referrals; silent at the limit and below."""
    share = per_thousand / 1000
    return Cusum.between(1 - share, 1 - 2 * share, NATS)


def passes_limit(tx: UnitOfWork, lane: Lane, decision: Decision | Refused, *, expires_at: Instant) -> bool:
    """Count one answer inside ``tx`` and return whether the charter's limit is passed with it.

    Only people who were compared count; of these, whoever is referred.
    """
    if not isinstance(decision, Match | NoMatch | Referred):
        return False
    if isinstance(decision, Referred) and decision.reason == EARLIER_REFERRAL:  # nobody was compared
        return False
    matched = int(isinstance(decision, Match))
    checkpoint_id = lane.checkpoint.checkpoint_id
    before = (tx.aggregates.state(checkpoint_id, _STATE) or {"total": 0})["total"]
    assert isinstance(before, int)  # noqa: S101 - saved below
    total, passed = limit_test(lane.charter.referral_limit_per_thousand).advance(before, matched, 1 - matched)
    if total != before:
        tx.aggregates.save_state(checkpoint_id, _STATE, {"total": total}, expires_at=expires_at)
    return bool(passed)


def reset_limit(tx: UnitOfWork, lane: Lane, *, expires_at: Instant) -> None:
    """Let the test of one checkpoint begin anew."""
    tx.aggregates.save_state(lane.checkpoint.checkpoint_id, _STATE, {"total": 0}, expires_at=expires_at)
