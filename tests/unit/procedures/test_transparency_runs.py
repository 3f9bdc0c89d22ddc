"""When a count may be told: where the calendar widens, with ten in it, and with room for what is kept in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from countenance.procedures.transparency.kinds import Kind, kind_of
from countenance.procedures.transparency.runs import close, covered, fold, has_room, may_end
from countenance.terms import JsonObject, PublicRun

DAY = date(1970, 1, 1)
PLENTY = 10**6


def days(text: str) -> int:
    """Return a day since 1970."""
    return (date.fromisoformat(text) - DAY).days


def run(
    number: int, kind: Kind = Kind.MATCHES, since: str = "2026-12-01", until: str = "", **changes: str
) -> PublicRun:
    """Return an open run."""
    place = changes.get("place", "lane-1")
    return PublicRun(place, kind, days(since), days(until or since), number, closed=False)


@pytest.mark.parametrize("since, ends", [
    ("2026-12-01", ["2026-12-01", "2026-12-06", "2026-12-31", "2027-12-31", "2028-12-31"]),
    ("2026-12-06", ["2026-12-06", "2026-12-31", "2027-12-31", "2028-12-31"]),
    ("2026-01-30", ["2026-01-30", "2026-02-01", "2026-02-28", "2026-03-31", "2026-12-31", "2027-12-31"]),
    ("2026-12-30", ["2026-12-30", "2027-01-03", "2027-01-31", "2027-03-31", "2027-12-31", "2028-12-31"]),
])  # fmt: skip
def test_a_run_widens_with_the_calendar(since: str, ends: list[str]) -> None:
    """A run may end with its first day, that week, month, quarter, year, and each year after, and on no other day."""
    first = days(since)
    found = [day for day in range(first, days(ends[-1]) + 1) if may_end(first, day)]
    assert [(DAY + timedelta(day)).isoformat() for day in found] == ends


def test_ten_are_told_and_nine_are_not() -> None:
    """Ten on a day are told, for that day; nine wait for more days, and so does nobody at all."""
    ended = close([run(10), run(9, Kind.REFUSALS), run(0, Kind.NO_CAMERA)], [], lambda *_: PLENTY)
    assert [(one.kind, one.number, one.closed) for one in ended] == [("matches", 10, True)]


def test_a_week_that_began_waits_for_its_end() -> None:
    """Once its first day was too small, a run of ten is told no sooner than the week ends."""
    waiting = fold(run(4), days("2026-12-02"), 6)
    assert close([waiting], [], lambda *_: PLENTY) == ()
    (ended,) = close([fold(waiting, days("2026-12-06"), 0)], [], lambda *_: PLENTY)
    assert (ended.since, ended.until, ended.number) == (days("2026-12-01"), days("2026-12-06"), 10)


def test_reviews_wait_for_referrals() -> None:
    """Reviews that come near the told referrals are not told: the difference would bound what of both is kept in."""
    told = [run(20, Kind.NOT_MATCHED), run(99, Kind.NOT_MATCHED, place="lane-2")]
    assert covered(run(11, Kind.REVIEWS), told)
    assert not covered(run(12, Kind.REVIEWS), told)
    assert not covered(run(11, Kind.REVIEWS), [*told, run(1, Kind.REVIEWS, since="2026-11-30")])
    assert covered(run(12, Kind.REVIEWS), [*told, run(1, Kind.OFFICER_REFERRALS)])


def test_the_log_must_have_grown_enough() -> None:
    """A day on which the log holds hardly more than what is told bounds the rest, so it is not told that day."""
    assert not has_room(run(20), [], lambda *_: 84)
    assert has_room(run(20), [], lambda *_: 85)
    assert not has_room(run(20), [run(10, Kind.REFUSALS, until="2026-12-01")], lambda *_: 104)
    assert has_room(run(20), [run(10, Kind.REFUSALS, since="2026-11-30")], lambda *_: 85)


@pytest.mark.parametrize("facts, kind", [
    ({"event": "attempt.answered", "decision": "match"}, Kind.MATCHES),
    ({"event": "attempt.answered", "decision": "referred"}, Kind.NOT_MATCHED),
    ({"event": "attempt.answered", "decision": "no_match"}, Kind.NOT_MATCHED),
    ({"event": "attempt.answered", "decision": "not_compared"}, Kind.NOT_COMPARED),
    ({"event": "attempt.answered", "decision": "retry"}, None),
    ({"event": "encounter.opened", "decision": "opened"}, None),
    ({"event": "encounter.opened", "decision": "not_compared"}, Kind.NO_CAMERA),
    ({"event": "encounter.opted_out"}, Kind.REFUSALS),
    ({"event": "referral.raised", "by": ""}, None),
    ({"event": "referral.raised", "by": "operator:1"}, Kind.OFFICER_REFERRALS),
    ({"event": "referral.stepped", "step": "send_on"}, None),
    ({"event": "referral.stepped", "step": "find"}, Kind.REVIEWS),
    ({"event": "referral.stepped", "step": "uphold"}, Kind.CONTESTS_REVIEWED),
    ({"event": "encounter.opened", "decision": "referred"}, Kind.CAME_BACK),
    ({"event": "erasure.receipt", "cause": "order"}, Kind.ERASURES),
    ({"event": "erasure.receipt", "cause": "clock"}, None),
    ({"event": "reference.offered"}, None),
    ({}, None),
])  # fmt: skip
def test_an_entry_counts_once(facts: JsonObject, kind: Kind | None) -> None:
    """An encounter counts by how it ended, once; what ends nothing counts as nothing."""
    assert kind_of(facts) is kind
