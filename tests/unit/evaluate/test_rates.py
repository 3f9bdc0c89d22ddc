"""Nothing is printed that too few errors of too few people stand behind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from countenance.evaluate.bootstrap import interval
from countenance.evaluate.rates import Rate, State, rate
from shared_vectors import shared_files


@pytest.mark.parametrize(
    "errors, people, state",
    [(30, 20, State.MEASURED), (29, 20, State.INSUFFICIENT), (30, 19, State.INSUFFICIENT), (1, 1, State.INSUFFICIENT),
     (0, 0, State.BOUND), (100_000, 19, State.INSUFFICIENT), (30, 1, State.INSUFFICIENT)],
)  # fmt: skip
def test_thirty_errors_of_twenty_people_is_the_floor(errors: int, people: int, state: State) -> None:
    """Below it there is no rate at all; without an error there is a bound."""
    found = rate(errors, 1_000_000, people, 500, 0.1, 0.2)
    assert found.state is state
    assert (found.value is not None) == (state is State.MEASURED)


def test_a_bound_counts_people_and_not_pairs() -> None:
    """A million pairs of a hundred people without an error bound the rate at 3 in a hundred, not in a million."""
    found = rate(0, 1_000_000, 0, 100, 0.0, 0.0)
    assert found == Rate(State.BOUND, None, 0.0, 0.03, 0, 1_000_000, 0, 100)


@pytest.mark.parametrize("independent, state", [(0, State.INSUFFICIENT), (1, State.INSUFFICIENT),
                                                (3, State.INSUFFICIENT), (4, State.BOUND)])  # fmt: skip
def test_a_bound_of_one_hundred_per_cent_is_none(independent: int, state: State) -> None:
    """Up to three people bound nothing: the rule of three gives 100 % and more, which says nothing and is not told."""
    found = rate(0, 10, 0, independent, 0.0, 0.0)
    assert found.state is state
    assert (found.high is None) == (state is State.INSUFFICIENT)
    assert found.independent == independent


@given(*[st.integers(0, 60)] * 4)
def test_no_counts_give_a_number_below_the_floor(errors: int, trials: int, people: int, independent: int) -> None:
    """Whatever is counted, a rate has its 30 errors of 20 people, a bound has none of more than three, else nothing."""
    found = rate(errors, trials, people, independent, 0.1, 0.2)
    if found.state is State.MEASURED:
        assert (errors >= 30, people >= 20) == (True, True)
        assert found.value == errors / trials
    elif found.state is State.BOUND:
        assert (errors, found.value, found.high) == (0, None, 3 / independent)
        assert 3 / independent < 1
    else:
        assert (found.value, found.low, found.high) == (None, None, None)
        assert errors < 30 or people < 20 or not trials


def test_nothing_tried_is_insufficient() -> None:
    """Without trials there is neither a rate nor a bound."""
    assert rate(0, 0, 0, 0, 0.0, 0.0).state is State.INSUFFICIENT


def test_the_rule_of_three_is_near_the_exact_bound() -> None:
    """3/n is a little above the exact one-sided 95 % bound, as scipy has it."""
    for independent in (30, 100, 1000):
        exact = binomtest(0, independent).proportion_ci(0.90, "exact").high
        bound = rate(0, 10**6, 0, independent, 0.0, 0.0).high
        assert bound is not None
        assert exact < bound < exact * 1.06


@pytest.mark.parametrize("vector", shared_files("vectors/metrics/known_answers.json"))
def test_published_answers(vector: Path) -> None:
    """The shared vectors' rule of three is ours."""
    (entry,) = json.loads(vector.read_text("utf-8"))["zero_errors"]
    assert rate(0, 10**9, 0, int(entry["n"]), 0.0, 0.0).high == pytest.approx(entry["rule_of_3_upper95"])


def test_independent_trials_give_the_textbook_interval() -> None:
    """With one comparison a person resampling people is resampling trials: near Wilson's interval."""
    draws = np.random.default_rng(3)
    resampled = interval((draws.binomial(2000, 0.05, 4000) / 2000).tolist())
    low, high = proportion_confint(100, 2000, method="wilson")
    assert resampled.low == pytest.approx(low, abs=0.002)
    assert resampled.high == pytest.approx(high, abs=0.002)
