"""Intervals from a two-way bootstrap over people, because comparisons share people and are not independent.

Each resample draws as many people as there are, with replacement. A person drawn w times weighs w: mated pairs of
person i count w_i times, non-mated pairs of i and j count w_i w_j times, and pairs between copies of one person are
dropped (they are mated pairs in disguise). The threshold is selected again in every resample. Nothing is scored again:
the tail is walked with its weights, and totals have closed forms (Bolle et al. 2004 and Howard et al. 2019 motivate
resampling subjects; the weights are the multiplicities of the draw).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.comparisons import Comparisons
from countenance.evaluate.draws import draws
from countenance.evaluate.subsets import Subset

RESAMPLES = 1000
LEVEL = 0.95
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Interval:
    """The middle ``LEVEL`` of the resamples; (nan, nan) where no resample had anything to count."""

    low: float
    high: float


NOTHING_KNOWN = Interval(float("nan"), float("nan"))


@dataclass(frozen=True, slots=True)
class TargetIntervals:
    """Intervals at one target."""

    fnmr: Interval
    """Pooled, threshold selected again."""
    balanced: Interval
    """Person-balanced, threshold selected again."""
    fmr: Interval
    """Of the FMR at the one threshold that all people together gave."""
    threshold: Interval
    subset_fmr: Mapping[str, Interval]
    """By subset name, at the resample's global threshold."""
    subset_fnmr: Mapping[str, Interval]
    subset_balanced: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class _Columns:
    """What every resample reads, gathered once."""

    tail_a: NDArray[np.int32]
    tail_b: NDArray[np.int32]
    """Persons of the tail's pairs."""


@dataclass(frozen=True, slots=True)
class _Misses:
    """Mated pairs with one resample's weights, cumulated by falling score."""

    pooled: NDArray[np.float64]
    balanced: NDArray[np.float64]
    """Each pair weighs its person's share of one."""
    pairs: float
    """Weight of all mated pairs, lost ones included."""
    people: float
    """Weight of all people with mated pairs."""

    @classmethod
    def of(cls, weights: NDArray[np.float64], persons: NDArray[np.int32], mated: NDArray[np.int64]) -> _Misses:
        """Return them for pairs of ``persons``, who have ``mated`` pairs each."""
        each = np.divide(weights, mated, out=np.zeros(len(weights)), where=mated > 0)
        return cls(np.cumsum(np.take(weights, persons)), np.cumsum(np.take(each, persons)), float(weights @ mated),
                   float(weights @ (mated > 0)))  # fmt: skip

    def at(self, matched: int) -> tuple[float, float]:
        """Return FNMR, pooled and person-balanced, when the first ``matched`` pairs match."""
        return _missed(self.pooled, matched, self.pairs), _missed(self.balanced, matched, self.people)


def intervals(
    comparisons: Comparisons,
    thresholds: Mapping[float, float],
    subsets: Sequence[Subset],
    *,
    seed: int,
    progress: Progress,
    resamples: int = RESAMPLES,
) -> Mapping[float, TargetIntervals]:
    """Return the intervals at each target; ``thresholds`` are what all people together gave, by target.

    The same ``seed`` gives the same intervals.
    """
    people, tail = comparisons.people, comparisons.tail
    columns = _Columns(people.of_image[tail.a], people.of_image[tail.b])
    fixed = {target: int(np.searchsorted(-tail.scores, -np.float32(value), side="right"))
             for target, value in thresholds.items()}  # fmt: skip
    stream = draws(seed)
    count = len(people.names)
    drawn = []
    for number in range(resamples):
        weights = np.bincount(stream.integers(0, count, count), minlength=count).astype(np.float64)
        drawn.append(_resample(comparisons, columns, weights, fixed, subsets))
        progress(number + 1, resamples)
    return {target: _summary([one[target] for one in drawn], subsets) for target in thresholds}


@dataclass(frozen=True, slots=True)
class FixedIntervals:
    """Intervals at a threshold that comes from elsewhere and stays."""

    fmr: Interval
    fnmr: Interval
    balanced: Interval


def fixed_intervals(
    comparisons: Comparisons, threshold: float, *, seed: int, resamples: int = RESAMPLES
) -> FixedIntervals:
    """Return intervals at ``threshold``: people are resampled, the threshold is not selected again."""
    people, tail, mated = comparisons.people, comparisons.tail, comparisons.mated
    matched = int(np.searchsorted(-tail.scores, -np.float32(threshold), side="right"))
    missed = mated.persons[int(np.searchsorted(-mated.scores, -np.float32(threshold), side="right")) :]
    wrong = np.bincount(missed, minlength=len(people.names)) + people.lost
    a, b = people.of_image[tail.a[:matched]], people.of_image[tail.b[:matched]]
    all_a, all_b = people.of_image[tail.a], people.of_image[tail.b]
    with_mates = people.mated > 0
    share = np.divide(wrong, people.mated, out=np.zeros(len(wrong)), where=with_mates)
    stream, count = draws(seed), len(people.names)
    found: list[tuple[float, float, float]] = []
    for _ in range(resamples):
        weights = np.bincount(stream.integers(0, count, count), minlength=count).astype(np.float64)
        listed = weights[all_a] * weights[all_b] if comparisons.listed else np.empty(0)
        total = _non_mated_total(comparisons, weights, np.cumsum(listed))
        mates, pairs = float(weights @ with_mates), float(weights @ people.mated)
        found.append((
            float(weights[a] @ weights[b]) / total if total else np.nan,
            float(weights @ wrong) / pairs if pairs else np.nan,
            float(weights @ share) / mates if mates else np.nan,
        ))  # fmt: skip
    return FixedIntervals(*(interval([one[kind] for one in found]) for kind in range(3)))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One resample at one target."""

    fnmr: float
    balanced: float
    fmr: float
    threshold: float
    subset_fmr: tuple[float, ...]
    subset_misses: tuple[tuple[float, float], ...]
    """FNMR of each subset, pooled and person-balanced."""


def _resample(
    comparisons: Comparisons, columns: _Columns, weights: NDArray[np.float64], fixed: Mapping[float, int],
    subsets: Sequence[Subset],
) -> dict[float, _Drawn]:  # fmt: skip
    people, tail, mated = comparisons.people, comparisons.tail, comparisons.mated
    of_pairs = np.take(weights, columns.tail_a)
    of_pairs *= np.take(weights, columns.tail_b)
    running = np.cumsum(of_pairs)
    total = _non_mated_total(comparisons, weights, running)
    misses = _Misses.of(weights, mated.persons, people.mated)
    parts = [(one, _Misses.of(weights, one.mated_persons, one.mated_each)) for one in subsets]
    found = {}
    for target, place in fixed.items():
        allowed = int(np.searchsorted(running, target * total * (1 + 1e-12), side="right"))
        allowed = _whole_ties(tail.scores, allowed)
        threshold = tail.scores[min(allowed, len(tail.scores) - 1)] if len(tail.scores) else np.float32(1.0)
        matched = int(
            np.searchsorted(-mated.scores, -threshold, side="left" if allowed < len(tail.scores) else "right")
        )
        fnmr, balanced = misses.at(matched)
        found[target] = _Drawn(
            fnmr=fnmr,
            balanced=balanced,
            fmr=float(running[place - 1]) / total if place and total else (0.0 if total else np.nan),
            threshold=float(threshold),
            subset_fmr=tuple(one.fmr(weights, of_pairs, allowed) for one in subsets),
            subset_misses=tuple(part.at(int(np.searchsorted(one.mated_places, matched))) for one, part in parts),
        )
    return found


def _non_mated_total(comparisons: Comparisons, weights: NDArray[np.float64], running: NDArray[np.float64]) -> float:
    """Return the weight of all non-mated pairs: in closed form, or summed where a file named the pairs."""
    if comparisons.listed:
        return float(running[-1]) if len(running) else 0.0
    each = weights * comparisons.people.images
    return float((each.sum() ** 2 - (each**2).sum()) / 2)


def _whole_ties(scores: NDArray[np.float32], allowed: int) -> int:
    """Return ``allowed`` less what would split pairs of one score: a threshold takes all of them or none."""
    if 0 < allowed < len(scores) and scores[allowed] == scores[allowed - 1]:
        return int(np.searchsorted(-scores, -scores[allowed], side="left"))
    return allowed


def _missed(running: NDArray[np.float64], matched: int, total: float) -> float:
    """Return the share of ``total`` that is not among the first ``matched``; nan when there is nothing to miss."""
    if not total:
        return np.nan
    return min(1.0, max(0.0, 1.0 - (float(running[matched - 1]) if matched else 0.0) / total))


def _summary(drawn: Sequence[_Drawn], subsets: Sequence[Subset]) -> TargetIntervals:
    names = [(place, subset.name) for place, subset in enumerate(subsets)]
    return TargetIntervals(
        fnmr=interval([one.fnmr for one in drawn]),
        balanced=interval([one.balanced for one in drawn]),
        fmr=interval([one.fmr for one in drawn]),
        threshold=interval([one.threshold for one in drawn]),
        subset_fmr={name: interval([one.subset_fmr[place] for one in drawn]) for place, name in names},
        subset_fnmr={name: interval([one.subset_misses[place][0] for one in drawn]) for place, name in names},
        subset_balanced={name: interval([one.subset_misses[place][1] for one in drawn]) for place, name in names},
    )


def interval(values: Sequence[float]) -> Interval:
    """Return the percentile interval of the resamples that counted something."""
    known = np.array(values)[~np.isnan(values)]
    if not len(known):
        return NOTHING_KNOWN
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
