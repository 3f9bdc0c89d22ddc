"""Nothing of deleted rows stands in the unused middle of pages, whatever SQLite did to them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from countenance.storage import Scrubber, check_integrity, open_database, scrubbing
from countenance.storage.database import READING, empty_wal

SECRET = b"secret-"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Open a database with one table and its index."""
    engine = open_database(f"sqlite:///{tmp_path / 'site.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (name TEXT PRIMARY KEY, word BLOB) WITHOUT ROWID")
        connection.exec_driver_sql("CREATE INDEX words ON kept (word)")
    yield engine
    engine.dispose()


@pytest.fixture
def scrubber(engine: Engine) -> Iterator[Scrubber]:
    """Make one for it."""
    scrubber = Scrubber(engine)
    yield scrubber
    engine.dispose()
    scrubber.close()


def file_of(engine: Engine) -> Path:
    """Return the database's file."""
    return Path(str(engine.url.database))


def rows(engine: Engine) -> list[tuple[str, bytes]]:
    """Return every row."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT name, word FROM kept ORDER BY name")]


def churn(engine: Engine, seed: int) -> None:
    """Insert and delete rows of many lengths at random, so that pages are split and rebuilt; keep plain ones."""
    drawn = random.Random(seed)  # noqa: S311 - which rows, not a secret
    secret: list[str] = []
    for turn in range(40):
        with engine.begin() as connection:
            for number in range(30):
                name = f"{drawn.randrange(10**6):06d}-{'secret' if number % 5 else 'plain'}-{turn}-{number}"
                word = bytes(drawn.randrange(65, 90) for _ in range(drawn.randrange(150)))
                connection.exec_driver_sql("INSERT INTO kept VALUES (?, ?)", (name, word))
                secret += [name] if number % 5 else []
            drawn.shuffle(secret)
            for name in secret[: len(secret) // 2]:
                connection.exec_driver_sql("DELETE FROM kept WHERE name = ?", (name,))
            secret = secret[len(secret) // 2 :]
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM kept WHERE name LIKE '%secret%'")


def test_nothing_deleted_stands_in_a_page(engine: Engine, scrubber: Scrubber) -> None:
    """After any churn no byte of a deleted row is in the file; secure_delete alone leaves some. Rows stay."""
    left = 0
    for seed in range(6):
        churn(engine, seed)
        assert empty_wal(engine)
        left += file_of(engine).read_bytes().count(SECRET)
        before = rows(engine)
        assert scrubber.empty()
        assert SECRET not in file_of(engine).read_bytes()
        assert rows(engine) == before
    check_integrity(engine)
    assert left > 0, "secure_delete has learnt to clear pages: this module can go"


def test_what_was_read_before_does_not_come_back(
    engine: Engine, scrubber: Scrubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that had pages in memory when they were cleared writes none of the old bytes afterwards."""
    churn(engine, 0)
    assert empty_wal(engine)
    assert SECRET in file_of(engine).read_bytes()
    monkeypatch.setattr(scrubbing, "empty_wal", lambda _: True)  # empty already: nothing else tells the connection
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT count(*), sum(length(word)) FROM kept").all()
        connection.rollback()
        assert scrubber.empty()
        connection.exec_driver_sql("UPDATE kept SET word = word || x'42'")
        connection.commit()
    assert empty_wal(engine)
    assert SECRET not in file_of(engine).read_bytes()


def test_a_reader_is_waited_for(engine: Engine, scrubber: Scrubber) -> None:
    """While somebody reads what was before, nothing is overwritten, and the next call does it."""
    churn(engine, 0)
    with engine.connect().execution_options(**{READING: True}) as reader:
        reader.exec_driver_sql("SELECT count(*) FROM kept").all()
        with engine.begin() as writer:
            writer.exec_driver_sql("DELETE FROM kept WHERE name LIKE '%-15'")
        assert not scrubber.empty()
    assert scrubber.empty()
    assert SECRET not in file_of(engine).read_bytes()


def test_a_journal_that_cannot_be_moved_stops_it(
    engine: Engine, scrubber: Scrubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came into the journal later, and cannot be moved because of a reader, keeps the file untouched."""
    churn(engine, 0)
    assert empty_wal(engine)
    monkeypatch.setattr(scrubbing, "empty_wal", lambda _: True)
    before = file_of(engine).read_bytes()
    with engine.connect().execution_options(**{READING: True}) as reader:
        reader.exec_driver_sql("SELECT count(*) FROM kept").all()
        with engine.begin() as writer:
            writer.exec_driver_sql("DELETE FROM kept WHERE name LIKE '%-15'")
        assert not scrubber.empty()
        assert file_of(engine).read_bytes() == before
    assert scrubber.empty()
    assert SECRET not in file_of(engine).read_bytes()


def test_writers_and_readers_lose_nothing(engine: Engine, scrubber: Scrubber) -> None:
    """Scrubbed all the time while four threads write and read, every row that was committed is there, and whole."""
    cleared = 0

    def write(name: str) -> None:
        drawn = random.Random(name)  # noqa: S311 - which rows, not a secret
        for turn in range(150):
            with engine.begin() as connection:
                for kind in ("kept", "secret"):
                    row = (f"{drawn.random()}-{kind}-{name}-{turn}", b"k" * drawn.randrange(300))
                    connection.exec_driver_sql("INSERT INTO kept VALUES (?, ?)", row)
                if turn % 3:
                    connection.exec_driver_sql("DELETE FROM kept WHERE name LIKE ?", (f"%-secret-{name}-%",))
            with engine.connect().execution_options(**{READING: True}) as connection:
                connection.exec_driver_sql("SELECT sum(length(word)) FROM kept").all()

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, name) for name in "abcd"]
        while not all(one.done() for one in writing):
            cleared += scrubber.empty()
        for one in writing:
            one.result()
    assert cleared > 0
    assert len([name for name, _ in rows(engine) if "-kept-" in name]) == 600
    check_integrity(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM kept WHERE name LIKE '%secret%'")
    assert scrubber.empty()
    assert SECRET not in file_of(engine).read_bytes()


def test_a_file_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    """Pages of a file with auto-vacuum are laid out in another way, and none is touched."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA auto_vacuum = FULL")
        raw.execute("CREATE TABLE kept (name TEXT PRIMARY KEY, word BLOB) WITHOUT ROWID")
        raw.execute("CREATE INDEX words ON kept (word)")
    engine = open_database(f"sqlite:///{path}")
    scrubber = Scrubber(engine)
    churn(engine, 1)
    assert empty_wal(engine)
    before = path.read_bytes()
    assert scrubber.empty()
    assert path.read_bytes() == before
    engine.dispose()
    scrubber.close()
