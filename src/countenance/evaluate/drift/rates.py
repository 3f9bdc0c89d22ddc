"""Shares of people, each with an interval or with the words "insufficient data". Every person is one trial."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log, log1p, sqrt

FLOOR = 30
"""Fewer people than this give no rate."""
Z = 1.959963984540054
"""The normal distribution's 97.5 % point: two-sided intervals of 95 %."""
_EXACT_UP_TO = 1000


@dataclass(frozen=True, slots=True)
class Rate:
    """A share in [0, 1] of ``of`` people, with its 95 % Wilson interval."""

    count: int
    of: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Insufficient:
    """Too few people for a rate: ``of`` were there, ``needed`` must be."""

    of: int
    needed: int


def rate(count: int, of: int, *, floor: int = FLOOR) -> Rate | Insufficient:
    """Return the share ``count`` ÷ ``of`` with its Wilson score interval (Wilson 1927), from ``floor`` people on.

    Raises:
        ValueError: a negative number, or more counted than there were.
    """
    if not 0 <= count <= of:
        message = f"{count} of {of} is no share"
        raise ValueError(message)
    if of < max(floor, 1):
        return Insufficient(of, max(floor, 1))
    share = count / of
    denominator = 1 + Z * Z / of
    centre = (share + Z * Z / (2 * of)) / denominator
    half = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / denominator
    return Rate(count, of, share, min(max(centre - half, 0.0), share), max(min(centre + half, 1.0), share))


def upper_limit(count: int, of: int, *, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson upper limit of a share; with ``count`` = 0 nearly 3 ÷ ``of``.

    Raises:
        ValueError: ``of`` is not positive, or more counted than there were.
    """
    if not 0 <= count <= of or of < 1:
        message = f"{count} of {of} is no share"
        raise ValueError(message)
    if count == of:
        return 1.0
    if count > _EXACT_UP_TO:  # the normal approximation is then as good, and the sum too long
        share = count / of
        return min(share + 1.6448536269514722 * sqrt(share * (1 - share) / of), 1.0)
    low, high = count / of, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(count, of, middle) > 1 - confidence else (low, middle)
    return high


def _at_most(count: int, of: int, share: float) -> float:
    """Return the binomial probability of at most ``count`` of ``of``; ``share`` lies inside (0, 1)."""
    whole = lgamma(of + 1)
    terms = (
        whole - lgamma(k + 1) - lgamma(of - k + 1) + k * log(share) + (of - k) * log1p(-share) for k in range(count + 1)
    )
    return sum(map(exp, terms))
