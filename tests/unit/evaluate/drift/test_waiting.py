"""Whether refusing costs time: medians from bins, an interval that holds, a signal only when it is sure."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from countenance.evaluate.drift import Insufficient, Waiting, compare_waits, wait_cell


def binned(seconds: np.ndarray | list[float]) -> Counter[str]:
    """Return waits as they are stored."""
    return Counter(wait_cell(one) for one in seconds)


@pytest.mark.parametrize("seconds, cell", [
    (0, "5"), (5, "5"), (5.1, "10"), (300, "300"), (301, "330"), (1801, "2100"), (7200, "7200"), (7201, "longer"),
])  # fmt: skip
def test_a_wait_has_a_bin(seconds: float, cell: str) -> None:
    """Bins are named by their upper end, which belongs to them; the last has none."""
    assert wait_cell(seconds) == cell


def test_the_same_wait_is_no_gap() -> None:
    """Two groups that wait alike have an interval around 0 and no excess."""
    found = compare_waits(binned([20.0] * 40), binned([20.0] * 400), 60)
    assert isinstance(found, Waiting)
    assert found.low <= 0 <= found.high
    assert (found.refused_median, found.others_median, found.exceeds) == (20, 20, False)


@pytest.mark.parametrize("longer, exceeds", [(0, False), (30, False), (200, True)])
def test_a_gap_above_the_limit_is_seen(longer: int, exceeds: bool) -> None:  # noqa: FBT001 - a table's column
    """With 80 refusers a median 200 seconds longer exceeds a limit of 60; 30 seconds longer does not."""
    generator = np.random.default_rng(3)
    others, refused = generator.gamma(4, 8, 2000), generator.gamma(4, 8, 80) + longer
    found = compare_waits(binned(refused), binned(others), 60)
    assert isinstance(found, Waiting)
    assert found.low <= longer <= found.high
    assert found.exceeds is exceeds


def test_the_interval_holds_the_gap() -> None:
    """Of 300 simulated months, at most 1 % (here: 6 for luck) have an interval without the true gap of 45 seconds."""
    generator = np.random.default_rng(11)
    missed = 0
    for _ in range(300):
        refused, others = generator.gamma(3, 20, 60) + 45, generator.gamma(3, 20, 300)
        found = compare_waits(binned(refused), binned(others), 60)
        assert isinstance(found, Waiting)
        missed += not found.low <= 45 <= found.high
    assert missed <= 6


@pytest.mark.parametrize("refused, others", [(0, 500), (29, 500), (500, 29)])
def test_few_waits_are_insufficient(refused: int, others: int) -> None:
    """Fewer than thirty in either group give no comparison."""
    found = compare_waits({"20": refused}, {"20": others}, 60)
    assert found == Insufficient(min(refused, others), 30)


def test_waits_beyond_the_last_bin_still_count() -> None:
    """People who waited longer than two hours move the median as far as it is known."""
    found = compare_waits({"longer": 60}, {"10": 60}, 60)
    assert isinstance(found, Waiting)
    assert found.exceeds
