"""Searches of galleries, folds, quality curves and differences between groups, each against an answer known before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from countenance.evaluate.comparisons import people_of
from countenance.evaluate.discard import SHARES, discard_curves, goodness
from countenance.evaluate.disparity import disparity, fairness_discrepancy, garbe, gini, max_over_geomean
from countenance.evaluate.identification import Searches, SearchRates, rates_at, search_all, sizes_for
from countenance.evaluate.lfw import best_accuracy, fold_accuracy
from countenance.evaluate.pairs import PairList
from countenance.evaluate.rates import State, rate
from countenance.evaluate.samples import MEASURES, Samples
from fakes.evaluated import compared, evaluated, samples, silent, templates

PERSONS = [number // 3 for number in range(360)]


def searches(size: int, spread: float) -> tuple[Searches, Searches]:
    """Return the searches of one size, with one reference a person and with several."""
    kept = samples(templates(PERSONS, spread=spread))
    people = people_of([f"p{person}" for person in PERSONS], kept, None)
    one, several = search_all(people, kept, [size], seed=1, progress=silent)
    return one, several


def at(found: Searches, threshold: float) -> SearchRates:
    """Return the rates at one threshold."""
    return rates_at(found, [threshold], seed=1)[0]


def test_faces_that_never_vary_are_always_found() -> None:
    """Without noise every search of an enrolled person returns that person at a score of 1."""
    one, _ = searches(40, 0.0)
    assert one.right.all()
    assert one.best_mated.min() == pytest.approx(1.0, abs=1e-5)
    assert at(one, 0.99).fnir == 0.0


def test_a_wrong_person_returned_is_a_miss() -> None:
    """However high its score, a first candidate who is somebody else counts as a miss."""
    scores = np.array([0.9, 0.9, 0.2], np.float32)
    found = Searches(10, 1, scores, np.array([True, False, True]), np.arange(3, dtype=np.int32), scores[:0],
                     np.empty(0, np.int32))  # fmt: skip
    seen = at(found, 0.5)
    assert seen.misses == 2
    assert seen.fnir == pytest.approx(2 / 3)


def test_larger_galleries_return_more_strangers_and_more_references_miss_fewer() -> None:
    """FPIR grows with the gallery at one threshold, and FNIR falls with several references (N-3)."""
    small, large = searches(20, 0.9)[0], searches(80, 0.9)
    threshold = float(np.quantile(large[0].best_non_mated, 0.9))
    assert at(small, threshold).fpir < at(large[0], threshold).fpir
    assert at(large[1], threshold).fnir < at(large[0], threshold).fnir


def test_nobody_is_searched_for_in_vain_who_is_enrolled() -> None:
    """Non-mated searches are of people outside, mated ones of people inside, and a probe is never its own reference."""
    one, _ = searches(40, 0.3)
    assert one.best_mated.max() < 0.99999
    assert len(one.best_non_mated) == len(one.non_mated_persons)
    assert len(np.unique(one.mated_persons)) > 40


@pytest.mark.parametrize("wanted,allowed", [((100,), []), ((20, 90, 91), [20, 90]), ((1,), [])])
def test_galleries_leave_people_to_search_for_in_vain(wanted: tuple[int, ...], allowed: list[int]) -> None:
    """Three quarters of the people are the largest gallery."""
    kept = samples(templates(PERSONS))
    people = people_of([f"p{person}" for person in PERSONS], kept, None)
    assert sizes_for(people, wanted) == allowed


def listed(mated: list[bool], fold: list[int]) -> PairList:
    """Return a list of pairs of which only truth and fold matter."""
    places = np.arange(len(mated), dtype=np.int32)
    return PairList(places, places, np.array(mated), np.array(fold, np.int32), (), "")


def test_the_best_threshold_lies_between_the_classes() -> None:
    """Where the classes are apart accuracy is 1 and the threshold lies half way."""
    accuracy, threshold = best_accuracy(
        np.array([0.1, 0.2, 0.6, 0.8], np.float32), np.array([False, False, True, True])
    )
    assert accuracy == 1.0
    assert threshold == pytest.approx(0.4)


def test_each_fold_is_judged_by_the_others() -> None:
    """A fold whose scores lie elsewhere is judged wrongly, by the threshold of the rest."""
    scores = np.array([0.1, 0.9, 0.1, 0.9, 0.6, 0.7], np.float32)
    truth, folds = [False, True, False, True, False, True], [0, 0, 1, 1, 2, 2]
    found = fold_accuracy(scores, listed(truth, folds))
    assert found is not None
    assert found.accuracy == pytest.approx(np.mean([1.0, 1.0, 0.5]))
    assert found.standard_error == pytest.approx(np.std([1.0, 1.0, 0.5], ddof=1) / np.sqrt(3))
    assert fold_accuracy(scores, listed(truth, [0] * 6)) is None


def test_a_measure_that_knows_the_bad_photographs_pulls_the_curve_down() -> None:
    """Discarding what a perfect measure likes least removes every error; a random one leaves about as many."""
    persons = [number // 3 for number in range(900)]
    rows = templates(persons, spread=0.3)
    bad = np.random.default_rng(4).random(len(persons)) < 0.12
    rows[bad] = templates(persons, seed=99)[bad]
    kept = samples(rows)
    quality = kept.quality.copy()
    quality[:, MEASURES.index("feature_norm")] = np.where(bad, 1.0, 10.0)
    quality[:, MEASURES.index("yaw_deg")] = quality[:, MEASURES.index("pitch_deg")] = 0.0
    kept = Samples(kept.templates, kept.usable, kept.outcomes, quality, kept.boxes, kept.sha256)
    found = discard_curves(compared(persons, rows), kept, 0.5)
    curves = {(one.measure, one.frontal_only): one.points for one in found}
    knows, random = curves["feature_norm", False], curves["sharpness", False]
    assert knows[0].value == random[0].value > 0.05  # type: ignore[operator]
    none_left = knows[int(np.searchsorted(SHARES, 0.2))]
    assert (none_left.state, none_left.value) == (State.BOUND, None)
    assert none_left.high == 3 / none_left.independent
    assert random[int(np.searchsorted(SHARES, 0.2))].value > 0.02  # type: ignore[operator]
    assert curves["feature_norm", True] == knows


def test_each_point_of_a_curve_has_its_own_floor() -> None:
    """Misses of five people, however many, make no rate; the same misses of all people make one."""
    persons = [number // 12 for number in range(360)]
    rows = templates(persons, spread=0.2)
    few = np.array(persons) < 5
    rows[few] = templates(persons, spread=3.0, seed=5)[few]
    points = discard_curves(compared(persons, rows), samples(rows), 0.5)[0].points
    assert points[0].errors > 100
    assert (points[0].people, points[0].state, points[0].value) == (5, State.INSUFFICIENT, None)
    many = templates(persons, spread=3.0)
    assert discard_curves(compared(persons, many), samples(many), 0.5)[0].points[0].state is State.MEASURED


@pytest.mark.parametrize(
    "measure,better,worse",
    [("sharpness", 9, 3), ("yaw_deg", -2, 30), ("under_exposed", 0.0, 0.5), ("luminance", 0.5, 0.95)],
)
def test_higher_is_better_after_turning(measure: str, better: float, worse: float) -> None:
    """Whatever a measure's own direction is."""
    assert goodness(measure, np.float32([better]))[0] > goodness(measure, np.float32([worse]))[0]


def test_equal_groups_have_no_difference() -> None:
    """Max over geometric mean is 1, FDR 1, GARBE 0."""
    assert max_over_geomean([0.1, 0.1, 0.1]) == pytest.approx(1.0)
    assert fairness_discrepancy([0.1, 0.1], [0.2, 0.2]) == 1.0
    assert garbe([0.1, 0.1], [0.2, 0.2]) == 0.0


def test_differences_between_groups_by_hand() -> None:
    """Two groups, one with a rate ten times the other's: each measure by its formula."""
    assert max_over_geomean([0.1, 0.01]) == pytest.approx(np.sqrt(10))
    assert gini([0.1, 0.01]) == pytest.approx(2 * (2 * 0.09) / (2 * 4 * 0.055))
    assert fairness_discrepancy([0.1, 0.01], [0.3, 0.1]) == pytest.approx(1 - (0.5 * 0.09 + 0.5 * 0.2))


def test_groups_without_data_are_left_out() -> None:
    """No ratio is made of "insufficient data" or of an upper bound; what is left out is counted."""
    good = rate(300, 1000, 50, 100, 0.2, 0.4), rate(40, 1000, 50, 100, 0.02, 0.06)
    nothing = rate(3, 1000, 2, 100, 0.0, 0.1), rate(80, 1000, 50, 100, 0.04, 0.12)
    none_wrong = rate(0, 1000, 0, 100, 0.0, 0.0), rate(80, 1000, 50, 100, 0.04, 0.12)
    for left_out, bounded in ((nothing, 0), (none_wrong, 1)):
        found = disparity([good, left_out])
        assert (found.fmr_groups, found.fnmr_groups, found.groups, found.bounded) == (1, 2, 1, bounded)
        assert (found.fmr_max_over_geomean, found.fdr, found.garbe) == (None, None, None)
        assert found.fnmr_max_over_geomean == pytest.approx(0.08 / np.sqrt(0.08 * 0.04))


def test_two_measured_groups_are_compared_whoever_else_is_there() -> None:
    """Groups with a bound or too few errors change no measure of the others: they only count as left out."""
    groups = [(rate(300, 1000, 50, 100, 0.2, 0.4), rate(40, 1000, 50, 100, 0.02, 0.06)),
              (rate(30, 1000, 50, 100, 0.02, 0.04), rate(80, 1000, 50, 100, 0.04, 0.12))]  # fmt: skip
    more = [(rate(0, 1000, 0, 4, 0.0, 0.0), rate(0, 1000, 0, 4, 0.0, 0.0)),
            (rate(9, 1000, 5, 100, 0.0, 0.0), rate(500, 1000, 5, 100, 0.0, 0.0))]  # fmt: skip
    alone, beside = disparity(groups), disparity([*groups, *more])
    assert alone.fmr_max_over_geomean == pytest.approx(0.3 / np.sqrt(0.3 * 0.03))
    assert replace(beside, bounded=0) == alone
    assert beside.bounded == 2
    assert None not in {alone.fdr, alone.garbe, alone.fnmr_max_over_geomean}


def test_a_group_is_looked_at_with_the_one_threshold() -> None:
    """At everybody's threshold strangers who resemble each other match more often; refusals count as misses."""
    persons = [number // 2 for number in range(240)]
    rows = templates(persons, dimension=24)
    rows[120:] += 0.2  # the second half share a direction
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    groups = [("near",) if person >= 60 else ("far",) for person in range(120)]
    usable = [number != 239 for number in range(240)]
    found = evaluated(persons, rows, groups=groups, names=("kind",), usable=usable)
    parts = {value: part for _, value, part in found.groups}
    drawn = found.intervals[1e-2]
    assert drawn.subset_fmr["kind=near"].low > drawn.subset_fmr["kind=far"].high
    assert int(parts["near"].mated_each.sum()) == 60
    assert found.comparisons.people.lost.sum() == 1
    assert [one.name for one in found.same] == ["same kind"]
    assert drawn.subset_fmr["same kind"].low > drawn.fmr.high
