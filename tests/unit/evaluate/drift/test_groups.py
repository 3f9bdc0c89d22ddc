"""Groups that documents state: by month, in snapshots ten people apart, small cells kept in."""

from __future__ import annotations

import pytest

from countenance.evaluate.drift import Rate, age_band, due_snapshots, group_table, is_group
from countenance.terms import Counted


def cell(name: str, people: int, referred: int = 0, stage: str = "group", month: int = 1) -> list[Counted]:
    """Return one cell's stored counts."""
    ways = {"people": people, "referred": referred}
    return [Counted(month, "lane-1", f"{stage}.sex.{way}", name, number) for way, number in ways.items()]


def test_a_shown_cell_has_rates() -> None:
    """What was last shown is the figure; the live count is not."""
    found = group_table("sex", cell("female", 41, 5) + cell("female", 40, 4, "shown") + cell("male", 60))
    (row,) = found.rows
    assert (row.cell, row.people, found.hidden) == ("female", 40, 0)
    assert isinstance(row.referred, Rate)
    assert row.referred.value == 0.1


def test_small_cells_and_their_neighbours_are_hidden() -> None:
    """Three people of one kind are hidden, and so is the next smallest cell, from which the total would give them."""
    shown = [*cell("female", 40, 4, "shown"), *cell("male", 60, 6, "shown")]
    live = [*cell("female", 40, 4), *cell("male", 60, 6), *cell("unspecified", 3)]
    found = group_table("sex", live + shown)
    assert [row.cell for row in found.rows] == ["male"]
    assert found.hidden == 2


def test_each_month_is_suppressed_by_itself() -> None:
    """The difference of two reports, one month apart, is a month's cell that may itself be shown, or nothing."""
    first = cell("female", 50, 0, "shown") + cell("female", 50) + cell("male", 50, 0, "shown") + cell("male", 50)
    second = cell("female", 12, 0, "shown", 2) + cell("female", 12, month=2) + cell("male", 3, month=2)
    rows = {row.cell: row.people for row in group_table("sex", first + second).rows}
    assert rows == {"female": 50, "male": 50}


def test_snapshots_are_ten_people_apart() -> None:
    """A cell is shown anew only when ten more people are in it, so no two reports differ by one person."""
    shown = cell("female", 20, 1, "shown")
    assert due_snapshots(cell("female", 29, 9) + shown) == ()
    due = due_snapshots(cell("female", 30, 9) + shown)
    assert [(day, count.kind, count.number) for day, count in due] == [
        (1, "shown.sex.people", 30), (1, "shown.sex.referred", 9), (1, "shown.sex.missed", 0),
    ]  # fmt: skip
    assert due_snapshots(cell("male", 9)) == ()
    assert len(due_snapshots(cell("male", 10))) == 3


@pytest.mark.parametrize("age, band", [
    (-1, "unstated"), (0, "0-13"), (13, "0-13"), (14, "14-17"), (18, "18-29"), (39, "30-39"), (79, "70-79"),
    (99, "80+"),
])  # fmt: skip
def test_ages_are_bands(age: int, band: str) -> None:
    """Completed years fall into bands; nobody's age is a cell."""
    assert age_band(age) == band


def test_groups_are_told_from_days() -> None:
    """Counts by month and counts by day lie in one table and are kept apart by their kind."""
    assert is_group(cell("female", 1)[0])
    assert not is_group(Counted(1, "lane-1", "ended", "matched", 1))
