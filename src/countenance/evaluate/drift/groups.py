"""Referrals and misses by what documents state: sex, age band, issuing state; small cells stay in.

A cell is a number of people and what became of them, by month. It is shown only in snapshots that are at least
:data:`~countenance.evaluate.drift.suppression.SMALLEST_CELL` people apart, so that two reports do not differ by one
person, and only where no single hidden cell can be worked out from the total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from countenance.evaluate.drift.rates import Insufficient, Rate, rate
from countenance.evaluate.drift.suppression import SMALLEST_CELL, hidden_cells
from countenance.terms import Count, Counted

DIMENSIONS = ("sex", "age", "state")
"""What tables there are."""
WAYS = ("people", "referred", "missed")
"""What is counted in each cell: everybody answered, sent to an officer, and without a usable photograph (N-5)."""
LIVE, SHOWN = "group", "shown"
"""Kinds begin with one of these: as counted, and as last shown."""
_BANDS = (14, 18, 30, 40, 50, 60, 70, 80)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One cell that may be shown."""

    cell: str
    people: int
    referred: Rate | Insufficient
    missed: Rate | Insufficient


@dataclass(frozen=True, slots=True)
class GroupTable:
    """One dimension's cells, and how many are kept in."""

    dimension: str
    rows: tuple[GroupRow, ...]
    hidden: int
    """Cells not shown. Their people, and those since the last snapshot, are in no figure here."""


def age_band(age: int) -> str:
    """Return the band of an age in completed years, such as "30-39"; "unstated" below 0."""
    if age < 0:
        return "unstated"
    edges = (0, *_BANDS)
    low = max(edge for edge in edges if edge <= age)
    higher = [edge for edge in edges if edge > low]
    return f"{low}-{higher[0] - 1}" if higher else f"{low}+"


def kind(stage: str, dimension: str, way: str) -> str:
    """Return the kind under which a cell's number is stored."""
    return f"{stage}.{dimension}.{way}"


def is_group(row: Counted) -> bool:
    """Return whether a count belongs to the groups, which are kept by month."""
    return _parts(row.kind)[0] in {LIVE, SHOWN}


def due_snapshots(counts: Iterable[Counted], *, smallest: int = SMALLEST_CELL) -> tuple[tuple[int, Count], ...]:
    """Return, with its day, each cell's new snapshot that may replace the shown one: enough people came since.

    ``counts`` are those of one checkpoint, live and shown; days are the first ones of months.
    """
    cells: dict[tuple[int, str, str, str], dict[str, int]] = {}
    for row in counts:
        stage, dimension, way = _parts(row.kind)
        if stage in {LIVE, SHOWN}:
            cells.setdefault((row.day, dimension, row.cell, stage), {})[way] = row.number
    due: list[tuple[int, Count]] = []
    for (day, dimension, cell, stage), ways in sorted(cells.items()):
        shown = cells.get((day, dimension, cell, SHOWN), {})
        if stage == LIVE and ways.get("people", 0) - shown.get("people", 0) >= smallest:
            due += [(day, Count(kind(SHOWN, dimension, way), cell, ways.get(way, 0))) for way in WAYS]
    return tuple(due)


def group_table(dimension: str, counts: Iterable[Counted]) -> GroupTable:
    """Return one dimension's table of one checkpoint: each month's cells suppressed by themselves, then added up."""
    months: dict[int, dict[str, Counter[str]]] = {}
    live: dict[int, Counter[str]] = {}
    for row in counts:
        stage, of, way = _parts(row.kind)
        if of != dimension:
            continue
        if stage == SHOWN:
            months.setdefault(row.day, {}).setdefault(row.cell, Counter())[way] += row.number
        elif stage == LIVE and way == "people":
            live.setdefault(row.day, Counter())[row.cell] += row.number
    total: dict[str, Counter[str]] = {}
    hidden: set[str] = set()
    for day, everybody in live.items():
        kept_in = hidden_cells(everybody)
        hidden |= kept_in
        for cell, ways in months.get(day, {}).items():
            if cell not in kept_in:
                total.setdefault(cell, Counter()).update(ways)
    return GroupTable(dimension, tuple(_row(cell, ways) for cell, ways in sorted(total.items())), len(hidden))


def _row(cell: str, ways: Mapping[str, int]) -> GroupRow:
    people = ways["people"]
    return GroupRow(cell, people, rate(ways["referred"], people), rate(ways["missed"], people))


def _parts(name: str) -> tuple[str, str, str]:
    stage, _, rest = name.partition(".")
    dimension, _, way = rest.partition(".")
    return stage, dimension, way
