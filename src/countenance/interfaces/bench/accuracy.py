"""What the shipped configuration costs in accuracy, on the sets of ``../shared/faces``; never on a site's faces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from countenance.bootstrap import Engine
from countenance.bootstrap.looking import evaluation_engine
from countenance.config import Settings
from countenance.terms import Accepted, Extraction

FMR = 1e-4
_BLOCK = 1024
_ENGINES = 2
_BINS = 40_000
"""Of the non-mated histogram over [-1, 1]: half a ten-thousandth of a cosine each."""


@dataclass(frozen=True, slots=True)
class Templates:
    """A set's templates; photographs without one are counted, not dropped."""

    values: NDArray[np.float32]
    """Shape (n, dimension), float32, of the photographs that gave one."""
    persons: NDArray[np.int64]
    """Shape (n,): whose each is, as a number."""
    refused: Sequence[int]
    """Persons of the photographs that gave none."""


def measure(faces: Path, settings: Settings) -> Mapping[str, float]:
    """Return the accuracy figures of the sets below ``faces``: ``lfw`` (takes minutes) and ``london``."""
    found: dict[str, float] = {}
    if (faces / "lfw").is_dir():
        found |= _lfw(faces / "lfw", settings)
    if (faces / "london").is_dir():
        found |= _london(faces / "london", settings)
    return found


def _lfw(folder: Path, settings: Settings) -> Mapping[str, float]:
    people = sorted(path for path in folder.iterdir() if path.is_dir())
    files = [(number, path) for number, person in enumerate(people) for path in sorted(person.glob("*.jpg"))]
    full, shipped = (_templates(files, settings, name) for name in ("full-fp32", "shipped"))
    rates = [100 * fnmr(templates) for templates in (full, shipped)]
    return {
        "accuracy.lfw_fnmr_full_fp32": rates[0],
        "accuracy.lfw_fnmr_shipped": rates[1],
        "accuracy.lfw_fnmr_difference": rates[1] - rates[0],
        "accuracy.lfw_refused": 100 * len(shipped.refused) / len(files),
    }


def _london(folder: Path, settings: Settings) -> Mapping[str, float]:
    sides = [sorted((folder / name).glob("*.jpg")) for name in ("neutral_front", "smiling_front")]
    files = [(int(path.stem.split("_")[0]), path) for side in sides for path in side]
    full, shipped = (_templates(files, settings, name) for name in ("full-fp32", "shipped"))
    ends = [extremes(full), extremes(shipped)]
    return {
        "accuracy.london_lowest_mated": ends[1][0],
        "accuracy.london_highest_non_mated": ends[1][1],
        "accuracy.london_difference": max(ends[0][0] - ends[1][0], ends[1][1] - ends[0][1]),
        "accuracy.london_refused": float(len(shipped.refused)),
    }


def _templates(files: Sequence[tuple[int, Path]], settings: Settings, pipeline: str) -> Templates:
    """Return the set's templates, no quality limit applied; two engines share the work, one thread each."""
    engines = [evaluation_engine(replace(settings, pipeline=pipeline)) for _ in range(_ENGINES)]
    with ThreadPoolExecutor(_ENGINES) as threads:
        shares = [files[start::_ENGINES] for start in range(_ENGINES)]
        parts = list(threads.map(_share, engines, shares))
    found = [(person, extraction) for part in parts for person, extraction in part]
    kept = [(person, item.probe.template.values) for person, item in found if isinstance(item, Accepted)]
    return Templates(
        np.asarray([values for _, values in kept], np.float32),
        np.asarray([person for person, _ in kept], np.int64),
        [person for person, item in found if not isinstance(item, Accepted)],
    )


def _share(engine: Engine, files: Sequence[tuple[int, Path]]) -> list[tuple[int, Extraction]]:
    return [(person, engine.extract(path.read_bytes())) for person, path in files]


def fnmr(templates: Templates, fmr: float = FMR) -> float:
    """Return the share of mated pairs below the smallest threshold whose FMR is at most ``fmr``; all pairs, pooled.

    A mated pair with a photograph that gave no template counts as a non-match (ISO/IEC 19795-1: failures count).
    """
    mated, histogram = _scores(templates)
    false_matches = np.cumsum(histogram[::-1])[::-1]
    bins = np.flatnonzero(false_matches <= fmr * histogram.sum())
    threshold = -1.0 + 2.0 * bins[0] / _BINS
    lost = _lost_pairs(templates)
    return float((np.count_nonzero(mated < threshold) + lost) / (len(mated) + lost))


def extremes(templates: Templates) -> tuple[float, float]:
    """Return the lowest mated and the highest non-mated score."""
    lowest, highest = 1.0, -1.0
    for scores, same in _blocks(templates):
        lowest = min(lowest, float(scores[same].min(initial=1.0)))
        highest = max(highest, float(scores[~same].max(initial=-1.0)))
    return lowest, highest


def _scores(templates: Templates) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return every mated score, and a histogram of the non-mated ones over [-1, 1]."""
    mated: list[NDArray[np.float32]] = []
    histogram = np.zeros(_BINS, np.int64)
    for scores, same in _blocks(templates):
        mated.append(scores[same])
        places = ((scores[~same] + 1.0) * (_BINS / 2)).astype(np.int64)
        histogram += np.bincount(np.clip(places, 0, _BINS - 1), minlength=_BINS)
    return np.concatenate(mated), histogram


def _blocks(templates: Templates) -> Iterator[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
    """Yield every unordered pair once: scores, and whether both photographs are of one person."""
    values, persons = templates.values, templates.persons
    for start in range(0, len(values), _BLOCK):
        scores = values[start : start + _BLOCK] @ values[start:].T
        upper = np.arange(scores.shape[1])[None, :] > np.arange(scores.shape[0])[:, None]
        same = persons[start : start + _BLOCK][:, None] == persons[start:][None, :]
        yield scores[upper], same[upper]


def _lost_pairs(templates: Templates) -> int:
    """Return how many mated pairs have at least one photograph without a template."""
    lost = 0
    for person, refused in Counter(templates.refused).items():
        kept = int(np.count_nonzero(templates.persons == person))
        lost += refused * kept + refused * (refused - 1) // 2
    return lost
