"""One transaction over everything: whole, or not there."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from countenance.errors import StorageError
from countenance.ports import Transactions, UnitOfWork
from countenance.storage import SqlTransactions
from countenance.storage.tables import pending, trusted_time
from countenance.terms import Instant, ItemLabel
from fakes.database import database, stores, transactions, wrapping_keys


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Give a migrated database."""
    opened = database(tmp_path)
    yield opened
    opened.dispose()


@pytest.fixture
def work(engine: Engine, tmp_path: Path) -> SqlTransactions:
    """Give transactions over it."""
    return transactions(engine, tmp_path)


def label(item_id: str) -> ItemLabel:
    """Return a label for an item of a person of its own."""
    return ItemLabel(item_id, f"person/{item_id}", "personal", "text/v1", "personal", Instant(1))


def items(work: Transactions) -> tuple[str, ...]:
    """Return the ids of everything kept."""
    with work.read() as unit:
        return unit.vault.expired(Instant(9), 999)


def test_committed_work_is_there_after_reopening(work: SqlTransactions, engine: Engine, tmp_path: Path) -> None:
    """What commit returned for is read by the next process."""
    with work.write() as unit:
        unit.vault.seal(label("a"), b"kept")
        unit.commit()
    engine.dispose()
    again = database(tmp_path)
    with transactions(again, tmp_path).read() as unit:
        assert unit.vault.open("a") == b"kept"
    again.dispose()


def test_leaving_without_commit_leaves_nothing(work: SqlTransactions) -> None:
    """A transaction that nobody committed did not happen."""
    with work.write() as unit:
        unit.vault.seal(label("a"), b"x")
    assert items(work) == ()


def test_failing_leaves_nothing(work: SqlTransactions) -> None:
    """A transaction left by an exception did not happen, and the exception is the caller's own."""

    def fail() -> None:
        with work.write() as unit:
            unit.vault.seal(label("a"), b"x")
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        fail()
    assert items(work) == ()


def test_committed_unit_is_closed(work: SqlTransactions) -> None:
    """After its commit a unit of work takes nothing more, so that nothing is written outside a transaction."""
    with work.write() as unit:
        unit.commit()
        with pytest.raises(StorageError):
            unit.commit()
        with pytest.raises(SQLAlchemyError):
            unit.vault.seal(label("late"), b"x")
    assert items(work) == ()


def test_stores_share_one_transaction(work: SqlTransactions) -> None:
    """Each store is made once, when first asked for, over the same vault."""
    with work.write() as unit:
        assert unit.vault is unit.vault
        assert unit.galleries is unit.galleries
        assert unit.galleries._vault is unit.vault


@pytest.mark.parametrize("name", ["access", "cases", "encounters", "record"])
def test_every_store_is_made_by_its_factory(engine: Engine, tmp_path: Path, name: str) -> None:
    """Whatever bootstrap gives as a factory is what callers get, made in this transaction."""
    made: list[tuple[object, ...]] = []

    def factory(*given: object) -> object:
        made.append(given)
        return given

    work = SqlTransactions(engine, stores(wrapping_keys(tmp_path), **{name: factory}))
    with work.write() as unit:
        assert getattr(unit, name) is made[0]
        assert isinstance(made[0][0], Connection)


def test_before_commit_runs_inside(engine: Engine, tmp_path: Path) -> None:
    """What bootstrap saves with each transaction commits with it, and only when there is a commit."""

    def save(connection: Connection) -> None:
        connection.execute(insert(trusted_time), {"one": 1, "latest": 5})

    work = SqlTransactions(engine, stores(wrapping_keys(tmp_path)), before_commit=save)
    with work.write():
        pass
    with work.read() as reader:
        reader.commit()
    with engine.connect() as connection:
        assert connection.execute(select(trusted_time)).all() == []
    with work.write() as unit:
        unit.commit()
    with engine.connect() as connection:
        assert connection.execute(select(trusted_time)).all() == [(1, 5)]


def test_failing_before_commit_leaves_nothing(engine: Engine, tmp_path: Path) -> None:
    """If what belongs to every commit fails, nothing is recorded."""

    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO no_such_table VALUES (1)")

    work = SqlTransactions(engine, stores(wrapping_keys(tmp_path)), before_commit=fail)
    with work.write() as unit:
        unit.vault.seal(label("a"), b"x")
        with pytest.raises(StorageError):
            unit.commit()
    assert items(work) == ()


def test_writers_lose_no_update(work: SqlTransactions, engine: Engine) -> None:
    """Threads that read, add one and write, add up: one writer at a time."""
    with engine.begin() as connection:
        connection.execute(insert(trusted_time), {"one": 1, "latest": 0})

    def add() -> None:
        for _ in range(10):
            with work.write() as unit:
                seen = unit._connection.execute(select(trusted_time.c.latest)).scalar()
                unit._connection.execute(update(trusted_time).values(latest=seen + 1))
                unit.commit()

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.execute(select(trusted_time.c.latest)).scalar() == 60


def test_writing_inside_writing_is_refused(work: SqlTransactions) -> None:
    """A thread that is writing and begins again is refused instead of waiting for itself for ever."""
    with work.write(), pytest.raises(StorageError) as refused, work.write():
        pass
    assert refused.value.code == "storage.locked"


def test_readers_do_not_wait_for_the_writer(work: SqlTransactions) -> None:
    """While one thread writes, another reads what was committed before."""
    with work.write() as unit:
        unit.vault.seal(label("a"), b"x")
        assert items(work) == ()
        unit.commit()
    assert items(work) == ("a",)


def test_connections_run_out_in_words(work: SqlTransactions, engine: Engine) -> None:
    """When every connection is in use, the next one is refused as locked."""
    engine.pool._timeout = 0.01
    taken = [engine.connect() for _ in range(engine.pool.size())]
    with pytest.raises(StorageError) as refused, work.read():
        pass
    assert refused.value.code == "storage.locked"
    for connection in taken:
        connection.close()


def fill(unit: UnitOfWork, count: int) -> None:
    """Seal ``count`` items of about 4 kB."""
    for number in range(count):
        unit.vault.seal(label(f"item-{number}"), bytes(4096))


class SmallDisk:
    """Limits the size of a database through its own setting, as a full disk does."""

    def __init__(self, engine: Engine, pages: int) -> None:
        self.pages = pages
        event.listen(engine, "checkout", self._limit)

    def _limit(self, raw: sqlite3.Connection, *_: object) -> None:
        raw.execute(f"PRAGMA max_page_count = {self.pages}")


def test_full_disk_leaves_nothing_half_written(work: SqlTransactions, engine: Engine) -> None:
    """A transaction for which there is no space is refused whole; reading goes on, and writing once there is space."""
    with work.write() as unit:
        unit.vault.seal(label("before"), b"x")
        unit.commit()
    disk = SmallDisk(engine, pages=60)
    with work.write() as unit, pytest.raises(StorageError) as refused:
        fill(unit, 100)
    assert refused.value.code == "storage.full"
    assert items(work) == ("before",)
    disk.pages = 1_000_000
    with work.write() as unit:
        fill(unit, 100)
        unit.commit()
    assert len(items(work)) == 101


def test_swallowed_error_cannot_be_committed(work: SqlTransactions, engine: Engine) -> None:
    """A caller that ignores a refusal and goes on writes nothing: SQLite may have rolled back under it."""
    disk = SmallDisk(engine, pages=60)
    with work.write() as unit:
        with pytest.raises(StorageError):
            fill(unit, 100)
        disk.pages = 1_000_000
        with pytest.raises(SQLAlchemyError):
            unit.vault.seal(label("alone"), b"x")
        with pytest.raises(StorageError):
            unit.commit()
    disk.pages = 1_000_000
    assert items(work) == ()


def test_commit_after_a_swallowed_error_is_refused(work: SqlTransactions) -> None:
    """Even an error that SQLite itself would survive ends the transaction."""
    with work.write() as unit:
        unit.vault.seal(label("a"), b"x")
        with pytest.raises(StorageError):
            unit.vault.seal(label("a"), b"x")
        with pytest.raises(StorageError):
            unit.commit()
    assert items(work) == ()


def test_pending_rows_survive_untouched(work: SqlTransactions, engine: Engine) -> None:
    """A refused transaction changes nothing that was there."""
    with engine.begin() as connection:
        connection.execute(insert(pending), {"commitment": b"there"})
    with pytest.raises(StorageError), work.write() as unit:
        unit._connection.execute(insert(pending), {"commitment": b"there"})
    with engine.connect() as connection:
        assert connection.execute(select(pending)).all() == [(b"there",)]
