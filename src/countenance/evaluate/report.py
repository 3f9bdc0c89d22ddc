"""An evaluation as ``report.json``: what may be said, with its interval, or null where there is not enough data.

Scripts rely on ``counts``, ``verification``, ``lfw``, ``pairs``, ``groups``, ``identification``, ``seconds`` and
``hashes``; ``report.schema.json`` describes every field. Rates are fractions. It is a self-evaluation: whoever sells
or runs a system measured it, nobody independent did.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any

import numpy as np

from countenance.evaluate import identification
from countenance.evaluate.bootstrap import Interval
from countenance.evaluate.comparisons import BINS, edges
from countenance.evaluate.discard import SHARES
from countenance.evaluate.disparity import disparity
from countenance.evaluate.evaluation import SEED, Evaluation
from countenance.evaluate.extraction import Networks
from countenance.evaluate.rates import Rate, State, rate
from countenance.evaluate.samples import MEASURES
from countenance.evaluate.subsets import Subset, false_matches, false_non_matches
from countenance.evaluate.verification import AtTarget, det

FORMAT = "countenance/evaluation/v1"
WORST = 20
_MOST_FAULTS = 500
_DET_POINTS = 400
_PLOT_BINS = 200

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """What a report says of itself beside its figures."""

    title: str
    created: str
    """ISO time."""
    code: str
    """Version."""
    networks: Networks
    worst: bool
    """Whether the worst pairs are named and shown."""


def schema() -> Json:
    """Return the report's JSON Schema (2020-12) as published with the package; a fresh copy."""
    document: Json = json.loads(files("countenance.evaluate").joinpath("report.schema.json").read_bytes())
    return document


def target_name(target: float) -> str:
    """Return a target as a key: "1e-4", "2e-5"."""
    exponent = math.floor(math.log10(target) + 1e-9)
    return f"{target / 10**exponent:.3g}e{exponent}"


def report(evaluation: Evaluation, source: Source) -> Json:
    """Return the report; every number in it is finite, null stands for "insufficient data"."""
    return {
        "format": FORMAT,
        "kind": "self-evaluation",
        "title": source.title,
        "created": source.created,
        "counts": _counts(evaluation),
        "faults": _faults(evaluation),
        "verification": _verification(evaluation),
        "lfw": _lfw(evaluation),
        "pairs": _pairs(evaluation),
        "groups": _groups(evaluation),
        "same_group": {subset.name: _same(evaluation, subset) for subset in evaluation.same},
        "identification": _identification(evaluation),
        "discard": _discard(evaluation),
        "worst": _worst(evaluation) if source.worst else None,
        "envelope": asdict(evaluation.measured),
        "seconds": {name: round(value, 3) for name, value in evaluation.seconds.items()},
        "settings": {"seed": SEED, "resamples": evaluation.resamples},
        "hashes": {
            "data": data_hash(evaluation),
            "manifest": evaluation.manifest.sha256,
            "pairs": evaluation.pairs.sha256 if evaluation.pairs else None,
            "weights": source.networks.weights,
            "recogniser": source.networks.recogniser,
            "preprocessing": source.networks.preprocessing,
            "code": source.code,
        },
    }


def data_hash(evaluation: Evaluation) -> str:
    """Return the SHA-256 over manifest, list of pairs and every photograph's bytes."""
    parts = [evaluation.manifest.sha256, evaluation.pairs.sha256 if evaluation.pairs else "", evaluation.samples.sha256]
    return sha256("\n".join(parts).encode()).hexdigest()


def _counts(evaluation: Evaluation) -> Json:
    people, samples = evaluation.comparisons.people, evaluation.samples
    failed = Counter(outcome for outcome in samples.outcomes if outcome)
    per_person = np.bincount(people.of_image, minlength=len(people.names))
    return {
        "images": len(samples.outcomes),
        "persons": len(people.names),
        "persons_with_one_image": int((per_person == 1).sum()),
        "persons_with_mated_pairs": int((people.mated > 0).sum()),
        "mated": int(people.mated.sum()),
        "mated_lost": int(people.lost.sum()),
        "nonmated": evaluation.comparisons.non_mated,
        "failed_to_enrol": sum(failed.values()),
        "failed_by_reason": dict(sorted(failed.items())),
        "rows_left_out": len(evaluation.manifest.faults),
        "pairs_left_out": len(evaluation.pairs.faults) if evaluation.pairs else 0,
    }


def _faults(evaluation: Evaluation) -> list[Json]:
    told = [("manifest", fault) for fault in evaluation.manifest.faults]
    told += [("pairs", fault) for fault in (evaluation.pairs.faults if evaluation.pairs else ())]
    return [{"file": file, **asdict(fault)} for file, fault in told[:_MOST_FAULTS]]


def _verification(evaluation: Evaluation) -> Json:
    thresholds, fmr, fnmr = det(evaluation.comparisons)
    changes = np.flatnonzero((np.diff(fmr, prepend=2.0) != 0) | (np.diff(fnmr, prepend=-1.0) != 0))
    chosen = changes[np.unique(np.linspace(0, len(changes) - 1, _DET_POINTS).astype(int))] if len(changes) else changes
    step = BINS // _PLOT_BINS
    return {
        "eer": evaluation.eer,
        "fnmr_at_fmr": {target_name(target): _cell(evaluation, at) for target, at in evaluation.at.items()},
        "det": {"threshold": thresholds[chosen].round(5).tolist(), "fmr": fmr[chosen].tolist(),
                "fnmr": fnmr[chosen].tolist()},
        "histogram": {
            "edges": edges()[::step].round(4).tolist(),
            "mated": evaluation.comparisons.mated_bins.reshape(-1, step).sum(axis=1).tolist(),
            "nonmated": evaluation.comparisons.non_mated_bins.reshape(-1, step).sum(axis=1).tolist(),
        },
    }  # fmt: skip


def _cell(evaluation: Evaluation, at: AtTarget) -> Json:
    found, people = evaluation.intervals[at.target], evaluation.comparisons.people
    with_mates = int((people.mated > 0).sum())
    false = rate(at.false_matches, evaluation.comparisons.non_mated, at.false_match_people, len(people.names) // 2,
                 *_ends(found.fmr))  # fmt: skip
    errors = at.false_non_matches, int(people.mated.sum()), at.false_non_match_people, with_mates
    pooled, balanced = rate(*errors, *_ends(found.fnmr)), rate(*errors, *_ends(found.balanced), at.balanced)
    if not at.supported or (false.state is State.INSUFFICIENT and at.false_matches > 0) or not errors[1]:
        pooled = balanced = Rate(State.INSUFFICIENT, None, None, None, *errors[:3])
    elif false.state is not State.MEASURED:
        # The target lies below what these people can show: the threshold stands for no such error rate.
        pooled = balanced = Rate(State.INSUFFICIENT, None, None, None, *errors[:3])
    return {
        "threshold": at.threshold,
        "threshold_low": _finite(found.threshold.low),
        "threshold_high": _finite(found.threshold.high),
        "state": pooled.state.value,
        "pooled": pooled.value, "low": _finite(pooled.low), "high": _finite(pooled.high),
        "balanced": balanced.value, "balanced_low": _finite(balanced.low), "balanced_high": _finite(balanced.high),
        "errors": pooled.errors, "error_people": pooled.people,
        "fmr": _rate(false),
    }  # fmt: skip


def _ends(one: Interval) -> tuple[float, float]:
    return one.low, one.high


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _rate(one: Rate) -> Json:
    return {"state": one.state.value, "value": one.value, "low": _finite(one.low), "high": _finite(one.high),
            "errors": one.errors, "trials": one.trials, "people": one.people}  # fmt: skip


def _lfw(evaluation: Evaluation) -> Json | None:
    found = evaluation.pair_figures.folds if evaluation.pair_figures else None
    return asdict(found) if found else None


def _pairs(evaluation: Evaluation) -> Json | None:
    if evaluation.pair_figures is None:
        return None
    cells = {target_name(target): _cell(evaluation, at) for target, at in evaluation.at.items()}
    return {
        "accuracy": evaluation.pair_figures.accuracy,
        "threshold": evaluation.pair_figures.threshold,
        "fnmr_at_fmr": {name: cell["pooled"] for name, cell in cells.items()},
    }


def _subset_rates(evaluation: Evaluation, subset: Subset, target: float) -> tuple[Rate, Rate]:
    """Return a subset's FMR and FNMR at the global threshold of one target."""
    found, at = evaluation.intervals[target], evaluation.at[target]
    ones = np.ones(len(subset.members))
    strangers = int(subset.non_mated(ones, np.ones(len(evaluation.comparisons.tail.scores))))
    mated = int(subset.mated_each.sum())
    false, false_people = false_matches(evaluation.comparisons, subset, at.threshold)
    missed, missed_people = false_non_matches(evaluation.comparisons, subset, at.threshold)
    with_mates = int((subset.mated_each > 0).sum())
    fmr = rate(false, strangers, false_people, subset.people // 2, *_ends(found.subset_fmr[subset.name]))
    fnmr = rate(missed, mated, missed_people, with_mates, *_ends(found.subset_fnmr[subset.name]))
    if not at.supported:
        fmr = Rate(State.INSUFFICIENT, None, None, None, false, strangers, false_people)
    return fmr, fnmr


def _groups(evaluation: Evaluation) -> Json:
    shown: Json = {}
    people, samples = evaluation.comparisons.people, evaluation.samples
    for column, value, subset in evaluation.groups:
        inside = subset.members[people.of_image] >= 0
        refused = int((inside & ~samples.usable).sum())
        at = {}
        for target in evaluation.at:
            fmr, fnmr = _subset_rates(evaluation, subset, target)
            at[target_name(target)] = {"fmr": _rate(fmr), "fnmr": _rate(fnmr)}
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


def _same(evaluation: Evaluation, subset: Subset) -> Json:
    at = {}
    for target in evaluation.at:
        fmr, _ = _subset_rates(evaluation, subset, target)
        own = subset.threshold(evaluation.comparisons, target)
        false, people = false_matches(evaluation.comparisons, subset, own) if own is not None else (0, 0)
        at[target_name(target)] = {"fmr": _rate(fmr), "own_threshold": own, "own_errors": false, "own_people": people}
    ones = np.ones(len(subset.members))
    strangers = int(subset.non_mated(ones, np.ones(len(evaluation.comparisons.tail.scores))))
    return {"persons": subset.people, "nonmated": strangers, "at": at}


def _identification(evaluation: Evaluation) -> Json:
    measured = [name for target, at in evaluation.at.items() if at.supported for name in [target_name(target)]]
    reference = next((name for name in ("1e-5", "1e-4", "1e-3") if name in measured), "1e-2")
    at = evaluation.at[float(reference)]
    shown: Json = {"at": reference}
    for searches in evaluation.searches:
        entry = _search_entry(searches, at.threshold)
        if searches.references == 1:
            entry["curve"] = [_search_point(searches, float(value)) for value in identification.THRESHOLDS]
            shown[str(searches.size)] = entry
        else:
            shown[str(searches.size)]["several"] = {"references": searches.references, **entry}
    return shown


def _search_entry(searches: identification.Searches, threshold: float) -> Json:
    point = _search_point(searches, threshold)
    return {
        "threshold": threshold, "fpir": point["fpir"], "fnir": point["fnir"],
        "fpir_high": point["fpir_high"], "fnir_high": point["fnir_high"],
        "mated_searches": len(searches.best_mated), "nonmated_searches": len(searches.best_non_mated),
        "persons_searched": len(np.unique(searches.mated_persons)),
    }  # fmt: skip


def _search_point(searches: identification.Searches, threshold: float) -> Json:
    found = identification.rates_at(searches, threshold, seed=SEED)
    fpir = rate(found.false_positives, len(searches.best_non_mated), found.false_positive_people,
                len(np.unique(searches.non_mated_persons)), *_ends(found.fpir_interval))  # fmt: skip
    fnir = rate(found.misses, len(searches.best_mated), found.missed_people,
                len(np.unique(searches.mated_persons)), *_ends(found.fnir_interval))  # fmt: skip
    return {"threshold": threshold, "fpir": fpir.value, "fpir_low": _finite(fpir.low), "fpir_high": _finite(fpir.high),
            "fnir": fnir.value, "fnir_low": _finite(fnir.low), "fnir_high": _finite(fnir.high)}  # fmt: skip


def _discard(evaluation: Evaluation) -> Json:
    curves = evaluation.discard
    return {
        "shares": SHARES.tolist(),
        "target": "1e-3",
        "all": {curve.measure: list(curve.fnmr) for curve in curves if not curve.frontal_only},
        "frontal": {curve.measure: list(curve.fnmr) for curve in curves if curve.frontal_only},
        "measures": list(MEASURES),
    }


def _worst(evaluation: Evaluation) -> Json:
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


def encode(document: Mapping[str, Any]) -> bytes:
    """Return the report's file; no number in it is infinite or "not a number"."""
    return (json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
