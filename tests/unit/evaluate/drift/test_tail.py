"""The impostor tail: only strangers, only searches that were made, a bound that holds, a test that can wait."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from countenance.evaluate.drift import Insufficient, TailBound, TailState, advance, search_counts, tail, tail_report
from countenance.terms import Count, Counted
from fakes.strangers import TENFOLD, counted, flights

RANKED = [("ann", 0.81), ("ann", 0.77), ("bob", 0.31), ("cleo", 0.305), ("", 0.29), ("dora", -0.02)]


def counts_of(ranked: list[tuple[str, float]], size: int = 420, found: str = "ann") -> dict[tuple[str, str], int]:
    """Return what one search adds, by kind and cell."""
    added = search_counts(ranked, found=found, gallery_size=size, threshold=0.5)
    return {(one.kind, one.cell): one.number for one in added}


# --- what one search shows --------------------------------------------------------------------------------------------
def test_strangers_are_everybody_but_the_person_found() -> None:
    """Further references of the person found, and people who left meanwhile, are no strangers; bins hold no id."""
    assert counts_of(RANKED) == {
        (tail.SEARCHES, "all"): 1, (tail.COMPARISONS, "all"): 418, (tail.COMPLETE, "-1"): 1,
        (tail.STRANGERS, "31"): 1, (tail.STRANGERS, "30"): 1, (tail.STRANGERS, "-2"): 1, (tail.BEST, "31"): 1,
    }  # fmt: skip


@pytest.mark.parametrize("score, flagged", [(0.449, False), (0.45, True), (0.5, True), (0.9, True)])
def test_who_comes_near_is_flagged_and_kept_apart(score: float, flagged: bool) -> None:  # noqa: FBT001 - a table
    """A stranger at most 0.05 below the threshold, or above it, is in no bin: a twin, or enrolled twice."""
    added = counts_of([("ann", 0.95), ("twin", score), ("twin", score), ("bob", 0.2)])
    assert added.get((tail.FLAGGED, "all"), 0) == flagged
    assert added.get((tail.FLAGGED, tail.NEARBY), 0) == 2 * flagged
    assert ((tail.STRANGERS, "44") in added) is not flagged
    assert (tail.STRANGERS, "20") in added


def test_a_list_is_complete_above_its_last_score() -> None:
    """Ten of 420 say everything above the tenth's bin; a gallery that is listed whole says everything."""
    assert (tail.COMPLETE, "-1") in counts_of(RANKED)
    assert (tail.COMPLETE, "-100") in counts_of(RANKED, size=6)


def test_a_search_without_strangers_counts_no_best() -> None:
    """A gallery of one person is searched and compared with nobody else."""
    assert counts_of([("ann", 0.9)], size=1) == {
        (tail.SEARCHES, "all"): 1, (tail.COMPARISONS, "all"): 0, (tail.COMPLETE, "-100"): 1,
    }  # fmt: skip


# --- the test ---------------------------------------------------------------------------------------------------------
def learnt(seed: int = 3) -> TailState:
    """Return a test that has learnt its baseline."""
    state = TailState("weights/point")
    for best in flights(seed, 10):
        state, signalled = advance(state, counted(best))
        assert not signalled
    assert state.level is not None
    return state


def searches_to_signal(state: TailState, seed: int, *, shift: float, count: int) -> int:
    """Return how many searches it took, looking every twenty; one more than there were where it stayed silent."""
    done = 0
    for best in flights(seed, count, shift=shift):
        for part in np.array_split(best, 21):
            state, signalled = advance(state, counted(part))
            done += len(part)
            if signalled:
                return done
    return done + 1


def test_a_tenfold_false_match_rate_signals_within_2000_searches() -> None:
    """Ten times as many false matches at 420 references: each of twelve simulated gates signals within 2,000."""
    state = learnt()
    took = [searches_to_signal(state, seed, shift=TENFOLD, count=5) for seed in range(100, 112)]
    assert max(took) <= 2000, took


def test_a_stationary_year_has_at_most_one_false_signal() -> None:
    """A year of 2,000 searches a day with wolves, lambs, people who come back and flights of people alike."""
    state, signals = TailState("weights/point"), 0
    for best in flights(9, 365 * 2000 // 420):
        for part in np.array_split(best, 7):
            state, signalled = advance(state, counted(part))
            signals += signalled
    assert signals <= 1
    assert state.level is not None


def test_what_it_states_is_about_what_it_takes() -> None:
    """With a fivefold rate at the level, independent searches signal within a fifth of the stated number."""
    state = learnt()
    hit = 1 - (1 - state.rate) ** 5
    generator, took = np.random.default_rng(1), []
    for _ in range(40):
        now, done, signalled = state, 0, False
        while not signalled:
            hits = int(generator.binomial(20, hit))
            more = {
                (tail.SEARCHES, "all"): 20,
                (tail.COMPARISONS, "all"): 20 * 419,
                (tail.BEST, str(state.level)): hits,
            }
            now, signalled = advance(now, more)
            done += 20
        took.append(done)
    assert abs(np.mean(took) / state.expected(5) - 1) < 0.2
    assert state.expected(1) == float("inf")


def test_everything_near_the_threshold_is_no_hiding_place() -> None:
    """Where all strangers come so near that all are flagged, the test signals: flags count as strangers that show."""
    state = learnt()
    for _ in range(200):
        state, signalled = advance(state, {
            (tail.SEARCHES, "all"): 1, (tail.COMPARISONS, "all"): 419, (tail.FLAGGED, "all"): 1,
        })  # fmt: skip
        if signalled:
            return
    pytest.fail("no signal")


def test_a_state_survives_as_json() -> None:
    """Learning or watching, a state that was saved goes on as if it had not been."""
    for state in (TailState("w"), replace(learnt(), total=77), advance(TailState("w"), counts_of(RANKED))[0]):
        assert TailState.from_json(state.as_json()) == state


def test_too_few_strangers_teach_nothing() -> None:
    """A gate whose searches show no strangers keeps learning, however long, and never signals."""
    state, signalled = advance(TailState("w"), {(tail.SEARCHES, "all"): 10_000, (tail.COMPARISONS, "all"): 0})
    assert (state.level, signalled) == (None, False)


# --- the bound --------------------------------------------------------------------------------------------------------
def stored(day: int, added: Counter[tuple[str, str]]) -> list[Counted]:
    """Return a day's rows."""
    return [Counted(day, "gate-1", kind, cell, number) for (kind, cell), number in added.items()]


def a_month(days: int, searches: int) -> list[Counted]:
    """Return the counts of searches whose strangers' scores are normal, 419 a search, the best nine listed."""
    generator, rows = np.random.default_rng(2), []
    for day in range(days):
        added: Counter[tuple[str, str]] = Counter()
        scores = np.sort(generator.normal(scale=0.117, size=(searches, 419)))[:, ::-1][:, :9]
        for best in scores:
            ranked = [("ann", 0.8), *((f"s{at}", float(score)) for at, score in enumerate(best))]
            for one in search_counts(ranked, found="ann", gallery_size=420, threshold=0.5):
                added[one.kind, one.cell] += one.number
        rows += stored(day, added)
    return rows


def test_the_bound_holds_at_the_threshold() -> None:
    """With a true false match rate of 1e-5 at 0.50, the bound from the strangers is above it and below 1e-3."""
    found = tail_report(a_month(30, 100), threshold=0.5)
    assert isinstance(found.bound, TailBound)
    assert found.bound.level <= 45
    assert 1e-5 < found.bound.fmr < found.bound.high < 1e-3
    assert (found.searches, found.comparisons) == (3000, 3000 * 419)
    assert found.flagged_searches > 0


def test_few_days_bound_nothing() -> None:
    """Nine days, however many searches, are insufficient: people of one day belong together."""
    assert tail_report(a_month(9, 60), threshold=0.5).bound == Insufficient(9, 10)
    assert tail_report([], threshold=0.5).bound == Insufficient(0, 10)
    assert tail_report([], threshold=0.5).flagged_share == 1.0


def test_days_that_differ_widen_the_bound() -> None:
    """The same strangers in the same number of comparisons bound less where they came on few days."""

    def days(numbers: list[int]) -> TailBound:
        rows: list[Counted] = []
        for day, number in enumerate(numbers):
            rows += stored(day, Counter({
                (tail.SEARCHES, "all"): 1000, (tail.COMPARISONS, "all"): 419_000, (tail.COMPLETE, "30"): 1000,
                (tail.STRANGERS, "40"): number,
            }))  # fmt: skip
        found = tail_report(rows, threshold=0.5).bound
        assert isinstance(found, TailBound)
        return found

    even, uneven = days([20] * 12), days([1] * 10 + [115, 115])
    assert even.fmr == uneven.fmr
    assert uneven.high > even.high


def test_below_an_incomplete_list_nothing_is_concluded() -> None:
    """Strangers below the level from which every list is complete are in no bound."""
    rows: list[Counted] = []
    for day in range(12):
        rows += stored(day, Counter({
            (tail.SEARCHES, "all"): 1000, (tail.COMPARISONS, "all"): 419_000, (tail.COMPLETE, "41"): 1,
            (tail.STRANGERS, "40"): 50,
        }))  # fmt: skip
    assert tail_report(rows, threshold=0.5).bound == Insufficient(0, 30)


def test_counts_are_numbers_of_cells() -> None:
    """A search adds whole numbers to named cells and nothing else."""
    added = search_counts(RANKED, found="ann", gallery_size=420, threshold=0.5)
    assert all(isinstance(one, Count) and one.number > 0 for one in added)
