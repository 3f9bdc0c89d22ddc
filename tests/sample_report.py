"""An evaluation's report built by hand: enough data for every figure, or hardly any, and names nobody would choose."""

from __future__ import annotations

import math
from typing import Any

TARGETS = ("1e-2", "1e-3", "1e-4", "1e-5", "1e-6")
HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='x'>",
    "\u202eevil\u202c & Söhne",
    "شهر/صورة.jpg",
    "a]]>b--><!--",
)
Json = dict[str, Any]


def measured(value: float, trials: int = 1_000_000, people: int = 60) -> Json:
    """Return a measured rate with an interval of half to double."""
    return {"state": "measured", "value": value, "low": value / 2, "high": min(1.0, 2 * value),
            "errors": max(30, round(value * trials)), "trials": trials, "people": people}  # fmt: skip


def bounded(people: int, trials: int = 500) -> Json:
    """Return the rate of no error at all among so many people."""
    return {"state": "upper bound", "value": None, "low": 0.0, "high": min(1.0, 3 / people), "errors": 0,
            "trials": trials, "people": 0}  # fmt: skip


def insufficient(errors: int = 7, people: int = 5, trials: int = 500) -> Json:
    """Return a rate that nothing may be said of."""
    return {"state": "insufficient data", "value": None, "low": None, "high": None, "errors": errors, "trials": trials,
            "people": people}  # fmt: skip


def cell(fnmr: Json, fmr: Json, threshold: float) -> Json:
    """Return FNMR at one target; balanced is thrice the pooled rate."""
    times = {key: None if fnmr[key] is None else min(1.0, 3 * fnmr[key]) for key in ("value", "low", "high")}
    return {
        "threshold": threshold, "threshold_low": threshold - 0.02, "threshold_high": threshold + 0.03,
        "state": fnmr["state"], "pooled": fnmr["value"], "low": fnmr["low"], "high": fnmr["high"],
        "balanced": times["value"], "balanced_low": times["low"], "balanced_high": times["high"],
        "errors": fnmr["errors"], "error_people": fnmr["people"], "fmr": fmr,
    }  # fmt: skip


def _hill(middle: float, width: float, pairs: int) -> list[int]:
    shares = [math.exp(-(((place / 100 - 1 + 0.005 - middle) / width) ** 2) / 2) for place in range(200)]
    return [round(pairs * share / sum(shares)) for share in shares]


def _bodies(strangers: list[int], mated: list[int]) -> Json:
    thresholds = [round(place / 100 - 1, 2) for place in range(200)]
    fmr = [sum(strangers[place:]) / sum(strangers) for place in range(200)]
    fnmr = [sum(mated[:place]) / sum(mated) for place in range(200)]
    return {
        "det": {"threshold": thresholds, "fmr": fmr, "fnmr": fnmr},
        "histogram": {"edges": thresholds, "mated": mated, "nonmated": strangers},
    }


def _search(scale: float) -> Json:
    return {"threshold": 0.5, "fpir": 0.01 * scale, "fnir": 0.02, "fpir_high": 0.02 * scale, "fnir_high": 0.03,
            "mated_searches": 800, "nonmated_searches": 9000, "persons_searched": 300}  # fmt: skip


def _curve(scale: float) -> list[Json]:
    points = []
    for place in range(20):
        threshold = round(0.2 + 0.03 * place, 3)
        fpir, fnir = min(1.0, scale * 10 ** (-place / 5)), min(1.0, 0.01 * 1.2**place)
        points.append({"threshold": threshold, "fpir": fpir, "fpir_low": fpir / 2, "fpir_high": min(1.0, 2 * fpir),
                       "fnir": fnir, "fnir_low": fnir / 2, "fnir_high": min(1.0, 2 * fnir)})  # fmt: skip
    return points


def _groups() -> Json:
    def value(persons: int, fmr: Json, fnmr: Json, refused: int = 0) -> Json:
        return {"persons": persons, "images": 2 * persons, "refused": refused, "refused_share": refused / (2 * persons),
                "at": {target: {"fmr": fmr, "fnmr": fnmr} for target in TARGETS}}  # fmt: skip

    spread = {"fmr_max_over_geomean": 1.73, "fnmr_max_over_geomean": 1.41, "fdr": 0.987, "garbe": 0.31, "groups": 2,
              "bounded": 0}  # fmt: skip
    return {
        "region": {
            "values": {
                "north": value(400, measured(0.003), measured(0.02), refused=6),
                "south": value(300, measured(0.001), measured(0.01)),
                "east": value(9, insufficient(), bounded(9)),
            },
            "disparity": dict.fromkeys(TARGETS, spread),
        }
    }


def rich() -> Json:
    """Return a report with enough data for every figure."""
    strangers, mated = _hill(0.1, 0.1, 60_000_000), _hill(0.7, 0.12, 200_000)
    cells = {
        target: cell(measured(0.002 * 2**place, 200_000), measured(float(target)), 0.3 + 0.07 * place)
        for place, target in enumerate(TARGETS)
    }
    same = {target: {"fmr": measured(4 * float(target)), "own_threshold": 0.4, "own_errors": 90, "own_people": 70}
            for target in TARGETS}  # fmt: skip
    elsewhere = {"threshold": 0.54321, "fmr": measured(0.0000123, 60_000_000), "fnmr": measured(0.0456),
                 "balanced": measured(0.0567), "false_match_bound": 0.00003}  # fmt: skip
    return {
        "format": "countenance/evaluation/v1", "kind": "self-evaluation", "title": "made up", "created":
        "2026-11-25T05:30:07Z", "faults": [],
        "counts": {
            "images": 9000, "persons": 4000, "persons_with_one_image": 2500, "persons_with_mated_pairs": 1500,
            "mated": sum(mated), "mated_lost": 12, "nonmated": sum(strangers), "failed_to_enrol": 3,
            "failed_by_reason": {"face.no_face": 3}, "rows_left_out": 0, "pairs_left_out": 0,
        },
        "verification": {"eer": 0.003, "fnmr_at_fmr": cells, "at_threshold": {"0.543210": elsewhere},
                         **_bodies(strangers, mated)},
        "lfw": {"accuracy": 0.9938, "standard_error": 0.0011, "folds": 10},
        "pairs": {"accuracy": 0.994, "threshold": 0.31, "fnmr_at_fmr": dict.fromkeys(TARGETS, 0.01)},
        "groups": _groups(),
        "same_group": {"same region": {"persons": 709, "nonmated": 900_000, "at": same}},
        "identification": {
            "at": "1e-5",
            "100": {**_search(1), "curve": _curve(0.3), "several": {"references": 3, **_search(1.2)}},
            "420": {**_search(4), "curve": _curve(0.9), "several": {"references": 3, **_search(4.8)}},
        },
        "discard": {
            "shares": [round(0.02 * place, 2) for place in range(16)], "target": "1e-3",
            "measures": ["sharpness", "odd_one"],
            "all": {"sharpness": [0.004 / (1 + place) for place in range(16)], "odd_one": [0.004] * 16},
            "frontal": {"sharpness": [0.003] * 16, "odd_one": [0.003] * 8 + [None] * 8},
        },
        "worst": {
            "mated": [{"a": "set/a/1.png", "b": "set/a/2.png", "score": -0.0412}],
            "nonmated": [{"a": "set/a/1.png", "b": "set/b/gone.png", "score": 0.934}],
        },
        "envelope": {"ages": [18, 54], "reference_years": [0, 9], "capture_classes": ["studio-portrait"]},
        "seconds": {"score": 1.2, "bootstrap": 20.0, "identification": 3.0, "embed": 90.0},
        "settings": {"seed": 19795, "resamples": 1000},
        "hashes": {**dict.fromkeys(("data", "manifest", "pairs", "weights", "recogniser"), "5e" * 32),
                   "preprocessing": "align5/v1", "code": "0.1.0"},
    }  # fmt: skip


def poor() -> Json:
    """Return a report of so few people that hardly anything may be said; the worst pairs switched off."""
    document = rich()
    strangers, mated = _hill(0.1, 0.1, 300), _hill(0.9, 0.03, 12)
    counts = {"mated": sum(mated), "nonmated": sum(strangers), "persons": 25, "persons_with_mated_pairs": 12}
    document["counts"].update(counts, failed_to_enrol=0, failed_by_reason={}, mated_lost=0)
    document["verification"] = {
        "eer": 0.0417, **_bodies(strangers, mated),
        "fnmr_at_fmr": {target: cell(insufficient(0, 0, 12), insufficient(3, 2, 300), 0.4) for target in TARGETS},
    }  # fmt: skip
    document["groups"]["region"]["disparity"] = {
        target: {"fmr_max_over_geomean": 7.77, "fnmr_max_over_geomean": 7.78, "fdr": 0.7779, "garbe": 0.7778,
                 "groups": 2, "bounded": 4} for target in TARGETS
    }  # fmt: skip
    for value in document["groups"]["region"]["values"].values():
        value.update(persons=3, at={target: {"fmr": insufficient(0, 0, 0), "fnmr": bounded(3)} for target in TARGETS})
    for at in document["same_group"]["same region"]["at"].values():
        at.update(fmr=insufficient(2, 2), own_threshold=0.4321, own_errors=2, own_people=2)
    document.update(worst=None, lfw=None, pairs=None, identification={"at": "1e-2"})
    document["envelope"] = {"ages": None, "reference_years": None, "capture_classes": None}
    document["settings"]["resamples"] = 0
    return document


def hostile(name: str) -> Json:
    """Return a report in which everything that comes from outside is ``name``."""
    document = rich()
    document["title"] = name
    document["groups"] = {name: document["groups"]["region"]}
    document["groups"][name]["values"] = {name: document["groups"][name]["values"]["north"]}
    document["same_group"] = {f"same {name}": document["same_group"]["same region"]}
    document["worst"] = {kind: [{"a": name, "b": "set/" + name, "score": 0.5}] for kind in ("mated", "nonmated")}
    document["envelope"]["capture_classes"] = [name, name]
    document["hashes"].update(preprocessing=name, code=name)
    document["counts"].update(rows_left_out=2, pairs_left_out=600)
    document["faults"] = [{"file": "manifest", "row": 7, "reason": "age", "sentence": f"The age {name!r} is none."},
                          {"file": "pairs", "row": 9, "reason": "duplicate", "sentence": name}]  # fmt: skip
    return document
