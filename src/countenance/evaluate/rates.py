"""A rate, its interval, and whether there is enough behind it to print it at all.

The floor: at least 30 errors (the "rule of 30") by at least 20 people; with no error at all an upper bound by the rule
of three on the number of *independent* people, never on pairs, because pairs share people; otherwise "insufficient
data", and no ratio is made of it (STANDARDS §4; ISO/IEC 19795-1). Up to three people bound nothing: 3/3 is 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

FLOOR_ERRORS = 30
FLOOR_PEOPLE = 20
RULE_OF_THREE = 3.0
"""3/n: the upper bound of a rate after n independent trials without an error, 95 % one-sided."""


NO_ERROR = "no error"
"""State of an equal error rate where one threshold tells every pair rightly."""


class State(StrEnum):
    """What a rate may be read as."""

    MEASURED = "measured"
    BOUND = "upper bound"
    """No error occurred: only the upper bound is known."""
    INSUFFICIENT = "insufficient data"


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of comparisons that went wrong; None wherever nothing may be said."""

    state: State
    value: float | None
    low: float | None
    high: float | None
    errors: int
    trials: int
    people: int
    """How many people the errors are of."""
    independent: int
    """The effective number, which a bound rests on: people for misses, half as many for false matches."""


def rate(  # noqa: PLR0917 - what a rate is made of
    errors: int, trials: int, people: int, independent: int, low: float, high: float, value: float | None = None
) -> Rate:
    """Return what may be said of ``errors`` by ``people`` in ``trials``; ``low``/``high`` are a resampled interval.

    ``independent`` is the effective number: people with mated pairs for FNMR, half of all people for FMR. ``value`` is
    the rate when it is not simply errors over trials (person-balanced rates).
    """
    if trials > 0 and errors >= FLOOR_ERRORS and people >= FLOOR_PEOPLE:
        measured = errors / trials if value is None else value
        return Rate(State.MEASURED, measured, low, high, errors, trials, people, independent)
    if trials > 0 and errors == 0 and independent > RULE_OF_THREE:
        return Rate(State.BOUND, None, 0.0, RULE_OF_THREE / independent, 0, trials, 0, independent)
    return Rate(State.INSUFFICIENT, None, None, None, errors, trials, people, independent)


def insufficient(one: Rate) -> Rate:
    """Return the same counts, of which no rate may be made."""
    return replace(one, state=State.INSUFFICIENT, value=None, low=None, high=None)
