"""Every pair scored once: mated scores whole, non-mated ones as a histogram and an exact tail.

87 million pairs do not fit where 1,000 resamples could look at all of them, and need not: a false match rate of 1e-2
looks at the highest hundredth only. So the highest few hundredths are kept exactly, with whose they are, and everything
is counted in a histogram, for pictures and for rates beyond the tail.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.pairs import PairList
from countenance.evaluate.samples import Samples

BINS = 8000
"""Of a histogram over [-1, 1]: a quarter of a thousandth of a cosine each."""
_BLOCK = 512
_TAIL_SHARE = 0.025
"""Of non-mated pairs kept exactly: resamples at the largest target, 1e-2, look a little further than 1e-2."""
_KEEP_ALL = 3_000_000
"""So few non-mated pairs are all kept."""
_PROBE_ROWS = 400
_NONE, _LEAST = -3.0, -2.0
"""The first stands in a block of scores where no pair is, or one counted elsewhere; every score is above the second."""
_THREADS = 2
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class People:
    """Whose the photographs are, in numbers; persons are counted in order of appearance."""

    names: tuple[str, ...]
    of_image: NDArray[np.int32]
    """Shape (n,): each photograph's person."""
    images: NDArray[np.int64]
    """Shape (persons,): photographs with a template."""
    mated: NDArray[np.int64]
    """Shape (persons,): mated pairs, also those with a photograph without a template."""
    lost: NDArray[np.int64]
    """Shape (persons,): mated pairs of which a photograph has no template; they count as non-matches."""


@dataclass(frozen=True, slots=True)
class Mated:
    """Mated pairs that were compared, by falling score."""

    scores: NDArray[np.float32]
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    persons: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Tail:
    """The highest non-mated pairs, by falling score."""

    scores: NDArray[np.float32]
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    complete: bool
    """Whether these are all non-mated pairs."""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Everything that was scored."""

    people: People
    mated: Mated
    tail: Tail
    non_mated: int
    """How many non-mated pairs were compared."""
    mated_bins: NDArray[np.int64]
    """Shape (BINS,): counts over [-1, 1]."""
    non_mated_bins: NDArray[np.int64]
    listed: bool
    """Whether a file named the pairs; then totals of a resample are no closed form."""

    @property
    def pairs_of_people(self) -> int:
        """The effective number behind FMR: half of those who were compared with a stranger, rounded down."""
        of_image, tail = self.people.of_image, self.tail
        if self.listed:
            return len(np.union1d(of_image[tail.a], of_image[tail.b])) // 2
        return int((self.people.images > 0).sum()) // 2


def people_of(persons: list[str], samples: Samples, pairs: PairList | None) -> People:
    """Return who there is; with ``pairs`` mated pairs are those the file names."""
    numbers: dict[str, int] = {}
    of_image = np.array([numbers.setdefault(person, len(numbers)) for person in persons], np.int32)
    count = len(numbers)
    images = np.bincount(of_image[samples.usable], minlength=count)
    if pairs is None:
        everybody = np.bincount(of_image, minlength=count)
        mated = everybody * (everybody - 1) // 2
        lost = mated - images * (images - 1) // 2
    else:
        of_pair = of_image[pairs.a]
        usable = samples.usable[pairs.a] & samples.usable[pairs.b]
        mated = np.bincount(of_pair[pairs.mated], minlength=count)
        lost = np.bincount(of_pair[pairs.mated & ~usable], minlength=count)
    return People(tuple(numbers), of_image, images, mated, lost)


def compare_listed(people: People, samples: Samples, pairs: PairList) -> Comparisons:
    """Return the comparisons that a file names."""
    usable = samples.usable[pairs.a] & samples.usable[pairs.b]
    a, b, mated = pairs.a[usable], pairs.b[usable], pairs.mated[usable]
    scores = np.empty(len(a), np.float32)
    for start in range(0, len(a), 1 << 16):
        part = slice(start, start + (1 << 16))
        scores[part] = np.einsum("ij,ij->i", samples.templates[a[part]], samples.templates[b[part]])
    return _assembled(people, _mated(people, scores[mated], a[mated], b[mated]),
                      _tail(scores[~mated], a[~mated], b[~mated], complete=True),
                      _histogram(scores[~mated]), int((~mated).sum()), listed=True)  # fmt: skip


def compare_all(people: People, samples: Samples, progress: Progress) -> Comparisons:
    """Return every unordered pair's comparison; two threads, blocks of rows against all later ones.

    Memory: about 12 bytes a pair of the tail and three blocks of scores, whatever the number of pairs.
    """
    places = np.flatnonzero(samples.usable).astype(np.int32)
    rows = np.ascontiguousarray(samples.templates[places])
    persons = people.of_image[places]
    total = len(rows) * (len(rows) - 1) // 2
    mated_total = int((people.images * (people.images - 1) // 2).sum())
    cut = _LEAST if total - mated_total <= _KEEP_ALL else _cut(rows, persons)
    starts = range(0, len(rows), _BLOCK)
    bins = np.zeros(BINS, np.int64)
    found: list[tuple[NDArray[Any], ...]] = []
    with ThreadPoolExecutor(_THREADS) as threads:
        blocks = threads.map(lambda start: _block(rows, persons, start, cut), starts)
        for done, (counts, *part) in enumerate(blocks, start=1):
            bins += counts
            found.append(tuple(part))
            progress(done, len(starts))
    columns = [np.concatenate(column) if found else np.empty(0, np.float32) for column in zip(*found, strict=True)]
    if not columns:
        columns = [np.empty(0, np.float32)] * 6
    mated = _mated(people, columns[0], places[columns[1].astype(np.int64)], places[columns[2].astype(np.int64)])
    tail = _tail(columns[3], places[columns[4].astype(np.int64)], places[columns[5].astype(np.int64)],
                 complete=cut == _LEAST)  # fmt: skip
    return _assembled(people, mated, tail, bins, total - mated_total, listed=False)


def _cut(rows: NDArray[np.float32], persons: NDArray[np.int32]) -> float:
    """Return the score above which about ``_TAIL_SHARE`` of the non-mated pairs lie, from evenly spread rows."""
    chosen = np.linspace(0, len(rows) - 1, _PROBE_ROWS).astype(np.int64)
    scores = rows[chosen] @ rows.T
    strangers = scores[persons[chosen][:, None] != persons[None, :]]
    place = int(len(strangers) * (1 - _TAIL_SHARE))
    return float(np.partition(strangers, place)[place])


def _block(
    rows: NDArray[np.float32], persons: NDArray[np.int32], start: int, cut: float
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int32], NDArray[np.int32], NDArray[np.float32],
           NDArray[np.int32], NDArray[np.int32]]:  # fmt: skip
    """Return the non-mated histogram, mated scores and places, then the tail's, of some rows against later ones."""
    scores = rows[start : start + _BLOCK] @ rows[start:].T
    height = len(scores)
    scores[:, :height][np.tri(height, dtype=np.bool_)] = _NONE  # the diagonal, and what another row has seen
    same = np.equal(persons[start : start + _BLOCK, None], persons[None, start:])
    up, across = np.nonzero(same)
    kept = scores[up, across]
    fresh = kept > _LEAST
    mated = kept[fresh], (up[fresh] + start).astype(np.int32), (across[fresh] + start).astype(np.int32)
    scores[up, across] = _NONE
    up, across = np.nonzero(scores > cut)
    tail = scores[up, across], (up + start).astype(np.int32), (across + start).astype(np.int32)
    return _histogram(scores), *mated, *tail


def _histogram(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return counts over [-1, 1]; what stands at ``_NONE`` does not count."""
    placed = scores.ravel() * np.float32(BINS / 2)
    placed += np.float32(BINS / 2 + 2)
    np.clip(placed, 0, BINS + 1, out=placed)
    counts = np.bincount(placed.astype(np.int32), minlength=BINS + 2)
    bins = counts[2:].astype(np.int64)
    bins[0] += counts[1]  # a cosine that rounding took below -1
    return bins


def _mated(
    people: People, scores: NDArray[np.float32], a: NDArray[np.int32], b: NDArray[np.int32]
) -> Mated:  # fmt: skip
    order = np.argsort(-scores, kind="stable")
    return Mated(scores[order], a[order], b[order], people.of_image[a[order]])


def _tail(scores: NDArray[np.float32], a: NDArray[np.int32], b: NDArray[np.int32], *, complete: bool) -> Tail:
    order = np.argsort(-scores, kind="stable")
    return Tail(scores[order], a[order], b[order], complete)


def _assembled(
    people: People, mated: Mated, tail: Tail, bins: NDArray[np.int64], non_mated: int, *, listed: bool
) -> Comparisons:
    return Comparisons(people, mated, tail, non_mated, _histogram(mated.scores), bins, listed)


def edges() -> NDArray[np.float64]:
    """Return the lower edges of the histogram's bins, shape (BINS,)."""
    return -1.0 + 2.0 * np.arange(BINS) / BINS
