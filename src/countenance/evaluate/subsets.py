"""Parts of the comparisons: one group's own people, and pairs of strangers who stated the same.

Within a group, and between people of the same group, strangers resemble each other more: a threshold that holds for all
pairs does not hold there (N-1). Both are looked at with the one global threshold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.comparisons import Comparisons
from countenance.evaluate.rates import people_apart
from countenance.evaluate.verification import count_at, threshold_at


@dataclass(frozen=True, slots=True)
class Subset:
    """Non-mated pairs of people with the same code, and mated pairs of people with any code."""

    name: str
    members: NDArray[np.int32]
    """Shape (persons,): each person's code; -1 outside the subset."""
    images: NDArray[np.int64]
    """Shape (persons,): photographs with a template."""
    mated_each: NDArray[np.int64]
    """Shape (persons,): mated pairs, lost ones included."""
    tail_places: NDArray[np.int64]
    """Which of the tail's pairs belong to it, rising."""
    mated_places: NDArray[np.int64]
    """Which of the mated pairs belong to it, rising."""
    mated_persons: NDArray[np.int32]
    listed: bool
    """Whether ``tail_places`` are all its non-mated pairs, because a file named them."""
    pairs_of_people: int
    """The effective number behind its FMR: half of those of one code who were compared, rounded down, over codes."""

    @property
    def people(self) -> int:
        """How many people it is of."""
        return int((self.members >= 0).sum())

    @property
    def strangers(self) -> int:
        """How many non-mated pairs it has."""
        if self.listed:
            return len(self.tail_places)
        return int(self.non_mated(np.ones(len(self.members)), np.empty(0)))

    def non_mated(self, weights: NDArray[np.float64], of_pairs: NDArray[np.float64]) -> float:
        """Return the weight of its non-mated pairs."""
        if self.listed:
            return float(of_pairs[self.tail_places].sum())
        inside = self.members >= 0
        each = (weights * self.images)[inside]
        sums = np.bincount(self.members[inside], weights=each)
        return float(((sums**2).sum() - (each**2).sum()) / 2)

    def fmr(self, weights: NDArray[np.float64], of_pairs: NDArray[np.float64], allowed: int) -> float:
        """Return its FMR when the first ``allowed`` pairs of the tail match; nan without pairs."""
        total = self.non_mated(weights, of_pairs)
        reached = self.tail_places[: np.searchsorted(self.tail_places, allowed)]
        return float(of_pairs[reached].sum()) / total if total else np.nan

    def threshold(self, comparisons: Comparisons, target: float) -> float | None:
        """Return the threshold at which its own FMR is ``target``; None where the kept tail is too short for that."""
        total = self.strangers
        scores = comparisons.tail.scores[self.tail_places]
        if not total or (not comparisons.tail.complete and int(target * total) >= len(scores)):
            return None
        return threshold_at(scores, total, target)


def subset_of(comparisons: Comparisons, name: str, codes: Sequence[int]) -> Subset:
    """Return the subset of people with a code of 0 or more; non-mated pairs are those of equal codes."""
    people, tail, mated = comparisons.people, comparisons.tail, comparisons.mated
    members = np.asarray(codes, np.int32)
    a, b = members[people.of_image[tail.a]], members[people.of_image[tail.b]]
    inside = members >= 0
    places = np.flatnonzero((a == b) & (a >= 0))
    mated_places = np.flatnonzero(inside[mated.persons])
    compared = np.union1d(people.of_image[tail.a[places]], people.of_image[tail.b[places]]) if comparisons.listed else (
        np.flatnonzero(inside & (people.images > 0)))  # fmt: skip
    return Subset(
        name=name,
        members=members,
        images=np.where(inside, people.images, 0),
        mated_each=np.where(inside, people.mated, 0),
        tail_places=places,
        mated_places=mated_places,
        mated_persons=mated.persons[mated_places],
        listed=comparisons.listed,
        pairs_of_people=int((np.bincount(members[compared]) // 2).sum()) if len(compared) else 0,
    )


def false_matches(comparisons: Comparisons, subset: Subset, threshold: float) -> tuple[int, int]:
    """Return how many of the subset's strangers match at ``threshold``, and how many people they are."""
    reached = subset.tail_places[: np.searchsorted(subset.tail_places, count_at(comparisons.tail.scores, threshold))]
    people = comparisons.people.of_image
    pairs = people[comparisons.tail.a[reached]], people[comparisons.tail.b[reached]]
    return len(reached), people_apart(*pairs)


def false_non_matches(comparisons: Comparisons, subset: Subset, threshold: float) -> tuple[int, int, float]:
    """Return how many of the subset's mated pairs do not match at ``threshold``, of how many people, and their FNMR.

    In this FNMR each person with mated pairs weighs the same; 0 without any.
    """
    reached = int(np.searchsorted(subset.mated_places, count_at(comparisons.mated.scores, threshold)))
    lost = np.where(subset.members >= 0, comparisons.people.lost, 0)
    wrong = np.bincount(subset.mated_persons[reached:], minlength=len(lost)) + lost
    mates = subset.mated_each > 0
    balanced = float((wrong[mates] / subset.mated_each[mates]).mean()) if mates.any() else 0.0
    return int(wrong.sum()), int((wrong > 0).sum()), balanced
