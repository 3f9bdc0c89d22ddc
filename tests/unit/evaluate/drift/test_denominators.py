"""Honest denominators: people presented, not attempts; what is unknown is said to be unknown."""

from __future__ import annotations

import pytest

from countenance.evaluate.drift import CLEARED, ENDED, EXEMPT, MISSED, PEOPLE, Insufficient, Rate, denominators
from countenance.evaluate.drift.denominators import presented_kind
from countenance.terms import ClearanceReason, Counted, Ended, TallySource

TALLY = presented_kind(TallySource.OFFICER_TALLY)
BOARDING = presented_kind(TallySource.BOARDING_COUNT)


def rows(*cells: tuple[str, str, int], day: int = 1) -> list[Counted]:
    """Return stored cells of one day."""
    return [Counted(day, "lane-1", kind, cell, number) for kind, cell, number in cells]


def test_twenty_people_skipped_of_a_hundred_is_eighty_percent() -> None:
    """The matcher's 100 % does not hide that 20 people never saw the camera (CBP-8, CBP-10)."""
    found = denominators(rows((TALLY, PEOPLE, 100), (ENDED, Ended.MATCHED, 80)))
    assert isinstance(found.capture_rate, Rate)
    assert isinstance(found.confirmation_rate, Rate)
    assert isinstance(found.match_rate, Rate)
    assert (found.capture_rate.value, found.confirmation_rate.value, found.match_rate.value) == (0.8, 0.8, 1.0)
    assert found.unexplained == 20


def test_everybody_is_somewhere() -> None:
    """Matched, opted out and the budget's classes (N-4) add up to the people in scope; the exempt are apart."""
    found = denominators(rows(
        (TALLY, PEOPLE, 120), (TALLY, EXEMPT, 5), (ENDED, Ended.EXEMPT, 5), (ENDED, Ended.MATCHED, 70),
        (ENDED, Ended.MATCHING, 3), (ENDED, Ended.REFERENCE, 2), (ENDED, Ended.CAPTURE, 4),
        (ENDED, Ended.UNAVAILABLE, 1), (ENDED, Ended.ATTACK_DETECTION, 1), (ENDED, Ended.OPTED_OUT, 6),
        (MISSED, "quality.no_face", 4),
        (CLEARED, ClearanceReason.SKIPPED_FAMILY, 12),
    ))  # fmt: skip
    assert (found.presented, found.exempt, found.in_scope) == (120, 10, 110)
    assert (found.captured, found.matched, found.opted_out) == (75, 70, 6)
    assert found.unexplained == 110 - 75 - 6 - 6 - 12
    assert found.matched + found.opted_out + sum(found.budget.values()) == found.in_scope
    assert found.budget["capture"] == found.missed["quality.no_face"] == 4
    assert found.cleared == {"skipped-family": 12}


def test_a_day_without_a_tally_has_no_denominator() -> None:
    """Such a day is left out of shares of people presented and counted; matched ÷ captured still has it."""
    days = rows((TALLY, PEOPLE, 50), (ENDED, Ended.MATCHED, 40)) + rows((ENDED, Ended.MATCHED, 900), day=2)
    found = denominators(days)
    assert (found.days, found.days_without_tally, found.in_scope, found.captured) == (1, 1, 50, 40)
    assert (found.all_captured, found.all_matched) == (940, 940)


def test_a_tally_that_is_too_small_is_not_believed() -> None:
    """Where the service saw more people than were tallied the day is left out and counted, not shown as 110 %."""
    found = denominators(rows((TALLY, PEOPLE, 40), (ENDED, Ended.MATCHED, 44)))
    assert (found.days, found.days_inconsistent, found.in_scope) == (0, 1, 0)
    assert isinstance(found.capture_rate, Insufficient)


def test_a_boarding_count_goes_before_an_officers_tally() -> None:
    """The two are not added up: the carrier's count holds where there is one."""
    found = denominators(rows((TALLY, PEOPLE, 90), (BOARDING, PEOPLE, 100), (ENDED, Ended.MATCHED, 80)))
    assert found.presented == 100


@pytest.mark.parametrize("counts", [[], rows(("tail.searches", "all", 5), ("group.sex.people", "male", 7))])
def test_nothing_counted_is_insufficient(counts: list[Counted]) -> None:
    """Without counts, or with counts of other things alone, there is no rate at all."""
    found = denominators(counts)
    assert isinstance(found.capture_rate, Insufficient)
    assert isinstance(found.match_rate, Insufficient)
    assert isinstance(found.refusal_rate, Insufficient)
    assert found.days == 0
