"""Which cells of a table of people must not be shown, so that nobody can be read off or worked out."""

from __future__ import annotations

from collections.abc import Mapping

SMALLEST_CELL = 10
"""A cell of fewer people is not shown."""


def hidden_cells(cells: Mapping[str, int], *, smallest: int = SMALLEST_CELL) -> frozenset[str]:
    """Return the cells to hide: those below ``smallest``, and then more until the total gives none of them away.

    One hidden cell is the total less the shown ones; two small ones still bound each other. So the smallest shown
    cells are hidden too until at least two are, and at least ``smallest`` people are in them together, or none is
    left. Empty cells are nobody's and count for nothing.

    Raises:
        ValueError: a negative count.
    """
    if any(number < 0 for number in cells.values()):
        message = "a cell cannot hold fewer than nobody"
        raise ValueError(message)
    there = sorted((number, name) for name, number in cells.items() if number)
    hidden = {name for number, name in there if number < smallest}
    people = sum(number for number, _ in there if number < smallest)
    if not hidden:
        return frozenset()
    for number, name in there:
        if len(hidden) > 1 and people >= smallest:
            break
        if name not in hidden:
            hidden.add(name)
            people += number
    return frozenset(hidden)
