"""A folder made aside that takes its place only whole: after a kill there is the old state, and half a one aside."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from countenance.custody.files import sync_folder
from countenance.errors import BackupError


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """Give an empty folder beside ``path``; when the block ends well, everything in it is on disk under that name.

    What an earlier attempt left aside goes first: it may hold keys.

    Raises:
        BackupError: ``restore.not_empty``, ``restore.busy`` or ``restore.unwritable``; ``path`` is as it was.
    """
    target = path.absolute()
    aside = target.with_name(f".{target.name}.restoring")
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise BackupError(
                "restore.not_empty", f"{target.name} is not an empty folder.",
                remedy="Name an empty or a new folder; a site is never restored over something else.",
            )  # fmt: skip
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(aside.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(lock):
            _lock(lock, target)
            _remove(aside)
            aside.mkdir(mode=0o700)
            try:
                yield aside
                _sync(aside)
                aside.rename(target)
            except BaseException:
                _remove(aside)
                raise
            finally:
                aside.with_suffix(".lock").unlink(missing_ok=True)
            sync_folder(target.parent)
    except OSError as error:
        raise BackupError(
            "restore.unwritable", f"The site {target.name} cannot be written ({error.strerror or error}).",
            remedy="Nothing was restored. Name a folder that you may write to, on a disk with space.",
        ) from error  # fmt: skip


def _lock(handle: int, target: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BackupError(
            "restore.busy", f"Another process is restoring {target.name}.",
            remedy="Wait until it has ended, or restore into another folder.",
        ) from error  # fmt: skip


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _sync(folder: Path) -> None:
    """Wait until every file below ``folder``, and every name, is on disk."""
    for here, _, files in os.walk(folder, topdown=False):
        for name in files:
            handle = os.open(Path(here, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        sync_folder(Path(here))
