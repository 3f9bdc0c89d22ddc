"""A table of travellers, one row each, comma or semicolon between cells; the movement stands in every row alike."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO

from countenance.documents.manifest.limits import ManifestLimits
from countenance.documents.manifest.notes import Notes
from countenance.documents.manifest.rows import (
    DOCUMENT,
    MOVEMENT,
    PERSON,
    Row,
    cell,
    document_of,
    dropped,
    leg_of,
    person_of,
)
from countenance.errors import DocumentError
from countenance.terms.documents import Leg, TravelDocument, Traveller

_MEND = "Mend the file as docs/documents.md describes it, and hand it in again."
_MOST_COLUMNS = 200


_FIRST = re.compile(r"[\ufeff\s]*+(?P<line>[^\r\n]{0,16000})")
"""The first line that holds anything, as far as a line is read."""


def is_csv(text: str) -> bool:
    """Return whether the first line names a column ``surname``."""
    return "surname" in {name.strip(' "').lower() for name in _first_line(text).replace(";", ",").split(",")}


def is_table(text: str) -> bool:
    """Return whether the first line has cells at all, as that of a table without a row of names has."""
    return any(separator in _first_line(text) for separator in ",;\t|")


def _first_line(text: str) -> str:
    match = _FIRST.match(text)
    return match["line"] if match else ""


def read_csv(text: str, notes: Notes) -> tuple[str, tuple[Leg, ...], tuple[Traveller, ...]]:
    """Return carrier, the one leg, and the travellers; rows count from 1, the header being row 1.

    Raises:
        DocumentError: ``manifest.csv``, ``.columns``, ``.row``, ``.text``, ``.kind``, ``.several_movements``,
            ``.no_movement``, ``.too_many_travellers``.
    """
    travellers: list[Traveller] = []
    movement: dict[str, str] = {}
    for place, row in _rows(text, notes):
        notes.one_more(len(travellers), f"row {place}")
        told = {name: row.get(name, "") for name in MOVEMENT}
        if movement and told != movement:
            raise DocumentError(
                "manifest.several_movements",
                f"Row {place} names another movement than the rows before it.",
                remedy="Hand in the manifest of one movement at a time.",
            )
        movement = told
        paper = [row.get(name, "") for name in DOCUMENT]
        documents: tuple[TravelDocument, ...] = ()
        if row.get("document_number"):
            documents = (document_of(paper, place, notes),)
        travellers.append(person_of(row, documents, place, notes))
    if not movement.get("flight"):
        raise DocumentError("manifest.no_movement", "No row names a flight or voyage.", remedy=_MEND)
    return movement["carrier"], (leg_of(movement, 2, notes),), tuple(travellers)


def _rows(text: str, notes: Notes) -> Iterator[tuple[int, Row]]:
    """Yield (number, cells by column) for each row that is not empty; other columns' cells are counted as dropped."""
    text = text.lstrip("\ufeff \r\n")
    header = _first_line(text)
    separator = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(_lines(text, notes.limits), delimiter=separator, strict=True)
    names: list[str] = []
    try:
        for place, cells in enumerate(reader, 1):
            if not names:
                names = _columns(cells)
            elif any(cells):
                yield place, _row(names, cells, place, notes)
    except csv.Error as no:
        raise DocumentError(
            "manifest.csv", f"Line {reader.line_num} is no CSV: a quotation mark is open or stands within a cell.",
            remedy=_MEND,
        ) from no  # fmt: skip


def _lines(text: str, limits: ManifestLimits) -> Iterator[str]:
    """Yield the lines, none longer than a row can be."""
    longest = limits.max_segment_characters * 4
    for number, line in enumerate(StringIO(text, newline=""), 1):
        if len(line) > longest:
            raise DocumentError(
                "manifest.row", f"Line {number} has {len(line)} characters, {longest} are read.", remedy=_MEND
            )
        yield line


def _columns(cells: list[str]) -> list[str]:
    if len(cells) > _MOST_COLUMNS:
        raise DocumentError(
            "manifest.columns", f"Row 1 names {len(cells)} columns, {_MOST_COLUMNS} are read.", remedy=_MEND
        )
    names = [cell(name, "row 1", 100).lower() for name in cells]
    known = [name for name in names if name in {*MOVEMENT, *PERSON, *DOCUMENT}]
    missing = [name for name in ("flight", "surname") if name not in known]
    if missing or len(set(known)) < len(known):
        why = f"lacks {' and '.join(missing)}" if missing else "names a column twice"
        raise DocumentError("manifest.columns", f"Row 1 {why}.", remedy=_MEND)
    return names


def _row(names: list[str], cells: list[str], place: int, notes: Notes) -> Row:
    if len(cells) != len(names):
        raise DocumentError(
            "manifest.row", f"Row {place} has {len(cells)} cells, the first row names {len(names)} columns.",
            remedy=_MEND,
        )  # fmt: skip
    row = {}
    for name, text in zip(names, cells, strict=True):
        told = cell(text, f"row {place}", notes.limits.max_segment_characters)
        if name in {*MOVEMENT, *PERSON, *DOCUMENT}:
            row[name] = told
        elif told:
            notes.drop(dropped("column", name))
    return row
