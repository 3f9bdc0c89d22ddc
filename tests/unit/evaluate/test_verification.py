"""Thresholds and error rates that can be known beforehand, or that others compute too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.metrics import det_curve

from countenance.evaluate import comparisons as module
from countenance.evaluate.comparisons import Comparisons, compare_all, people_of
from countenance.evaluate.verification import (
    at_target,
    at_threshold,
    count_at,
    det,
    det_floors,
    equal_error,
    threshold_at,
)
from fakes.evaluated import compared, samples, silent, templates


def naive(persons: list[int], rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mated and non-mated scores, by two loops."""
    mated, strangers = [], []
    for a in range(len(persons)):
        for b in range(a + 1, len(persons)):
            (mated if persons[a] == persons[b] else strangers).append(float(rows[a] @ rows[b]))
    return np.array(mated), np.array(strangers)


PERSONS = [0, 0, 0, 1, 1, 2, 3, 3, 4, 5, 5, 5, 5, 6, 7, 7, 8, 9]


def test_every_pair_is_compared_once() -> None:
    """Blocks and threads give what two loops give, mated and not, to float32's rounding."""
    rows = templates(PERSONS)
    found = compared(PERSONS, rows)
    mated, strangers = naive(PERSONS, rows)
    assert np.sort(found.mated.scores) == pytest.approx(np.sort(mated), abs=1e-5)
    assert np.sort(found.tail.scores) == pytest.approx(np.sort(strangers), abs=1e-5)
    assert found.tail.complete
    assert found.non_mated == len(strangers) == int(found.non_mated_bins.sum())
    assert int(found.mated_bins.sum()) == len(mated)


def test_a_large_set_keeps_its_tail_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not all pairs are kept, the highest are, each once, and everything is counted in the histogram."""
    monkeypatch.setattr(module, "_KEEP_ALL", 1000)
    monkeypatch.setattr(module, "_BLOCK", 37)
    persons = [number // 3 for number in range(600)]
    rows = templates(persons, dimension=16)
    found = compared(persons, rows)
    _, strangers = naive(persons, rows)
    highest = np.sort(strangers)[::-1]
    assert not found.tail.complete
    assert len(found.tail.scores) > 0.015 * len(strangers)
    assert found.tail.scores == pytest.approx(highest[: len(found.tail.scores)], abs=1e-5)
    assert int(found.non_mated_bins.sum()) == len(strangers)
    assert at_target(found, 1e-2).supported
    assert not at_threshold(found, float(found.tail.scores[-1]) - 0.01, target=0.0).supported
    whole = found.people.of_image
    assert (whole[found.tail.a] != whole[found.tail.b]).all()


def test_rates_are_those_of_scikit_learn() -> None:
    """At every threshold that scikit-learn's det_curve names, FMR and FNMR are the same."""
    persons = [number // 4 for number in range(160)]
    rows = templates(persons, dimension=8)
    found = compared(persons, rows)
    scores = np.concatenate([found.mated.scores, found.tail.scores])
    truth = np.concatenate([np.ones(len(found.mated.scores)), np.zeros(len(found.tail.scores))])
    fmr, fnmr, thresholds = det_curve(truth, scores)
    for false, missed, threshold in list(zip(fmr, fnmr, thresholds, strict=True))[::50]:
        assert count_at(found.tail.scores, threshold) / found.non_mated == pytest.approx(false)
        assert 1 - count_at(found.mated.scores, threshold) / len(found.mated.scores) == pytest.approx(missed)


def test_binormal_scores_have_the_error_rate_of_their_distance() -> None:
    """Two normal distributions two deviations apart meet at Phi(-1) = 15.87 %."""
    draws = np.random.default_rng(5)
    mated = np.sort((0.5 + 0.1 * draws.standard_normal(40_000)).astype(np.float32))[::-1]
    strangers = np.sort((0.3 + 0.1 * draws.standard_normal(40_000)).astype(np.float32))[::-1]
    assert equal_error_rate(scored(mated, strangers)) == pytest.approx(0.1587, abs=0.004)


def equal_error_rate(found: Comparisons) -> float | None:
    """Return the rate where both kinds of error are equally frequent, or None."""
    where = equal_error(found)
    return where and where.rate


def scored(mated: np.ndarray, strangers: np.ndarray) -> Comparisons:
    """Return comparisons with these scores, each pair of people of its own."""
    count = max(len(mated), len(strangers))
    names = tuple(f"p{number}" for number in range(2 * count))
    of_image = np.arange(2 * count, dtype=np.int32)
    mates = np.zeros(2 * count, np.int64)
    mates[: len(mated)] = 1
    people = module.People(names, of_image, np.ones(2 * count, np.int64), mates, np.zeros(2 * count, np.int64))
    places = np.arange(count, dtype=np.int32)
    return Comparisons(
        people,
        module.Mated(mated, places[: len(mated)], places[: len(mated)], places[: len(mated)]),
        module.Tail(strangers, places[: len(strangers)], places[: len(strangers)] + count, complete=True),
        len(strangers), module._histogram(mated), module._histogram(strangers), listed=True,
    )  # fmt: skip


@pytest.mark.parametrize("allowed, threshold", [(0, 0.9), (1, 0.5), (2, 0.5), (3, 0.5), (4, 0.2), (5, 0.1)])
def test_ties_are_never_split(allowed: int, threshold: float) -> None:
    """No more pairs match than are allowed, and pairs of one score match together or not at all."""
    scores = np.array([0.9, 0.5, 0.5, 0.5, 0.2, 0.1], np.float32)
    found = threshold_at(scores, 6, allowed / 6)
    assert count_at(scores, found) <= allowed
    assert found > threshold or allowed == 6
    assert found == np.nextafter(np.float32(threshold), np.float32(2))


def test_all_scores_equal() -> None:
    """Whatever rate is allowed below one, nobody may match; the equal error rate is a half."""
    same = np.full(50, 0.4, np.float32)
    found = scored(same, same)
    assert at_target(found, 1e-2).false_matches == 0
    assert at_target(found, 1e-2).fnmr == 1.0
    assert equal_error_rate(found) == pytest.approx(0.5)


def test_one_class_missing() -> None:
    """Without mated pairs, or without strangers, there is no equal error rate, and no crash."""
    one = np.full(5, 0.4, np.float32)
    nothing = np.empty(0, np.float32)
    assert equal_error_rate(scored(one, nothing)) is None
    assert equal_error_rate(scored(nothing, one)) is None
    assert at_target(scored(nothing, one), 1e-2).fnmr == 0.0
    assert at_target(scored(one, nothing), 1e-2).threshold == 1.0


def test_one_person_with_most_pairs_weighs_one_person() -> None:
    """Pooled, a person with 40 photographs that all match hides ten people who never do; balanced, nobody hides."""
    persons = [0] * 40 + [number for number in range(1, 11) for _ in range(2)]
    rows = templates(persons, spread=0.0)
    rows[41::2] *= -1  # the second photograph of everybody else is its own opposite
    at = at_target(compared(persons, rows), 1e-2)
    assert at.fnmr == pytest.approx(10 / (780 + 10))
    assert at.balanced == pytest.approx(10 / 11)


def test_a_photograph_without_a_template_is_a_miss() -> None:
    """Failures to enrol count as non-matches in FNMR, and take no part in FMR."""
    persons = [0, 0, 0, 1, 1]
    found = compared(persons, templates(persons, spread=0.0), [True, True, False, True, True])
    at = at_target(found, 1e-2)
    assert found.non_mated == 4
    assert found.people.lost.tolist() == [2, 0]
    assert at.false_non_matches == 2
    assert at.fnmr == pytest.approx(2 / 4)
    assert at.balanced == pytest.approx((2 / 3 + 0) / 2)


@pytest.mark.parametrize("people", [15, 60])
@pytest.mark.parametrize("lost", [0, 3, 30])
def test_the_curve_begins_where_enough_people_err(people: int, lost: int) -> None:
    """A point is above the floor where at least 30 errors by 20 people are counted at its threshold, and nowhere else.

    Lost pairs are errors at every threshold.
    """
    persons = [number // 4 for number in range(4 * people)]
    usable = [number % 4 > 0 or number >= 4 * lost for number in range(4 * people)]
    found = compared(persons, templates(persons, dimension=6), usable)
    fmr, fnmr = det_floors(found)
    thresholds = np.concatenate([found.tail.scores, found.mated.scores])
    for threshold in thresholds[:: max(1, len(thresholds) // 300)]:
        at = at_threshold(found, float(threshold), target=0.0)
        assert (at.fmr >= fmr - 1e-12) == (at.false_matches >= 30 and at.false_match_people >= 20)
        assert (at.fnmr >= fnmr - 1e-12) == (at.false_non_matches >= 30 and at.false_non_match_people >= 20)


SCORES = arrays.arrays(np.float32, st.integers(1, 60), elements=st.floats(-1, 1, width=16))


@settings(max_examples=60)
@given(SCORES, SCORES, st.sampled_from([0.5, 0.1, 0.01]))
def test_thresholds_keep_what_they_promise(mated: np.ndarray, strangers: np.ndarray, target: float) -> None:
    """FMR never exceeds the target; a smaller threshold would; a larger target never misses more."""
    found = scored(np.sort(mated)[::-1], np.sort(strangers)[::-1])
    at = at_target(found, target)
    assert at.fmr <= target
    below = float(np.nextafter(np.float32(at.threshold), np.float32(-2)))
    assert count_at(found.tail.scores, below) > target * len(strangers) or at.threshold == strangers.min()
    assert at_target(found, min(1.0, 2 * target)).fnmr <= at.fnmr


@settings(max_examples=30)
@given(st.permutations(list(range(len(PERSONS)))))
def test_the_order_of_photographs_does_not_matter(order: list[int]) -> None:
    """Another order of the same photographs gives the same rates."""
    rows = templates(PERSONS)
    one, other = compared(PERSONS, rows), compared([PERSONS[place] for place in order], rows[order])
    assert at_target(other, 1e-2).fnmr == at_target(one, 1e-2).fnmr
    assert equal_error_rate(other) == pytest.approx(equal_error_rate(one))


def test_only_the_order_of_scores_matters() -> None:
    """Halving every score halves thresholds and changes no rate."""
    draws = np.random.default_rng(2)
    mated, strangers = (np.sort(draws.random(200).astype(np.float32) + shift)[::-1] for shift in (0.3, 0.0))
    one, half = scored(mated, strangers), scored(mated / 2, strangers / 2)
    assert at_target(half, 1e-2).fnmr == at_target(one, 1e-2).fnmr
    assert equal_error_rate(half) == equal_error_rate(one)


def test_the_curve_ends_where_everything_and_nothing_matches() -> None:
    """By rising threshold FMR falls from 1 and FNMR rises from 0."""
    persons = [number // 2 for number in range(40)]
    kept = samples(templates(persons))
    found = compare_all(people_of([str(person) for person in persons], kept, None), kept, silent)
    _, fmr, fnmr = det(found)
    assert (fmr[0], fnmr[0]) == (1.0, 0.0)
    assert (np.diff(fmr) <= 0).all()
    assert (np.diff(fnmr) >= 0).all()
