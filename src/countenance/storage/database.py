"""One SQLite file that keeps what was acknowledged: opened, migrated, checked. PostgreSQL by URL comes later.

Why each setting is there:

* ``journal_mode=WAL`` and ``synchronous=FULL``: a commit is on disk when it returns, and readers do not wait.
* ``secure_delete=ON``: deleted bytes are overwritten in the file; :func:`empty_wal` does the same for the journal, and
  ``scrubbing`` clears what is left of them in pages that were rebuilt.
* ``BEGIN IMMEDIATE`` for writers (no upgrade, so no late "locked"); readers see one snapshot and cannot write.
* After any error a connection is dropped: SQLite may have rolled back by itself, and what a caller then wrote would
  stand alone. Nothing is half-written.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from countenance.errors import ConfigurationError, StorageError
from countenance.storage import errors

READING = "countenance_reading"
"""Execution option: true on a connection makes its transactions read-only snapshots."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_MAX_CONNECTIONS = 16
_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4000",  # pages, 16 MB: while serving, the ticker checkpoints long before a commit must
)


def open_database(url: str, *, busy_seconds: float = 5.0) -> Engine:
    """Return an engine over the SQLite file that ``url`` names, created with mode 0600 if it is not there.

    Every driver error raised through the engine arrives as ``StorageError``. ``busy_seconds`` is how long a connection
    waits for another program's lock.

    Raises:
        ConfigurationError: ``config.database``: ``url`` names no SQLite file.
        StorageError: the file cannot be opened, or is no database.
    """
    path = _file_of(url)
    _create_private(path)
    engine = create_engine(
        make_url(url),
        hide_parameters=True,
        pool_size=_MAX_CONNECTIONS,
        max_overflow=0,
        connect_args={"timeout": busy_seconds, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _translate)
    with engine.connect():
        return engine


def migrate(engine: Engine) -> None:
    """Bring the schema to this version in one transaction; do nothing if it is there already.

    Raises:
        StorageError: ``storage.newer``: a newer countenance wrote the database; or the database refused.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise StorageError(
            "storage.newer",
            "The database has a schema that this version does not know.",
            remedy="Start the site with the newer version of countenance that wrote it.",
        ) from error


def check_integrity(engine: Engine) -> None:
    """Read the whole file and return only if every page, index and reference fits.

    Raises:
        StorageError: ``storage.damaged``.
    """
    with engine.connect().execution_options(**{READING: True}) as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars().all()
        if found != ["ok"]:
            raise errors.damaged(f"integrity check: {len(found)} faults")
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if dangling:
            raise errors.damaged(f"foreign keys: {len(dangling)} rows point nowhere")


def checkpoint(engine: Engine) -> None:
    """Move what can be moved from the journal into the database, in nobody's way; the journal's file stays.

    Raises:
        StorageError: the disk refused.
    """
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    except sqlite3.Error as error:
        raise errors.from_sqlite(error) from error
    finally:
        raw.close()


def empty_wal(engine: Engine) -> bool:
    """Move the journal into the database and cut it to nothing, so that deleted bytes are in neither.

    Return False when a reader was in the way; try again later.
    """
    raw = engine.raw_connection()
    try:
        busy, _, _ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise errors.from_sqlite(error) from error
    finally:
        raw.close()
    return not busy


def _file_of(url: str) -> Path:
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is None or address.get_backend_name() != "sqlite" or address.database in {None, "", ":memory:"}:
        raise ConfigurationError(
            "config.database",
            "The database address names no SQLite file.",
            remedy="Use sqlite:////absolute/path/of/the/file; other databases are not supported yet.",
        )
    return Path(str(address.database))


def _create_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise errors.failed(f"cannot open the database file: {error.strerror}") from error


def _prepare(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    cursor = raw.cursor()
    (mode,) = cursor.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise errors.failed(f"journal mode is {mode}, not wal")
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    reading = bool(connection.get_execution_options().get(READING, False))
    connection.exec_driver_sql(f"PRAGMA query_only = {int(reading)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
    if reading:  # a deferred BEGIN takes its snapshot at the first read, so read now
        connection.exec_driver_sql("SELECT 1 FROM sqlite_schema LIMIT 1").all()


def _translate(context: ExceptionContext) -> StorageError | None:
    if not isinstance(context.original_exception, sqlite3.Error):
        return None
    context.is_disconnect = True  # SQLite may have rolled back by itself: drop this connection, and only this one
    context.invalidate_pool_on_disconnect = False
    if context.connection is not None and not context.connection.invalidated:
        with suppress(sqlite3.Error):  # a closed connection keeps its lock while a traceback still holds a cursor
            context.connection.connection.rollback()
    return errors.from_sqlite(context.original_exception)
