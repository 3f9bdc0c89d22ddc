"""Secret files: made once, never overwritten, refused unless they are the owner's alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from countenance.errors import VaultError

_LONGEST = 4096  # bytes; every secret file of ours is far smaller


def write_secret(path: Path, content: bytes) -> None:
    """Write ``content`` to a new file of mode 0600, whole and on disk when this returns, or not at all.

    Raises:
        VaultError: ``vault.key_exists``: a file is there and stays as it is; ``vault.key_unwritable``.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write_new(draft, content)
        try:
            path.hardlink_to(draft)  # unlike a rename, this never replaces a file
        finally:
            draft.unlink()
        sync_folder(path.parent)
    except FileExistsError as error:
        raise VaultError(
            "vault.key_exists",
            f"There is a key file {path.name} already.",
            remedy="Keep it: what it sealed or signed needs it. Move it away yourself if it must be replaced.",
        ) from error
    except OSError as error:
        raise VaultError(
            "vault.key_unwritable",
            f"The key file {path.name} cannot be written ({error.strerror}).",
            remedy="Check that the site's keys/ folder exists, is yours, and that its disk has space.",
        ) from error


def read_secret(path: Path) -> bytes:
    """Return the content of a secret file.

    Raises:
        VaultError: ``vault.key_missing``; ``vault.key_permissions``: others may read or write it, or it is no plain
            file; ``vault.key_malformed``: it is too long to be a key.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise VaultError(
            "vault.key_missing",
            f"The key file {path.name} cannot be opened ({error.strerror}).",
            remedy="Restore the site's keys/ folder from its backup; without it nothing sealed can be read.",
        ) from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
            raise VaultError(
                "vault.key_permissions",
                f"The key file {path.name} is open to others, or is not a plain file.",
                remedy=f"Find out who could read it, then run: chmod 600 keys/{path.name}",
            )
        content = os.read(handle, _LONGEST + 1)
    finally:
        os.close(handle)
    if len(content) > _LONGEST:
        raise malformed(path)
    return content


def malformed(path: Path) -> VaultError:
    """Return ``vault.key_malformed`` for a key file that does not hold what it should."""
    return VaultError(
        "vault.key_malformed",
        f"The key file {path.name} does not hold a key of the right kind and length.",
        remedy="Restore the site's keys/ folder from its backup.",
    )


def _write_new(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
