"""Whose photographs these are, as the files beside them say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_LINK = re.compile(r"\[([^\]]*)\]\((\S+?)\)(?=\s*(?:\||$))")
_CELLS = ("file", "person", "source", "author", "licence")


@dataclass(frozen=True, slots=True)
class Credit:
    """One line of credit."""

    text: str
    url: str
    """Where the original is, or ""."""


def read_credits(folder: Path) -> tuple[Credit, ...]:
    """Return the credits in ``CREDITS.txt`` and, row by row, in the table of ``CREDITS.md``; each where it is there."""
    lines = [Credit(line, "") for line in _text(folder / "CREDITS.txt").splitlines() if line.strip()]
    rows = [_row(line) for line in _text(folder / "CREDITS.md").splitlines() if line.startswith("| `")]
    return (*lines, *(row for row in rows if row is not None))


def _row(line: str) -> Credit | None:
    cells = dict(zip(_CELLS, (cell.strip().strip("`") for cell in line.strip("|\n ").split(" | ")), strict=False))
    if set(cells) != set(_CELLS):
        return None
    link = _LINK.search(cells["source"])
    where = link[1] if link else cells["source"]
    return Credit(
        f"{cells['file']}: {cells['author']}, {cells['licence'].strip('| ')}, from {where}", link[2] if link else ""
    )


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""
