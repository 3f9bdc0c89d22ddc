"""What the database refuses, as one kind of error with a sentence that says what to do.

Messages name SQLite's error code and nothing of the statement or its values: a row may hold a pseudonym.
"""

from __future__ import annotations

import sqlite3

from countenance.errors import StorageError


def from_sqlite(error: BaseException) -> StorageError:
    """Return the ``StorageError`` that ``error`` of the SQLite driver stands for; ``storage.failed`` by default."""
    code = getattr(error, "sqlite_errorcode", None)
    detail = str(getattr(error, "sqlite_errorname", type(error).__name__))
    match code & 0xFF if isinstance(code, int) else None:  # the low byte of an extended code is the primary one
        case sqlite3.SQLITE_FULL:
            return full(detail)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return locked(detail)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(detail)
        case _:
            return failed(detail)


def full(detail: str) -> StorageError:
    """Return ``storage.full``; ``detail`` holds no stored data."""
    return StorageError(
        "storage.full",
        f"The disk or the database is full; nothing was recorded ({detail}).",
        remedy="Free space on the disk that holds the site's db/ folder, then repeat; until then check manually.",
    )


def locked(detail: str) -> StorageError:
    """Return ``storage.locked`` for a lock, connection or turn that could not be had."""
    return StorageError(
        "storage.locked",
        f"The database is held by something else; nothing was recorded ({detail}).",
        remedy="Stop whatever else has the site's db/ folder open (a backup, a database browser), then repeat.",
    )


def damaged(detail: str) -> StorageError:
    """Return ``storage.damaged`` for a file that is no database or fails a check."""
    return StorageError(
        "storage.damaged",
        f"The database file is damaged or is not a database ({detail}).",
        remedy="Stop the service, keep the damaged db/ folder for examination, and restore the last backup.",
    )


def failed(detail: str) -> StorageError:
    """Return ``storage.failed``, for every other fault."""
    return StorageError(
        "storage.failed",
        f"The database refused; nothing was recorded ({detail}).",
        remedy="Repeat once; if it fails again, see to the disk's health and the permissions of the site's db/ folder.",
    )
