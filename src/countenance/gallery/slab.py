"""Exact search over one closed gallery: one contiguous float32 block, every row compared, the same answer always.

**The exactness contract.** A search returns what a sort of *all* references by (exact score descending, reference id
ascending) would; ``scoring`` defines the exact score. The answer depends on the set of references and the probe only:
not on the order of adding and removing, the backend, the probe's position in a batch, or the machine.

**Why it holds.** Let a be a backend's float32 score of a row and s its exact one: |a - s| <= e, ``epsilon(dimension)``.
Let a_k be the k-th best a. At least k rows have s >= a_k - e, so the k-th best s is at least that, so every row of the
answer, ties included, has s >= a_k - e and a >= a_k - 2e. All rows with a >= a_k - 2e are rescored exactly and sorted.
Likewise a threshold t: rows with s >= t have a >= t - e. Exact scores are clipped to [-1, 1]; the bound holds between
clipped scores too, because clipping brings two numbers no further apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from countenance.errors import GalleryError
from countenance.gallery.backends import Backend, fastest
from countenance.gallery.locking import SharedLock
from countenance.gallery.scoring import MAX_DIMENSION, bad_template, checked, epsilon, exact_scores
from countenance.terms import Candidate, Score

_SMALLEST = 64  # rows
_GROWTH = 1.5
_SPARE = 16  # rows fetched beyond the k-th, so that its near-ties are at hand without a second pass


class Slab:
    """A closed set of references in memory. Searches may run side by side; changes wait for them and run alone."""

    def __init__(self, dimension: int, *, backend: Backend | None = None) -> None:
        """Make an empty slab for templates of length ``dimension``.

        Raises:
            GalleryError: ``gallery.bad_template``: no template has this dimension.
        """
        if not 1 <= dimension <= MAX_DIMENSION:
            raise bad_template(f"of dimension {dimension}, which is not in [1, {MAX_DIMENSION}]")
        self._dimension = dimension
        self._epsilon = epsilon(dimension)
        self._backend = backend or fastest()
        self._lock = SharedLock()
        self._block = np.zeros((0, dimension), np.float32)
        self._ids: list[str] = []
        self._row_of: dict[str, int] = {}

    @property
    def dimension(self) -> int:
        """Length of one template."""
        return self._dimension

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, reference_id: object) -> bool:
        return reference_id in self._row_of

    def add(self, reference_ids: Sequence[str], values: NDArray[np.float32]) -> None:
        """Add references, all or none; ``values`` has shape (n, dimension), float32, rows of length 1.

        Raises:
            GalleryError: ``gallery.duplicate``: an id is given twice or is here already; ``gallery.bad_template``.
        """
        rows = checked(values, self._dimension)
        if len(rows) != len(reference_ids):
            raise bad_template(f"one of {len(rows)} for {len(reference_ids)} reference ids")
        with self._lock.exclusive():
            if len(set(reference_ids)) != len(reference_ids) or not self._row_of.keys().isdisjoint(reference_ids):
                raise GalleryError(
                    "gallery.duplicate",
                    "A reference with this id is enrolled already.",
                    remedy="Remove the old reference first, or enrol under another reference id.",
                )
            start = len(self._ids)
            self._make_room(start + len(rows))
            self._block[start : start + len(rows)] = rows
            self._row_of.update({reference_id: start + at for at, reference_id in enumerate(reference_ids)})
            self._ids.extend(reference_ids)

    def remove(self, reference_id: str) -> bool:
        """Take a reference out and overwrite its bytes; return whether it was there."""
        with self._lock.exclusive():
            hole = self._row_of.pop(reference_id, None)
            if hole is None:
                return False
            last = len(self._ids) - 1
            self._block[hole] = self._block[last]
            self._block[last] = 0
            moved = self._ids.pop()
            if hole != last:
                self._ids[hole] = moved
                self._row_of[moved] = hole
            return True

    def clear(self) -> None:
        """Take every reference out and overwrite the whole block."""
        with self._lock.exclusive():
            self._replace_block(0)
            self._ids.clear()
            self._row_of.clear()

    def search_topk(self, values: NDArray[np.float32], count: int) -> tuple[Candidate, ...]:
        """Return the ``count`` best candidates (all where there are fewer), score descending, then reference id.

        ``values`` is one template, shape (dimension,), float32, length 1.

        Raises:
            GalleryError: ``gallery.bad_template``; ``gallery.bad_search``: ``count`` is negative.
        """
        return self.search_many(values[np.newaxis], count)[0]

    def search_many(self, values: NDArray[np.float32], count: int) -> tuple[tuple[Candidate, ...], ...]:
        """Return ``search_topk`` of every row of ``values``, shape (n, dimension); faster than one by one.

        Raises:
            GalleryError: ``gallery.bad_template``; ``gallery.bad_search``: ``count`` is negative.
        """
        probes = checked(values, self._dimension)
        if count < 0:
            raise _bad_search(f"{count} candidates were asked for")
        with self._lock.shared():
            wanted = min(count, len(self._ids))
            if not wanted or not len(probes):
                return ((),) * len(probes)
            fetched = min(wanted + _SPARE, len(self._ids))
            scores, found = self._backend.best(self._rows(), probes, fetched)
            return tuple(
                self._ranked(probe, self._contenders(probe, *best, wanted))[:wanted]
                for probe, best in zip(probes, zip(scores, found, strict=True), strict=True)
            )

    def search_threshold(self, values: NDArray[np.float32], threshold: float) -> tuple[Candidate, ...]:
        """Return every candidate with score >= ``threshold``, score descending, then reference id.

        Raises:
            GalleryError: ``gallery.bad_template``; ``gallery.bad_search``: ``threshold`` is not a finite number.
        """
        (probe,) = checked(values[np.newaxis], self._dimension)
        if not math.isfinite(threshold):
            raise _bad_search("the threshold is not a number")
        with self._lock.shared():
            ranked = self._ranked(probe, self._reaching(probe, threshold - self._epsilon))
        return tuple(candidate for candidate in ranked if candidate.score >= threshold)

    def _rows(self) -> NDArray[np.float32]:
        return self._block[: len(self._ids)]

    def _contenders(
        self, probe: NDArray[np.float32], scores: NDArray[np.float32], found: NDArray[np.int64], wanted: int
    ) -> NDArray[np.int64]:
        """Return every row that can be among the ``wanted`` best, given the backend's best and their scores."""
        clipped = np.clip(scores, -1.0, 1.0)
        bound = float(clipped[wanted - 1]) - 2 * self._epsilon
        if len(found) == len(self._ids) or clipped[-1] < bound:
            return found[clipped >= bound]
        return self._reaching(probe, bound)

    def _reaching(self, probe: NDArray[np.float32], bound: float) -> NDArray[np.int64]:
        """Return every row whose approximate score, clipped, is at least ``bound``.

        NumPy rounds ``bound`` to float32 to compare; no float32 number lies between a bound and its rounding, so
        rounding cannot leave a row out.
        """
        if bound <= -1.0 or not self._ids:
            return np.arange(len(self._ids))
        return np.flatnonzero(self._backend.scores(self._rows(), probe) >= bound)

    def _ranked(self, probe: NDArray[np.float32], found: NDArray[np.int64]) -> tuple[Candidate, ...]:
        scores = exact_scores(self._block[found], probe).tolist()
        ranked = sorted((-score, self._ids[row]) for score, row in zip(scores, found.tolist(), strict=True))
        return tuple(Candidate(reference_id, Score(0.0 - negated)) for negated, reference_id in ranked)

    def _make_room(self, count: int) -> None:
        capacity = len(self._block)
        if count > capacity:
            self._replace_block(max(count, _SMALLEST, int(capacity * _GROWTH)))

    def _replace_block(self, capacity: int) -> None:
        old, self._block = self._block, np.zeros((capacity, self._dimension), np.float32)
        kept = min(len(self._ids), capacity)
        self._block[:kept] = old[:kept]
        old[:] = 0  # templates do not stay behind in freed memory


def _bad_search(what: str) -> GalleryError:
    return GalleryError("gallery.bad_search", f"A search has no meaning: {what}.", remedy="Report this to the makers.")
