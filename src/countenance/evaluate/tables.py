"""CSV files as people's programs write them: any Unicode encoding, faults told by row, everything else kept."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from countenance.errors import EvaluationError

MAX_BYTES = 256_000_000
MAX_FIELD = 4096
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that was left out, and why; the rest goes on."""

    row: int
    """Line number in the file, the header being 1."""
    reason: str
    """Stable code, such as "unknown_path"."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file's header and rows, with the rows that could not be read."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Line number and fields, as many as the header has."""
    faults: tuple[Fault, ...]
    sha256: str
    """Of the file's bytes."""


def read_table(path: Path, required: Sequence[str]) -> Table:
    """Return the CSV file at ``path``: comma or semicolon or tab, UTF-8 or UTF-16; bytes that are neither are faults.

    Raises:
        EvaluationError: ``evaluate.no_file``, ``.too_large``, ``.no_header`` (a required column is missing).
    """
    data = _bytes(path)
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding, errors="surrogateescape" if encoding.startswith("utf-8") else "strict")
    except UnicodeDecodeError as error:
        raise EvaluationError(
            "evaluate.encoding", f"{path.name} is cut short or not in {encoding}.", remedy="Save it as UTF-8."
        ) from error
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = tuple(name.strip() for name in next(lines, []))
    except csv.Error:
        header = ()
    missing = [name for name in required if name not in header]
    if missing or len(set(header)) != len(header):
        what = f"has no column {missing[0]!r}" if missing else "names a column twice"
        raise EvaluationError(
            "evaluate.no_header",
            f"{path.name} {what}.",
            remedy=f"The first line names the columns: {', '.join(required)} and what else there is.",
        )
    rows, faults = _split(_parsed(lines), len(header))
    return Table(header, rows, faults, sha256(data).hexdigest())


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise EvaluationError(
                "evaluate.too_large", f"{path.name} has more than {MAX_BYTES} bytes.", remedy="Split it."
            )
        return path.read_bytes()
    except OSError as error:
        raise EvaluationError(
            "evaluate.no_file", f"{path} cannot be read ({error.strerror}).", remedy="Name a CSV file."
        ) from error


def _parsed(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | None]]:
    """Yield line number and fields of each row, None where the row cannot be parsed."""
    number = 1
    while True:
        number += 1
        try:
            fields = next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield number, None
            continue
        number = max(number, getattr(lines, "line_num", number))
        if fields:
            yield number, fields


def _split(
    parsed: Iterator[tuple[int, list[str] | None]], width: int
) -> tuple[tuple[tuple[int, tuple[str, ...]], ...], tuple[Fault, ...]]:
    rows: list[tuple[int, tuple[str, ...]]] = []
    faults: list[Fault] = []
    for number, fields in parsed:
        if fields is None:
            faults.append(Fault(number, "unreadable_row", "The row is not CSV."))
        elif len(fields) != width:
            faults.append(Fault(number, "wrong_width", f"The row has {len(fields)} fields, the header {width}."))
        elif any(_undecodable(field) for field in fields):
            faults.append(Fault(number, "encoding", "The row is not in UTF-8: save the file as UTF-8."))
        elif any(len(field) > MAX_FIELD for field in fields):
            faults.append(Fault(number, "too_long", f"A field has more than {MAX_FIELD} characters."))
        else:
            rows.append((number, tuple(field.strip() for field in fields)))
    return tuple(rows), tuple(faults)


def _undecodable(field: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in field) or "\0" in field
