"""The whole evaluation as one numbered story: photographs in, everything that may be said about them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from countenance.evaluate import identification
from countenance.evaluate.bootstrap import RESAMPLES, FixedIntervals, TargetIntervals, fixed_intervals, intervals
from countenance.evaluate.comparisons import Comparisons, People, compare_all, compare_listed, people_of
from countenance.evaluate.discard import DiscardCurve, discard_curves
from countenance.evaluate.envelope import Measured, measured
from countenance.evaluate.identification import Searches
from countenance.evaluate.lfw import (
    FoldAccuracy,
    best_accuracy,
    fold_accuracy,
    pair_scores,
    told_wrongly,
    wrong_rate,
)
from countenance.evaluate.manifest import Manifest
from countenance.evaluate.pairs import PairList
from countenance.evaluate.rates import Rate
from countenance.evaluate.samples import Samples
from countenance.evaluate.subsets import Subset, subset_of
from countenance.evaluate.verification import TARGETS, AtTarget, EqualError, at_target, at_threshold, equal_error

SEED = 19795
USUAL = 1e-3
"""The target at which quality measures are tried: most sets have errors there."""
Progress = Callable[[str, int, int], None]
"""Told what is going on, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an evaluation is to find out."""

    targets: tuple[float, ...]
    gallery_sizes: tuple[int, ...]
    """Empty: no identification."""
    resamples: int
    thresholds: tuple[float, ...]
    """Thresholds from elsewhere, at which this data certifies what happens."""
    folds: bool
    """LFW's protocol, over the folds of the list of pairs."""

    @classmethod
    def of(
        cls, *, extra_targets: Sequence[float] = (), extra_sizes: Sequence[int] = (), thresholds: Sequence[float] = (),
        identify: bool = True, folds: bool = False, resamples: int = RESAMPLES,
    ) -> Plan:  # fmt: skip
        """Return the usual plan with further targets, gallery sizes and thresholds."""
        sizes = sorted({*identification.SIZES, *extra_sizes}) if identify else []
        return cls(tuple(sorted({*TARGETS, *extra_targets}, reverse=True)), tuple(sizes), resamples,
                   tuple(sorted(set(thresholds))), folds)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PairFigures:
    """What a list of pairs gives by itself."""

    wrong: Rate
    """Pairs told wrongly at ``threshold``."""
    threshold: float
    folds: FoldAccuracy | None
    folds_wrong: Rate | None
    """Pairs told wrongly at the thresholds that the other folds choose."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that was found, before anything is left unsaid for lack of data."""

    manifest: Manifest
    samples: Samples
    pairs: PairList | None
    comparisons: Comparisons
    at: Mapping[float, AtTarget]
    eer: EqualError | None
    groups: Sequence[tuple[str, str, Subset]]
    """Column, value, subset."""
    same: Sequence[Subset]
    """Strangers who stated the same: by column, and in all columns together."""
    intervals: Mapping[float, TargetIntervals]
    searches: Sequence[Searches]
    discard: Sequence[DiscardCurve]
    pair_figures: PairFigures | None
    measured: Measured
    resamples: int
    certified: Mapping[float, tuple[AtTarget, FixedIntervals]]
    """By threshold that came from elsewhere."""
    seconds: Mapping[str, float]


def evaluate(
    manifest: Manifest, samples: Samples, pairs: PairList | None, plan: Plan, *, stopwatch: Callable[[], float],
    progress: Progress,
) -> Evaluation:  # fmt: skip
    """Return everything there is to say about these samples.

    (1) every pair, or those the list names, is scored once; (2) each target gives a threshold and the errors there;
    (3) groups and pairs of the same group are looked at with the same thresholds; (4) people are resampled for
    intervals; (5) random galleries are searched; (6) quality measures are tried as predictors; (7) a list of pairs
    gives its accuracy; (8) the conditions are noted.
    """
    laps = [stopwatch()]
    people = people_of([image.person for image in manifest.images], samples, pairs)
    if pairs is None:  # (1)
        comparisons = compare_all(people, samples, lambda done, of: progress("comparing", done, of))
    else:
        comparisons = compare_listed(people, samples, pairs)
    at = {target: at_target(comparisons, target) for target in plan.targets}  # (2)
    eer = equal_error(comparisons)
    laps.append(stopwatch())
    groups, same = _groups(manifest, comparisons)  # (3)
    found = intervals(  # (4)
        comparisons, {target: one.threshold for target, one in at.items()}, [*(part for *_, part in groups), *same],
        seed=SEED, progress=lambda done, of: progress("resampling people", done, of), resamples=plan.resamples,
    )  # fmt: skip
    laps.append(stopwatch())
    sizes = identification.sizes_for(people, plan.gallery_sizes)  # (5)
    searches = list(identification.search_all(people, samples, sizes, seed=SEED,
                                              progress=lambda done, of: progress("searching", done, of)))  # fmt: skip
    laps.append(stopwatch())
    return Evaluation(
        manifest, samples, pairs, comparisons, at, eer, groups, same, found, searches,
        discard=discard_curves(comparisons, samples, at[USUAL].threshold),  # (6)
        pair_figures=_pair_figures(people, samples, pairs, plan),  # (7)
        measured=measured(manifest.images, comparisons),  # (8)
        resamples=plan.resamples,
        certified={threshold: (at_threshold(comparisons, threshold, target=0.0),
                               fixed_intervals(comparisons, threshold, seed=SEED, resamples=plan.resamples))
                   for threshold in plan.thresholds},
        seconds=dict(zip(("score", "bootstrap", "identification"), _between(laps), strict=True)),
    )  # fmt: skip


def _between(laps: Sequence[float]) -> list[float]:
    return [after - before for before, after in pairwise(laps)]


def _groups(manifest: Manifest, comparisons: Comparisons) -> tuple[list[tuple[str, str, Subset]], list[Subset]]:
    """Return each group's subset, then those of strangers who stated the same."""
    stated: dict[str, tuple[str, ...]] = {}
    for image in manifest.images:
        before = stated.get(image.person, ("",) * len(manifest.group_names))
        stated[image.person] = tuple(old or new for old, new in zip(before, image.groups, strict=True))
    rows = [stated[name] for name in comparisons.people.names]
    groups: list[tuple[str, str, Subset]] = []
    same: list[Subset] = []
    for place, column in enumerate(manifest.group_names):
        values = sorted({row[place] for row in rows if row[place]})
        for value in values:
            codes = [0 if row[place] == value else -1 for row in rows]
            groups.append((column, value, subset_of(comparisons, f"{column}={value}", codes)))
        codes = [values.index(row[place]) if row[place] else -1 for row in rows]
        same.append(subset_of(comparisons, f"same {column}", codes))
    if len(manifest.group_names) > 1:
        kinds = sorted({row for row in rows if all(row)})
        codes = [kinds.index(row) if all(row) else -1 for row in rows]
        same.append(subset_of(comparisons, f"same {', '.join(manifest.group_names)}", codes))
    return groups, same


def _pair_figures(people: People, samples: Samples, pairs: PairList | None, plan: Plan) -> PairFigures | None:
    if pairs is None or not len(pairs.a):
        return None
    scores = pair_scores(samples, pairs)
    accuracy, threshold = best_accuracy(scores, pairs.mated)
    everything = np.ones(len(scores), np.bool_)
    wrong = wrong_rate(
        pairs, people.of_image, everything, told_wrongly(scores, pairs.mated, threshold), accuracy
    )  # fmt: skip
    folds = fold_accuracy(scores, pairs) if plan.folds else None
    folded = wrong_rate(pairs, people.of_image, folds.judged, folds.wrong, folds.accuracy) if folds else None
    return PairFigures(wrong, threshold, folds, folded)


def with_seconds(evaluation: Evaluation, **seconds: float) -> Evaluation:
    """Return the evaluation with further durations, such as ``embed``."""
    return replace(evaluation, seconds={**evaluation.seconds, **seconds})
