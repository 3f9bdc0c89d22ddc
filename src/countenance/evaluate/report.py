"""An evaluation as ``report.json``: what may be said, with its interval and state, or null where nothing may.

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

from countenance.evaluate.evaluation import SEED, Evaluation
from countenance.evaluate.extraction import Networks
from countenance.evaluate.groups import groups_section, same_section
from countenance.evaluate.one_to_one import lfw_section, pairs_section, verification_section
from countenance.evaluate.sections import discard_section, identification_section, worst_section
from countenance.evaluate.shown import Json, target_name

FORMAT = "countenance/evaluation/v1"
_MOST_FAULTS = 500

__all__ = ["FORMAT", "Source", "data_hash", "encode", "report", "schema", "target_name"]


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
    """Return the report; every number in it is finite, and null where there is none, with the state that says why."""
    return {
        "format": FORMAT,
        "kind": "self-evaluation",
        "title": source.title,
        "created": source.created,
        "counts": _counts(evaluation),
        "faults": _faults(evaluation),
        "verification": verification_section(evaluation),
        "lfw": lfw_section(evaluation),
        "pairs": pairs_section(evaluation),
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


def encode(document: Mapping[str, Any]) -> bytes:
    """Return the report's file; no number in it is infinite or "not a number"."""
    return (json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
