"""The test on the match rate: what it promises is computed exactly, and simulation agrees."""

from __future__ import annotations

import math

import numpy as np
import pytest

from countenance.evaluate.drift import MATCH_RATE, Cusum


def run_lengths(test: Cusum, share: float, runs: int, longest: int, seed: int = 7) -> np.ndarray:
    """Return how many people each simulated run took to signal, ``longest`` + 1 where it did not."""
    generator = np.random.default_rng(seed)
    totals = np.zeros(runs, int)
    took = np.full(runs, longest + 1)
    for people in range(1, longest + 1):
        good = generator.random(runs) < share
        totals = np.where(good, np.maximum(totals - 1, 0), totals + test.rise)
        fired = (totals >= test.limit) & (took > longest)
        took[fired] = people
    return took


def test_a_fall_signals_within_the_people_it_states() -> None:
    """From 98 to 93 %: the stated mean and the stated 99 % are those of 4,000 simulated falls."""
    took = run_lengths(MATCH_RATE, 0.93, 4000, 3000)
    assert math.isclose(took.mean(), MATCH_RATE.expected(0.93), rel_tol=0.03)
    within = MATCH_RATE.within(0.93)
    assert 0.985 < (took <= within).mean() < 0.995
    assert (round(MATCH_RATE.expected(0.93)), within) == (293, 726)


def test_a_steady_stream_is_silent_for_thirty_days() -> None:
    """At 98 % and 2,000 people a day, 60 simulated months of 30 days have the false signals stated: 0.7 % each."""
    took = run_lengths(MATCH_RATE, 0.98, 60, 60_000)
    assert MATCH_RATE.false_alarm(60_000) < 0.007
    assert (took <= 60_000).sum() <= 2


def test_the_stated_chance_of_a_false_signal_is_the_chains() -> None:
    """The exponential that is stated is not below the exact probability, from powers of the whole Markov chain."""
    test = MATCH_RATE
    chain = np.zeros((test.limit + 1, test.limit + 1))
    for state in range(test.limit):
        chain[state, max(state - 1, 0)] += 0.98
        chain[state, min(state + test.rise, test.limit)] += 0.02
    chain[test.limit, test.limit] = 1
    exact = np.linalg.matrix_power(chain, 60_000)[0, test.limit]
    assert exact <= test.false_alarm(60_000) < exact * 1.01
    mean = np.linalg.solve(np.eye(test.limit) - chain[:-1, :-1], np.ones(test.limit))[0]
    assert math.isclose(mean, test.expected(0.98), rel_tol=1e-6)


def test_the_sum_is_pages() -> None:
    """Taken one by one, outcomes move the integer as the definition says; a signal starts again from 0."""
    total = 0
    for _ in range(9):
        total, signals = MATCH_RATE.advance(total, 0, 1)
        assert signals == 0
    assert total == 9 * MATCH_RATE.rise
    assert MATCH_RATE.advance(total, 0, 1) == (0, 1)
    assert MATCH_RATE.advance(5, 9, 0) == (0, 0)


def test_a_batch_is_taken_as_evenly_mixed() -> None:
    """A day's 2,000 people at once end like the same people in even order; a bad day signals, a good one does not."""
    one_by_one, fired = 0, 0
    for number in range(1, 2001):
        one_by_one, signals = MATCH_RATE.advance(one_by_one, int(number % 20 != 0), int(number % 20 == 0))
        fired += signals
    assert MATCH_RATE.advance(0, 1900, 100) == (one_by_one, fired)
    assert MATCH_RATE.advance(0, 1860, 140)[1] > 0
    assert MATCH_RATE.advance(0, 1960, 40)[1] == 0


@pytest.mark.parametrize("good, bad, nats", [(0.9, 0.95, 5), (1, 0.9, 5), (0.9, 0, 5), (0.9, 0.8, 0)])
def test_no_test_without_two_rates(good: float, bad: float, nats: float) -> None:
    """Rates out of order, certain, or without evidence make no test."""
    with pytest.raises(ValueError, match="no test"):
        Cusum.between(good, bad, nats)


@pytest.mark.parametrize("numbers", [(-1, 0, 0), (0, -1, 0), (0, 0, -1)])
def test_negative_outcomes_are_refused(numbers: tuple[int, int, int]) -> None:
    """A negative number of people is a mistake."""
    with pytest.raises(ValueError, match="not negative"):
        MATCH_RATE.advance(*numbers)
