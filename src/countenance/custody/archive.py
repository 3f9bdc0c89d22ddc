"""Files as one stream of bytes (POSIX ustar, so that ``tar`` reads it), the manifest with their hashes at its end."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from countenance.errors import BackupError

MANIFEST = "MANIFEST.json"
_BLOCK = 512
_CHUNK = 1 << 18
_LONGEST_MANIFEST = 1 << 26


@dataclass(frozen=True, slots=True)
class Packed:
    """One file to pack: its name with slashes, its exact size in bytes, and its bytes."""

    name: str
    size: int
    chunks: Iterable[bytes]


def pack(files: Iterable[Packed], about: Mapping[str, object]) -> Iterator[bytes]:
    """Yield the archive; ``about`` stands in the manifest beside the files' sizes and hashes.

    Raises:
        BackupError: ``backup.name``, or ``backup.changing``: a file was not as long as it was said to be.
    """
    listed: dict[str, object] = {}
    for file in files:
        digest, size = hashlib.sha256(), 0
        yield _header(file.name, file.size)
        for chunk in file.chunks:
            digest.update(chunk)
            size += len(chunk)
            yield chunk
        if size != file.size:
            raise BackupError(
                "backup.changing", f"{file.name} changed its length while it was being read.",
                remedy="The older backup is intact; make this one again.",
            )  # fmt: skip
        yield bytes(-size % _BLOCK)
        listed[file.name] = {"size": size, "sha256": digest.hexdigest()}
    manifest = json.dumps({**about, "files": listed}, indent=1, sort_keys=True).encode()
    yield _header(MANIFEST, len(manifest)) + manifest + bytes(-len(manifest) % _BLOCK) + bytes(2 * _BLOCK)


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    try:
        return info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")
    except ValueError as error:
        raise BackupError(
            "backup.name", f"The file {name} has a name that no archive takes.",
            remedy="Give it a shorter one; the older backup is intact.",
        ) from error  # fmt: skip


class Unpacker:
    """Writes the files of an archive, given piece by piece, into a folder; only regular ones, only into it."""

    def __init__(self, folder: Path, tops: frozenset[str]) -> None:
        """Unpack into ``folder``, which is empty; names begin with one of ``tops`` or are no archive of ours."""
        self._folder = folder
        self._tops = tops
        self._held = bytearray()
        self._found: dict[str, object] = {}
        self._manifest: dict[str, Any] | None = None
        self._ended = False
        self._steps = self._run()
        next(self._steps)

    def take(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            BackupError: ``backup.foreign``: this is no archive of ours.
            OSError: a file cannot be written.
        """
        if self._ended:
            if any(data):
                raise _foreign()
            return
        self._held += data
        try:
            next(self._steps)
        except StopIteration:
            self._ended = True
            if any(self._held):
                raise _foreign() from None

    def finish(self) -> dict[str, Any]:
        """Return the manifest once everything was given, every file there and as it says.

        Raises:
            BackupError: ``backup.foreign`` or ``backup.damaged``.
        """
        if not self._ended or self._manifest is None:
            raise _foreign()
        if self._manifest.get("files") != self._found:
            raise BackupError(
                "backup.damaged", "The backup does not hold what its manifest says.",
                remedy="Nothing was restored. Take another copy of it, or the backup before it.",
            )  # fmt: skip
        return self._manifest

    def _run(self) -> Generator[None, None, None]:
        while True:
            block = yield from self._next(_BLOCK)
            if not any(block):
                return
            name, size = _read_header(block)
            if name == MANIFEST:
                if self._manifest is not None or size > _LONGEST_MANIFEST:
                    raise _foreign()
                self._manifest = _parsed((yield from self._next(size)))
            else:
                yield from self._file(name, size)
            yield from self._next(-size % _BLOCK)

    def _next(self, count: int) -> Generator[None, None, bytes]:
        while len(self._held) < count:
            yield
        piece = bytes(self._held[:count])
        del self._held[:count]
        return piece

    def _file(self, name: str, size: int) -> Generator[None, None, None]:
        parts = name.split("/")
        if parts[0] not in self._tops or {"", ".", ".."} & set(parts) or name in self._found or self._manifest:
            raise _foreign()
        path = self._folder.joinpath(*parts)
        for count in range(1, len(parts)):
            self._folder.joinpath(*parts[:count]).mkdir(mode=0o700, exist_ok=True)
        digest, left = hashlib.sha256(), size
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            while left:
                while not self._held:
                    yield
                chunk = yield from self._next(min(left, len(self._held)))
                digest.update(chunk)
                file.write(chunk)
                left -= len(chunk)
        self._found[name] = {"size": size, "sha256": digest.hexdigest()}


def _read_header(block: bytes) -> tuple[str, int]:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.TarError, ValueError) as error:
        raise _foreign() from error
    if not info.isreg() or info.size < 0:
        raise _foreign()
    return info.name, info.size


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _foreign() from error
    if not isinstance(found, dict):
        raise _foreign()
    return found


def chunks_of(path: Path, size: int) -> Iterator[bytes]:
    """Yield the first ``size`` bytes of a file, fewer where it has fewer; follows no link.

    Raises:
        OSError: it cannot be read.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        while size and (chunk := file.read(min(size, _CHUNK))):
            size -= len(chunk)
            yield chunk


def _foreign() -> BackupError:
    return BackupError(
        "backup.foreign",
        "The file is no backup of countenance.",
        remedy="Name a file that 'countenance backup' wrote.",
    )
