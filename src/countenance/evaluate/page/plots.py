"""The figures of one-to-one comparison: error trade-off and scores. Each returns None where nothing may be drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.page.drawing import COLOURS, svg
from countenance.evaluate.page.markup import Html
from countenance.evaluate.page.words import significant
from countenance.evaluate.rates import FLOOR_ERRORS, FLOOR_PEOPLE, State

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (390, 320)
_FEWEST_POINTS = 2
_BASE = 0.7
"""Where a logarithmic axis of counts begins: below one."""


@dataclass(frozen=True, slots=True)
class Floor:
    """Rates below these rest on too few errors or people, and are not drawn."""

    fmr: float
    fnmr: float


def _floor_of(document: Mapping[str, Any]) -> Floor:
    """Return where the curve ends: at the smallest rates that the report tells."""
    curve = document["verification"]["det"]
    fmr, fnmr = ([share for share in curve[kind] if share is not None] for kind in ("fmr", "fnmr"))
    return Floor(min(fmr, default=1.0), min(fnmr, default=1.0))


def per_cent_axis(axis: Any) -> None:
    """Label a logarithmic axis of fractions with plain per cents."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter  # noqa: PLC0415 - see drawing

    axis.set_major_locator(LogLocator(base=10, numticks=12))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{significant(100 * value, 1)}\u00a0%"))
    axis.set_minor_formatter(NullFormatter())


def det_points(document: Mapping[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return thresholds, FMR and FNMR of the curve's part above the floor."""
    curve = document["verification"]["det"]
    threshold, fmr, fnmr = (np.array(curve[key], np.float64) for key in ("threshold", "fmr", "fnmr"))
    above = ~np.isnan(fmr) & ~np.isnan(fnmr)
    return threshold[above], fmr[above], fnmr[above]


def det(document: Mapping[str, Any]) -> Html | None:
    """Return FNMR against FMR, both logarithmic; the floor hatched, each measured target with its interval."""
    _, fmr, fnmr = det_points(document)
    if len(fmr) < _FEWEST_POINTS:
        return None
    floor, cells = _floor_of(document), document["verification"]["fnmr_at_fmr"]
    marks = [(float(target), cell) for target, cell in cells.items() if cell["state"] == State.MEASURED]

    def draw(axes: Axes) -> None:
        axes.set_xscale("log")
        axes.set_yscale("log")
        left, bottom = min(floor.fmr / 3, float(fmr.min()) / 3), floor.fnmr / 3
        axes.set_xlim(left, 1)
        axes.set_ylim(bottom, 1)
        for span, end in ((axes.axvspan, floor.fmr), (axes.axhspan, floor.fnmr)):
            span(1e-12, end, facecolor=COLOURS["floor"], edgecolor="none", linewidth=0)
        axes.text(0.98, 0.02, f"grey: fewer than {FLOOR_ERRORS} errors or {FLOOR_PEOPLE} people", ha="right",
                  va="bottom", fontsize=10.5, transform=axes.transAxes, color=COLOURS["ink"])  # fmt: skip
        axes.plot(fmr, fnmr, color=COLOURS["s1"], label="pooled")
        _targets(axes, marks)
        axes.set_xlabel("strangers falsely matched (FMR)")
        axes.set_ylabel("people missed (FNMR)")
        axes.grid(visible=True)
        per_cent_axis(axes.yaxis)
        _named_axis(axes.xaxis)
        axes.legend(loc="upper right", borderaxespad=0)

    told = f"Curve: FNMR falls from {100 * fnmr.max():.2g} % to {100 * fnmr.min():.2g} % as FMR rises from "
    told += f"{100 * fmr.min():.2g} % to {100 * fmr.max():.2g} %. The table beside it gives its points."
    return svg("det", told, SIZE, draw)


def _targets(axes: Axes, marks: list[tuple[float, Mapping[str, Any]]]) -> None:
    for kind, low, high, colour, shape, shift in (
        ("pooled", "low", "high", "s1", "o", 1.0), ("balanced", "balanced_low", "balanced_high", "s2", "D", 1.22),
    ):  # fmt: skip
        known = [(target, cell) for target, cell in marks if cell[low] is not None and cell[kind]]
        if not known:
            continue
        at = [shift * target for target, _ in known]
        values = np.array([cell[kind] for _, cell in known])
        ends = np.array([[cell[low] for _, cell in known], [cell[high] for _, cell in known]])
        label = "with 95 % interval" if kind == "pooled" else "person-balanced, 95 % interval"
        axes.errorbar(at, values, yerr=np.abs(ends - values), fmt=shape, markersize=5.5, linewidth=1.4, capsize=3,
                      color=COLOURS[colour], label=label)  # fmt: skip


def histogram(document: Mapping[str, Any]) -> Html | None:
    """Return both kinds of scores, counts logarithmic, with the thresholds of the targets."""
    bins = document["verification"]["histogram"]
    lower = np.asarray(bins["edges"], np.float64)
    counts = {kind: np.asarray(bins[kind], np.float64) for kind in ("nonmated", "mated")}
    used = np.flatnonzero(counts["mated"] + counts["nonmated"])
    if not len(used):
        return None
    width = float(lower[1] - lower[0])
    edges = np.append(lower, lower[-1] + width)
    shown = {target: cell["threshold"] for target, cell in document["verification"]["fnmr_at_fmr"].items()
             if cell["fmr"]["state"] == State.MEASURED}  # fmt: skip

    def draw(axes: Axes) -> None:
        axes.set_yscale("log")
        for kind, label in (("nonmated", "strangers"), ("mated", "same person")):
            heights = np.maximum(counts[kind], _BASE)
            axes.stairs(heights, edges, baseline=_BASE, fill=True, alpha=0.22, color=COLOURS[kind])
            axes.stairs(heights, edges, baseline=_BASE, color=COLOURS[kind], label=label, linewidth=1.6,
                        linestyle="-" if kind == "mated" else (0, (4, 1.2)))  # fmt: skip
        top = float(max(values.max() for values in counts.values()))
        axes.set_ylim(_BASE, top * 60)
        axes.set_xlim(edges[used[0]] - 0.03, edges[used[-1] + 1] + 0.03)
        for target, threshold in shown.items():
            axes.axvline(threshold, ymax=0.78, color=COLOURS["ink"], linewidth=0.9, linestyle=":")
            axes.text(threshold, top * 2, target, rotation=90, ha="center", va="bottom", fontsize=10)
        axes.set_xlabel("comparison score (higher = more alike)")
        axes.set_ylabel(f"pairs per {significant(width, 1)} of score")
        _count_axis(axes.yaxis)
        axes.legend(loc="upper left", ncols=2, columnspacing=1.0, handlelength=1.4, borderaxespad=0, handletextpad=0.5)

    return svg("scores", _told(counts, lower), SIZE, draw)


def _told(counts: Mapping[str, NDArray[np.float64]], lower: NDArray[np.float64]) -> str:
    parts = []
    for kind, words in (("nonmated", "strangers"), ("mated", "the same person")):
        used = np.flatnonzero(counts[kind])
        if len(used):
            most = lower[int(counts[kind].argmax())]
            parts.append(f"scores of {words} from {lower[used[0]]:.2f} to {lower[used[-1]]:.2f}, most at {most:.2f}")
    return "Histogram: " + "; ".join(parts) + "."


def _named_axis(axis: Any) -> None:
    """Label a logarithmic axis of fractions as targets are called: 1e-4."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter  # noqa: PLC0415 - see drawing

    axis.set_major_locator(LogLocator(base=10, numticks=12))
    axis.set_major_formatter(FuncFormatter(lambda value, _: "1" if value >= 1 else f"1e{math.log10(value):.0f}"))
    axis.set_minor_formatter(NullFormatter())


def _count_axis(axis: Any) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator  # noqa: PLC0415 - see drawing

    axis.set_major_locator(LogLocator(base=10, numticks=7))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axis.set_minor_locator(NullLocator())
