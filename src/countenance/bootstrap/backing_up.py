"""One sealed file from which a site can come back: database, keys, charters, settings, the list of what was erased.

The log's files are not in it: they follow from the database byte for byte, and a restore writes them again.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from countenance.bootstrap.key_holders import key_holder
from countenance.custody import SITE, TOMBSTONES, SystemEntropy, prove_keys, read_secret
from countenance.custody.archive import Packed, chunks_of, pack
from countenance.custody.files import sync_folder
from countenance.custody.sealed_files import read_recipient, seal
from countenance.errors import BackupError, VaultError
from countenance.site import Site
from countenance.storage import Snapshot, snapshot
from countenance.terms import Instant, iso

FORMAT = 1
TOPS = frozenset({"site.toml", TOMBSTONES, "db", "keys", "charters", "policies", "notices", "operating-points"})
"""What a backup holds of a site's folder, beside its manifest."""
_FOLDERS = ("charters", "policies", "notices", "operating-points")
_QUERIES = ("SELECT epoch, proof FROM vault_epochs", "SELECT latest FROM trusted_time", "SELECT count(*) FROM leaves")
_TRIES = 5  # a service may end an epoch between the copy of the database and the reading of its keys
_CHUNK = 1 << 18

Progress = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and how much there is; pages or bytes."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made."""

    file: Path
    size: int
    made_at: Instant
    """The site's time in it."""
    epochs: int
    """How many epoch keys it holds; 0 where a token holds them."""
    key_holder: str


def back_up(path: Path, folder: Path, recipient: str, progress: Progress = lambda *_: None) -> BackedUp:
    """Write the site at ``path`` to ``folder``/<site id>.age, sealed for ``recipient``, while it is served or not.

    (1) the recipient is one; (2) a copy of the database at one instant, and the keys that open exactly it; (3) all of
    it is sealed into a file aside; (4) which is on disk before it takes the older backup's place.

    Raises:
        BackupError: ``backup.recipient``, ``.unwritable``, ``.full``, ``.changing``: the older backup is intact.
        VaultError, SiteError, StorageError: the site is not in order; likewise.
    """
    sealed_for = read_recipient(recipient)  # (1)
    site = Site.open(path)
    target = folder / f"{site.site_id}.age"
    with _faults(target), _copied(site, progress) as (copy, keys):  # (2)
        _, latest, leaves = copy.answers
        made_at = Instant(latest[0][0] if latest else 0)
        about = {
            "v": FORMAT, "site": site.site_id, "origin": site.log_origin, "made_at": iso(made_at),
            "key_holder": site.key_holder, "tree_size": leaves[0][0],
        }  # fmt: skip
        files = [*_files(site, keys), Packed("db/countenance.db", copy.size, _of_copy(copy))]
        total = sum(file.size for file in files)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _aside(target) as (draft, out):
            seal(_counted(pack(files, about), total, progress), out, sealed_for)  # (3)
            out.flush()
            os.fsync(out.fileno())
            draft.replace(target)  # (4)
        sync_folder(folder)
    return BackedUp(target, target.stat().st_size, made_at, len(keys), site.key_holder)


@contextmanager
def _aside(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Open the file beside ``target`` that becomes it; half of one from an interruption is overwritten."""
    draft = target.with_name(f".{target.name}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as out:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = draft.exists() and draft.stat().st_ino == os.fstat(handle).st_ino
        except BlockingIOError:
            mine = False
        if not mine:
            raise BackupError(
                "backup.busy", f"Another process is writing the backup {target.name}.",
                remedy="Wait until it has ended; the older backup is intact.",
            )  # fmt: skip
        os.ftruncate(handle, 0)
        try:
            yield draft, out
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


@contextmanager
def _copied(site: Site, progress: Progress) -> Iterator[tuple[Snapshot, dict[str, bytes]]]:
    """Give a copy of the database with the keys that open it, by file; those that a token holds are not there."""
    database = site.path / "db" / "countenance.db"
    for tries_left in reversed(range(_TRIES)):
        with snapshot(database, _QUERIES, lambda done, total: progress("database", done, total)) as copy:
            epochs = copy.answers[0]
            try:
                prove_keys(epochs, key_holder(site, SystemEntropy()))
                keys = _keys(site, [epoch for epoch, _ in epochs])
            except VaultError as fault:
                if fault.code != "vault.key_missing" or not tries_left:
                    raise
                continue
            yield copy, keys
            return


def _keys(site: Site, epochs: list[str]) -> dict[str, bytes]:
    if site.key_holder != "file":
        return {}
    names = {epoch: "vault.key" if epoch == SITE else f"epochs/{epoch}.key" for epoch in epochs}
    return {f"keys/{name}": read_secret(site.keys / name) for name in names.values()}


def _files(site: Site, keys: dict[str, bytes]) -> Iterator[Packed]:
    """Yield everything but the database: settings, other keys, what was signed, what was erased early."""
    plain = [site.path / "site.toml", site.path / TOMBSTONES]
    plain += [path for path in site.keys.iterdir() if path.name not in {"vault.key", Path(site.pkcs11_pin_file).name}]
    for folder in _FOLDERS:
        plain += (site.path / folder).rglob("*")
    for path in sorted(plain):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            size = path.stat().st_size
            yield Packed(path.relative_to(site.path).as_posix(), size, chunks_of(path, size))
    for name, key in sorted(keys.items()):
        yield Packed(name, len(key), (key,))


def _of_copy(copy: Snapshot) -> Iterator[bytes]:
    copy.file.seek(0)
    while chunk := copy.file.read(_CHUNK):
        yield chunk


def _counted(chunks: Iterator[bytes], total: int, progress: Progress) -> Iterator[bytes]:
    done = 0
    for chunk in chunks:
        yield chunk
        done = min(total, done + len(chunk))
        progress("sealing", done, total)


@contextmanager
def _faults(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise BackupError(
                "backup.full", f"There is no room for the backup {target.name}.",
                remedy="Make room in its folder, or name another one; the older backup is intact.",
            ) from error  # fmt: skip
        raise BackupError(
            "backup.unwritable", f"The backup {target.name} cannot be made ({error.strerror or error}).",
            remedy="See to the folder and its rights; the older backup is intact.",
        ) from error  # fmt: skip
