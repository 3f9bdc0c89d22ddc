"""Counts of people by day and checkpoint, in SQL: cells that only grow or are set, until their clock runs out."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, delete, exists, insert, select, text

from countenance.record.canonical import canonical
from countenance.storage import tables
from countenance.terms import Count, Counted, Instant, JsonObject, Monitor, PublicRun, Signal

_UPSERT = (
    "INSERT INTO monitor_counts (day, checkpoint_id, kind, cell, number, expires_at) "
    "VALUES (:day, :checkpoint_id, :kind, :cell, :number, :expires_at) "
    "ON CONFLICT (day, checkpoint_id, kind, cell) DO UPDATE SET number = "
)
_ADD = text(_UPSERT + "monitor_counts.number + excluded.number")
_PUT = text(_UPSERT + "excluded.number")
_KEEP = text(
    "INSERT INTO monitor_states (checkpoint_id, name, state, expires_at) "
    "VALUES (:checkpoint_id, :name, :state, :expires_at) "
    "ON CONFLICT (checkpoint_id, name) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at"
)
_KEEP_RUN = text(
    "INSERT INTO public_runs (checkpoint_id, kind, since, until, number, closed) "
    "VALUES (:checkpoint_id, :kind, :since, :until, :number, :closed) "
    "ON CONFLICT (checkpoint_id, kind, since) DO UPDATE SET until = excluded.until, number = excluded.number, "
    "closed = excluded.closed WHERE NOT public_runs.closed"
)
_ALL = (tables.monitor_counts, tables.monitor_states, tables.monitor_signals)


class SqlAggregateStore:
    """AggregateStore over the tables monitor_counts, monitor_states, monitor_signals and public_runs."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction that ``connection`` is in."""
        self._connection = connection

    def add(self, day: int, checkpoint_id: str, counts: Sequence[Count], *, expires_at: Instant) -> None:
        """Add to cells in one statement."""
        if counts:
            self._connection.execute(_ADD, _rows(day, checkpoint_id, counts, expires_at))

    def put(self, day: int, checkpoint_id: str, counts: Sequence[Count], *, expires_at: Instant) -> None:
        """Set cells to these numbers."""
        if counts:
            self._connection.execute(_PUT, _rows(day, checkpoint_id, counts, expires_at))

    def counts(self, since: int, until: int) -> tuple[Counted, ...]:
        """Return every cell of days [since, until], by day, checkpoint, kind and cell."""
        held = tables.monitor_counts.c
        key = (held.day, held.checkpoint_id, held.kind, held.cell)
        query = select(*key, held.number).where(held.day >= since, held.day <= until).order_by(*key)
        return tuple(Counted(*row) for row in self._connection.execute(query))

    def state(self, checkpoint_id: str, name: str) -> JsonObject | None:
        """Return a test's saved state."""
        held = tables.monitor_states.c
        query = select(held.state).where(held.checkpoint_id == checkpoint_id, held.name == name)
        saved = self._connection.execute(query).scalar_one_or_none()
        state: JsonObject | None = None if saved is None else json.loads(saved)
        return state

    def save_state(self, checkpoint_id: str, name: str, state: JsonObject, *, expires_at: Instant) -> None:
        """Save a test's state in place of the last."""
        row = {"checkpoint_id": checkpoint_id, "name": name, "state": canonical(state).decode()}
        self._connection.execute(_KEEP, {**row, "expires_at": expires_at})

    def add_signal(self, signal: Signal, *, expires_at: Instant) -> None:
        """Store a signal.

        Raises:
            StorageError: this test raised one at this checkpoint at this instant.
        """
        row = {
            "at": signal.at, "checkpoint_id": signal.checkpoint_id, "monitor": signal.monitor.value,
            "detail": signal.detail, "expires_at": expires_at,
        }  # fmt: skip
        self._connection.execute(insert(tables.monitor_signals), row)

    def signals(self, since: Instant) -> tuple[Signal, ...]:
        """Return signals from ``since`` on, oldest first."""
        held = tables.monitor_signals.c
        query = select(held.at, held.checkpoint_id, held.monitor, held.detail).where(held.at >= since)
        rows = self._connection.execute(query.order_by(held.at, held.checkpoint_id, held.monitor))
        return tuple(Signal(Instant(row.at), row.checkpoint_id, Monitor(row.monitor), row.detail) for row in rows)

    def runs(self) -> tuple[PublicRun, ...]:
        """Return every run, told or not, by checkpoint, kind and first day."""
        held = tables.public_runs.c
        key = (held.checkpoint_id, held.kind, held.since)
        query = select(*key, held.until, held.number, held.closed).order_by(*key)
        return tuple(PublicRun(*row) for row in self._connection.execute(query))

    def save_runs(self, runs: Sequence[PublicRun]) -> None:
        """Save runs in place of what they were; one that was told stays as it is."""
        rows = [
            {
                "checkpoint_id": run.checkpoint_id, "kind": run.kind, "since": run.since, "until": run.until,
                "number": run.number, "closed": run.closed,
            }
            for run in runs
        ]  # fmt: skip
        if rows:
            self._connection.execute(_KEEP_RUN, rows)

    def overdue(self, now: Instant) -> bool:
        """Return whether anything must be gone at ``now``."""
        late = [exists().where(table.c.expires_at <= now) for table in _ALL]
        return any(self._connection.execute(select(*late)).one())

    def expire(self, now: Instant) -> int:
        """Remove everything that must be gone at ``now``; return how many rows went."""
        return sum(self._connection.execute(delete(table).where(table.c.expires_at <= now)).rowcount for table in _ALL)


def _rows(day: int, checkpoint_id: str, counts: Sequence[Count], expires_at: Instant) -> list[dict[str, object]]:
    return [
        {
            "day": day, "checkpoint_id": checkpoint_id, "kind": one.kind, "cell": one.cell, "number": one.number,
            "expires_at": expires_at,
        }
        for one in counts
    ]  # fmt: skip
