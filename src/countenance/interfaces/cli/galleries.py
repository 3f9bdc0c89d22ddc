"""``gallery``: open, fill with a verdict per row, look, remove, close."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from typer import BadParameter

from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.way import doors
from countenance.procedures import RowVerdict
from countenance.terms import Enrolment, EnrolmentVerdict, Receipt, iso

COLUMNS = ["path", "reference_id", "person_id"]
AGES = ("age", "reference_years")
"""Columns that may be there: whole years, empty when unknown."""
MOST_YEARS = 150
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a folder or CSV, its photograph not read yet."""

    path: Path
    reference_id: str
    person_id: str
    age: int
    reference_years: int


def open_gallery(site: Path, gallery_id: str, checkpoint_id: str, key_file: Path | None) -> Said:
    """Open an empty gallery."""
    with doors(site, key_file) as door:
        receipt = door.open_gallery(gallery_id, checkpoint_id)
    return _done(f"Gallery {gallery_id!r} is open at {checkpoint_id!r}.", receipt, gallery=gallery_id)


def enrol(  # noqa: PLR0917 - named where it is called
    site: Path, gallery_id: str, source: Path, key_file: Path | None, age: int, reference_years: int, *, progress: bool
) -> Said:
    """Enrol a folder or CSV; photographs are read one chunk ahead at most, verdicts shown as they come."""
    rows = listed(source, age, reference_years)
    with doors(site, key_file) as door, _bar(shown=progress) as bar:
        task = bar.add_task("enrolling", total=len(rows))
        verdicts: list[RowVerdict] = []
        for verdict in door.enrol(gallery_id, _read(rows)):
            verdicts.append(verdict)
            bar.advance(task)
    counts = Counter(verdict.verdict for verdict in verdicts)
    summary = ", ".join(f"{counts[word]} {word}" for word in EnrolmentVerdict if counts[word]) or "nothing to enrol"
    return Said(
        data={"gallery": gallery_id, "counts": dict(counts), "rows": [asdict(verdict) for verdict in verdicts]},
        shown=(_verdict_table(verdicts), f"{len(rows)} rows: {summary}."),
        status=OK if counts[EnrolmentVerdict.ENROLLED] == len(rows) else NOT_AS_EXPECTED,
    )


def remove(site: Path, gallery_id: str, reference_id: str, key_file: Path | None) -> Said:
    """Destroy one reference."""
    with doors(site, key_file) as door:
        receipt = door.remove_reference(gallery_id, reference_id)
    return _done(f"The reference is destroyed; {gallery_id!r} no longer finds it.", receipt, gallery=gallery_id)


def close(site: Path, gallery_id: str, key_file: Path | None) -> Said:
    """Close a gallery and destroy what is in it."""
    with doors(site, key_file) as door:
        receipt = door.close_gallery(gallery_id)
    return _done(f"Gallery {gallery_id!r} is closed and everything in it destroyed.", receipt, gallery=gallery_id)


def list_galleries(site: Path, key_file: Path | None) -> Said:
    """List galleries: sizes and states."""
    with doors(site, key_file) as door:
        cards = door.galleries()
    table = Table("gallery", "checkpoint", "state", "references", "searches", "opened", box=None)
    for card in cards:
        state = "open" if card.open else "closed"
        table.add_row(
            card.gallery_id, card.checkpoint_id, state, str(card.size), str(card.searches), iso(card.opened_at)
        )
    shown = table if cards else "No gallery was opened here yet."
    return Said(data={"galleries": [asdict(card) for card in cards]}, shown=(shown,))


def listed(source: Path, age: int = -1, reference_years: int = -1) -> Sequence[Listed]:
    """Return the rows of a folder of photographs or of a CSV, each file known to exist.

    ``age`` and ``reference_years`` stand for rows that state none; -1 when unknown.

    Raises:
        BadParameter: a missing column or file, or years that are none, named with its line.
    """
    if source.is_dir():
        files = sorted(path for path in source.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
        return [Listed(path, path.stem, path.stem, age, reference_years) for path in files]
    with source.open(newline="", encoding="utf-8-sig") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames is None or not set(COLUMNS) <= set(reader.fieldnames):
            raise BadParameter(f"{source} needs a header line with {','.join(COLUMNS)}.")
        rows = [(reader.line_num, row) for row in reader]
    return [_row(source, line, row, (age, reference_years)) for line, row in rows]


def _row(source: Path, line: int, row: dict[str, str | None], otherwise: tuple[int, int]) -> Listed:
    path, reference_id, person_id = (row[column] or "" for column in COLUMNS)
    if not (path and reference_id and person_id):
        raise BadParameter(f"{source}, line {line}: one of {', '.join(COLUMNS)} is empty.")
    photograph = source.parent / path
    if not photograph.is_file():
        raise BadParameter(f"{source}, line {line}: there is no file {path!r}.")
    age, years = (
        _years(f"{source}, line {line}: {name}", row.get(name) or "", unstated)
        for name, unstated in zip(AGES, otherwise, strict=True)
    )
    return Listed(photograph, reference_id, person_id, age, years)


def _years(where: str, text: str, otherwise: int) -> int:
    if not text.strip():
        return otherwise
    if not text.strip().isdecimal() or int(text) > MOST_YEARS:
        raise BadParameter(f"{where} is {text!r}; whole years, or empty when unknown.")
    return int(text)


def _read(rows: Sequence[Listed]) -> Iterator[Enrolment]:
    for row in rows:
        yield Enrolment(row.reference_id, row.person_id, row.age, row.reference_years, row.path.read_bytes())


def _bar(*, shown: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        transient=True, disable=not shown,
    )  # fmt: skip


def _verdict_table(verdicts: Sequence[RowVerdict]) -> Table:
    table = Table("row", "reference", "verdict", "reason", "advice", box=None)
    for item in verdicts:
        table.add_row(str(item.row), item.reference_id, item.verdict, item.reason, item.advice)
    return table


def _done(sentence: str, receipt: Receipt, **data: str) -> Said:
    return Said(data={**data, "receipt": asdict(receipt)}, shown=(sentence, f"receipt  {receipt.commitment}"))
