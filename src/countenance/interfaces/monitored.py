"""The monitors' figures as they travel: whole numbers, small cells kept in."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from countenance.evaluate.drift import (
    SMALLEST_CELL,
    CheckpointReport,
    Denominators,
    GroupTable,
    Insufficient,
    Rate,
    Report,
    TailBound,
    Waiting,
    hidden_cells,
    shown_cells,
)
from countenance.evaluate.drift.rates import FLOOR
from countenance.evaluate.drift.tail import RATIO, TAIL_LIMIT
from countenance.interfaces.durations import day_text
from countenance.interfaces.schemas_monitoring import (
    CellBody,
    CellsBody,
    CheckpointMonitoringBody,
    DenominatorsBody,
    GroupBody,
    GroupRowBody,
    MatchRateBody,
    MonitoringBody,
    RateBody,
    SignalBody,
    TailBody,
    WaitingBody,
)
from countenance.terms import iso

_MILLION, _BILLION = 1_000_000, 1_000_000_000


def monitoring_body(report: Report) -> MonitoringBody:
    """Return a report as it travels; nothing in it has fewer than :data:`SMALLEST_CELL` people of a kind."""
    return MonitoringBody(
        since=day_text(report.since), until=day_text(report.until),
        checkpoints=[_checkpoint(one) for one in report.checkpoints],
        signals=[
            SignalBody(at=iso(one.at), checkpoint=one.checkpoint_id, monitor=one.monitor, detail=one.detail)
            for one in report.signals
        ],
    )  # fmt: skip


def _checkpoint(report: CheckpointReport) -> CheckpointMonitoringBody:
    counted = report.denominators
    return CheckpointMonitoringBody(
        checkpoint=report.checkpoint_id,
        denominators=_denominators(counted) if counted.in_scope >= SMALLEST_CELL else None,
        capture_rate=_rate(counted.capture_rate), match_rate=_rate(counted.match_rate),
        confirmation_rate=_rate(counted.confirmation_rate), refusal_rate=_rate(counted.refusal_rate),
        waiting=_waiting(report), match_test=_match_test(report), tail=_tail(report),
        groups=[_group(table) for table in report.groups],
    )  # fmt: skip


def _rate(found: Rate | Insufficient) -> RateBody:
    if isinstance(found, Insufficient):
        return RateBody(people=None, needed=found.needed, per_million=None, low=None, high=None)
    low, value, high = (round(share * _MILLION) for share in (found.low, found.value, found.high))
    return RateBody(people=found.of, needed=FLOOR, per_million=value, low=low, high=high)


def _denominators(counted: Denominators) -> DenominatorsBody:
    return DenominatorsBody(
        days=counted.days, days_without_tally=counted.days_without_tally,
        days_inconsistent=counted.days_inconsistent, presented=counted.presented, exempt=counted.exempt,
        in_scope=counted.in_scope, captured=counted.captured, matched=counted.matched, opted_out=counted.opted_out,
        unexplained=counted.unexplained, cleared=_cells(counted.cleared), missed=_cells(counted.missed),
        budget=[CellBody(cell=cell, people=people) for cell, people in counted.budget.items()],
    )  # fmt: skip


def _cells(cells: Mapping[str, int]) -> CellsBody:
    hidden = hidden_cells(cells)
    shown = [CellBody(cell=cell, people=people) for cell, people in shown_cells(cells, hidden).items()]
    return CellsBody(shown=shown, hidden=len(hidden))


def _waiting(report: CheckpointReport) -> WaitingBody:
    found = report.waiting
    if not isinstance(found, Waiting):
        return WaitingBody(
            refused_median=None, others_median=None, gap_low=None, gap_high=None, limit=report.wait_limit, exceeds=False
        )
    return WaitingBody(
        refused_median=found.refused_median, others_median=found.others_median, gap_low=found.low,
        gap_high=found.high, limit=found.limit, exceeds=found.exceeds,
    )  # fmt: skip


def _match_test(report: CheckpointReport) -> MatchRateBody:
    test = report.match_rate
    return MatchRateBody(
        total=test.total, limit=test.limit, good_per_million=round(test.good * _MILLION),
        bad_per_million=round(test.bad * _MILLION), expected_people=round(test.expected), within_people=test.within,
        false_alarm_per_million=round(test.false_alarm * _MILLION), quiet_days=test.quiet_days,
        daily_volume=test.daily_volume,
    )  # fmt: skip


def _tail(report: CheckpointReport) -> TailBody:
    tail, state = report.tail, report.tail_state
    bound = tail.bound if isinstance(tail.bound, TailBound) else None
    learning = state.level is None
    expected = float("inf") if learning else state.expected(RATIO)
    return TailBody(
        searches=tail.searches, comparisons=tail.comparisons, flagged_searches=tail.flagged_searches,
        flagged_high_per_million=round(tail.flagged_share * _MILLION),
        bound_per_billion=None if bound is None else round(bound.high * _BILLION),
        bound_level=None if bound is None else bound.level,
        bound_strangers=None if bound is None else bound.strangers,
        learning=learning, baseline_searches=state.searches if learning else state.base_searches,
        total=state.total, limit=TAIL_LIMIT, expected_searches=round(expected) if isfinite(expected) else None,
    )  # fmt: skip


def _group(table: GroupTable) -> GroupBody:
    rows = [
        GroupRowBody(cell=row.cell, people=row.people, referred=_rate(row.referred), missed=_rate(row.missed))
        for row in table.rows
    ]
    return GroupBody(dimension=table.dimension, rows=rows, hidden=table.hidden)
