"""Closed-set searches of random galleries: FPIR and FNIR by gallery size and threshold (ISO/IEC 19795-1; N-3, N-6).

A trial draws who is enrolled, one photograph each (or up to three), and searches once for everybody who has another
photograph, and once for everybody who is not enrolled. A search is missed when its mate is not the first candidate at
or above the threshold: a wrong person returned is a miss. Each person weighs the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.bootstrap import Interval, interval
from countenance.evaluate.comparisons import People
from countenance.evaluate.draws import Draws, draws
from countenance.evaluate.samples import Samples

SIZES = (100, 420, 1000, 4000, 42_000)
"""Galleries that are tried where there are enough people: one flight's 420 and an airport's 42,000 among them."""
THRESHOLDS = np.round(np.arange(0.20, 0.9001, 0.005), 3)
SEVERAL = 3
"""References a person has at most where several are enrolled."""
_LARGEST_SHARE = 0.75
"""Of all people that may be enrolled: the others are searched for in vain."""
_SEARCHES = 20_000
"""Trials are repeated until about so many searches of each kind were made, or ``_TRIALS`` times."""
_TRIALS = 30
_RESAMPLES = 400
_BLOCK = 1024
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Searches:
    """Every search of one gallery size."""

    size: int
    references: int
    """At most so many of each person."""
    best_mated: NDArray[np.float32]
    """Score of the first candidate where the person is enrolled."""
    right: NDArray[np.bool_]
    """Whether that candidate is the person."""
    mated_persons: NDArray[np.int32]
    best_non_mated: NDArray[np.float32]
    non_mated_persons: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class SearchRates:
    """What happens at one threshold."""

    threshold: float
    false_positives: int
    false_positive_people: int
    misses: int
    missed_people: int
    fpir: float
    fnir: float
    fpir_interval: Interval
    fnir_interval: Interval


def sizes_for(people: People, wanted: Sequence[int]) -> list[int]:
    """Return the gallery sizes that these people allow, rising."""
    enrollable = int((people.images > 0).sum() * _LARGEST_SHARE)
    return sorted({size for size in wanted if 1 < size <= enrollable})


def search_all(
    people: People, samples: Samples, sizes: Sequence[int], *, seed: int, progress: Progress
) -> Iterator[Searches]:
    """Yield the searches of every size, with one reference a person and with several."""
    for number, size in enumerate(sizes):
        for several in (1, SEVERAL):
            yield _searches(people, samples, size, several, draws(seed, size))
        progress(number + 1, len(sizes))


def _searches(people: People, samples: Samples, size: int, references: int, stream: Draws) -> Searches:
    places = np.flatnonzero(samples.usable)
    order = np.argsort(people.of_image[places], kind="stable")
    of_person = np.split(places[order], np.cumsum(people.images)[:-1])
    present = np.flatnonzero(people.images > 0)
    parts: list[tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.int32]]] = []
    vain: list[tuple[NDArray[np.float32], NDArray[np.int32]]] = []
    made = 0
    for _ in range(_TRIALS):
        enrolled = stream.permutation(present)
        inside, outside = enrolled[:size], enrolled[size:]
        gallery, owners, probes = _drawn(of_person, inside, references, stream)
        others = np.array([stream.choice(of_person[person]) for person in outside])
        scores, who = _first(samples.templates, gallery, owners, probes)
        owner = people.of_image[probes]
        parts.append((scores, who == owner, owner))
        vain.append((_first(samples.templates, gallery, owners, others)[0], outside.astype(np.int32)))
        made += min(len(probes), len(others))
        if made >= _SEARCHES:
            break
    mated = [np.concatenate(column) for column in zip(*parts, strict=True)]
    missed = [np.concatenate(column) for column in zip(*vain, strict=True)]
    return Searches(size, references, mated[0], mated[1], mated[2], missed[0], missed[1])


def _drawn(
    of_person: Sequence[NDArray[np.int64]], inside: NDArray[np.int64], references: int, stream: Draws
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Return references, their owners, and one probe of everybody who has a photograph left."""
    gallery: list[int] = []
    owners: list[int] = []
    probes: list[int] = []
    for person in inside:
        images = stream.permutation(of_person[person])
        enrolled = images[: min(references, max(1, len(images) - 1))]
        gallery += enrolled.tolist()
        owners += [int(person)] * len(enrolled)
        if len(images) > 1:
            probes.append(int(images[-1]))
    return np.array(gallery), np.array(owners, np.int32), np.array(probes, np.int64)


def _first(
    templates: NDArray[np.float32], gallery: NDArray[np.int64], owners: NDArray[np.int32], probes: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return each search's best score and whose it is."""
    enrolled = templates[gallery]
    scores, who = np.empty(len(probes), np.float32), np.empty(len(probes), np.int32)
    for start in range(0, len(probes), _BLOCK):
        block = templates[probes[start : start + _BLOCK]] @ enrolled.T
        best = block.argmax(axis=1)
        scores[start : start + _BLOCK] = block[np.arange(len(block)), best]
        who[start : start + _BLOCK] = owners[best]
    return scores, who


def rates_at(searches: Searches, thresholds: Sequence[float], *, seed: int) -> list[SearchRates]:
    """Return FPIR and FNIR at each threshold, with intervals from resampled people."""
    levels = np.asarray(thresholds, np.float64)[:, None]
    missed = ~((searches.best_mated[None, :] >= levels) & searches.right[None, :])
    returned = searches.best_non_mated[None, :] >= levels
    positives = _by_person(returned, searches.non_mated_persons, seed)
    misses = _by_person(missed, searches.mated_persons, seed)
    return [
        SearchRates(
            threshold=float(threshold),
            false_positives=int(returned[place].sum()),
            false_positive_people=len(np.unique(searches.non_mated_persons[returned[place]])),
            misses=int(missed[place].sum()),
            missed_people=len(np.unique(searches.mated_persons[missed[place]])),
            fpir=float(returned[place].mean()) if returned.shape[1] else 0.0,
            fnir=float(missed[place].mean()) if missed.shape[1] else 0.0,
            fpir_interval=positives[place],
            fnir_interval=misses[place],
        )
        for place, threshold in enumerate(thresholds)
    ]


def _by_person(wrong: NDArray[np.bool_], persons: NDArray[np.int32], seed: int) -> list[Interval]:
    """Return the interval of each row's share when people are resampled with all their searches."""
    if not wrong.shape[1]:
        return [interval([])] * len(wrong)
    who, place = np.unique(persons, return_inverse=True)
    errors = np.array([np.bincount(place, weights=row, minlength=len(who)) for row in wrong])
    trials = np.bincount(place).astype(np.float64)
    weights = draws(seed).multinomial(len(who), np.full(len(who), 1 / len(who)), size=_RESAMPLES).astype(np.float64)
    shares = (weights @ errors.T) / np.maximum(weights @ trials, 1e-12)[:, None]
    return [interval(column.tolist()) for column in shares.T]
