"""The stopwatches are fair: turns are shared, percentiles are values that occurred, cores are given back."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.interfaces.bench.timing import interleaved, percentile, pinned, ratio, timed


def test_jobs_take_turns_in_another_order_each_round() -> None:
    """Every job runs once to warm up and once a round, and each is first in some round."""
    order: list[str] = []
    jobs = {name: (lambda name=name: order.append(name)) for name in "abc"}
    spent = interleaved(jobs, 3)
    assert order == [*"abc", *"abc", *"bca", *"cab"]
    assert {name: len(times) for name, times in spent.items()} == {"a": 3, "b": 3, "c": 3}


def test_a_ratio_is_the_median_over_rounds() -> None:
    """One disturbed round does not move a ratio."""
    assert ratio([2.0, 4.0, 900.0], [1.0, 2.0, 1.0]) == 2.0


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1.0))
def test_a_percentile_is_a_value_with_enough_below(values: list[float], share: float) -> None:
    """Nearest rank: the value occurred, at least that share lies at or below it, and less than it below it."""
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values) + 1e-9


def test_a_percentile_of_nothing_is_refused() -> None:
    """No figure is made up where nothing was measured."""
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.99)


def test_time_is_in_milliseconds() -> None:
    """A job of nothing takes less than a second's worth of milliseconds, and not less than none."""
    assert 0 <= timed(lambda: None) < 1000


def test_the_core_is_given_back() -> None:
    """After measuring, the process may use the cores it could use before, also when measuring fails."""
    before = os.sched_getaffinity(0)
    core = max(before)
    inside = set()
    with pinned(core):
        inside = os.sched_getaffinity(0)
    assert inside == {core}
    with pytest.raises(ZeroDivisionError), pinned(core):
        _ = 1 / 0
    assert os.sched_getaffinity(0) == before
