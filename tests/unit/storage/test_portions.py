"""Long lists go to the database in portions."""

from __future__ import annotations

import pytest

from countenance.storage import portions
from countenance.storage.portions import AT_ONCE


@pytest.mark.parametrize(
    "count, sizes", [(0, []), (1, [1]), (AT_ONCE, [AT_ONCE]), (2 * AT_ONCE + 1, [AT_ONCE, AT_ONCE, 1])]
)
def test_portions_hold_every_value_once(count: int, sizes: list[int]) -> None:
    """Every value comes once and in its order, no portion is empty, and none is larger than a statement takes."""
    found = list(portions(range(count)))
    assert [len(one) for one in found] == sizes
    assert [value for one in found for value in one] == list(range(count))
    assert AT_ONCE < 32_766
