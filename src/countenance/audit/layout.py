"""Which files a tree of a given size has (C2SP tlog-tiles), which names they have, and how they are read safely.

tlog-tiles leaves open which partial tiles of earlier sizes are still served. This log's rule is a function of the size:
while a tile is unfinished, entries and level 0 have a partial file at each multiple of 64 (every batch is one), levels
above at each width. So a verifier can demand every one of them, and nothing else.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

WIDTH = 256
ENTRIES = "entries"
ENTRY = 34
HASH = 32
BATCH = 64
_PARTS = re.compile(r"tile/(entries|[1-9]?[0-9])/((?:x[0-9]{3}/){0,6})([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Place:
    """One file of the tile tree."""

    level: str
    """"entries", "0", "1" …"""
    index: int
    width: int

    def path(self) -> str:
        """Return the path below the log folder: tile/<L>/<N>[.p/<W>]."""
        rest, group = divmod(self.index, 1000)
        groups = [f"{group:03d}"]
        while rest:
            rest, group = divmod(rest, 1000)
            groups.insert(0, f"x{group:03d}")
        end = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/{'/'.join(groups)}{end}"

    def length(self) -> int:
        """Return the length of the file in bytes."""
        return self.width * (ENTRY if self.level == ENTRIES else HASH)


def place_of(path: str) -> Place | None:
    """Return the place that ``path`` names, or None when a tile tree has no such path."""
    parts = _PARTS.fullmatch(path)
    if parts is None:
        return None
    level, above, last, width = parts.groups()
    place = Place(level, int("".join(re.findall("[0-9]+", above)) + last), int(width or WIDTH))
    return place if place.path() == path else None


def width_at(level: str, size: int) -> int:
    """Return how many entries or hashes a tree of ``size`` leaves has at ``level`` in all."""
    return size if level == ENTRIES else size // WIDTH ** int(level)


def partial_widths(level: str, width: int) -> Iterator[int]:
    """Yield the widths of the partial files of an unfinished tile that is ``width`` wide now."""
    step = BATCH if level in {ENTRIES, "0"} else 1
    yield from range(step, width, step)
    if width:
        yield width


def is_expected(place: Place, size: int) -> bool:
    """Return whether a tree of ``size`` leaves has this file."""
    full, width = divmod(width_at(place.level, size), WIDTH)
    if place.width == WIDTH:
        return place.index < full
    return place.index == full and place.width in partial_widths(place.level, width)


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a file could not be read as what it should be."""

    code: str
    sentence: str


def read_file(folder: Path, path: str, limit: int) -> bytes | Unusable:
    """Return a regular file's bytes, at most ``limit`` + 1 of them; no link is followed and nothing blocks."""
    try:
        descriptor = os.open(folder / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return Unusable("file.missing", f"{path} is missing.")
    except OSError as fault:
        if fault.errno == errno.ELOOP:
            return Unusable("file.symlink", f"{path} is a symbolic link.")
        return Unusable("file.unreadable", f"{path} cannot be read: {fault.strerror}.")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return Unusable("file.unexpected", f"{path} is not a regular file.")
    with os.fdopen(descriptor, "rb") as file:
        return file.read(limit + 1)


class Source(Protocol):
    """Where a log's files are read from: a folder, or an address on a web server."""

    def read(self, path: str, limit: int) -> bytes | Unusable:
        """Return a file's bytes, at most ``limit`` + 1 of them, or why there are none."""
        ...

    def close(self) -> None:
        """Give back what reading holds open."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """A log's files in a folder."""

    path: Path

    def read(self, path: str, limit: int) -> bytes | Unusable:
        """As :func:`read_file`."""
        return read_file(self.path, path, limit)

    def close(self) -> None:
        """Nothing is held open."""


def read_place(source: Source, place: Place) -> bytes | Unusable:
    """Return a tile file's bytes, exactly as many as its name says."""
    data = source.read(place.path(), place.length())
    if isinstance(data, bytes) and len(data) != place.length():
        how = "longer" if len(data) > place.length() else "shorter"
        return Unusable("file.length", f"{place.path()} is {how} than the {place.length()} bytes it must have.")
    return data
