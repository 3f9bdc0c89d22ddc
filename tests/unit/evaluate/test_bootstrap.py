"""Intervals that hold the truth as often as they say, also where comparisons depend on one another."""

from __future__ import annotations

import numpy as np
import pytest

from countenance.evaluate.bootstrap import fixed_intervals, interval, intervals
from countenance.evaluate.evaluation import Plan
from countenance.evaluate.subsets import subset_of
from countenance.evaluate.verification import at_target, at_threshold
from fakes.evaluated import compared, evaluated, silent, templates

THRESHOLD = 0.45
PERSONS = [number // 2 for number in range(160)]


def population(seed: int, people: int) -> tuple[list[int], np.ndarray]:
    """Return people drawn from one population in which some resemble everybody ("wolves")."""
    persons = [number // 2 for number in range(2 * people)]
    return persons, templates(persons, dimension=16, seed=seed, wolves=0.7)


@pytest.fixture(scope="module")
def truth() -> tuple[float, float]:
    """Give the population's FMR and FNMR at the threshold, from far more people than any sample has."""
    rates = [at_threshold(compared(*population(seed, 1200)), THRESHOLD, target=0.0) for seed in (1000, 1001, 1002)]
    return float(np.mean([one.fmr for one in rates])), float(np.mean([one.fnmr for one in rates]))


def test_intervals_hold_the_truth(truth: tuple[float, float]) -> None:
    """Of 60 samples of 100 people most intervals hold the population's rates, though strangers depend on wolves.

    Where pairs were independent the interval of FMR would be much narrower, and hold the truth far too seldom.
    """
    held = {"fmr": 0, "fnmr": 0, "naive": 0}
    for seed in range(60):
        found = compared(*population(seed, 100))
        at = at_threshold(found, THRESHOLD, target=0.0)
        drawn = fixed_intervals(found, THRESHOLD, seed=1, resamples=200)
        held["fmr"] += drawn.fmr.low <= truth[0] <= drawn.fmr.high
        held["fnmr"] += drawn.fnmr.low <= truth[1] <= drawn.fnmr.high
        width = 1.96 * np.sqrt(at.fmr * (1 - at.fmr) / found.non_mated)
        held["naive"] += abs(at.fmr - truth[0]) <= width
    assert held["fmr"] >= 53
    assert held["fnmr"] >= 50
    assert held["naive"] <= 42


def busy(seed: int, people: int, most: int) -> tuple[list[int], np.ndarray]:
    """Return people, some of whom vary far more; the first has ``most`` photographs, the others two."""
    persons = [0] * most + [number for number in range(1, people) for _ in range(2)]
    calm, wild = (templates(persons, dimension=16, seed=seed, spread=spread) for spread in (0.4, 1.4))
    varies = np.random.default_rng(seed).random(people) < 0.3
    return persons, np.where(varies[persons][:, None], wild, calm)


def test_one_person_with_most_pairs_deceives_nobody() -> None:
    """Where one person has nearly all pairs, people's intervals still hold the rate of people, and pairs' never do.

    780 pairs of one person beside 79 of others: pairs taken as independent are sure of that one person's rate.
    """
    truth = np.mean([at_threshold(compared(*busy(seed, 1500, 2)), THRESHOLD, target=0.0).balanced for seed in (70, 71)])
    held = {"balanced": 0, "pooled": 0, "naive": 0}
    for seed in range(60):
        found = compared(*busy(seed, 80, 40))
        at = at_threshold(found, THRESHOLD, target=0.0)
        drawn = fixed_intervals(found, THRESHOLD, seed=1, resamples=200)
        held["balanced"] += drawn.balanced.low <= truth <= drawn.balanced.high
        held["pooled"] += drawn.fnmr.low <= truth <= drawn.fnmr.high
        width = 1.96 * np.sqrt(at.fnmr * (1 - at.fnmr) / len(found.mated.scores))
        held["naive"] += abs(at.fnmr - truth) <= width
    assert held["balanced"] >= 53
    assert held["pooled"] >= 50
    assert held["naive"] <= 10


def test_selecting_the_threshold_again_widens_the_interval() -> None:
    """FNMR at a target is less certain than FNMR at a threshold that stays."""
    found = compared(PERSONS, templates(PERSONS, dimension=8))
    at = at_target(found, 1e-2)
    again = intervals(found, {1e-2: at.threshold}, [], seed=2, progress=silent, resamples=200)[1e-2]
    stays = fixed_intervals(found, at.threshold, seed=2, resamples=200)
    assert again.fnmr.high - again.fnmr.low > stays.fnmr.high - stays.fnmr.low
    assert again.fnmr.low <= at.fnmr <= again.fnmr.high
    assert again.threshold.low < at.threshold < again.threshold.high


def test_the_same_seed_gives_the_same_interval() -> None:
    """A report can be made again to the last digit."""
    found = compared(PERSONS, templates(PERSONS, dimension=8))
    one, same, other = (
        intervals(found, {1e-2: 0.5}, [], seed=seed, progress=silent, resamples=50)[1e-2] for seed in (1, 1, 2)
    )
    assert one == same
    assert one.fnmr != other.fnmr


def test_copies_of_one_person_are_not_strangers() -> None:
    """A population of one person has no non-mated pairs however often it is drawn, and no rate is made of that."""
    found = compared([0, 0, 0], templates([0, 0, 0]))
    drawn = fixed_intervals(found, 0.5, seed=1, resamples=20)
    assert np.isnan(drawn.fmr.low)
    assert not np.isnan(drawn.fnmr.low)


def test_a_resample_weighs_pairs_by_both_people() -> None:
    """What the tail's walk gives equals resampling the photographs themselves, for every draw."""
    persons = [number // 2 for number in range(24)]
    rows = templates(persons, dimension=6)
    found = compared(persons, rows)
    expected = []
    draws = np.random.default_rng(9)
    for _ in range(40):
        weights = np.bincount(draws.integers(0, 12, 12), minlength=12)
        false = total = 0
        for a in range(24):
            for b in range(a + 1, 24):
                if persons[a] != persons[b]:
                    weight = weights[persons[a]] * weights[persons[b]]
                    total += weight
                    false += weight * (np.float32(rows[a] @ rows[b]) >= np.float32(0.1))
        expected.append(false / total)
    drawn = fixed_intervals(found, 0.1, seed=9, resamples=40)
    assert (drawn.fmr.low, drawn.fmr.high) == pytest.approx((interval(expected).low, interval(expected).high), abs=1e-9)


def test_a_subset_that_is_everybody_is_everybody() -> None:
    """A group of all people has the rates and intervals of all people, with the same draws."""
    found = compared(PERSONS, templates(PERSONS, dimension=8))
    everybody = subset_of(found, "all", [0] * 80)
    at = at_target(found, 1e-2)
    drawn = intervals(found, {1e-2: at.threshold}, [everybody], seed=3, progress=silent, resamples=60)[1e-2]
    assert drawn.subset_fnmr["all"].low == pytest.approx(drawn.fnmr.low)
    assert drawn.subset_fnmr["all"].high == pytest.approx(drawn.fnmr.high)
    assert drawn.subset_balanced["all"].low == pytest.approx(drawn.balanced.low)
    assert drawn.subset_balanced["all"].high == pytest.approx(drawn.balanced.high)


def test_an_evaluation_is_the_same_twice() -> None:
    """Nothing in it depends on time or chance."""
    rows = templates(PERSONS, dimension=8)
    plan = Plan.of(resamples=50)
    assert evaluated(PERSONS, rows, plan=plan).intervals == evaluated(PERSONS, rows, plan=plan).intervals
