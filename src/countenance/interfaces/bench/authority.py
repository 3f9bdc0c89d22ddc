"""What charters and policies cost: one decision, and all that authority does for one verification."""

from __future__ import annotations

import time
from collections.abc import Mapping

from countenance.bootstrap.authority_bench import authority_of_one, one_decision
from countenance.bootstrap.profiles import render_charter, weights_name
from countenance.config import Settings
from countenance.interfaces.bench.timing import percentile, pinned, timed
from countenance.interfaces.trial import trial_values
from countenance.terms import Instant

_PROFILE = "land-pedestrian"


class _Clock:
    def now(self) -> Instant:
        """Return this machine's time."""
        return Instant(time.time_ns() // 1_000_000)


def measure(settings: Settings, core: int, rounds: int) -> Mapping[str, float]:
    """Return the 99th percentiles of ``rounds`` decisions, and of as many verifications' whole authority, in ms."""
    clock = _Clock()
    charter = render_charter(_PROFILE, weights=weights_name(settings), values=trial_values(_PROFILE, clock.now()))
    decision, everything = one_decision(clock), authority_of_one(charter, clock)
    with pinned(core):
        for job in (decision, everything):
            job()
        return {
            "authority.decision_p99_ms": percentile([timed(decision) for _ in range(rounds)], 0.99),
            "authority.verification_p99_ms": percentile([timed(everything) for _ in range(rounds)], 0.99),
        }
