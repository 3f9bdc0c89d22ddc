"""The database opens private, durable and whole, and says what is wrong when it does not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, insert, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from countenance.errors import ConfigurationError, CountenanceError, StorageError
from countenance.storage import check_integrity, empty_wal, migrate, migrations, open_database
from countenance.storage.database import READING
from countenance.storage.errors import from_sqlite
from countenance.storage.tables import metadata, pending, trusted_time, vault_items
from fakes.database import database

ITEM = {
    "item_id": "i", "subject": "s", "purpose": "p", "schema": "x", "retention": "r", "expires_at": 1, "event": "",
    "nonce": b"n", "ciphertext": b"REMAINS?" * 64,
}  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Give a migrated database."""
    opened = database(tmp_path)
    yield opened
    opened.dispose()


def migrate_to(engine: Engine, version: str) -> None:
    """Bring the schema to an earlier version than this one's."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)


def schema(engine: Engine) -> dict[str, list[str]]:
    """Return every object's SQL by name as its sorted clauses, blanks evened out."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").all()
    even = {name: " ".join(sql.split()).removesuffix(" )") for name, sql in rows if name != "alembic_version"}
    return {name: sorted(sql.split(", ")) for name, sql in even.items()}


@pytest.mark.parametrize(
    "pragma, value",
    [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("temp_store", 2)],
)
def test_every_connection_is_durable_and_forgets(engine: Engine, pragma: str, value: object) -> None:
    """Each connection of the pool writes through to disk, overwrites what it deletes and enforces references."""
    with engine.connect() as first, engine.connect().execution_options(**{READING: True}) as second:
        assert first.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
        assert second.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_files_are_the_owners_alone(engine: Engine, tmp_path: Path) -> None:
    """Database and journal can be read by their owner only."""
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("countenance.db*")}
    assert set(modes) == {"countenance.db", "countenance.db-wal", "countenance.db-shm"}
    assert set(modes.values()) == {0o600}


def test_migrations_make_exactly_the_tables(engine: Engine, tmp_path: Path) -> None:
    """The sum of all migrations is ``tables.metadata``: tables, columns, types, keys, indexes, names."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    direct = open_database(f"sqlite:///{tmp_path}/direct.db")
    metadata.create_all(direct)
    made, wanted = schema(engine), schema(direct)
    direct.dispose()
    assert made == wanted


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    """A database that is up to date stays as it is, with what it holds."""
    with engine.begin() as connection:
        connection.execute(insert(trusted_time), {"one": 1, "latest": 7})
    before = schema(engine)
    migrate(engine)
    assert schema(engine) == before
    with engine.connect() as connection:
        assert connection.execute(select(trusted_time.c.latest)).scalar() == 7


def test_newer_database_is_left_alone(engine: Engine) -> None:
    """A database of a version this one does not know is refused, not touched."""
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError) as refused:
        migrate(engine)
    assert refused.value.code == "storage.newer"


def test_migration_is_whole_or_not_there(tmp_path: Path) -> None:
    """A migration that runs out of disk leaves no table behind, and works once there is space."""
    engine = open_database(f"sqlite:///{tmp_path}/small.db")

    @event.listens_for(engine, "checkout")
    def limit(raw: sqlite3.Connection, *_: object) -> None:
        raw.execute(f"PRAGMA max_page_count = {pages}")

    pages = 12
    with pytest.raises(StorageError) as refused:
        migrate(engine)
    assert refused.value.code == "storage.full"
    assert inspect(engine).get_table_names() == []
    pages = 10_000
    migrate(engine)
    assert "vault_items" in inspect(engine).get_table_names()
    engine.dispose()


def test_writers_take_the_lock_at_once(engine: Engine) -> None:
    """A second writer is refused when it begins, not after half its work."""
    with engine.begin(), pytest.raises(StorageError) as refused, engine.begin():
        pass
    assert refused.value.code == "storage.locked"


def test_readers_see_one_snapshot(engine: Engine) -> None:
    """What commits after a reader began is not there for it, and there for the next one."""
    reading = {READING: True}
    with engine.connect().execution_options(**reading) as reader, reader.begin():
        with engine.begin() as writer:
            writer.execute(insert(pending), {"commitment": b"new"})
        assert reader.execute(select(pending)).all() == []
    with engine.connect().execution_options(**reading) as reader:
        assert reader.execute(select(pending)).all() == [(b"new",)]


def test_readers_cannot_write(engine: Engine) -> None:
    """Writing in a reading transaction is refused; the connection then writes for others again."""
    with (
        engine.connect().execution_options(**{READING: True}) as reader,
        pytest.raises(StorageError) as refused,
    ):
        reader.execute(insert(pending), {"commitment": b"x"})
    assert refused.value.code == "storage.failed"
    with engine.begin() as writer:
        writer.execute(insert(pending), {"commitment": b"x"})


def test_errors_tell_nothing_that_is_stored(engine: Engine) -> None:
    """A refused statement's error has SQLite's code in it and none of the values, in no link of its chain."""
    with engine.connect() as connection:
        connection.execute(insert(pending), {"commitment": b"a-secret-value"})
        with pytest.raises(StorageError) as refused:
            connection.execute(insert(pending), {"commitment": b"a-secret-value"})
    error: BaseException | None = refused.value
    assert "SQLITE_CONSTRAINT" in str(error)
    while error is not None:
        assert "a-secret-value" not in repr(error) + str(error)
        assert not isinstance(error, SQLAlchemyError)
        error = error.__cause__


@pytest.mark.parametrize(
    "name, code",
    [
        ("SQLITE_FULL", "storage.full"),
        ("SQLITE_BUSY", "storage.locked"),
        ("SQLITE_BUSY_SNAPSHOT", "storage.locked"),
        ("SQLITE_LOCKED", "storage.locked"),
        ("SQLITE_CORRUPT_INDEX", "storage.damaged"),
        ("SQLITE_NOTADB", "storage.damaged"),
        ("SQLITE_IOERR_WRITE", "storage.failed"),
        ("SQLITE_CONSTRAINT_UNIQUE", "storage.failed"),
    ],
)
def test_each_fault_has_its_code(name: str, code: str) -> None:
    """SQLite's primary and extended codes become ours, each with what to do."""
    fault = sqlite3.OperationalError("detail")
    fault.sqlite_errorcode, fault.sqlite_errorname = getattr(sqlite3, name), name
    error = from_sqlite(fault)
    assert (error.code, name in error.message, error.remedy != "") == (code, True, True)


def test_fault_without_a_code_is_a_plain_failure() -> None:
    """An error of the driver itself is ``storage.failed``."""
    assert from_sqlite(sqlite3.ProgrammingError("closed")).code == "storage.failed"


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A foreign file in the database's place is named as damage and stays as it is."""
    path = tmp_path / "countenance.db"
    path.write_bytes(b"not a database, but long enough to look like one" * 100)
    before = path.read_bytes()
    with pytest.raises(StorageError) as refused:
        open_database(f"sqlite:///{path}")
    assert refused.value.code == "storage.damaged"
    assert path.read_bytes() == before


def test_integrity_check_finds_a_damaged_page(engine: Engine, tmp_path: Path) -> None:
    """A page overwritten on disk is found at start, before anything is answered from it."""
    check_integrity(engine)
    with engine.begin() as connection:
        rows = [ITEM | {"item_id": f"item-{number}"} for number in range(200)]
        connection.execute(insert(vault_items), rows)
    empty_wal(engine)
    engine.dispose()
    path = tmp_path / "countenance.db"
    content = bytearray(path.read_bytes())
    middle = len(content) // 4096 // 2 * 4096
    content[middle : middle + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(StorageError) as refused:
        check_integrity(engine)
    assert refused.value.code == "storage.damaged"


def test_integrity_check_finds_rows_that_point_nowhere(engine: Engine) -> None:
    """A reference to a row that is gone is damage, however it came about."""
    with engine.connect() as connection:
        raw = connection.connection.cursor()
        raw.execute("ROLLBACK") if connection.in_transaction() else None
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("INSERT INTO boardings VALUES ('no-such-gallery', 'p', 1)")
        raw.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(StorageError) as refused:
        check_integrity(engine)
    assert refused.value.code == "storage.damaged"


def test_deleted_bytes_are_in_no_file(engine: Engine, tmp_path: Path) -> None:
    """What was deleted and committed is in neither database nor journal once the journal is emptied."""
    with engine.begin() as connection:
        connection.execute(insert(vault_items), ITEM)
    assert any(b"REMAINS?" in path.read_bytes() for path in tmp_path.iterdir())
    with engine.begin() as connection:
        connection.execute(vault_items.delete())
    assert empty_wal(engine)
    assert not any(b"REMAINS?" in path.read_bytes() for path in tmp_path.iterdir())


def test_journal_stays_while_someone_reads(engine: Engine) -> None:
    """Emptying the journal says so when a reader is in the way, and succeeds after."""
    with engine.connect().execution_options(**{READING: True}) as reader, reader.begin():
        with engine.begin() as writer:
            writer.execute(insert(pending), {"commitment": b"x"})
        assert not empty_wal(engine)
    assert empty_wal(engine)


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "postgresql://host/name"])
def test_only_a_file_will_do(url: str) -> None:
    """An address that names no SQLite file is refused: what is kept in memory only is not recorded."""
    with pytest.raises(ConfigurationError) as refused:
        open_database(url)
    assert refused.value.code == "config.database"


def test_missing_folder_is_a_clear_refusal(tmp_path: Path) -> None:
    """A database in a folder that is not there fails as storage, without the driver's words."""
    with pytest.raises(CountenanceError) as refused:
        open_database(f"sqlite:///{tmp_path}/nowhere/countenance.db")
    assert refused.value.code == "storage.failed"


def test_referrals_of_an_earlier_version_keep_their_clock(tmp_path: Path) -> None:
    """A referral made before cases existed is with the officer, can be contested within its clock, and is not lost."""
    engine = open_database(f"sqlite:///{tmp_path}/old.db")
    migrate_to(engine, "0002")
    row = ("r1", "e1", "lane-1", "no_match", 5, 9, "probe", "")
    with engine.begin() as connection:
        encounter = ("e1", b"t", "lane-1", "c", "verify", "", "p", True, "operator:1", 1, 2, "decided", 1)
        connection.exec_driver_sql("INSERT INTO encounters VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", encounter)
        connection.exec_driver_sql("INSERT INTO referrals VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    migrate(engine)
    with engine.connect() as connection:
        (kept,) = connection.exec_driver_sql("SELECT * FROM referrals").all()
    engine.dispose()
    assert tuple(kept) == (*row, "", "portrait", "waiting", "", 9, "", "", "")
