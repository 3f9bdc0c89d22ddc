"""FNMR at fixed FMR, pooled and person-balanced, at thresholds that the pooled FMR sets (ISO/IEC 19795-1, FRTE style).

``score >= threshold`` is a match. The threshold for a target is the smallest float32 above which no more than the
target's share of non-mated pairs lies; ties are never split. Mated pairs without a template are non-matches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.comparisons import Comparisons, edges
from countenance.evaluate.rates import FLOOR_ERRORS, FLOOR_PEOPLE

TARGETS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""False match rates that every report states."""


@dataclass(frozen=True, slots=True)
class AtTarget:
    """One target's threshold and the errors at it."""

    target: float
    threshold: float
    false_matches: int
    false_match_people: int
    """People with at least one false match."""
    false_non_matches: int
    """Lost pairs among them."""
    false_non_match_people: int
    fmr: float
    fnmr: float
    balanced: float
    """FNMR in which each person with mated pairs weighs the same."""
    supported: bool
    """False where the kept tail is too short for this target or threshold: more strangers match than were kept."""


@dataclass(frozen=True, slots=True)
class EqualError:
    """Where FMR and FNMR are nearest to each other, and what goes wrong there."""

    at: AtTarget
    """Its counts; where the kept tail is too short, its false matches are the kept ones: at least so many."""
    fmr: float
    fnmr: float

    @property
    def rate(self) -> float:
        """The mean of both rates."""
        return (self.fmr + self.fnmr) / 2


def threshold_at(scores: NDArray[np.float32], total: int, target: float) -> float:
    """Return the smallest threshold with at most ``target`` of ``total`` pairs at or above it.

    ``scores`` are the highest of them by falling score; when even all of them may match, the lowest of them is it.
    """
    allowed = int(np.floor(target * total + 1e-9))
    if not len(scores):
        return 1.0
    if allowed >= len(scores):
        return float(scores[-1])
    return float(np.nextafter(scores[allowed], np.float32(2.0)))


def count_at(scores: NDArray[np.float32], threshold: float) -> int:
    """Return how many of ``scores`` (by falling score) are at or above ``threshold``."""
    return int(np.searchsorted(-scores, -np.float32(threshold), side="right"))


def at_target(comparisons: Comparisons, target: float) -> AtTarget:
    """Return the threshold for one target and what goes wrong there."""
    return at_threshold(
        comparisons, threshold_at(comparisons.tail.scores, comparisons.non_mated, target), target=target
    )


def at_threshold(comparisons: Comparisons, threshold: float, *, target: float) -> AtTarget:
    """Return what goes wrong at a threshold, wherever it comes from; ``target`` is noted."""
    tail, mated, people = comparisons.tail, comparisons.mated, comparisons.people
    false_matches = count_at(tail.scores, threshold)
    matched = count_at(mated.scores, threshold)
    wrong = np.bincount(mated.persons[matched:], minlength=len(people.names)) + people.lost
    false_people = np.union1d(people.of_image[tail.a[:false_matches]], people.of_image[tail.b[:false_matches]])
    with_mates = people.mated > 0
    total = int(people.mated.sum())
    return AtTarget(
        target=target,
        threshold=threshold,
        false_matches=false_matches,
        false_match_people=len(false_people),
        false_non_matches=int(wrong.sum()),
        false_non_match_people=int((wrong > 0).sum()),
        fmr=false_matches / max(1, comparisons.non_mated),
        fnmr=float(wrong.sum()) / max(1, total),
        balanced=float((wrong[with_mates] / people.mated[with_mates]).mean()) if with_mates.any() else 0.0,
        supported=tail.complete
        or (int(target * comparisons.non_mated) < len(tail.scores) and bool(np.float32(threshold) >= tail.scores[-1])),
    )


def det(comparisons: Comparisons) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return thresholds, FMR and FNMR, shape (BINS,) each, by rising threshold; from the histograms."""
    lost = int(comparisons.people.lost.sum())
    total = max(1, int(comparisons.people.mated.sum()))
    false = np.cumsum(comparisons.non_mated_bins[::-1])[::-1] / max(1, comparisons.non_mated)
    missed = (np.concatenate([[0], np.cumsum(comparisons.mated_bins)[:-1]]) + lost) / total
    return edges(), false, missed


def equal_error(comparisons: Comparisons) -> EqualError | None:
    """Return where FMR and FNMR are nearest to each other; None without both kinds of pairs.

    Exact while the kept tail reaches to where they meet, from the histograms beyond.
    """
    people, tail, mated = comparisons.people, comparisons.tail, comparisons.mated
    total = int(people.mated.sum())
    if not total or not comparisons.non_mated:
        return None
    # Every score is a threshold, and one more above all of them: nobody matches there.
    thresholds = np.unique(np.concatenate([mated.scores, tail.scores, np.array([2.0], np.float32)]))
    matched = np.searchsorted(-mated.scores, -thresholds, side="right")
    missed = 1.0 - matched / total
    false = np.searchsorted(-tail.scores, -thresholds, side="right") / comparisons.non_mated
    if not tail.complete:
        inside = thresholds >= tail.scores[-1]
        if not (false[inside] >= missed[inside]).any():
            thresholds, false, missed = det(comparisons)
    best = int(np.argmin(np.abs(missed - false) + 1e-9 * (missed + false)))
    at = at_threshold(comparisons, float(thresholds[best]), target=0.0)
    return EqualError(at, float(false[best]), float(missed[best]))


def det_floors(comparisons: Comparisons) -> tuple[float, float]:
    """Return the smallest FMR and FNMR on the curve that enough errors by enough people stand behind; inf for none.

    Errors are nested along the curve, so from there on every larger rate is above the floor too.
    """
    people, tail, mated = comparisons.people, comparisons.tail, comparisons.mated
    pairs = _first_with_enough(people.of_image[tail.a], people.of_image[tail.b])
    missed, lost = mated.persons[::-1], np.flatnonzero(people.lost)
    misses = _first_with_enough(np.concatenate([lost, missed]), np.concatenate([lost, missed])) - len(lost)
    least = max(FLOOR_ERRORS, pairs), max(FLOOR_ERRORS, max(0.0, misses) + float(people.lost.sum()))
    return least[0] / max(1, comparisons.non_mated), least[1] / max(1, int(people.mated.sum()))


def _first_with_enough(a: NDArray[np.integer], b: NDArray[np.integer]) -> float:
    """Return how many pairs it takes, in this order, until they are of 20 people; inf where all are of fewer."""
    _, first = np.unique(np.stack([a, b], axis=1), return_index=True)
    if len(first) < FLOOR_PEOPLE:
        return np.inf
    return float(np.sort(first)[FLOOR_PEOPLE - 1] // 2 + 1)
