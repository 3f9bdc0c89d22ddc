"""Which quality measures predict recognition: error rates without the photographs that a measure likes least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from countenance.evaluate.page.drawing import COLOURS, svg
from countenance.evaluate.page.markup import Html, details, notice, section, table, tag
from countenance.evaluate.page.words import ENOUGH, INSUFFICIENT, one_in, rate_cell, significant, why_not
from countenance.evaluate.rates import State

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (250, 176)
_WORDS = {
    "inter_eye_px": "pixels between the eyes", "yaw_deg": "head turned aside", "pitch_deg": "head up or down",
    "roll_deg": "head tilted", "sharpness": "sharpness", "luminance": "brightness", "contrast": "contrast",
    "under_exposed": "share too dark", "over_exposed": "share too bright", "head_size": "size of the head",
    "feature_norm": "length of the feature vector",
}  # fmt: skip
_TOLD = (0.0, 0.1, 0.2, 0.3)
"""Shares left out that the table tells."""
Curve = Sequence[float | None]


def quality(document: Mapping[str, Any]) -> Html:
    """Return a small figure for every measure, over all photographs and over frontal ones."""
    found, title = document["discard"], "Which quality measures predict recognition"
    intro = tag("p", "Each figure leaves out the photographs that one measure likes least and shows how many people "
                "are still missed. A line that falls means that the measure sees what makes recognition fail; a flat "
                "one means that refusing people by it would gain nothing.")  # fmt: skip
    if not any(value is not None for curves in _curves(found) for value in curves):
        return section(
            "quality", title, intro, notice(f"Not drawn: {INSUFFICIENT} ({_why(document)} at FMR {found['target']}).")
        )
    top = max(value for curve in _curves(found) for value in curve if value is not None)
    plots = [_plot(found, measure, 1.08 * top) for measure in found["measures"]]
    keys = (("solid", "all photographs"), ("dashed", "frontal ones alone"))
    legend = tag("p", *(tag("span", tag("span", "", class_=f"key {look}"), words) for look, words in keys),
                 class_="legend")  # fmt: skip
    caption = tag("figcaption", f"At the threshold of FMR {found['target']} ({one_in(found['target'])}), which stays "
                  f"where all photographs put it. A line ends where fewer than {ENOUGH} are left: {INSUFFICIENT}; the "
                  "table tells what is left. Without intervals: read the direction, not the distance.")  # fmt: skip
    grid = tag("div", *plots, class_="multiples")
    return section("quality", title, intro, tag("div", tag("figure", legend, grid, caption),
                   details("The curves as a table", _table(found)), class_="plate"))  # fmt: skip


def words_for(measure: str) -> str:
    """Return a measure's name in plain words, or as it is called where there are none."""
    return _WORDS.get(measure, measure.replace("_", " "))


def _curves(found: Mapping[str, Any]) -> list[Curve]:
    return [curve for kind in ("all", "frontal") for curve in found[kind].values()]


def _why(document: Mapping[str, Any]) -> str:
    """Return why no point of any curve is a rate."""
    cell = document["verification"]["fnmr_at_fmr"].get(document["discard"]["target"])
    if cell is not None and cell["state"] == State.INSUFFICIENT:
        return why_not(cell)
    return "too few pairs of photographs with templates were missed"


def _plot(found: Mapping[str, Any], measure: str, top: float) -> Html:
    shares = [100 * share for share in found["shares"]]

    def draw(axes: Axes) -> None:
        from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415 - see drawing

        for kind, colour, dash in (("all", "s1", "-"), ("frontal", "s2", (0, (3, 1.2)))):
            values = [np.nan if value is None else 100 * value for value in found[kind][measure]]
            # Dots, because a point without neighbours is no line.
            axes.plot(shares, values, color=COLOURS[colour], linestyle=dash, marker=".", markersize=4)
        if all(found[kind][measure].count(None) == len(shares) for kind in ("all", "frontal")):
            axes.text(0.5, 0.5, INSUFFICIENT, ha="center", va="center", transform=axes.transAxes, fontsize=11)
        axes.set_ylim(0, 100 * top)
        axes.set_xlim(0, max(shares))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{significant(value, 2) if value else 0}\u00a0%")
        )
        axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}\u00a0%"))
        axes.set_xlabel("photographs left out")
        axes.set_ylabel("FNMR")
        axes.set_title(words_for(measure), fontsize=12, loc="left", color=COLOURS["ink"])
        axes.grid(visible=True)

    ends = [_ends(found[kind][measure], found["shares"]) for kind in ("all", "frontal")]
    told = f"{words_for(measure)}: FNMR {ends[0]}; frontal alone {ends[1]}."
    return svg(f"discard-{measure}", told, SIZE, draw)


def _ends(curve: Curve, shares: Sequence[float]) -> str:
    known = [(value, share) for value, share in zip(curve, shares, strict=True) if value is not None]
    if not known:
        return INSUFFICIENT
    (first, start), (last, end) = known[0], known[-1]
    told = f"from {100 * first:.2g} % with {100 * start:.2g} % left out to {100 * last:.2g} % with {100 * end:.2g} %"
    return told if len(known) == len(curve) else f"{told}; {INSUFFICIENT} elsewhere"


def _table(found: Mapping[str, Any]) -> Html:
    places = [place for place, share in enumerate(found["shares"]) if any(abs(share - told) < 1e-9 for told in _TOLD)]  # noqa: PLR2004
    rows = [
        (words_for(measure), *(_value(found, kind, measure, place) for kind in ("all", "frontal") for place in places))
        for measure in found["measures"]
    ]
    heads = ("measure", *(f"{words}, {significant(100 * found['shares'][place], 2)} % left out"
                          for words in ("all", "frontal") for place in places))  # fmt: skip
    return table("FNMR when so many photographs are left out", heads, rows, label="Error against share left out")


def _value(found: Mapping[str, Any], kind: str, measure: str, place: int) -> Html:
    behind = {key: column[place] for key, column in found["behind"][kind][measure].items()}
    return rate_cell({**behind, "value": found[kind][measure][place], "low": None})
