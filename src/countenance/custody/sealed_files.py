"""Files sealed for one recipient in the age format (age-encryption.org/v1), so that ``age -d`` opens them too.

Sealing needs the recipient alone (``age1…``); opening needs the identity (``AGE-SECRET-KEY-1…``), which lies somewhere
else. Both stream: memory does not grow with the file. Randomness is the library's own, from the operating system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import pyrage

from countenance.custody.files import read_secret, write_secret
from countenance.errors import BackupError

_SECRET = "AGE-SECRET-KEY-1"  # noqa: S105 - how such a key begins


def create_identity(path: Path) -> str:
    """Write a new identity to a new file of mode 0600; return its recipient.

    Raises:
        VaultError: ``vault.key_exists`` or ``vault.key_unwritable``.
    """
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    write_secret(path, f"# recipient: {recipient}\n{identity}\n".encode())
    return recipient


def read_recipient(text: str) -> Any:
    """Return the recipient that ``age1…`` names.

    Raises:
        BackupError: ``backup.recipient``.
    """
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise BackupError(
            "backup.recipient",
            "That is no recipient: one begins with age1 and has 62 characters.",
            remedy="Make one with: countenance keys backup FILE",
        ) from error


def read_identity(path: Path) -> Any:
    """Return the identity in a file that ``keys backup`` or ``age-keygen`` wrote.

    Raises:
        VaultError: ``vault.key_missing`` or ``vault.key_permissions``.
        BackupError: ``backup.identity``.
    """
    lines = read_secret(path).decode("utf-8", "replace").splitlines()
    try:
        (text,) = (line.strip() for line in lines if line.startswith(_SECRET))
        return pyrage.x25519.Identity.from_str(text)
    except (ValueError, pyrage.IdentityError) as error:
        raise BackupError(
            "backup.identity",
            f"The file {path.name} does not hold one identity.",
            remedy="Name the file that 'countenance keys backup' made for this backup's recipient.",
        ) from error


def seal(chunks: Iterator[bytes], out: BinaryIO, recipient: Any) -> None:
    """Write ``chunks`` to ``out``, sealed.

    Raises:
        OSError: ``out`` cannot be written; or what ``chunks`` raises.
    """
    source, sink = _Source(chunks), _Sink(out.write)
    try:
        pyrage.encrypt_io(source, sink, [recipient])
    except (pyrage.EncryptError, OSError) as error:
        raise source.fault or sink.fault or error from None


def unseal(file: BinaryIO, take: Callable[[bytes], object], identity: Any) -> None:
    """Give ``take`` what the file holds, piece by piece, each authentic, in order; the end is authentic only at return.

    Raises:
        BackupError: ``backup.other_recipient``, ``backup.foreign`` or ``backup.damaged``; or what ``take`` raises.
    """
    sink = _Sink(take)
    try:
        pyrage.decrypt_io(file, sink, [identity])
    except pyrage.DecryptError as error:
        if sink.fault is not None:
            raise sink.fault from None
        _refuse(str(error))
    except OSError as error:
        if sink.fault is not None:
            raise sink.fault from None
        if error.errno is not None:
            raise
        raise BackupError(
            "backup.damaged",
            "The backup is cut short or was changed.",
            remedy="Nothing was restored. Take another copy of it, or the backup before it.",
        ) from error


def _refuse(why: str) -> NoReturn:
    if "matching keys" in why:
        raise BackupError(
            "backup.other_recipient",
            "The backup was sealed for another recipient than this identity's.",
            remedy="Name the identity whose recipient the backup was made for (countenance backup --to).",
        )
    raise BackupError(
        "backup.foreign",
        "The file is no backup of countenance.",
        remedy="Name a file that 'countenance backup' wrote.",
    )


class _Source:
    """Chunks as a file to read from; keeps what they raise, which the library would only quote."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""
        self.fault: BaseException | None = None

    def read(self, count: int = -1) -> bytes:
        while not self._rest:
            try:
                chunk = next(self._chunks, None)
            except BaseException as fault:
                self.fault = fault
                raise
            if chunk is None:
                return b""
            self._rest = chunk
        piece, self._rest = (self._rest[:count], self._rest[count:]) if count >= 0 else (self._rest, b"")
        return piece


class _Sink:
    """A function as a file to write to; keeps what it raises."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self._take = take
        self.fault: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            self._take(data)
        except BaseException as fault:
            self.fault = fault
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""
