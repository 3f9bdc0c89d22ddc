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
            "errors": max(30, round(value * trials)), "trials": trials, "people": people,
            "independent": 500}  # fmt: skip


def bounded(people: int, trials: int = 500) -> Json:
    """Return the rate of no error at all among so many people, more than three."""
    return {"state": "upper bound", "value": None, "low": 0.0, "high": 3 / people, "errors": 0,
            "trials": trials, "people": 0, "independent": people}  # fmt: skip


def insufficient(errors: int = 7, people: int = 5, trials: int = 500) -> Json:
    """Return a rate that nothing may be said of."""
    return {"state": "insufficient data", "value": None, "low": None, "high": None, "errors": errors, "trials": trials,
            "people": people, "independent": people}  # fmt: skip


def cell(fnmr: Json, fmr: Json, threshold: float) -> Json:
    """Return FNMR at one target; balanced is thrice the pooled rate."""
    times = {key: None if fnmr[key] is None else min(1.0, 3 * fnmr[key]) for key in ("value", "low", "high")}
    return {
        "threshold": threshold, "threshold_low": threshold - 0.02, "threshold_high": threshold + 0.03,
        "state": fnmr["state"], "pooled": fnmr["value"], "low": fnmr["low"], "high": fnmr["high"],
        "balanced": times["value"], "balanced_low": times["low"], "balanced_high": times["high"],
        "errors": fnmr["errors"], "error_people": fnmr["people"], "independent": fnmr["independent"], "fmr": fmr,
    }  # fmt: skip


def _hill(middle: float, width: float, pairs: int) -> list[int]:
    shares = [math.exp(-(((place / 100 - 1 + 0.005 - middle) / width) ** 2) / 2) for place in range(200)]
    return [round(pairs * share / sum(shares)) for share in shares]


def _bodies(strangers: list[int], mated: list[int]) -> Json:
    thresholds = [round(place / 100 - 1, 2) for place in range(200)]
    false, missed = [sum(strangers[place:]) for place in range(200)], [sum(mated[:place]) for place in range(200)]
    fmr = [count / sum(strangers) if count >= 30 else None for count in false]
    fnmr = [count / sum(mated) if count >= 30 else None for count in missed]
    return {
        "det": {"threshold": thresholds, "fmr": fmr, "fnmr": fnmr},
        "histogram": {"edges": thresholds, "mated": mated, "nonmated": strangers},
    }


def searched(kind: str, rate: Json) -> Json:
    """Return a rate as searches have it: "fpir" or "fnir"."""
    keys = ("low", "high", "state", "errors", "people", "independent")
    return {kind: rate["value"], **{f"{kind}_{key}": rate[key] for key in keys}}


def _search(scale: float) -> Json:
    return {"threshold": 0.5, **searched("fpir", measured(0.01 * scale)), **searched("fnir", measured(0.02)),
            "mated_searches": 800, "nonmated_searches": 9000, "persons_searched": 300}  # fmt: skip


def _curve(scale: float) -> list[Json]:
    points = []
    for place in range(20):
        threshold = round(0.2 + 0.03 * place, 3)
        fpir, fnir = min(1.0, scale * 10 ** (-place / 5)), min(1.0, 0.01 * 1.2**place)
        points.append({"threshold": threshold, **searched("fpir", measured(fpir)), **searched("fnir", measured(fnir))})
    return points


def _behind(curve: list[float | None]) -> Json:
    """Return what lies behind a curve of which null stands for insufficient data."""
    rates = [insufficient() if value is None else measured(value) for value in curve]
    keys = ("state", "errors", "trials", "people", "independent")
    return {**{key: [rate[key] for rate in rates] for key in keys}, "high": [None] * len(curve)}


def _discard() -> Json:
    curves: dict[str, dict[str, list[float | None]]] = {
        "all": {"sharpness": [0.004 / (1 + place) for place in range(16)], "odd_one": [0.004] * 16},
        "frontal": {"sharpness": [0.003] * 16, "odd_one": [0.003] * 8 + [None] * 8},
    }
    behind = {
        kind: {measure: _behind(curve) for measure, curve in measures.items()} for kind, measures in curves.items()
    }
    return {"shares": [round(0.02 * place, 2) for place in range(16)], "target": "1e-3", "behind": behind,
            "measures": ["sharpness", "odd_one"], **curves}  # fmt: skip


def _groups() -> Json:
    def value(persons: int, fmr: Json, fnmr: Json, refused: int = 0) -> Json:
        return {"persons": persons, "images": 2 * persons, "refused": refused, "refused_share": None,
                "refusals": insufficient(refused, refused, 2 * persons),
                "at": {target: {"fmr": fmr, "fnmr": fnmr, "balanced": fnmr} for target in TARGETS}}  # fmt: skip

    spread = {"fmr_max_over_geomean": 1.73, "fnmr_max_over_geomean": 1.41, "fdr": 0.987, "garbe": 0.31,
              "fmr_groups": 2, "fnmr_groups": 2, "groups": 2, "bounded": 1}  # fmt: skip
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
    same = {target: {"fmr": measured(4 * float(target)), "fnmr": measured(0.0234), "balanced": measured(0.0345),
                     "own_threshold": 0.4, "own_state": "measured", "own_errors": 90, "own_people": 70}
            for target in TARGETS}  # fmt: skip
    elsewhere = {"threshold": 0.54321, "fmr": measured(0.0000123, 60_000_000), "fnmr": measured(0.0456),
                 "balanced": measured(0.0567), "false_match_bound": 0.0000246}  # fmt: skip
    return {
        "format": "countenance/evaluation/v1", "kind": "self-evaluation", "title": "made up", "created":
        "2026-11-25T05:30:07Z", "faults": [],
        "counts": {
            "images": 9000, "persons": 4000, "persons_with_one_image": 2500, "persons_with_mated_pairs": 1500,
            "mated": sum(mated), "mated_lost": 12, "nonmated": sum(strangers), "failed_to_enrol": 3,
            "failed_by_reason": {"face.no_face": 3}, "rows_left_out": 0, "pairs_left_out": 0,
        },
        "verification": {"eer": 0.003, "eer_state": "measured", "fnmr_at_fmr": cells,
                         "eer_at": {"threshold": 0.31, "fmr": measured(0.003), "fnmr": measured(0.003)},
                         "at_threshold": {"0.543210": elsewhere}, **_bodies(strangers, mated)},
        "lfw": {"accuracy": 0.9938, "standard_error": 0.0011, "folds": 10, "wrong": measured(0.0062, 6000)},
        "pairs": {"accuracy": 0.994, "threshold": 0.31, "wrong": measured(0.006, 6000),
                  "fnmr_at_fmr": dict.fromkeys(TARGETS, 0.01)},
        "groups": _groups(),
        "same_group": {"same region": {"persons": 709, "nonmated": 900_000, "at": same}},
        "identification": {
            "at": "1e-5",
            "100": {**_search(1), "curve": _curve(0.3), "several": {"references": 3, **_search(1.2)}},
            "420": {**_search(4), "curve": _curve(0.9), "several": {"references": 3, **_search(4.8)}},
        },
        "discard": _discard(),
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
        "eer": None, "eer_state": "insufficient data", **_bodies(strangers, mated),
        "eer_at": {"threshold": 0.4178, "fmr": insufficient(3, 2, 300), "fnmr": insufficient(1, 1, 12)},
        "fnmr_at_fmr": {target: cell(insufficient(0, 0, 12), insufficient(3, 2, 300), 0.4) for target in TARGETS},
    }  # fmt: skip
    document["groups"]["region"]["disparity"] = {
        target: {**dict.fromkeys(("fmr_max_over_geomean", "fnmr_max_over_geomean", "fdr", "garbe")),
                 "fmr_groups": 0, "fnmr_groups": 0, "groups": 0, "bounded": 0} for target in TARGETS
    }  # fmt: skip
    for value in document["groups"]["region"]["values"].values():
        rates = {"fmr": insufficient(0, 0, 0), "fnmr": insufficient(0, 3), "balanced": insufficient(0, 3)}
        value.update(persons=3, at=dict.fromkeys(TARGETS, rates))
    for at in document["same_group"]["same region"]["at"].values():
        at.update(fmr=insufficient(2, 2), fnmr=insufficient(1, 1), balanced=insufficient(1, 1), own_threshold=None,
                  own_state="insufficient data", own_errors=2, own_people=2)  # fmt: skip
    document.update(worst=None, pairs=None, identification={"at": "1e-2"})
    document["lfw"] = {"accuracy": None, "standard_error": None, "folds": 2, "wrong": insufficient(3, 4, 40)}
    for kind in ("all", "frontal"):
        for measure, curve in document["discard"][kind].items():
            document["discard"][kind][measure] = [None] * len(curve)
            document["discard"]["behind"][kind][measure] = _behind([None] * len(curve))
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
