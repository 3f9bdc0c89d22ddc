"""What is measured on: photographs, whose each is, and what people stated about themselves.

A CSV with ``path,person`` and optionally ``age``, ``captured_on``, ``capture_class`` and any number of
``group:<name>`` columns. Groups are self-stated; nobody's sex or ethnicity is ever guessed here (invariant 12).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from countenance.evaluate.tables import Fault, Table, read_table

GROUP = "group:"
UNKNOWN_AGE = -1
_OLDEST = 150


@dataclass(frozen=True, slots=True)
class Image:
    """One photograph of the manifest."""

    row: int
    name: str
    """As the manifest writes its path; pairs refer to it by this."""
    file: Path
    person: str
    age: int
    """Completed years at capture; -1 unknown."""
    captured_on: str
    """ISO date; "" unknown."""
    capture_class: str
    """"" unknown."""
    groups: tuple[str, ...]
    """One value for each of the manifest's ``group_names``; "" not stated."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest, faulty rows told and left out."""

    images: tuple[Image, ...]
    group_names: tuple[str, ...]
    faults: tuple[Fault, ...]
    sha256: str


def read_manifest(path: Path) -> Manifest:
    """Return the manifest at ``path``; relative paths in it start from its own folder.

    Left out and told: rows without path or person, a path named twice, an age or date that is none, a file that is
    not there.

    Raises:
        EvaluationError: see :func:`countenance.evaluate.tables.read_table`.
    """
    table = read_table(path, ("path", "person"))
    group_names = tuple(name[len(GROUP) :] for name in table.header if name.startswith(GROUP))
    images: list[Image] = []
    faults = list(table.faults)
    seen: dict[str, int] = {}
    for row, fields in table.rows:
        found = _image(table, row, fields, path.parent, seen)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            seen[found.name] = row
            images.append(found)
    return Manifest(tuple(images), group_names, tuple(sorted(faults, key=lambda fault: fault.row)), table.sha256)


def _image(table: Table, row: int, fields: tuple[str, ...], folder: Path, seen: dict[str, int]) -> Image | Fault:
    values = dict(zip(table.header, fields, strict=True))
    name, person = values["path"], values["person"]
    if not name or not person:
        return Fault(row, "empty", "A row needs a path and a person.")
    if name in seen:
        return Fault(row, "duplicate", f"{name} stands in row {seen[name]} already.")
    age = _age(values.get("age", ""))
    if age is None:
        return Fault(row, "age", f"The age {values['age']!r} is no number of completed years.")
    captured_on = values.get("captured_on", "")
    if captured_on and not _is_date(captured_on):
        return Fault(row, "captured_on", f"{captured_on!r} is no date; write it as 2026-11-25.")
    file = folder / name
    if not file.is_file():
        return Fault(row, "missing_file", f"There is no file {name}.")
    groups = tuple(value for column, value in values.items() if column.startswith(GROUP))
    return Image(row, name, file, person, age, captured_on, values.get("capture_class", ""), groups)


def _age(text: str) -> int | None:
    if text in {"", "NA", "unknown"}:
        return UNKNOWN_AGE
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 4 and int(text) <= _OLDEST else None  # noqa: PLR2004


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
