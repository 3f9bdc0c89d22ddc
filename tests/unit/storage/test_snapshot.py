"""A snapshot is one instant of the database, has no name, and nobody waits for it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from countenance.errors import StorageError
from countenance.storage import snapshot


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a database in the journal mode of a site's, with many pages."""
    database = sqlite3.connect(tmp_path / "a b.db")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("create table t (x blob)")
    database.executemany("insert into t values (?)", [[bytes(4000)]] * 3000)
    database.commit()
    database.close()
    return tmp_path / "a b.db"


def test_a_snapshot_is_one_instant(path: Path, tmp_path: Path) -> None:
    """What is written while pages are copied is not in it, neither in its file nor in its answers."""
    writer = sqlite3.connect(path)

    def write(*_: int) -> None:
        assert not list(tmp_path.glob(".snapshot*")), "a kill here would leave a second database behind"
        writer.execute("insert into t values ('later')")
        writer.commit()

    with snapshot(path, ["select count(*) from t"], write) as copy:
        assert copy.answers == ([(3000,)],)
        data = copy.file.read()
    writer.close()
    assert len(data) == copy.size
    (tmp_path / "copy.db").write_bytes(data)
    restored = sqlite3.connect(tmp_path / "copy.db")
    assert restored.execute("select count(*) from t").fetchall() == [(3000,)]
    assert restored.execute("pragma integrity_check").fetchall() == [("ok",)]
    restored.close()


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    """A file that is none, or is not there, is a storage error, and leaves nothing behind."""
    (tmp_path / "letter").write_bytes(b"dear friend " * 99)
    for name, code in (("letter", "storage.damaged"), ("nowhere", "storage.failed")):
        with pytest.raises(StorageError) as refused, snapshot(tmp_path / name, [], lambda *_: None):
            pass
        assert refused.value.code == code
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]
