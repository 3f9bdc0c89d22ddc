"""Aggregates in memory: the second implementation that the contract suite runs over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from countenance.errors import StorageError
from countenance.terms import Count, Counted, Instant, JsonObject, PublicRun, Signal


@dataclass
class MemoryAggregateStore:
    """Implements the ``AggregateStore`` port."""

    cells: dict[tuple[int, str, str, str], tuple[int, Instant]] = field(default_factory=dict)
    states: dict[tuple[str, str], tuple[JsonObject, Instant]] = field(default_factory=dict)
    told: dict[tuple[str, str, int], PublicRun] = field(default_factory=dict)
    raised: dict[tuple[Instant, str, str], tuple[Signal, Instant]] = field(default_factory=dict)

    def add(self, day: int, checkpoint_id: str, counts: Sequence[Count], *, expires_at: Instant) -> None:
        """Add to cells."""
        for one in counts:
            number, until = self.cells.get((day, checkpoint_id, one.kind, one.cell), (0, expires_at))
            self.cells[day, checkpoint_id, one.kind, one.cell] = (number + one.number, until)

    def put(self, day: int, checkpoint_id: str, counts: Sequence[Count], *, expires_at: Instant) -> None:
        """Set cells."""
        for one in counts:
            _, until = self.cells.get((day, checkpoint_id, one.kind, one.cell), (0, expires_at))
            self.cells[day, checkpoint_id, one.kind, one.cell] = (one.number, until)

    def counts(self, since: int, until: int) -> tuple[Counted, ...]:
        """Return every cell of the days."""
        within = (key for key in sorted(self.cells) if since <= key[0] <= until)
        return tuple(Counted(*key, self.cells[key][0]) for key in within)

    def state(self, checkpoint_id: str, name: str) -> JsonObject | None:
        """Return a saved state."""
        return self.states.get((checkpoint_id, name), (None, 0))[0]

    def save_state(self, checkpoint_id: str, name: str, state: JsonObject, *, expires_at: Instant) -> None:
        """Save a state."""
        self.states[checkpoint_id, name] = (state, expires_at)

    def add_signal(self, signal: Signal, *, expires_at: Instant) -> None:
        """Store a signal."""
        key = (signal.at, signal.checkpoint_id, signal.monitor.value)
        if key in self.raised:
            raise StorageError("storage.failed", "This signal exists.", remedy="Raise it once.")
        self.raised[key] = (signal, expires_at)

    def signals(self, since: Instant) -> tuple[Signal, ...]:
        """Return signals, oldest first."""
        return tuple(signal for key, (signal, _) in sorted(self.raised.items()) if key[0] >= since)

    def runs(self) -> tuple[PublicRun, ...]:
        """Return every run, in order."""
        return tuple(self.told[key] for key in sorted(self.told))

    def save_runs(self, runs: Sequence[PublicRun]) -> None:
        """Save runs but those that were told."""
        for run in runs:
            key = (run.checkpoint_id, run.kind, run.since)
            if key not in self.told or not self.told[key].closed:
                self.told[key] = run

    def overdue(self, now: Instant) -> bool:
        """Return whether something is due."""
        return any(until <= now for held in (self.cells, self.states, self.raised) for _, until in held.values())

    def expire(self, now: Instant) -> int:
        """Remove what is due."""
        gone = 0
        for held in (self.cells, self.states, self.raised):
            late = [key for key, (_, until) in held.items() if until <= now]
            gone += len(late)
            for key in late:
                del held[key]
        return gone
