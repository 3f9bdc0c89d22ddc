"""Matplotlib draws, and this makes of it what a page can carry: text that stays text, colours that the page chooses.

Matplotlib is imported only here, when a figure is drawn, and through ``Figure`` objects alone: no window, no pyplot.
Its settings are ours while we draw and what they were afterwards. The same figure gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from countenance.evaluate.page.markup import Html, tag

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: Mapping[str, str] = {
    "ink": "#010101", "soft": "#020202", "rule": "#030303", "floor": "#040404",
    "mated": "#050505", "nonmated": "#060606",
    "s1": "#070707", "s2": "#080808", "s3": "#090909", "s4": "#0a0a0a", "s5": "#0b0b0b",
}  # fmt: skip
"""What stands for the page's colours while matplotlib draws; ``page.css`` says what they are, by day and by night."""

_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none", "svg.hashsalt": "countenance", "font.family": ["DejaVu Sans"], "font.size": 12.0,
    "axes.edgecolor": COLOURS["soft"], "axes.labelcolor": COLOURS["ink"], "axes.linewidth": 0.8,
    "axes.spines.top": False, "axes.spines.right": False, "axes.unicode_minus": True,
    "grid.color": COLOURS["rule"], "grid.linewidth": 0.6, "text.color": COLOURS["ink"],
    "xtick.color": COLOURS["soft"], "ytick.color": COLOURS["soft"],
    "xtick.labelcolor": COLOURS["ink"], "ytick.labelcolor": COLOURS["ink"],
    "xtick.labelsize": 11.0, "ytick.labelsize": 11.0, "axes.labelsize": 12.0, "legend.fontsize": 11.0,
    "legend.frameon": False, "lines.linewidth": 2.0, "axes.axisbelow": True,
}  # fmt: skip
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


def svg(name: str, described: str, size: tuple[int, int], draw: Callable[[Axes], None]) -> Html:
    """Return what ``draw`` puts on the axes as inline SVG of ``size`` pixels; ``described`` tells it to who cannot see.

    ``name`` is unique in the page: every id inside starts with it.
    """
    import matplotlib as mpl  # noqa: PLC0415 - takes a second and is needed by those who make a page only
    from matplotlib.figure import Figure  # noqa: PLC0415 - the same

    written = io.StringIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        figure = Figure(figsize=(size[0] / 72, size[1] / 72), layout="constrained", facecolor="none")
        axes = figure.add_subplot(facecolor="none")
        draw(axes)
        figure.savefig(written, format="svg", metadata=_NO_METADATA, transparent=True)
    return _inline(written.getvalue(), name, described, size)


def _inline(text: str, name: str, described: str, size: tuple[int, int]) -> Html:
    """Return the drawing without what only a file of its own needs: addresses of formats, styles for everything."""
    body = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r"<defs>\s*</defs>", "", body)
    body = body.replace("xlink:href", "href")
    body = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", body)
    body = re.sub(r"font: (?:[a-z0-9]+ )??([\d.]+px) [^;\"]*", r"font-size: \1", body)
    body = re.sub(r"font-family: [^;\"]*;? ?", "", body)
    for colour, stands in COLOURS.items():
        body = body.replace(stands, f"var(--{colour})")
    body = re.sub(r"\s*\n\s*", "\n", body)
    return tag("svg", Html(body), viewBox=f"0 0 {size[0]} {size[1]}", role="img", aria_label=described)
