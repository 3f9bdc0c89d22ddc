"""An evaluation as ``report.json``: what may be said, with its interval, or null where there is not enough data.

Scripts rely on ``counts``, ``verification``, ``lfw``, ``pairs``, ``groups``, ``identification``, ``seconds`` and
``hashes``; ``report.schema.json`` describes every field. Rates are fractions. It is a self-evaluation: whoever sells
or runs a system measured it, nobody independent did.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any

import numpy as np

from countenance.evaluate.comparisons import BINS, edges
from countenance.evaluate.evaluation import SEED, Evaluation
from countenance.evaluate.extraction import Networks
from countenance.evaluate.rates import RULE_OF_THREE, Rate, State, insufficient, rate
from countenance.evaluate.sections import (
    discard_section,
    ends,
    finite,
    groups_section,
    identification_section,
    same_section,
    shown_rate,
    target_name,
    worst_section,
)
from countenance.evaluate.verification import AtTarget, det

FORMAT = "countenance/evaluation/v1"
_MOST_FAULTS = 500
_DET_POINTS = 400
_PLOT_BINS = 200

__all__ = ["FORMAT", "Source", "data_hash", "encode", "report", "schema", "target_name"]
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
        "groups": groups_section(evaluation),
        "same_group": {subset.name: same_section(evaluation, subset) for subset in evaluation.same},
        "identification": identification_section(evaluation),
        "discard": discard_section(evaluation),
        "worst": worst_section(evaluation) if source.worst else None,
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
        "at_threshold": {f"{threshold:.6f}": _certified(evaluation, threshold) for threshold in evaluation.certified},
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
                 *ends(found.fmr))  # fmt: skip
    errors = at.false_non_matches, int(people.mated.sum()), at.false_non_match_people, with_mates
    pooled, balanced = rate(*errors, *ends(found.fnmr)), rate(*errors, *ends(found.balanced), at.balanced)
    if not at.supported or (false.state is State.INSUFFICIENT and at.false_matches > 0) or not errors[1]:
        pooled = balanced = Rate(State.INSUFFICIENT, None, None, None, *errors[:3])
    elif false.state is not State.MEASURED:
        # The target lies below what these people can show: the threshold stands for no such error rate.
        pooled = balanced = Rate(State.INSUFFICIENT, None, None, None, *errors[:3])
    return {
        "threshold": at.threshold,
        "threshold_low": finite(found.threshold.low),
        "threshold_high": finite(found.threshold.high),
        "state": pooled.state.value,
        "pooled": pooled.value, "low": finite(pooled.low), "high": finite(pooled.high),
        "balanced": balanced.value, "balanced_low": finite(balanced.low), "balanced_high": finite(balanced.high),
        "errors": pooled.errors, "error_people": pooled.people,
        "fmr": shown_rate(false),
    }  # fmt: skip


def _certified(evaluation: Evaluation, threshold: float) -> Json:
    """Return what happens at a threshold that was chosen on other people."""
    at, found = evaluation.certified[threshold]
    people = evaluation.comparisons.people
    mated, with_mates = int(people.mated.sum()), int((people.mated > 0).sum())
    missed = at.false_non_matches, mated, at.false_non_match_people, with_mates
    fmr = rate(at.false_matches, evaluation.comparisons.non_mated, at.false_match_people, len(people.names) // 2,
               *ends(found.fmr))  # fmt: skip
    return {
        "threshold": threshold,
        "fmr": shown_rate(fmr if at.supported else insufficient(fmr)),
        "fnmr": shown_rate(rate(*missed, *ends(found.fnmr))),
        "balanced": shown_rate(rate(*missed, *ends(found.balanced), at.balanced)),
        "false_match_bound": max(found.fmr.high, RULE_OF_THREE / max(1, len(people.names) // 2) if not at.false_matches
                                 else 0.0),
    }  # fmt: skip


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


def encode(document: Mapping[str, Any]) -> bytes:
    """Return the report's file; no number in it is infinite or "not a number"."""
    return (json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
