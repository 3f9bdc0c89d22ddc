"""How figures stand in a report: names of targets, rates with their states, null for whatever is no number."""

from __future__ import annotations

import math
from typing import Any

from countenance.evaluate.bootstrap import Interval
from countenance.evaluate.comparisons import Comparisons
from countenance.evaluate.evaluation import Evaluation
from countenance.evaluate.rates import Rate, State, insufficient, rate
from countenance.evaluate.verification import AtTarget

Json = dict[str, Any]


def target_name(target: float) -> str:
    """Return a target as a key: "1e-4", "2e-5"."""
    exponent = math.floor(math.log10(target) + 1e-9)
    return f"{target / 10**exponent:.3g}e{exponent}"


def ends(one: Interval) -> tuple[float, float]:
    """Return an interval's ends."""
    return one.low, one.high


def finite(value: float | None) -> float | None:
    """Return a number, or None for what is none."""
    return None if value is None or not math.isfinite(value) else value


def shown_rate(one: Rate) -> Json:
    """Return a rate as the report shows it."""
    return {"state": one.state.value, "value": finite(one.value), "low": finite(one.low), "high": finite(one.high),
            "errors": one.errors, "trials": one.trials, "people": one.people,
            "independent": one.independent}  # fmt: skip


def misses(comparisons: Comparisons, at: AtTarget) -> tuple[int, int, int, int]:
    """Return missed pairs, mated pairs, people missed, people with mated pairs: what an FNMR is made of."""
    people = comparisons.people
    return (at.false_non_matches, int(people.mated.sum()), at.false_non_match_people, int((people.mated > 0).sum()))


def strangers_matched(comparisons: Comparisons, at: AtTarget, interval: Interval) -> Rate:
    """Return what may be said of all strangers at a threshold; nothing below what was kept of their scores."""
    found = rate(at.false_matches, comparisons.non_mated, at.false_match_people, comparisons.pairs_of_people,
                 *ends(interval))  # fmt: skip
    return found if at.supported else insufficient(found)


def false_match_rate(evaluation: Evaluation, target: float) -> Rate:
    """Return what may be said of all strangers at the threshold of one target.

    Where this is not measured, the threshold stands for no such rate, and nothing else at it is told under the
    target's name.
    """
    return strangers_matched(evaluation.comparisons, evaluation.at[target], evaluation.intervals[target].fmr)


def is_measured(evaluation: Evaluation, target: float) -> bool:
    """Return whether the threshold of one target stands for that rate of false matches."""
    return false_match_rate(evaluation, target).state is State.MEASURED
