"""One checkpoint's figures together: what was counted, what the tests watch, how soon they would tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from countenance.evaluate.drift.cusum import DAILY_VOLUME, MATCH_RATE, QUIET_DAYS
from countenance.evaluate.drift.denominators import Denominators, denominators
from countenance.evaluate.drift.groups import DIMENSIONS, GroupTable, group_table
from countenance.evaluate.drift.rates import Insufficient
from countenance.evaluate.drift.tail import TailReport, TailState, tail_report
from countenance.evaluate.drift.waiting import Waiting, compare_waits
from countenance.terms import Counted, Signal

WAIT_REFUSED, WAIT_OTHERS = "wait.refused", "wait.others"
"""Kinds of counts: waits in bins."""


@dataclass(frozen=True, slots=True)
class MatchRateReport:
    """Where the test on the match rate stands, and what it would notice how soon."""

    total: int
    limit: int
    good: float
    bad: float
    expected: float
    """Captured people until it signals when the rate falls to ``bad``: the mean."""
    within: int
    """The same, in 99 of 100 cases."""
    false_alarm: float
    """The chance of a signal within ``quiet_days`` at ``daily_volume`` while the rate stays ``good``."""
    quiet_days: int
    daily_volume: int


@dataclass(frozen=True, slots=True)
class CheckpointReport:
    """Everything about one checkpoint."""

    checkpoint_id: str
    denominators: Denominators
    waiting: Waiting | Insufficient
    wait_limit: int
    """The charter's, in seconds."""
    match_rate: MatchRateReport
    tail: TailReport
    tail_state: TailState
    groups: tuple[GroupTable, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole site's figures of the days ``since`` to ``until``, both included (days since 1970, UTC)."""

    since: int
    until: int
    checkpoints: tuple[CheckpointReport, ...]
    signals: tuple[Signal, ...]


def match_rate_report(total: int) -> MatchRateReport:
    """Return what the test on the match rate promises, at the sum it stands at."""
    test = MATCH_RATE
    return MatchRateReport(
        total, test.limit, test.good, test.bad, test.expected(test.bad), test.within(test.bad),
        test.false_alarm(QUIET_DAYS * DAILY_VOLUME), QUIET_DAYS, DAILY_VOLUME,
    )  # fmt: skip


def waits(counts: Iterable[Counted], limit: int) -> Waiting | Insufficient:
    """Return how the waits compare in these counts."""
    bins: dict[str, Counter[str]] = {WAIT_REFUSED: Counter(), WAIT_OTHERS: Counter()}
    for row in counts:
        if row.kind in bins:
            bins[row.kind][row.cell] += row.number
    return compare_waits(bins[WAIT_REFUSED], bins[WAIT_OTHERS], limit)


def checkpoint_report(
    checkpoint_id: str,
    counts: Iterable[Counted],
    *,
    by_month: Iterable[Counted],
    wait_limit: int,
    threshold: float,
    match_total: int,
    tail_state: TailState,
) -> CheckpointReport:
    """Return the report on one checkpoint; ``by_month`` are the groups' counts, whole months."""
    rows, months = tuple(counts), tuple(by_month)
    return CheckpointReport(
        checkpoint_id, denominators(rows), waits(rows, wait_limit), wait_limit, match_rate_report(match_total),
        tail_report(rows, threshold=threshold), tail_state,
        tuple(group_table(dimension, months) for dimension in DIMENSIONS),
    )  # fmt: skip


def shown_cells(cells: Mapping[str, int], hidden: frozenset[str]) -> dict[str, int]:
    """Return the cells that may be shown, without those of nobody."""
    return {cell: number for cell, number in sorted(cells.items()) if number and cell not in hidden}
