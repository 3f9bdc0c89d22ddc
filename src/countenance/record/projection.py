"""The files under ``log/``: a projection of the record that a reader can fetch and a verifier can demand byte for byte.

Whatever step a power cut hits, what lies there is a published tree, part of the next one, and at most one unfinished
file named ``.writing``: every file is written aside, made durable and renamed; tiles come first, then the checkpoint,
and last of all the partial tiles that a full one replaces are removed.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from countenance.errors import RecordError
from countenance.record.tiles import ENTRIES, WIDTH, Tile, TileName, belongs, levels_of, names_at, outgrown

CHECKPOINT = "checkpoint"
WRITING = ".writing"
_LARGEST_CHECKPOINT = 65536
_TILE = re.compile(
    r"tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<index>(x[0-9]{3}/)*[0-9]{3})(\.p/(?P<width>[0-9]{1,3}))?"
)


class Projection:
    """Reads and writes one log folder. Not safe for two writers: its owner holds the site's lock."""

    def __init__(self, folder: Path) -> None:
        """Project into ``folder``, which is made when first written to."""
        self._folder = folder

    # --- reading ---------------------------------------------------------------------------------------------------
    def checkpoint(self) -> str | None:
        """Return the published tree head's note, or None where nothing was published.

        Raises:
            RecordError: ``log.unreadable``.
        """
        with _faults("log.unreadable", "cannot be read"):
            data = _read(self._folder / CHECKPOINT, _LARGEST_CHECKPOINT)
        return None if data is None else data.decode("utf-8", "replace")

    def tile(self, name: TileName) -> bytes | None:
        """Return a tile's bytes, or None when it is missing or of another length.

        Raises:
            RecordError: ``log.unreadable``.
        """
        path = self._folder / name.path
        with _faults("log.unreadable", "cannot be read"):
            data = None if path.is_symlink() else _read(path, name.length)
        return data if data is not None and len(data) == name.length else None

    def is_whole(self, size: int) -> bool:
        """Return whether every file of a tree of ``size`` leaves is there with the right length, contents unread."""
        names = (name for level in levels_of(size) for name in names_at(level, size))
        return all(_length(self._folder / name.path) == name.length for name in names)

    # --- writing ---------------------------------------------------------------------------------------------------
    def write(self, tiles: Iterable[Tile]) -> None:
        """Make tiles durable, whatever stood in their place.

        Raises:
            RecordError: ``log.not_written``.
        """
        with _faults("log.not_written", "cannot be written"):
            changed: set[Path] = set()
            for tile in tiles:
                target = self._folder / tile.name.path
                changed |= {*_make_folders(target.parent), target.parent}
                self._replace(target, tile.data)
            for folder in sorted(changed):
                _sync_folder(folder)

    def publish(self, note: str) -> None:
        """Make ``note`` the checkpoint, durably; every tile it covers has been written.

        Raises:
            RecordError: ``log.not_written``.
        """
        with _faults("log.not_written", "cannot be written"):
            for folder in _make_folders(self._folder):
                _sync_folder(folder)
            if _read(self._folder / CHECKPOINT, _LARGEST_CHECKPOINT) != note.encode():
                self._replace(self._folder / CHECKPOINT, note.encode())
                _sync_folder(self._folder)

    def _replace(self, target: Path, data: bytes) -> None:
        aside = self._folder / WRITING
        aside.unlink(missing_ok=True)
        with aside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)

    def drop(self, since: int, size: int) -> None:
        """Remove the partial tiles of a tree of ``since`` leaves that full ones of ``size`` leaves replace.

        Raises:
            RecordError: ``log.not_written``.
        """
        with _faults("log.not_written", "cannot be cleaned up"):
            for level in levels_of(since):
                self._remove(name.path for name in outgrown(level, size, since))

    def clean(self, size: int) -> None:
        """Remove whatever an interrupted projection left: what we may have written and a tree of ``size`` has not.

        Anything that cannot be ours stays where it is, for an audit to name.

        Raises:
            RecordError: ``log.not_written``.
        """
        with _faults("log.not_written", "cannot be cleaned up"):
            self._remove([path for path in self._ours() if path == WRITING or not _wanted(path, size)])
            for folder, _, _ in os.walk(self._folder / "tile", topdown=False):
                _remove_if_empty(Path(folder))

    def _ours(self) -> Iterator[str]:
        """Yield the regular files that have a name we give: tiles, and the file being written."""
        if _length(self._folder / WRITING) is not None:
            yield WRITING
        for folder, _, files in os.walk(self._folder / "tile"):
            for path in (Path(folder, file) for file in files):
                relative = path.relative_to(self._folder).as_posix()
                if parse_path(relative) and _length(path) is not None:
                    yield relative

    def _remove(self, paths: Iterable[str]) -> None:
        for gone in (self._folder / path for path in paths):
            gone.unlink(missing_ok=True)
            if gone.parent.suffix == ".p" and gone.parent.is_dir():
                _remove_if_empty(gone.parent)


def parse_path(path: str) -> TileName | None:
    """Return the tile that a path below the log folder names, or None when it is not the one way to write a tile."""
    parts = _TILE.fullmatch(path)
    if parts is None:
        return None
    level = ENTRIES if parts["level"] == "entries" else int(parts["level"])
    name = TileName(level, int(re.sub("[x/]", "", parts["index"])), int(parts["width"] or WIDTH))
    return name if name.path == path else None


def _wanted(path: str, size: int) -> bool:
    name = parse_path(path)
    return name is not None and belongs(name, size)


def _read(path: Path, limit: int) -> bytes | None:
    """Return at most ``limit`` + 1 bytes of a regular file, or None when there is no such file; follows no link."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(limit + 1)


def _length(path: Path) -> int | None:
    """Return a regular file's length in bytes, or None when there is no such file; follows no link."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _make_folders(folder: Path) -> set[Path]:
    """Make ``folder`` and what it lies in; return the folders that gained an entry."""
    if folder.is_dir():
        if folder.is_symlink():
            raise NotADirectoryError(f"{folder.name} is a symbolic link")
        return set()
    changed = _make_folders(folder.parent)
    folder.mkdir()
    return changed | {folder.parent}


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_if_empty(folder: Path) -> None:
    with os.scandir(folder) as entries:
        empty = next(entries, None) is None
    if empty:
        folder.rmdir()


@contextmanager
def _faults(code: str, what: str) -> Iterator[None]:
    """Turn the system's errors into ours, by their kind and never with a path's contents."""
    try:
        yield
    except OSError as fault:
        raise RecordError(
            code,
            f"The log's files {what}: {fault.strerror or fault}.",
            remedy="Nothing recorded is lost. See to the disk (space, permissions); the next publication, or a "
            "restart, completes log/ from the record.",
        ) from fault
