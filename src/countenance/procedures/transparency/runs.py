"""When a count may be told: a run of days ends where it holds ten, and nothing else that is told gives the rest away.

A **run** is consecutive days of one series (a checkpoint and a kind). It begins on the day after the last one ended and
may end only where the calendar widens: on its first day, at the end of that week, of the month, the quarter, the year,
and of each year after. Published runs of a series share no day and never change, so no two of them can be subtracted.
``docs/transparency.md`` says why nothing that is kept in can be computed; ``test_transparency_attack.py`` tries to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from countenance.procedures.transparency.kinds import ENTRIES, MOST_ENTRIES, WITHIN, Kind
from countenance.terms import PublicRun

SMALLEST = 10
"""Fewer than this are never told, and zero is not told from nine."""
_EPOCH = date(1970, 1, 1)

Leaves = Callable[[int, int], int]
"""Returns how many leaves the log grew by in the days [since, until]: everybody can see that."""


def may_end(since: int, day: int) -> bool:
    """Return whether a run that began on ``since`` may end with ``day`` (days since 1970, UTC)."""
    first = _EPOCH + timedelta(since)
    week = first + timedelta(6 - first.weekday())
    month = _month_end(week)
    quarter = _month_end(month.replace(day=1, month=(month.month - 1) // 3 * 3 + 3))
    year = quarter.replace(month=12, day=31)
    last = _EPOCH + timedelta(day)
    return last in {first, week, month, quarter, year} or (last > year and (last.month, last.day) == (12, 31))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)


def fold(run: PublicRun, day: int, number: int) -> PublicRun:
    """Return an open run with one more day in it."""
    return replace(run, until=day, number=run.number + number)


def close(runs: Iterable[PublicRun], told: Sequence[PublicRun], leaves: Leaves) -> tuple[PublicRun, ...]:
    """Return which of the open ``runs`` end today, closed; ``told`` are all that ended before."""
    large = [run for run in runs if run.number >= SMALLEST and may_end(run.since, run.until)]
    first = min((run.since for run in large), default=0)
    recent = [one for one in told if one.until >= first]
    ended: list[PublicRun] = []
    for run in sorted(large, key=lambda one: (list(Kind).index(Kind(one.kind)), one.checkpoint_id)):
        if covered(run, told, ended) and has_room(run, (*recent, *ended), leaves):
            ended.append(replace(run, closed=True))
    return tuple(ended)


def covered(run: PublicRun, *told: Iterable[PublicRun]) -> bool:
    """Return whether telling the run leaves open how many of its kind, and of those around it, are kept in.

    Reviews are never more than referrals. Had more reviews been told than referrals, the difference would be a least
    number of referrals that are kept in; had nearly as many, a most of reviews. So reviews wait until so many referrals
    were told that nine more reviews would fit.
    """
    around = WITHIN.get(Kind(run.kind))
    if around is None:
        return True
    sums: Mapping[bool, int] = {
        own: sum(
            one.number for one in chain(*told)
            if one.checkpoint_id == run.checkpoint_id and ((one.kind == run.kind) if own else (one.kind in around))
        )
        for own in (True, False)
    }  # fmt: skip
    return sums[True] + run.number + SMALLEST - 1 <= sums[False]


def has_room(run: PublicRun, told: Iterable[PublicRun], leaves: Leaves) -> bool:
    """Return whether the log grew enough in the run's days to leave room for what is kept in.

    Each encounter leaves entries, and the log cannot hold more of them than it has leaves. Were nearly all explained by
    what is told, the few left over would bound what is not. So nine more of any kind must fit in as well.
    """
    overlapping = sum(entries(one) for one in told if one.until >= run.since)
    return overlapping + entries(run) + MOST_ENTRIES * (SMALLEST - 1) <= leaves(run.since, run.until)


def entries(run: PublicRun) -> int:
    """Return how many entries a run's events left at least."""
    return ENTRIES.get(Kind(run.kind), 1) * run.number
