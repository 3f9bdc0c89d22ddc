"""A consistent copy of the database at one instant, taken beside whoever works on it, that has no name on disk.

SQLite's own backup copies the pages of one read transaction. The copy's file loses its name before it holds anything,
so that a killed backup leaves no second database behind from which something erased later could be read.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from countenance.storage import errors

PAGES_AT_ONCE = 1024
_BUSY_S = 5.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A copy of the database, whole and unchanging."""

    file: BinaryIO
    """The database file's bytes, from the start."""
    size: int
    """In bytes."""
    answers: tuple[list[Any], ...]
    """What the reading statements said at that instant, in their order."""


@contextmanager
def snapshot(path: Path, statements: Sequence[str], progress: Callable[[int, int], None]) -> Iterator[Snapshot]:
    """Copy the database at ``path`` and ask it; ``progress`` hears how many pages of how many are done.

    Writers need not wait, and nobody waits for what is done with the copy.

    Raises:
        StorageError: the database does not open, or the disk has no room for a copy.
    """
    nameless = path.with_name(f".snapshot-{os.getpid()}")
    try:
        nameless.unlink(missing_ok=True)
        handle = os.open(nameless, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise errors.failed(f"no copy can be made beside it: {error.strerror}") from error
    with os.fdopen(handle, "rb") as file:
        try:
            with closing(sqlite3.connect(nameless, isolation_level=None)) as copy:
                copy.execute("PRAGMA journal_mode = OFF").fetchall()
                copy.execute("PRAGMA synchronous = OFF")
                nameless.unlink()
                answers = _copy(path, copy, statements, progress)
        except sqlite3.Error as error:
            raise errors.from_sqlite(error) from error
        finally:
            nameless.unlink(missing_ok=True)
        yield Snapshot(file, os.fstat(handle).st_size, answers)


def _copy(
    path: Path, copy: sqlite3.Connection, statements: Sequence[str], progress: Callable[[int, int], None]
) -> tuple[list[Any], ...]:
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_S, isolation_level=None)
    with closing(source):
        source.execute("PRAGMA query_only = ON")
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()  # from here on, one instant
        source.backup(
            copy, pages=PAGES_AT_ONCE, progress=lambda _, remaining, total: progress(total - remaining, total)
        )
        answers = tuple(source.execute(statement).fetchall() for statement in statements)
        source.execute("ROLLBACK")
    return answers
