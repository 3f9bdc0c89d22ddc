"""The report's sections beside verification: groups, pairs of strangers alike, searches, quality, the worst pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from countenance.evaluate import identification
from countenance.evaluate.bootstrap import Interval
from countenance.evaluate.discard import SHARES
from countenance.evaluate.disparity import disparity
from countenance.evaluate.evaluation import SEED, Evaluation
from countenance.evaluate.rates import Rate, State, rate
from countenance.evaluate.samples import MEASURES
from countenance.evaluate.subsets import Subset, false_matches, false_non_matches

WORST = 20
Json = dict[str, Any]


def target_name(target: float) -> str:
    """Return a target as a key: "1e-4", "2e-5"."""
    exponent = math.floor(math.log10(target) + 1e-9)
    return f"{target / 10**exponent:.3g}e{exponent}"


def ends(one: Interval) -> tuple[float, float]:
    """Return an interval's ends."""
    return one.low, one.high


def finite(value: float | None) -> float | None:
    """Return a number, or None for what is none."""
    return None if value is None or not math.isfinite(value) else value


def shown_rate(one: Rate) -> Json:
    """Return a rate as the report shows it."""
    return {"state": one.state.value, "value": one.value, "low": finite(one.low), "high": finite(one.high),
            "errors": one.errors, "trials": one.trials, "people": one.people}  # fmt: skip


def _subset_rates(evaluation: Evaluation, subset: Subset, target: float) -> tuple[Rate, Rate]:
    """Return a subset's FMR and FNMR at the global threshold of one target."""
    found, at = evaluation.intervals[target], evaluation.at[target]
    ones = np.ones(len(subset.members))
    strangers = int(subset.non_mated(ones, np.ones(len(evaluation.comparisons.tail.scores))))
    mated = int(subset.mated_each.sum())
    false, false_people = false_matches(evaluation.comparisons, subset, at.threshold)
    missed, missed_people = false_non_matches(evaluation.comparisons, subset, at.threshold)
    with_mates = int((subset.mated_each > 0).sum())
    fmr = rate(false, strangers, false_people, subset.people // 2, *ends(found.subset_fmr[subset.name]))
    fnmr = rate(missed, mated, missed_people, with_mates, *ends(found.subset_fnmr[subset.name]))
    if not at.supported:
        fmr = Rate(State.INSUFFICIENT, None, None, None, false, strangers, false_people)
    return fmr, fnmr


def groups_section(evaluation: Evaluation) -> Json:
    """Return each group's people, refusals and rates, and how far groups lie apart, by column."""
    shown: Json = {}
    people, samples = evaluation.comparisons.people, evaluation.samples
    for column, value, subset in evaluation.groups:
        inside = subset.members[people.of_image] >= 0
        refused = int((inside & ~samples.usable).sum())
        at = {}
        for target in evaluation.at:
            fmr, fnmr = _subset_rates(evaluation, subset, target)
            at[target_name(target)] = {"fmr": shown_rate(fmr), "fnmr": shown_rate(fnmr)}
        shown.setdefault(column, {"values": {}, "disparity": {}})["values"][value] = {
            "persons": subset.people, "images": int(inside.sum()), "refused": refused,
            "refused_share": refused / max(1, int(inside.sum())), "at": at,
        }  # fmt: skip
    for column in shown:
        parts = [subset for name, _, subset in evaluation.groups if name == column]
        for target in evaluation.at:
            measures = disparity([_subset_rates(evaluation, part, target) for part in parts])
            shown[column]["disparity"][target_name(target)] = asdict(measures)
    return shown


def same_section(evaluation: Evaluation, subset: Subset) -> Json:
    """Return the FMR of strangers who stated the same, and the threshold at which it would be the target."""
    at = {}
    for target in evaluation.at:
        fmr, _ = _subset_rates(evaluation, subset, target)
        own = subset.threshold(evaluation.comparisons, target)
        false, people = false_matches(evaluation.comparisons, subset, own) if own is not None else (0, 0)
        at[target_name(target)] = {
            "fmr": shown_rate(fmr), "own_threshold": own, "own_errors": false, "own_people": people,
        }  # fmt: skip
    ones = np.ones(len(subset.members))
    strangers = int(subset.non_mated(ones, np.ones(len(evaluation.comparisons.tail.scores))))
    return {"persons": subset.people, "nonmated": strangers, "at": at}


def identification_section(evaluation: Evaluation) -> Json:
    """Return FPIR and FNIR by gallery size; ``at`` names the target whose threshold the single figures use."""
    measured = [name for target, at in evaluation.at.items() if at.supported for name in [target_name(target)]]
    reference = next((name for name in ("1e-5", "1e-4", "1e-3") if name in measured), "1e-2")
    at = evaluation.at[float(reference)]
    shown: Json = {"at": reference}
    for searches in evaluation.searches:
        entry = _search_entry(searches, at.threshold)
        if searches.references == 1:
            entry["curve"] = _search_points(searches, identification.THRESHOLDS.tolist())
            shown[str(searches.size)] = entry
        else:
            shown[str(searches.size)]["several"] = {"references": searches.references, **entry}
    return shown


def _search_entry(searches: identification.Searches, threshold: float) -> Json:
    (point,) = _search_points(searches, [threshold])
    return {
        "threshold": threshold, "fpir": point["fpir"], "fnir": point["fnir"],
        "fpir_high": point["fpir_high"], "fnir_high": point["fnir_high"],
        "mated_searches": len(searches.best_mated), "nonmated_searches": len(searches.best_non_mated),
        "persons_searched": len(np.unique(searches.mated_persons)),
    }  # fmt: skip


def _search_points(searches: identification.Searches, thresholds: Sequence[float]) -> list[Json]:
    return [_search_point(searches, found) for found in identification.rates_at(searches, thresholds, seed=SEED)]


def _search_point(searches: identification.Searches, found: identification.SearchRates) -> Json:
    fpir = rate(found.false_positives, len(searches.best_non_mated), found.false_positive_people,
                len(np.unique(searches.non_mated_persons)), *ends(found.fpir_interval))  # fmt: skip
    fnir = rate(found.misses, len(searches.best_mated), found.missed_people,
                len(np.unique(searches.mated_persons)), *ends(found.fnir_interval))  # fmt: skip
    return {
        "threshold": found.threshold, "fpir": fpir.value, "fpir_low": finite(fpir.low),
        "fpir_high": finite(fpir.high), "fnir": fnir.value, "fnir_low": finite(fnir.low),
        "fnir_high": finite(fnir.high),
    }  # fmt: skip


def discard_section(evaluation: Evaluation) -> Json:
    """Return the error-versus-discard curves."""
    curves = evaluation.discard
    return {
        "shares": SHARES.tolist(),
        "target": "1e-3",
        "all": {curve.measure: list(curve.fnmr) for curve in curves if not curve.frontal_only},
        "frontal": {curve.measure: list(curve.fnmr) for curve in curves if curve.frontal_only},
        "measures": list(MEASURES),
    }


def worst_section(evaluation: Evaluation) -> Json:
    """Return the lowest mated and the highest non-mated pairs by the names of their photographs."""
    images, mated, tail = evaluation.manifest.images, evaluation.comparisons.mated, evaluation.comparisons.tail

    def named(a: Sequence[int], b: Sequence[int], scores: Sequence[float]) -> list[Json]:
        return [{"a": images[one].name, "b": images[other].name, "score": round(float(score), 5)}
                for one, other, score in zip(a, b, scores, strict=True)]  # fmt: skip

    lowest = slice(len(mated.scores) - 1, max(-1, len(mated.scores) - 1 - WORST) if len(mated.scores) > WORST else None,
                   -1)  # fmt: skip
    return {
        "mated": named(mated.a[lowest].tolist(), mated.b[lowest].tolist(), mated.scores[lowest].tolist()),
        "nonmated": named(tail.a[:WORST].tolist(), tail.b[:WORST].tolist(), tail.scores[:WORST].tolist()),
    }
