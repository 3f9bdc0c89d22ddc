"""What ``secure_delete`` leaves: SQLite, rebuilding a page, lets copies of rows stand in the page's unused middle.

A page of a table or index is a header, pointers, an unused middle, and rows (file format 1.6). Deleted rows are zeroed,
but where SQLite spreads rows over pages anew it writes them at one end and clears nothing else. So after the journal is
empty every page's middle is looked at, and what is not zero there is overwritten. Rows are not touched.

Overwriting goes past SQLite and is safe by its own locks: it happens while one connection holds the write lock and a
checkpoint found nothing left to move. Then every page is in the file as it is, nobody writes and no checkpoint has
anything to do; readers look at rows alone. A commit by that same connection makes every other one read pages anew, so
that no copy in memory comes back.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from countenance.storage import errors
from countenance.storage.database import empty_wal

_FILE_HEADER = 100
_SMALLEST_PAGE = 512
_POINTERS_AT = {2: 12, 5: 12, 10: 8, 13: 8}
"""Kind of page, by its first byte, to where its pointers begin: interior and leaf pages of indexes and tables."""
_PAGES_AT_ONCE = 256
_ATTEMPTS = 5
"""How often a reader may begin between emptying the journal and looking whether anything came into it."""


class Scrubber:
    """Empties a database's journal and its pages' middles; made once for a database that is open.

    It holds the file open until :meth:`close`, to be called after the last connection is closed: POSIX forgets every
    lock that a process has on a file when the process closes any descriptor of it.
    """

    def __init__(self, engine: Engine) -> None:
        """Hold the engine's file open.

        Raises:
            StorageError: the file cannot be opened.
        """
        self._engine = engine
        self._path = Path(str(engine.url.database))
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise errors.failed(f"cannot open the database file: {error.strerror}") from error

    def empty(self) -> bool:
        """Leave nothing of deleted rows in journal or pages; return False when a reader was in the way.

        Raises:
            StorageError: the disk refused.
        """
        try:
            for _ in range(_ATTEMPTS):
                if not empty_wal(self._engine):  # waits for readers
                    return False
                found = list(self._stale())
                if not found:
                    return True
                if self._overwrite(found):
                    return empty_wal(self._engine)
        except OSError as error:
            raise errors.failed(f"cannot clear the database file: {error.strerror}") from error
        except sqlite3.Error as error:
            raise errors.from_sqlite(error) from error
        return False

    def close(self) -> None:
        """Let go of the file; the engine must be disposed of by then."""
        os.close(self._file)

    def _overwrite(self, numbers: list[int]) -> bool:
        with closing(sqlite3.connect(self._path, isolation_level=None)) as alone:
            (version,) = alone.execute("PRAGMA user_version").fetchone()
            alone.execute("BEGIN IMMEDIATE")
            if not self._all_moved():
                alone.execute("ROLLBACK")
                return False
            size = self._page_size()
            for number in numbers:
                for _, start, end in _middles(os.pread(self._file, size, number * size), number, size):
                    os.pwrite(self._file, bytes(end - start), number * size + start)
            os.fsync(self._file)
            alone.execute(f"PRAGMA user_version = {(version + 1) % 2**31}")
            alone.execute("COMMIT")
        return True

    def _all_moved(self) -> bool:
        """Return whether the file has everything that was committed, checked while nobody can commit."""
        raw = self._engine.raw_connection()
        try:
            busy, there, moved = raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        finally:
            raw.close()
        return not busy and there == moved

    def _stale(self) -> Iterator[int]:
        """Yield the number, from 0, of each page whose middle is not zero; none in a file of another layout."""
        size = self._page_size()
        at = 0
        while size and (block := os.pread(self._file, size * _PAGES_AT_ONCE, at * size)):
            yield from (number for number, _, _ in _middles(block, at, size))
            at += _PAGES_AT_ONCE

    def _page_size(self) -> int:
        """Return the size of a page, 0 where pages are not what this module knows (auto-vacuum, reserved bytes)."""
        header = os.pread(self._file, _FILE_HEADER, 0)
        if len(header) < _FILE_HEADER or header[20] or any(header[52:56]):
            return 0
        size = int.from_bytes(header[16:18], "big")
        return size if size >= _SMALLEST_PAGE else 65_536 * size


def _middles(block: bytes, first: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Yield (page number, first byte, end) of each page in ``block`` whose middle is not zero.

    The first page of the file holds the schema and is left alone.
    """
    for at in range(0 if first else size, len(block) - size + 1, size):
        pointers = _POINTERS_AT.get(block[at])
        if pointers is None:
            continue
        cells = int.from_bytes(block[at + 3 : at + 5], "big")
        start, rows = pointers + 2 * cells, int.from_bytes(block[at + 5 : at + 7], "big") or 65_536
        if block[at + start : at + rows].strip(b"\0") and _is_sound(block[at : at + size], pointers, start, rows):
            yield first + at // size, start, rows


def _is_sound(page: bytes, pointers: int, start: int, rows: int) -> bool:
    """Return whether a page is one of a table or index indeed: every row begins where rows are."""
    places = (int.from_bytes(page[at : at + 2], "big") for at in range(pointers, start, 2))
    return start <= rows <= len(page) and all(rows <= place < len(page) for place in places)
