"""Searches among many people: how often a stranger is found, and how often a person is not, by gallery size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from countenance.evaluate.page.drawing import COLOURS, svg
from countenance.evaluate.page.markup import Html, details, notice, section, stacked, table, tag
from countenance.evaluate.page.plots import per_cent_axis
from countenance.evaluate.page.words import INSUFFICIENT, one_in, rate_cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (390, 310)
_LOOKS = (("s1", "-"), ("s2", (0, (6, 1.5))), ("s3", (0, (3, 1.2))), ("s4", (0, (6, 1.5, 1, 1.5))), ("s5", (0, (1, 1))))
_EVERY = 10
"""Of the thresholds on the curve, so many apart stand in its table."""
_FEWEST_POINTS = 2
_KINDS = (("fpir", "strangers searched who are found (FPIR)"), ("fnir", "enrolled people missed (FNIR)"))


def searches(document: Mapping[str, Any]) -> Html:
    """Return FPIR and FNIR by gallery size and threshold, with one and with several references a person."""
    found = document["identification"]
    sizes = sorted((key for key in found if key.isdecimal()), key=int)
    title = "Searches among many people"
    if not sizes:
        return section("searches", title, notice("Not measured: nobody asked for it, or there are too few people for a "
                       "gallery of 100."))  # fmt: skip
    threshold = found[sizes[0]]["threshold"]
    return section(
        "searches", title,
        tag("p", "Galleries of people drawn at random were searched. ", tag("b", "FPIR"), ": somebody who is not "
            "enrolled is taken for somebody who is. ", tag("b", "FNIR"), ": somebody enrolled is not found, or another "
            "person comes first. Larger galleries hold more strangers, so the same threshold errs more often."),
        tag("p", "Galleries here are drawn from all people. One whose people resemble each other, as families on one "
            "flight do, errs more often."),
        _table(found, sizes, threshold),
        *_figures(found, sizes, threshold),
    )  # fmt: skip


def _table(found: Mapping[str, Any], sizes: list[str], threshold: float) -> Html:
    rows = []
    for size in sizes:
        one, several = found[size], found[size].get("several")
        searched = stacked(f"{one['mated_searches']:,}", f"by {one['persons_searched']:,} people")
        rows.append((f"{int(size):,}", *(_rate(entry, kind, entry) for entry in (one, several) for kind, _ in _KINDS),
                     searched, f"{one['nonmated_searches']:,}"))  # fmt: skip
    count = next((found[size]["several"]["references"] for size in sizes if found[size].get("several")), None)
    many = f"up to {count} references" if count else "several references"
    heads = ("people enrolled", "FPIR, 1 reference", "FNIR, 1 reference", f"FPIR, {many}", f"FNIR, {many}",
             "searches for enrolled people", "searches for others")  # fmt: skip
    caption = (
        f"At the threshold {threshold:.3f}, which aims at FMR {found['at']} ({one_in(found['at'])}) between two people"
    )
    return table(caption, heads, rows, label="Errors of searches by gallery size")


def _rate(point: Mapping[str, Any] | None, kind: str, entry: Mapping[str, Any] | None) -> Html | str:
    """Return a rate at one point of ``entry``, or at the one threshold of its own."""
    if point is None or entry is None:
        return "not measured"
    keys = ("low", "high", "state", "errors", "people", "independent")
    trials = entry["nonmated_searches" if kind == "fpir" else "mated_searches"]
    return rate_cell({"value": point[kind], "trials": trials, **{key: point[f"{kind}_{key}"] for key in keys}})


def _figures(found: Mapping[str, Any], sizes: list[str], threshold: float) -> Iterator[Html]:
    drawn = [part for kind, label in _KINDS if (part := _plot(found, sizes, threshold, (kind, label)))]
    if not drawn:
        yield notice(f"Curves are not drawn: {INSUFFICIENT} at every threshold.")
        return
    caption = tag("figcaption", "Each line is a gallery size, with its 95 % interval; it ends where too few errors are "
                  "left. Dotted: the threshold of the table above.")  # fmt: skip
    rows = [
        (f"{point['threshold']:.2f}",
         *(_rate(found[size]["curve"][place], kind, found[size]) for kind, _ in _KINDS for size in sizes))
        for place, point in enumerate(found[sizes[0]]["curve"]) if place % _EVERY == 0
    ]  # fmt: skip
    heads = ("threshold", *(f"{kind.upper()}, {int(size):,}" for kind, _ in _KINDS for size in sizes))
    curves = table("By threshold and gallery size, one reference a person", heads, rows, label="Errors by threshold")
    yield tag("div", tag("figure", tag("div", *drawn, class_="pair"), caption),
              details("The curves as a table", curves), class_="plate")  # fmt: skip


def _plot(found: Mapping[str, Any], sizes: list[str], threshold: float, kind: tuple[str, str]) -> Html | None:
    lines = {}
    for size in sizes:
        points = [(point["threshold"], point[kind[0]], point[f"{kind[0]}_low"], point[f"{kind[0]}_high"])
                  for point in found[size]["curve"] if point[kind[0]]]  # fmt: skip
        if len(points) >= _FEWEST_POINTS:
            lines[size] = np.array(points, np.float64)
    if not lines:
        return None

    def draw(axes: Axes) -> None:
        axes.set_yscale("log")
        for (size, line), (colour, dash) in zip(lines.items(), _LOOKS * len(lines), strict=False):
            axes.plot(line[:, 0], line[:, 1], color=COLOURS[colour], linestyle=dash, label=f"{int(size):,}")
            axes.fill_between(line[:, 0], np.maximum(line[:, 2], 1e-9), line[:, 3], color=COLOURS[colour], alpha=0.16,
                              linewidth=0)  # fmt: skip
        axes.set_ylim(min(float(line[:, 1].min()) for line in lines.values()) / 2, 1.1)
        axes.axvline(threshold, color=COLOURS["ink"], linewidth=0.9, linestyle=":")
        axes.set_xlabel("threshold")
        axes.set_ylabel(kind[1])
        axes.grid(visible=True)
        per_cent_axis(axes.yaxis)
        axes.legend(title="people enrolled", loc="lower left" if kind[0] == "fpir" else "lower right")

    told = "; ".join(f"{int(size):,} people: {100 * line[0, 1]:.2g} % at threshold {line[0, 0]:.2f}, "
                     f"{100 * line[-1, 1]:.2g} % at {line[-1, 0]:.2f}" for size, line in lines.items())  # fmt: skip
    return svg(kind[0], f"Curves of {kind[1]} by threshold. {told}.", SIZE, draw)
