"""A checkpoint's notice as a PDF to hang up: one A4 page for each language, with a QR code to the public page."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import segno
from matplotlib import rc_context
from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from countenance.errors import NotFound
from countenance.terms import Charter, Checkpoint, Notice

_POINTS = (595.276, 841.89)
"""A4 in points of 1/72 inch: width, height."""
_MARGIN = 48.0
_QR = 96.0
_LARGEST, _SMALLEST = 15.0, 7.0
_LEADING = 1.36


def poster(charter: Charter, checkpoint_id: str) -> bytes:
    """Return the PDF: the notice's texts word by word, place, charter's name and version, and the QR code.

    The same charter always gives the same bytes. Letters are as large as the text lets them be, 7 points at least.

    Raises:
        NotFound: ``checkpoint.unknown``.
    """
    point = next((item for item in charter.checkpoints if item.checkpoint_id == checkpoint_id), None)
    if point is None:
        known = ", ".join(item.checkpoint_id for item in charter.checkpoints)
        raise NotFound(
            "checkpoint.unknown", f"The charter {charter.charter_id!r} names no checkpoint {checkpoint_id!r}.",
            remedy=f"Use one of: {known}.",
        )  # fmt: skip
    out = BytesIO()
    about = {"Title": f"{charter.charter_id}: {point.name}", "Creator": "countenance", "CreationDate": None}
    with rc_context({"pdf.fonttype": 42}), PdfPages(out, metadata=about) as pages:
        for notice in charter.notices:
            if notice.notice_id == point.notice_id:
                pages.savefig(_page(charter, point, notice))
    return out.getvalue()


def _page(charter: Charter, point: Checkpoint, notice: Notice) -> Figure:
    width, height = _POINTS
    figure = Figure(figsize=(width / 72, height / 72))
    FigureCanvasPdf(figure)
    size, lines = _fitting(notice.text)
    y = height - _MARGIN - size
    for number, line in enumerate(lines):
        bold = "bold" if number == 0 else "normal"
        figure.text(_MARGIN / width, y / height, line, fontsize=size, weight=bold, va="baseline", parse_math=False)
        y -= size * _LEADING
    foot = [
        f"{point.name} · {charter.place}",
        f"{charter.charter_id}, version {charter.version} · {notice.language} · SHA-256 of this text:",
        notice.sha256,
        charter.public_page,
    ]
    for number, text in enumerate(foot):
        place = (_MARGIN + _QR - 16 - number * 12) / height
        figure.text((_MARGIN + _QR + 16) / width, place, text, fontsize=7, parse_math=False)
    _draw_code(figure, charter.public_page)
    return figure


def _draw_code(figure: Figure, address: str) -> None:
    """Draw the QR code (ISO/IEC 18004, error correction M) as squares, its quiet zone left white."""
    rows = [*segno.make(address, error="m", micro=False).matrix]
    axes = figure.add_axes((_MARGIN / _POINTS[0], _MARGIN / _POINTS[1], _QR / _POINTS[0], _QR / _POINTS[1]))
    squares = [
        [(x, -y), (x + 1, -y), (x + 1, -y - 1), (x, -y - 1)]
        for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    ]  # fmt: skip
    axes.add_collection(PolyCollection(squares, facecolors="black", edgecolors="black", linewidths=0.05))
    axes.set_xlim(0, len(rows))
    axes.set_ylim(-len(rows), 0)
    axes.axis("off")


def _fitting(text: str) -> tuple[float, list[str]]:
    """Return the largest letters with which the text fits, and its lines."""
    width, height = _POINTS[0] - 2 * _MARGIN, _POINTS[1] - 3 * _MARGIN - _QR
    size = _LARGEST
    while True:
        lines = [*_wrapped(text, size, width)]
        if len(lines) * size * _LEADING <= height or size <= _SMALLEST:
            return size, lines
        size -= 0.5


def _wrapped(text: str, size: float, width: float) -> Iterator[str]:
    """Yield lines that fit; the file's own line ends within a paragraph are spaces, a new sentence on one is kept."""
    for number, paragraph in enumerate(_paragraphs(text)):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and _measured(longer, size, bold=number == 0) > width:
                yield line
                line = word
            else:
                line = longer
        yield line


def _paragraphs(text: str) -> list[str]:
    """Return the text's paragraphs: a line that ended a sentence ends one, an empty line stays one."""
    found = [""]
    for line in text.strip("\n").split("\n"):
        ended = not found[-1] or found[-1].rstrip()[-1:] in set(".:!?")
        if not line.strip() or ended:
            found.append(line)
        else:
            found[-1] += f" {line}"
    return found[1:]


def _measured(text: str, size: float, *, bold: bool) -> float:
    """Return the text's width in points."""
    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    font.set_size(size, 72)
    font.set_text(text, 0.0)
    return float(font.get_width_height()[0]) / 64
