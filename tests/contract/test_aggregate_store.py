"""What every store of aggregates promises: cells grow or are set, states are replaced, and all of it goes in time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from countenance.errors import StorageError
from countenance.ports import AggregateStore
from countenance.record import SqlAggregateStore
from countenance.storage.tables import metadata
from countenance.terms import Count, Counted, Instant, Monitor, PublicRun, Signal
from fakes.aggregates import MemoryAggregateStore
from fakes.database import database

LATE, LATER = Instant(1000), Instant(2000)
SIGNAL = Signal(Instant(7), "gate-1", Monitor.MATCH_RATE, "Fewer are matched.")


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AggregateStore]:
    """Return an empty store of each kind."""
    if request.param == "memory":
        yield MemoryAggregateStore()
        return
    engine = database(tmp_path)
    with engine.connect() as connection:
        yield SqlAggregateStore(connection)
    engine.dispose()


def test_nothing_is_there_at_first(store: AggregateStore) -> None:
    """An empty store counts nobody, knows no state and no signal, and has nothing due."""
    assert (store.counts(0, 10**6), store.signals(Instant(0))) == ((), ())
    assert store.state("gate-1", "match-rate") is None
    assert not store.overdue(Instant(2**45))
    assert store.expire(Instant(2**45)) == 0


def test_cells_add_up(store: AggregateStore) -> None:
    """Adding to a cell that is there adds; days, checkpoints, kinds and cells are kept apart; they come in order."""
    store.add(2, "gate-1", [Count("ended", "matched", 3), Count("ended", "opted-out", 1)], expires_at=LATE)
    store.add(2, "gate-1", [Count("ended", "matched", 2)], expires_at=LATE)
    store.add(1, "lane-1", [Count("ended", "matched", 1)], expires_at=LATE)
    store.add(1, "lane-1", [], expires_at=LATE)
    assert store.counts(1, 2) == (
        Counted(1, "lane-1", "ended", "matched", 1),
        Counted(2, "gate-1", "ended", "matched", 5),
        Counted(2, "gate-1", "ended", "opted-out", 1),
    )
    assert store.counts(2, 2) == store.counts(1, 2)[1:]


def test_a_cell_named_twice_at_once_adds_up(store: AggregateStore) -> None:
    """Two counts of one cell in one call are both counted."""
    store.add(1, "gate-1", [Count("a", "b", 1), Count("a", "b", 4)], expires_at=LATE)
    assert store.counts(1, 1) == (Counted(1, "gate-1", "a", "b", 5),)


def test_cells_are_set(store: AggregateStore) -> None:
    """Putting replaces the number, to 0 too."""
    store.add(1, "gate-1", [Count("a", "b", 5)], expires_at=LATE)
    store.put(1, "gate-1", [Count("a", "b", 0), Count("a", "c", 4)], expires_at=LATE)
    store.put(1, "gate-1", [], expires_at=LATE)
    assert [row.number for row in store.counts(1, 1)] == [0, 4]


def test_a_state_is_replaced(store: AggregateStore) -> None:
    """The last state that was saved comes back, each test's and checkpoint's its own."""
    store.save_state("gate-1", "tail", {"total": 1, "best": [[1, 2]]}, expires_at=LATE)
    store.save_state("gate-1", "tail", {"total": 2, "best": [], "level": None}, expires_at=LATE)
    assert store.state("gate-1", "tail") == {"total": 2, "best": [], "level": None}
    assert store.state("gate-2", "tail") is None


def test_signals_come_oldest_first_and_once(store: AggregateStore) -> None:
    """Signals come back as they were; one test raises one at an instant."""
    later = Signal(Instant(9), "gate-1", Monitor.REFUSAL_WAIT, "Longer.")
    store.add_signal(later, expires_at=LATE)
    store.add_signal(SIGNAL, expires_at=LATE)
    assert store.signals(Instant(0)) == (SIGNAL, later)
    assert store.signals(Instant(8)) == (later,)
    with pytest.raises(StorageError):
        store.add_signal(SIGNAL, expires_at=LATE)


def test_everything_goes_in_time(store: AggregateStore) -> None:
    """At its time each row goes and not before; adding to a cell does not prolong it."""
    store.add(1, "gate-1", [Count("a", "b", 1)], expires_at=LATE)
    store.add(1, "gate-1", [Count("a", "b", 1)], expires_at=LATER)
    store.save_state("gate-1", "tail", {"total": 1}, expires_at=LATE)
    store.add_signal(SIGNAL, expires_at=LATER)
    assert not store.overdue(Instant(LATE - 1))
    assert store.expire(Instant(LATE - 1)) == 0
    assert store.overdue(LATE)
    assert store.expire(LATE) == 2
    assert store.counts(0, 9) == ()
    assert store.signals(Instant(0)) == (SIGNAL,)
    assert store.expire(LATER) == 1


def test_a_run_that_was_told_stays(store: AggregateStore) -> None:
    """Runs come back in order, an open one is replaced, a told one never changes, and no clock takes either."""
    first, site = (
        PublicRun("lane-1", "matches", 3, 2, 0, closed=False),
        PublicRun("", "erasures", 3, 2, 0, closed=False),
    )
    store.save_runs([first, site])
    told = PublicRun("lane-1", "matches", 3, 4, 12, closed=True)
    store.save_runs([told])
    store.save_runs(
        [PublicRun("lane-1", "matches", 3, 9, 99, closed=False), PublicRun("lane-1", "matches", 5, 4, 0, closed=False)]
    )
    store.save_runs([])
    assert store.runs() == (site, told, PublicRun("lane-1", "matches", 5, 4, 0, closed=False))
    assert not store.overdue(Instant(2**45))


def test_no_column_can_hold_a_person(tmp_path: Path) -> None:
    """The tables have day, place, kind, number and clock, and no column for an encounter, a person or a time of day."""
    engine = database(tmp_path)
    names = {
        column["name"]
        for table in metadata.tables if table.startswith("monitor_")
        for column in inspect(engine).get_columns(table)
    }  # fmt: skip
    engine.dispose()
    assert names == {
        "day", "checkpoint_id", "kind", "cell", "number", "expires_at", "name", "state", "at", "monitor", "detail",
    }  # fmt: skip
