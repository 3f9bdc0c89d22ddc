"""Shares of people: honest intervals, no figure from too few, and small cells that no total gives away."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.evaluate.drift import Insufficient, Rate, hidden_cells, rate, upper_limit


def test_a_share_has_wilsons_interval() -> None:
    """80 of 100 is 0.8 with the interval that Wilson's formula gives (0.7112 to 0.8666)."""
    found = rate(80, 100)
    assert isinstance(found, Rate)
    assert (found.value, round(found.low, 4), round(found.high, 4)) == (0.8, 0.7112, 0.8666)


@pytest.mark.parametrize("count, of", [(0, 0), (3, 10), (29, 29)])
def test_too_few_people_give_no_share(count: int, of: int) -> None:
    """Below thirty people the answer is "insufficient", with how many there were and are needed, never zero."""
    assert rate(count, of) == Insufficient(of, 30)


@pytest.mark.parametrize("count, of", [(5, 4), (-1, 40), (31, 30), (0, -1)])
def test_more_than_everybody_is_no_share(count: int, of: int) -> None:
    """A count outside 0 … of is a mistake, and is told."""
    with pytest.raises(ValueError, match="is no share"):
        rate(count, of)
    with pytest.raises(ValueError, match="is no share"):
        upper_limit(count, of)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_the_interval_covers_what_it_says(share: float) -> None:
    """Of 4,000 days of 200 people 92 to 98 % hold the true share: Wilson's coverage swings, as people are whole."""
    counts = np.random.default_rng(5).binomial(200, share, 4000)
    found = [rate(int(count), 200) for count in counts]
    assert 0.92 < np.mean([isinstance(one, Rate) and one.low <= share <= one.high for one in found]) < 0.98


@given(st.integers(30, 10_000), st.data())
def test_an_interval_holds_its_share(of: int, data: st.DataObject) -> None:
    """Whatever was counted, 0 <= low <= share <= high <= 1."""
    found = rate(data.draw(st.integers(0, of)), of)
    assert isinstance(found, Rate)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_nothing_seen_is_bounded_by_the_rule_of_three() -> None:
    """With no event in n trials the upper limit solves (1 - p)^n = 0.05, nearly 3 / n; with all of them it is 1."""
    assert math.isclose(upper_limit(0, 1000), 1 - 0.05 ** (1 / 1000), rel_tol=1e-9)
    assert round(upper_limit(0, 1000), 4) == 0.0030
    assert round(upper_limit(5, 100), 4) == 0.1023
    assert upper_limit(7, 7) == 1.0


def test_many_events_use_the_normal_limit() -> None:
    """Beyond a thousand events the exact and the normal limit agree to a hundredth of the share."""
    assert math.isclose(upper_limit(1000, 10**6), upper_limit(1001, 10**6), rel_tol=0.01)


# --- small cells ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("cells, hidden", [
    ({}, set()),
    ({"a": 10, "b": 400}, set()),
    ({"a": 9, "b": 50, "c": 60}, {"a", "b"}),
    ({"a": 9, "b": 8, "c": 60}, {"a", "b"}),
    ({"a": 2, "b": 3, "c": 60, "d": 70}, {"a", "b", "c"}),
    ({"a": 9}, {"a"}),
    ({"a": 0, "b": 50}, set()),
    ({"a": 4, "b": 0, "c": 50}, {"a", "c"}),
])  # fmt: skip
def test_small_cells_take_others_with_them(cells: dict[str, int], hidden: set[str]) -> None:
    """A cell below ten is hidden, and the next smallest too, until the total gives none away."""
    assert hidden_cells(cells) == hidden


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 60), max_size=9))
def test_no_hidden_cell_can_be_worked_out(cells: dict[str, int]) -> None:
    """The hidden ones are nobody, all there are, or at least two with ten people in them; and all small ones are."""
    hidden = hidden_cells(cells)
    assert hidden >= {name for name, number in cells.items() if 0 < number < 10}
    left = {name for name, number in cells.items() if number} - hidden
    if hidden and left:
        assert len(hidden) > 1
        assert sum(cells[name] for name in hidden) >= 10


def test_a_negative_cell_is_refused() -> None:
    """Nobody can be fewer than nobody."""
    with pytest.raises(ValueError, match="fewer than nobody"):
        hidden_cells({"a": -1})
