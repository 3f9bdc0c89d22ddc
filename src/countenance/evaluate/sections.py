"""The report's searches, quality measures and worst pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate import identification
from countenance.evaluate.discard import SHARES
from countenance.evaluate.evaluation import SEED, USUAL, Evaluation
from countenance.evaluate.rates import Rate, insufficient, rate
from countenance.evaluate.samples import MEASURES
from countenance.evaluate.shown import Json, ends, finite, is_measured, target_name

WORST = 20
MOST_OF_ONE = 2
"""Worst pairs that one photograph may be in: one that bears a wrong name would otherwise fill the list."""


def identification_section(evaluation: Evaluation) -> Json:
    """Return FPIR and FNIR by gallery size; ``at`` names the target whose threshold the single figures use."""
    measured = {target_name(target) for target in evaluation.at if is_measured(evaluation, target)}
    reference = next((name for name in ("1e-5", "1e-4", "1e-3") if name in measured), "1e-2")
    at = evaluation.at[float(reference)]
    people = int((evaluation.comparisons.people.images > 0).sum())
    shown: Json = {"at": reference}
    for searches in evaluation.searches:
        entry = _search_entry(searches, people, at.threshold)
        if searches.references == 1:
            entry["curve"] = _search_points(searches, people, identification.THRESHOLDS.tolist())
            shown[str(searches.size)] = entry
        else:
            shown[str(searches.size)]["several"] = {"references": searches.references, **entry}
    return shown


def _search_entry(searches: identification.Searches, people: int, threshold: float) -> Json:
    (point,) = _search_points(searches, people, [threshold])
    return {
        **point, "threshold": threshold,
        "mated_searches": len(searches.best_mated), "nonmated_searches": len(searches.best_non_mated),
        "persons_searched": len(np.unique(searches.mated_persons)),
    }  # fmt: skip


def _search_points(searches: identification.Searches, people: int, thresholds: Sequence[float]) -> list[Json]:
    """Return what goes wrong at each threshold; ``people`` is of how many people galleries were drawn.

    Whoever is searched for in vain in one trial is enrolled in another: the effective number for FPIR is the people
    searched for in vain, and at most half of all, as it is for FMR.
    """
    strangers = min(len(np.unique(searches.non_mated_persons)), people // 2)
    persons = len(np.unique(searches.mated_persons))
    shown = []
    for one in identification.rates_at(searches, thresholds, seed=SEED):
        fpir = rate(one.false_positives, len(searches.best_non_mated), one.false_positive_people, strangers,
                    *ends(one.fpir_interval))  # fmt: skip
        fnir = rate(one.misses, len(searches.best_mated), one.missed_people, persons, *ends(one.fnir_interval))
        point: Json = {"threshold": one.threshold}
        for kind, found in (("fpir", fpir), ("fnir", fnir)):
            point |= {
                kind: found.value, f"{kind}_low": finite(found.low), f"{kind}_high": finite(found.high),
                f"{kind}_state": found.state.value, f"{kind}_errors": found.errors, f"{kind}_people": found.people,
                f"{kind}_independent": found.independent,
            }  # fmt: skip
        shown.append(point)
    return shown


def discard_section(evaluation: Evaluation) -> Json:
    """Return the error-versus-discard curves: rates, and what lies behind each point."""
    measured = is_measured(evaluation, USUAL)
    shown: Json = {"all": {}, "frontal": {}, "behind": {"all": {}, "frontal": {}}}
    for curve in evaluation.discard:
        kind = "frontal" if curve.frontal_only else "all"
        # Where the threshold stands for no measured rate, no rate is told at it.
        points = [one if measured else insufficient(one) for one in curve.points]
        shown[kind][curve.measure] = [one.value for one in points]
        shown["behind"][kind][curve.measure] = _behind(points)
    return {"shares": SHARES.tolist(), "target": target_name(USUAL), **shown, "measures": list(MEASURES)}


def _behind(points: Sequence[Rate]) -> Json:
    return {
        "state": [one.state.value for one in points], "high": [finite(one.high) for one in points],
        "errors": [one.errors for one in points], "trials": [one.trials for one in points],
        "people": [one.people for one in points], "independent": [one.independent for one in points],
    }  # fmt: skip


def worst_section(evaluation: Evaluation) -> Json:
    """Return the lowest mated and the highest non-mated pairs by the names of their photographs.

    Each photograph is in at most two pairs of a list.
    """
    mated, tail = evaluation.comparisons.mated, evaluation.comparisons.tail
    return {
        "mated": _worst(evaluation, mated.a[::-1], mated.b[::-1], mated.scores[::-1]),
        "nonmated": _worst(evaluation, tail.a, tail.b, tail.scores),
    }


def _worst(
    evaluation: Evaluation, a: NDArray[np.int32], b: NDArray[np.int32], scores: NDArray[np.float32]
) -> list[Json]:
    """Return the first pairs, worst first, that leave room for other photographs."""
    images, seen = evaluation.manifest.images, Counter[int]()
    shown: list[Json] = []
    for place in range(len(scores)):
        one, other = int(a[place]), int(b[place])
        if len(shown) == WORST:
            break
        if max(seen[one], seen[other]) < MOST_OF_ONE:
            seen.update((one, other))
            shown.append({"a": images[one].name, "b": images[other].name, "score": round(float(scores[place]), 5)})
    return shown
