"""Names and values as people read them in a terminal: names whole, long values folded, never cut short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table


def number_runs(numbers: Sequence[int]) -> str:
    """Return rising numbers as people write them: "1-3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


def two_columns(rows: Iterable[tuple[str, str]]) -> Table:
    """Return one line or more for each name with its value."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, value)
    return table
