"""A site watches itself: the tests are evaluated, signals recorded, a report given.

What crossings count and staff note becomes rates with honest denominators, sequential tests
and bounds (``evaluate.drift``). A signal is in the record before anybody sees it; nothing here is about a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from countenance.evaluate.drift import (
    ENDED,
    MATCH_RATE,
    TAIL_LIMIT,
    Report,
    TailState,
    Waiting,
    advance,
    checkpoint_report,
    due_snapshots,
    is_group,
    waits,
)
from countenance.ports import Clock, Policy, Transactions, UnitOfWork
from countenance.procedures.lanes import Lane, Lanes, permit
from countenance.procedures.recording import Recorder, expiry
from countenance.terms import (
    CAPTURED,
    DAY_MS,
    Action,
    Actor,
    Counted,
    Ended,
    Instant,
    JsonObject,
    Monitor,
    Signal,
)

EVERY_MS = 60_000
"""Milliseconds between evaluations while serving."""
DAYS = 30
"""Days that a report covers unless asked otherwise, and over which waits are compared."""
_CURSOR, _MATCHES, _TAIL, _WAIT = "cursor", "match-rate", "impostor-tail", "refusal-wait"

Increments = dict[tuple[str, str], int]
"""By (kind, cell): what was counted since the last evaluation."""


class Pace:
    """When the tests were evaluated last, in this process."""

    def __init__(self) -> None:
        self.last = Instant(-EVERY_MS)


@dataclass(frozen=True, slots=True)
class Watching:
    """Everything watching needs, chosen by ``bootstrap``."""

    clock: Clock
    transactions: Transactions
    recorder: Recorder
    policy: Policy
    lanes: Lanes
    pace: Pace

    def tick(self) -> None:
        """Evaluate the tests once a minute.

        Raises:
            StorageError: nothing was evaluated; the next tick tries again.
        """
        now = self.clock.now()
        if now - self.pace.last >= EVERY_MS:
            self.evaluate(now)
            self.pace.last = now

    def evaluate(self, now: Instant) -> tuple[Signal, ...]:
        """Evaluate every test on what was counted since the last time and return the signals.

        (1) look, without disturbing writers; (2) the sequential tests take what is new, in one transaction with their
        states, the groups' snapshots, and an entry for each signal (facts only).

        Raises:
            StorageError: nothing was evaluated.
        """
        with self.transactions.read() as tx:  # (1)
            rows = _new_rows(tx, now, self.lanes.by_checkpoint)
            if not any(_increments(tx, checkpoint_id, rows)[0] for checkpoint_id in self.lanes.by_checkpoint):
                return ()
        signals: list[Signal] = []
        with self.transactions.write() as tx:  # (2)
            rows = _new_rows(tx, now, self.lanes.by_checkpoint)
            for checkpoint_id, lane in sorted(self.lanes.by_checkpoint.items()):
                own = [row for row in rows if row.checkpoint_id == checkpoint_id]
                signals += self._evaluate_lane(tx, lane, own, now)
            tx.commit()
        return tuple(signals)

    def _evaluate_lane(self, tx: UnitOfWork, lane: Lane, rows: list[Counted], now: Instant) -> list[Signal]:
        checkpoint_id, expires_at = lane.checkpoint.checkpoint_id, expiry(lane.charter, "facts", now)
        new, cursor = _increments(tx, checkpoint_id, rows)
        if not new:
            return []
        details = {
            Monitor.MATCH_RATE: _match_rate(tx, checkpoint_id, new, expires_at),
            Monitor.IMPOSTOR_TAIL: self._tail(tx, lane, new, expires_at),
            Monitor.REFUSAL_WAIT: _refusal_wait(tx, lane, rows, now, expires_at),
        }
        tx.aggregates.save_state(checkpoint_id, _CURSOR, cursor, expires_at=expires_at)
        for day, count in due_snapshots(rows):
            tx.aggregates.put(day, checkpoint_id, [count], expires_at=expires_at)
        signals = [Signal(now, checkpoint_id, monitor, detail) for monitor, detail in details.items() if detail]
        for signal in signals:
            tx.aggregates.add_signal(signal, expires_at=expires_at)
            facts: JsonObject = {"event": "monitoring.signal", "monitor": signal.monitor, "detail": signal.detail}
            self.recorder.append_entry(tx, lane, facts, {}, subject="site", now=now)
        return signals

    def _tail(self, tx: UnitOfWork, lane: Lane, new: Increments, expires_at: Instant) -> str:
        state, signalled = advance(self._tail_state(tx, lane), new)
        tx.aggregates.save_state(lane.checkpoint.checkpoint_id, _TAIL, state.as_json(), expires_at=expires_at)
        return (
            "Strangers resemble the people who cross far more often than when this gate's baseline was learnt."
            if signalled else ""
        )  # fmt: skip

    def _tail_state(self, tx: UnitOfWork, lane: Lane) -> TailState:
        learnt_with = f"{self.recorder.weights}/{lane.point.sha256}"
        saved = tx.aggregates.state(lane.checkpoint.checkpoint_id, _TAIL)
        state = TailState(learnt_with) if saved is None else TailState.from_json(saved)
        return state if state.learnt_with == learnt_with else TailState(learnt_with)

    def standing(self) -> tuple[Mapping[tuple[str, Monitor], int], Mapping[tuple[str, Monitor], float]]:
        """Return, by checkpoint and monitor, signals of the last days, and how near the next one is (0 to 1)."""
        since = Instant((self.clock.now() // DAY_MS - DAYS + 1) * DAY_MS)
        near: dict[tuple[str, Monitor], float] = {}
        with self.transactions.read() as tx:
            for checkpoint_id, lane in sorted(self.lanes.by_checkpoint.items()):
                near[checkpoint_id, Monitor.MATCH_RATE] = _match_total(tx, checkpoint_id) / MATCH_RATE.limit
                near[checkpoint_id, Monitor.IMPOSTOR_TAIL] = self._tail_state(tx, lane).total / TAIL_LIMIT
            raised = Counter((signal.checkpoint_id, signal.monitor) for signal in tx.aggregates.signals(since))
        return {(one, monitor): raised[one, monitor] for one in self.lanes.by_checkpoint for monitor in Monitor}, near

    def report(self, since: int | None, actor: Actor) -> Report:
        """Return the site's figures from day ``since`` (days since 1970, UTC; default: the last 30 days) until today.

        What is new is evaluated first, so that no signal is shown that is not in the record.

        Raises:
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        permit(self.policy, actor, Action.READ_MONITORING, "")
        self.evaluate(now)
        today = now // DAY_MS
        first = today - DAYS + 1 if since is None else max(min(since, today), 0)
        with self.transactions.read() as tx:
            rows = tx.aggregates.counts(_months_first(first), today)
            reports = []
            for checkpoint_id, lane in sorted(self.lanes.by_checkpoint.items()):
                own = [row for row in rows if row.checkpoint_id == checkpoint_id]
                reports.append(checkpoint_report(
                    checkpoint_id, [row for row in own if row.day >= first and not is_group(row)],
                    by_month=[row for row in own if is_group(row)],
                    wait_limit=lane.charter.refusal_wait_limit_seconds, threshold=lane.point.threshold,
                    match_total=_match_total(tx, checkpoint_id), tail_state=self._tail_state(tx, lane),
                ))  # fmt: skip
            return Report(first, today, tuple(reports), tx.aggregates.signals(Instant(first * DAY_MS)))


def _new_rows(tx: UnitOfWork, now: Instant, checkpoints: Iterable[str]) -> tuple[Counted, ...]:
    """Return the counts of the last days, and of more where the last evaluation lies further back."""
    today = now // DAY_MS
    cursors = [_cursor(tx, checkpoint_id)[0] for checkpoint_id in checkpoints]
    return tx.aggregates.counts(min(_months_first(today - DAYS + 1), *cursors), today)


def _cursor(tx: UnitOfWork, checkpoint_id: str) -> tuple[int, Increments]:
    """Return the day up to which counts were taken, and what of that day was."""
    saved = tx.aggregates.state(checkpoint_id, _CURSOR) or {"day": 0, "seen": []}
    day, seen = saved["day"], saved["seen"]
    assert isinstance(day, int)  # noqa: S101 - _increments wrote it
    assert isinstance(seen, list)  # noqa: S101 - the same
    return day, {(kind, cell): number for kind, cell, number in seen}


def _increments(tx: UnitOfWork, checkpoint_id: str, rows: Iterable[Counted]) -> tuple[Increments, JsonObject]:
    """Return what came since the saved cursor, and the cursor that says so: the newest day and what of it was taken."""
    day, taken = _cursor(tx, checkpoint_id)
    newest = day
    new: Increments = {}
    current: Increments = {}
    for row in rows:
        if row.checkpoint_id != checkpoint_id or row.day < day or is_group(row):
            continue
        if row.day > newest:
            newest, current = row.day, {}
        key = (row.kind, row.cell)
        more = row.number - (taken.get(key, 0) if row.day == day else 0)
        if more > 0:
            new[key] = new.get(key, 0) + more
        current[key] = row.number
    return new, {"day": newest, "seen": [[kind, cell, number] for (kind, cell), number in sorted(current.items())]}


def _match_total(tx: UnitOfWork, checkpoint_id: str) -> int:
    total = (tx.aggregates.state(checkpoint_id, _MATCHES) or {"total": 0})["total"]
    assert isinstance(total, int)  # noqa: S101 - _match_rate saved it
    return total


def _match_rate(tx: UnitOfWork, checkpoint_id: str, new: Increments, expires_at: Instant) -> str:
    matched = new.get((ENDED, Ended.MATCHED), 0)
    captured = sum(new.get((ENDED, way), 0) for way in CAPTURED)
    total, signals = MATCH_RATE.advance(_match_total(tx, checkpoint_id), matched, captured - matched)
    tx.aggregates.save_state(checkpoint_id, _MATCHES, {"total": total}, expires_at=expires_at)
    if not signals:
        return ""
    return f"Fewer of the people captured are matched than {MATCH_RATE.good:.0%}: towards {MATCH_RATE.bad:.0%} or less."


def _refusal_wait(tx: UnitOfWork, lane: Lane, rows: Iterable[Counted], now: Instant, expires_at: Instant) -> str:
    """Return the signal's sentence, at most once a day: waits of the last days are compared again and again."""
    checkpoint_id, today = lane.checkpoint.checkpoint_id, now // DAY_MS
    if (tx.aggregates.state(checkpoint_id, _WAIT) or {}).get("day") == today:
        return ""
    recent = (row for row in rows if row.day > today - DAYS)
    found = waits(recent, lane.charter.refusal_wait_limit_seconds)
    if not isinstance(found, Waiting) or not found.exceeds:
        return ""
    tx.aggregates.save_state(checkpoint_id, _WAIT, {"day": today}, expires_at=expires_at)
    return f"People who refuse wait at least {found.low} seconds longer; the charter allows {found.limit}."


def _months_first(day: int) -> int:
    return (datetime.fromtimestamp(day * 86_400, UTC).date().replace(day=1) - date(1970, 1, 1)).days
