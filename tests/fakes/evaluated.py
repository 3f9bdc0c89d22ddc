"""Made-up people with made-up templates, so that an evaluation's answers can be known beforehand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.comparisons import Comparisons, compare_all, people_of
from countenance.evaluate.evaluation import Evaluation, Plan, evaluate
from countenance.evaluate.extraction import Networks
from countenance.evaluate.manifest import Image, Manifest
from countenance.evaluate.pairs import NO_FOLD, PairList
from countenance.evaluate.report import Source, encode, report
from countenance.evaluate.samples import MEASURES, Samples

Json = dict[str, Any]


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
    """Return a whole evaluation of these people with few resamples; ``pairs`` names pairs, else all are compared."""
    usable, pairs = options.pop("usable", None), options.pop("pairs", None)
    plan = options.pop("plan", Plan.of(resamples=60, identify=False))
    told = manifest(persons, **options)  # type: ignore[arg-type]
    return evaluate(told, samples(rows, usable), pairs, plan, stopwatch=lambda: 0.0, progress=silent)  # type: ignore[arg-type]


def listed(persons: Sequence[int], pairs: Sequence[tuple[int, int]], folds: Sequence[int] = ()) -> PairList:
    """Return the list of these pairs of photographs, in these folds."""
    sides = np.array(pairs, np.int32).reshape(-1, 2)
    whose = np.array(persons)[sides]
    fold = np.array(folds or [NO_FOLD] * len(sides), np.int32)
    return PairList(sides[:, 0].copy(), sides[:, 1].copy(), whose[:, 0] == whose[:, 1], fold, (), "2" * 64)


def reported(evaluation: Evaluation) -> Json:
    """Return an evaluation's report, as it stands in the file."""
    networks = Networks("a" * 64, "b" * 64, "align5/v1, test", 12)
    source = Source("Made-up people", "2026-11-25T00:00:00Z", "0.0", networks, worst=True)
    document: Json = json.loads(encode(report(evaluation, source)))
    return document


PLAN = Plan.of(resamples=40, extra_sizes=[20, 40], thresholds=[0.3, 0.999])
TARGETS = ("1e-2", "1e-3", "1e-4", "1e-5", "1e-6")


def photographs(*each: int) -> list[int]:
    """Return whose each photograph is, of people with so many photographs each."""
    return [person for person, count in enumerate(each) for _ in range(count)]


def two_groups(people: int) -> Json:
    """Return options that put people into two groups by turns."""
    return {"groups": [("f",) if person % 2 else ("m",) for person in range(people)], "names": ("sex",)}


def plenty() -> Evaluation:
    """Return an evaluation of 300 people, by group."""
    persons = photographs(*[3] * 300)
    return evaluated(persons, templates(persons, dimension=12), plan=PLAN, **two_groups(300))


def few_people() -> Evaluation:
    """Return one of ten people with many photographs: thousands of errors by ten people."""
    persons = photographs(*[20] * 10)
    return evaluated(persons, templates(persons, spread=2.0, dimension=4), plan=PLAN, **two_groups(10))


def one_with_most() -> Evaluation:
    """Return one in which one person has nearly all mated pairs, and all misses."""
    persons = photographs(60, *[2] * 40)
    rows = templates(persons, spread=0.2, dimension=12)
    rows[:60] = templates(photographs(60), spread=3.0, dimension=12)
    return evaluated(persons, rows, plan=PLAN, **two_groups(41))


def all_equal() -> Evaluation:
    """Return one in which every score is the same."""
    persons = photographs(*[2] * 40)
    return evaluated(persons, np.ones((80, 4), np.float32) / 2, plan=PLAN, **two_groups(40))


def apart() -> Evaluation:
    """Return one in which each person's scores lie above every stranger's."""
    persons = photographs(*[2] * 100)
    return evaluated(persons, templates(persons, spread=0.05, dimension=64), plan=PLAN, **two_groups(100))


def no_strangers() -> Evaluation:
    """Return one of one person alone: there are mated pairs only."""
    persons = photographs(12)
    return evaluated(persons, templates(persons), plan=PLAN, **two_groups(1))


def no_mates() -> Evaluation:
    """Return one of people with one photograph each: there are non-mated pairs only."""
    persons = photographs(*[1] * 60)
    return evaluated(persons, templates(persons, dimension=4), plan=PLAN, **two_groups(60))


def refused() -> Evaluation:
    """Return one in which every third photograph gave no template."""
    persons = photographs(*[3] * 60)
    usable = [number % 3 > 0 for number in range(180)]
    return evaluated(persons, templates(persons, dimension=8), plan=PLAN, usable=usable, **two_groups(60))


def nobody() -> Evaluation:
    """Return one in which no photograph gave a template."""
    persons = photographs(2, 2, 2)
    return evaluated(persons, templates(persons), plan=PLAN, usable=[False] * 6, **two_groups(3))


def no_intervals() -> Evaluation:
    """Return one of 300 people without any resample."""
    persons = photographs(*[3] * 300)
    return evaluated(persons, templates(persons, dimension=12), plan=Plan.of(resamples=0, thresholds=[0.3, 0.999]))


def pairs_of_a_file() -> Evaluation:
    """Return one of the pairs that a file names, in folds: few of many people."""
    persons = photographs(*[2] * 100)
    pairs = [(number, number + 1) for number in range(0, 20, 2)] + [(number, number + 2) for number in range(18)]
    plan = Plan.of(resamples=20, identify=False, folds=True, thresholds=[0.3, 0.999])
    return evaluated(persons, templates(persons), pairs=listed(persons, pairs, [0, 1] * 14), plan=plan)


MADE: tuple[Callable[[], Evaluation], ...] = (
    plenty, few_people, one_with_most, all_equal, apart, no_strangers, no_mates, refused, nobody, no_intervals,
    pairs_of_a_file,
)  # fmt: skip
"""Evaluations of enough people, and of every way in which there may be too few."""


@cache
def made(name: str) -> Json:
    """Return the report of one of ``MADE`` by its maker's name, made once; whoever changes it copies it."""
    return reported(next(maker for maker in MADE if maker.__name__ == name)())


def rates(part: Any) -> Iterator[Json]:
    """Yield every rate anywhere in a report, those of searches, curves and targets too."""
    if isinstance(part, dict):
        yield from _own(part)
    if isinstance(part, dict | list):
        for value in part.values() if isinstance(part, dict) else part:
            yield from rates(value)


def _own(part: Json) -> Iterator[Json]:
    keys = ("low", "high", "state", "errors", "people", "independent")
    if {"state", "value", "independent"} <= set(part):
        yield part
    if "pooled" in part:
        common = {key: part[key] for key in ("state", "errors", "independent")} | {"people": part["error_people"]}
        yield {**common, "value": part["pooled"], "low": part["low"], "high": part["high"]}
        yield {**common, "value": part["balanced"], "low": part["balanced_low"], "high": part["balanced_high"]}
    for kind in ("fpir", "fnir"):
        if f"{kind}_state" in part:
            yield {"value": part[kind], **{key: part[f"{kind}_{key}"] for key in keys}}
    for kind, curves in part.get("behind", {}).items():
        for measure, behind in curves.items():
            for place, value in enumerate(part[kind][measure]):
                yield {"value": value, "low": None, **{key: behind[key][place] for key in keys[1:]}}
