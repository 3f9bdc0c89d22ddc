"""The fields of an operating point, taken from a report and a found threshold; whoever signs it decides to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from countenance.decision.operating_point import FORMAT, write_operating_point
from countenance.evaluate.calibrate import Found, Wish, certificate, searched, sentence
from countenance.evaluate.report import target_name

DAYS = 3 * 365
"""How long evidence is good for (CBP-13)."""
Json = dict[str, Any]


def fields(
    report: Mapping[str, Any],
    report_sha256: str,
    wish: Wish,
    found: Found,
    *,
    certified: Mapping[str, Any] | None,
    issued: datetime,
    label: str,
    days: int,
) -> Json:
    """Return the fields of ``countenance/operating-point/v2``; bounds that no manifest carried are unmeasured."""
    if certified is not None:
        seen = searched(certified, found, wanted=wish.gallery_size)
        told = certificate(certified, found.threshold)
        return {**fields(certified, report_sha256, wish, seen, certified=None, issued=issued, days=days,
                         label=label or _label(report, wish, found)),
                "estimate": _estimate(certified, told, seen), "groups": [],
                "source": f"Threshold from {report['title']} ({report['hashes']['data'][:16]}…), certified on other "
                          f"people. {sentence(certified, told)}"}  # fmt: skip
    own = _own_cell(report, wish, found)
    cell = _bounds_at(report, found.threshold) if own is None else own
    hashes = report["hashes"]
    return {
        "format": FORMAT,
        "label": _labelled(label, found) if label else _label(report, wish, found),
        "weights": hashes["weights"],
        "recogniser": hashes["recogniser"],
        "preprocessing": hashes["preprocessing"],
        "threshold": found.threshold,
        "target": {"rate": wish.rate, "value": wish.value, "gallery_size": wish.gallery_size,
                   "pairs": "same-group" if wish.same_group else "all"},
        "estimate": _estimate(report, cell, found),
        "minimum_age": wish.minimum_age,
        "envelope": _envelope(report, wish, found),
        "extrapolated": {"measured_gallery": found.measured_gallery,
                         "method": "FPIR of the largest gallery tested, references taken to err independently"}
        if found.extrapolated else None,
        "groups": [] if own is None else _groups(report, wish),
        "data": hashes["data"],
        "report": report_sha256,
        "code": hashes["code"],
        "issued": _iso(issued),
        "expires": _iso(issued + timedelta(days=min(days, DAYS))),
        "source": f"countenance calibrate on report.json {report_sha256[:16]}… of {report['created']}. "
                  + sentence(report, cell),
    }  # fmt: skip


def encoded(point: Mapping[str, Any]) -> bytes:
    """Return the operating point's file, checked as whoever reads it will: the same bytes for the same fields.

    Raises:
        OperatingPointError: ``operating_point.invalid``, ``.bounds`` or ``.dates``; it contradicts itself.
    """
    return write_operating_point(point)


def _iso(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _own_cell(report: Mapping[str, Any], wish: Wish, found: Found) -> Mapping[str, Any] | None:
    """Return what was measured at exactly this threshold; None where it lies between those of the report."""
    cell: Mapping[str, Any] | None = report["verification"]["fnmr_at_fmr"].get(target_name(wish.value))
    mine = wish.rate == "fmr" and not wish.same_group and cell is not None and cell["threshold"] == found.threshold
    return cell if mine else None


def _bounds_at(report: Mapping[str, Any], threshold: float) -> Json:
    """Return what the report's own thresholds say of one between them: upper bounds, and no rate.

    FMR falls and FNMR rises with the threshold: the FMR of the next one below bounds from above, and the FNMR of the
    next one above.
    """
    cells = report["verification"]["fnmr_at_fmr"].values()
    below = [cell for cell in cells if cell["threshold"] <= threshold and cell["fmr"]["high"] is not None]
    above = [cell for cell in cells if cell["threshold"] >= threshold and cell["high"] is not None]
    false = max(below, key=lambda cell: cell["threshold"])["fmr"]["high"] if below else None
    missed = min(above, key=lambda cell: cell["threshold"])["high"] if above else None
    return {"pooled": None, "low": None, "high": missed, "balanced": None, "fmr": {"value": None, "high": false}}


def _label(report: Mapping[str, Any], wish: Wish, found: Found) -> str:
    whom = f" among {wish.same_group} pairs" if wish.same_group else ""
    size = f" in galleries of {wish.gallery_size}" if wish.rate == "fpir" else ""
    guess = " (extrapolated)" if found.extrapolated else ""
    return f"{report['title']}: {wish.rate.upper()} {target_name(wish.value)}{size}{whom}{guess}"


def _labelled(label: str, found: Found) -> str:
    """Return a label of somebody's own, which says of an extrapolated point that it is one (N-6)."""
    return label if not found.extrapolated or "extrapolated" in label.lower() else f"{label} (extrapolated)"


def _at_least(high: float | None, value: float | None) -> float | None:
    """Return an upper bound that is not below the value: a percentile interval of few people can be."""
    return high if high is None or value is None else max(high, value)


def _estimate(report: Mapping[str, Any], cell: Mapping[str, Any], found: Found) -> Json:
    counts = report["counts"]
    return {
        "fmr": cell["fmr"]["value"],
        "fmr_upper": _at_least(cell["fmr"]["high"], cell["fmr"]["value"]),
        "fnmr": cell["pooled"],
        "fnmr_upper": _at_least(cell["high"], cell["pooled"]),
        "fpir": found.fpir,
        "fpir_upper": _at_least(found.fpir_high, found.fpir),
        "persons": counts["persons"],
        "mated_pairs": counts["mated"],
        "non_mated_pairs": counts["nonmated"],
        "sentence": sentence(report, cell),
    }


def _envelope(report: Mapping[str, Any], wish: Wish, found: Found) -> Json:
    bounds = report["envelope"]

    def between(pair: list[int] | None) -> Json | str:
        return "unmeasured" if pair is None else {"low": pair[0], "high": pair[1]}

    largest = wish.gallery_size if found.extrapolated else found.measured_gallery
    return {
        "ages": between(bounds["ages"]),
        "reference_years": between(bounds["reference_years"]),
        "capture_classes": list(bounds["capture_classes"]) if bounds["capture_classes"] else "unmeasured",
        "modes": ["verify", "identify"] if found.measured_gallery else ["verify"],
        "largest_gallery": largest or "unmeasured",
    }


def _groups(report: Mapping[str, Any], wish: Wish) -> list[Json]:
    rows = []
    for column, group in report["groups"].items():
        for value, entry in group["values"].items():
            at = entry["at"][target_name(wish.value)]
            rows.append({
                "group": f"{column}={value}", "persons": entry["persons"],
                "fmr": at["fmr"]["value"], "fmr_upper": _at_least(at["fmr"]["high"], at["fmr"]["value"]),
                "fnmr": at["fnmr"]["value"], "fnmr_upper": _at_least(at["fnmr"]["high"], at["fnmr"]["value"]),
            })  # fmt: skip
    return rows
