"""Made-up people with made-up templates, so that an evaluation's answers can be known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.comparisons import Comparisons, compare_all, people_of
from countenance.evaluate.evaluation import Evaluation, Plan, evaluate
from countenance.evaluate.manifest import Image, Manifest
from countenance.evaluate.samples import MEASURES, Samples


def silent(*_: object) -> None:
    """Take progress and say nothing."""


def templates(
    persons: Sequence[int], *, spread: float = 0.6, dimension: int = 32, seed: int = 1, wolves: float = 0.0
) -> NDArray[np.float32]:
    """Return L2-normalised templates: each person a direction, each photograph that direction and noise.

    ``wolves`` mixes a direction that everybody shares into some people, so that strangers depend on one another.
    """
    draws = np.random.default_rng(seed)
    count = max(persons) + 1
    centres = draws.standard_normal((count, dimension)) / np.sqrt(dimension)
    shared = draws.standard_normal(dimension) / np.sqrt(dimension)
    centres += wolves * draws.random((count, 1)) ** 4 * shared
    rows = centres[list(persons)] + spread * draws.standard_normal((len(persons), dimension)) / np.sqrt(dimension)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32)


def samples(rows: NDArray[np.float32], usable: Sequence[bool] | None = None) -> Samples:
    """Return samples with these templates; where not usable, the face was not found."""
    there = np.ones(len(rows), np.bool_) if usable is None else np.array(usable, np.bool_)
    quality = np.random.default_rng(7).random((len(rows), len(MEASURES))).astype(np.float32)
    outcomes = tuple("" if one else "detection.no_face" for one in there)
    kept = np.where(there[:, None], rows, np.float32(0))
    return Samples(kept, there, outcomes, quality, np.zeros((len(rows), 4), np.float32), "0" * 64)


def manifest(persons: Sequence[int], *, groups: Sequence[tuple[str, ...]] = (), names: Sequence[str] = (),
             ages: Sequence[int] = ()) -> Manifest:  # fmt: skip
    """Return a manifest of these people; ``groups`` and ``ages`` are by person."""
    images = tuple(
        Image(row, f"{row}.jpg", Path(f"{row}.jpg"), f"p{person}", ages[person] if ages else -1, "", "studio",
              tuple(groups[person]) if groups else ())
        for row, person in enumerate(persons)
    )  # fmt: skip
    return Manifest(images, tuple(names), (), "1" * 64)


def compared(persons: Sequence[int], rows: NDArray[np.float32], usable: Sequence[bool] | None = None) -> Comparisons:
    """Return every pair's comparison."""
    kept = samples(rows, usable)
    return compare_all(people_of([f"p{person}" for person in persons], kept, None), kept, silent)


def evaluated(persons: Sequence[int], rows: NDArray[np.float32], **options: object) -> Evaluation:
    """Return a whole evaluation of these people with few resamples."""
    usable = options.pop("usable", None)
    plan = options.pop("plan", Plan.of(resamples=60, identify=False))
    told = manifest(persons, **options)  # type: ignore[arg-type]
    return evaluate(told, samples(rows, usable), None, plan, stopwatch=lambda: 0.0, progress=silent)  # type: ignore[arg-type]
