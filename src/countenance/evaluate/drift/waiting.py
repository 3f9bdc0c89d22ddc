"""Whether refusing costs time: how long people waited who refused, against those who did not.

A wait runs from the opening of the encounter to the moment the person may go on: the match, or the ordinary check that
was noted as done. Waits are kept as counts in bins of seconds, so a median is known to a bin and no person has a time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

from countenance.evaluate.drift.rates import FLOOR, Insufficient

EDGES: tuple[int, ...] = (*range(5, 301, 5), *range(330, 1801, 30), *range(2100, 7201, 300))
"""Upper ends of the bins in seconds; whoever waited longer is in one last bin, known only as longer."""
LAST_CELL = "longer"
_Z = 2.807033768343811
"""97.5 % of both medians' intervals hold together with 99 %: each has 99.5 %, two-sided."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Two medians in seconds and how far they are apart, with a 99 % interval; ends are those of bins."""

    refused: int
    """People who refused and whose check was noted as done."""
    others: int
    refused_median: int
    others_median: int
    low: int
    """The gap (refused less others) is at least this many seconds; may be negative."""
    high: int
    limit: int
    """From the charter."""

    @property
    def exceeds(self) -> bool:
        """Whether the gap is above the charter's limit even at the interval's lower end."""
        return self.low > self.limit


def wait_cell(seconds: float) -> str:
    """Return the bin of a wait: its upper end in seconds, or "longer"."""
    at = bisect_left(EDGES, seconds)
    return LAST_CELL if at == len(EDGES) else str(EDGES[at])


def compare_waits(refused: Mapping[str, int], others: Mapping[str, int], limit: int) -> Waiting | Insufficient:
    """Return how the two waits compare, from :data:`FLOOR` people in each group on.

    Each median has a distribution-free interval from order statistics (the binomial's normal approximation); the gap's
    interval is their difference, wider than need be and with no assumption about the shape of waits or their ties.
    """
    groups = [_bins(refused), _bins(others)]
    fewest = min(map(sum, groups))
    if fewest < FLOOR:
        return Insufficient(fewest, FLOOR)
    (refused_low, refused_median, refused_high), (others_low, others_median, others_high) = map(_median, groups)
    return Waiting(
        sum(groups[0]), sum(groups[1]), refused_median, others_median,
        _lower(refused_low) - others_high, refused_high - _lower(others_low), limit,
    )  # fmt: skip


def _bins(cells: Mapping[str, int]) -> list[int]:
    return [*(cells.get(str(edge), 0) for edge in EDGES), cells.get(LAST_CELL, 0)]


def _median(bins: Sequence[int]) -> tuple[int, int, int]:
    """Return the upper ends of the bins of the median's lower limit, the median, and its upper limit."""
    people = sum(bins)
    half = _Z * sqrt(people) / 2
    ranks = (max(floor(people / 2 - half), 1), (people + 1) // 2, min(ceil(people / 2 + half) + 1, people))
    low, middle, high = (_edge(bins, rank) for rank in ranks)
    return low, middle, high


def _edge(bins: Sequence[int], rank: int) -> int:
    passed = 0
    for edge, number in zip((*EDGES, 2 * EDGES[-1]), bins, strict=True):
        passed += number
        if passed >= rank:
            return edge
    return 2 * EDGES[-1]


def _lower(edge: int) -> int:
    """Return the lower end of the bin that ends at ``edge``."""
    at = bisect_left(EDGES, edge)
    return 0 if at == 0 else EDGES[at - 1]
