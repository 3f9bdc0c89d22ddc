"""An error rate that somebody chooses becomes a threshold, with what a report measured there.

Nothing is fitted: the threshold is the one the report measured at that rate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from countenance.errors import EvaluationError
from countenance.evaluate.rates import State
from countenance.evaluate.report import target_name

NEEDED_SHARE = 0.9
"""Of the gallery that is to be searched must have been tested (N-6)."""
_SAME = 2e-6
"""Thresholds are written with six decimals."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for."""

    rate: str
    """"fmr" or "fpir"."""
    value: float
    gallery_size: int
    """0 for "fmr"."""
    same_group: str
    """"" for all pairs of strangers, else one of the report's ``same_group`` names."""
    floor: float
    """No threshold below this, whatever was measured."""
    extrapolate: bool
    """Whether a gallery larger than the data allow may be computed, and be labelled so."""
    minimum_age: int


@dataclass(frozen=True, slots=True)
class Found:
    """A threshold and what was measured at it; None = insufficient data."""

    threshold: float
    measured_gallery: int
    """The largest gallery searched in the report; 0 without identification."""
    extrapolated: bool
    fpir: float | None
    """In galleries of the wished size, or in the largest that was searched where none is wished."""
    fpir_high: float | None


def calibrate(report: Mapping[str, Any], wish: Wish) -> Found:
    """Return the threshold for what is wished.

    Raises:
        EvaluationError: ``evaluate.not_measured`` (the report has no such rate), ``.insufficient`` (too few people or
            errors behind it), ``.gallery_too_large`` (N-6).
    """
    if wish.rate == "fpir":
        found = _by_search(report, wish)
        if found.threshold >= wish.floor:
            return found
        return Found(wish.floor, found.measured_gallery, found.extrapolated, None, found.fpir_high)
    threshold = max(wish.floor, _by_comparison(report, wish))
    return searched(report, Found(threshold, 0, extrapolated=False, fpir=None, fpir_high=None), wanted=0)


def searched(report: Mapping[str, Any], found: Found, *, wanted: int) -> Found:
    """Return ``found`` with the gallery that ``report`` searched and what bounds the FPIR there.

    It is the smallest gallery that answers for one of ``wanted``, or the largest where none does or 0 is wanted.
    Searches were counted at thresholds in steps; the nearest one below bounds from above. An extrapolated point keeps
    its own, which these searches do not reach.
    """
    if found.extrapolated:
        return found
    enough = [size for size in _sizes(report) if size >= NEEDED_SHARE * wanted] if wanted else []
    size = enough[0] if enough else largest_gallery(report)
    curve = report["identification"][str(size)]["curve"] if size else []
    below = [point for point in curve if point["threshold"] <= found.threshold]
    high = max(below, key=lambda point: point["threshold"])["fpir_high"] if below else None
    return Found(found.threshold, size, extrapolated=False, fpir=None, fpir_high=high)


def largest_gallery(report: Mapping[str, Any]) -> int:
    """Return the largest gallery that the report searched; 0 without identification."""
    return max(_sizes(report), default=0)


def _sizes(report: Mapping[str, Any]) -> list[int]:
    return sorted(int(size) for size in report["identification"] if size.isdecimal())


def _by_comparison(report: Mapping[str, Any], wish: Wish) -> float:
    name = target_name(wish.value)
    if wish.same_group:
        entry = report["same_group"].get(wish.same_group)
        if entry is None:
            raise _not_measured(f"pairs of the {wish.same_group!r}", report["same_group"])
        cell = entry["at"].get(name)
        if cell is None:
            raise _not_measured(f"the rate {name}", entry["at"])
        if cell["own_threshold"] is None or cell["own_state"] != State.MEASURED:
            raise _insufficient(f"FMR {name} among {wish.same_group} pairs")
        return float(cell["own_threshold"])
    cell = report["verification"]["fnmr_at_fmr"].get(name)
    if cell is None:
        raise _not_measured(f"the rate {name}", report["verification"]["fnmr_at_fmr"])
    if cell["fmr"]["state"] != State.MEASURED:
        raise _insufficient(f"FMR {name}")
    return float(cell["threshold"])


def _by_search(report: Mapping[str, Any], wish: Wish) -> Found:
    sizes = _sizes(report)
    if not sizes:
        raise _not_measured("a search of any gallery", ["evaluate without --protocol verification"])
    enough = [size for size in sizes if size >= NEEDED_SHARE * wish.gallery_size]
    if not enough and not wish.extrapolate:
        raise EvaluationError(
            "evaluate.gallery_too_large",
            f"The largest gallery searched had {sizes[-1]} people; {wish.gallery_size} need at least "
            f"{math.ceil(NEEDED_SHARE * wish.gallery_size)} (N-6).",
            remedy="Evaluate with more people, or add --extrapolate: such a point says so, and is for trials only.",
        )  # fmt: skip
    size = enough[0] if enough else sizes[-1]
    for point in report["identification"][str(size)]["curve"]:
        reached = point["fpir"] if point["fpir"] is not None else point["fpir_high"]
        if reached is None:
            continue
        high = point["fpir_high"] if point["fpir_high"] is not None else reached
        reached, high = (_larger(value, size, wish.gallery_size) for value in (reached, high))
        if reached <= wish.value:
            return Found(float(point["threshold"]), size, not enough, reached, high)
    raise _insufficient(f"FPIR {wish.value:g} in galleries of {wish.gallery_size}")


def _larger(fpir: float, size: int, wanted: int) -> float:
    """Return the FPIR in a gallery of ``wanted`` from that in one of ``size``; in a smaller one it counts unchanged.

    Assumes that references err independently: each of ``wanted`` has the chance that each of ``size`` was seen to have.
    Field data show 1:N growing slower than that; the assumption is on the safe side, and it is an assumption.
    """
    return fpir if wanted <= size else 1.0 - (1.0 - fpir) ** (wanted / size)


def _not_measured(what: str, there: Any) -> EvaluationError:
    return EvaluationError(
        "evaluate.not_measured", f"The report has not measured {what}.",
        remedy=f"It has: {', '.join(there)}. Evaluate again with --fmr or --gallery-size for others.",
    )  # fmt: skip


def _insufficient(what: str) -> EvaluationError:
    return EvaluationError(
        "evaluate.insufficient", f"There is not enough data behind {what} in this report.",
        remedy="Measure more people, or choose a larger rate: 30 errors of 20 people is the least.",
    )  # fmt: skip


def certificate(report: Mapping[str, Any], threshold: float) -> Json:
    """Return what a report of other people says of a threshold that was not chosen on them.

    Where too few of them are behind its FMR there is neither value nor bound: the point is for trials only.

    Raises:
        EvaluationError: ``evaluate.not_certified``, the report did not look at it.
    """
    entries = report["verification"]["at_threshold"].values()
    entry = next((one for one in entries if abs(one["threshold"] - threshold) < _SAME), None)
    if entry is None:
        raise EvaluationError(
            "evaluate.not_certified", f"{report['title']} was not asked what happens at {threshold:.6f}.",
            remedy=f"Evaluate it again with --threshold {threshold:.6f}.",
        )  # fmt: skip
    missed = entry["fnmr"]
    return {"threshold": threshold, "pooled": missed["value"], "low": missed["low"], "high": missed["high"],
            "balanced": entry["balanced"]["value"], "fmr": entry["fmr"]}  # fmt: skip


def sentence(report: Mapping[str, Any], cell: Mapping[str, Any]) -> str:
    """Return what was measured, for people."""
    counts = report["counts"]
    base = (f"{report['title']}: {counts['images']:,} photographs of {counts['persons']:,} people, "
            f"{counts['mated']:,} mated and {counts['nonmated']:,} non-mated pairs")  # fmt: skip
    if cell["pooled"] is None:
        return f"{base}. Self-evaluation."
    return (
        f"{base}; FNMR {100 * cell['pooled']:.2f} % ({100 * cell['low']:.2f} to {100 * cell['high']:.2f} %), "
        f"person-balanced {100 * cell['balanced']:.2f} %. Self-evaluation; 95 % intervals over people."
    )
