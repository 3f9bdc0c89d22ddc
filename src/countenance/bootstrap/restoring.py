"""A site comes back from a backup: into an empty folder, and nothing comes back that was erased."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, delete, select

from countenance import __version__
from countenance.bootstrap.backing_up import FORMAT, TOPS, Progress
from countenance.bootstrap.charters import signed_charters
from countenance.bootstrap.key_holders import key_holder
from countenance.bootstrap.logs import open_log
from countenance.bootstrap.points import trusted_points
from countenance.bootstrap.staging_folder import staged
from countenance.bootstrap.wiring import Storage, open_storage
from countenance.custody import (
    TOMBSTONES,
    FileSigner,
    FileTombstones,
    SystemEntropy,
    Tombstone,
    read_tombstones,
    system_millis,
)
from countenance.custody.archive import Unpacker
from countenance.custody.clocks import TOLERATED_MS
from countenance.custody.sealed_files import read_identity, unseal
from countenance.errors import BackupError
from countenance.gallery import InMemoryGalleries
from countenance.ports import Clock, Entropy, KeyHolder
from countenance.procedures import Ending, Erasure, Erasures, Lane, Lanes, Recorder, Replayed, longest_record, replay
from countenance.record import PublicLog, read_continuation
from countenance.site import Site
from countenance.storage import migrate, open_database
from countenance.storage.tables import vault_epochs
from countenance.terms import Instant, iso, parse_iso


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person says about a restore."""

    backup: Path
    identity: Path
    """File with the secret that opens it."""
    erased: Path | None = None
    """The newest list of early erasures."""
    without_erased: str = ""
    """Why there is none; it is recorded."""
    log: Path | None = None
    """The site's log as it was published last."""
    discard_newer_keys: bool = False
    """The site is gone for good, so keys that its token made after the backup may go."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A site that came back."""

    site: str
    made_at: Instant
    """The site's time in the backup."""
    tombstones: int
    replayed: Replayed
    log_given: bool


def restore(
    asked: Asked,
    path: Path,
    *,
    progress: Progress = lambda *_: None,
    clock: Clock | None = None,
    source: Callable[[], int] = system_millis,
    entropy: Entropy | None = None,
) -> Restored:
    """Bring a site back from a sealed backup, into ``path``, an empty folder or none.

    (1) a folder aside; (2) the backup is opened into it, every file as its manifest says; (3) it is not from the
    future; (4) the list of early erasures is there and not older than the backup; (5) keys and database belong
    together; (6) the published log goes on from the backup's; (7) what was erased since is erased again, and recorded
    with the rest in one transaction; (8) what is overdue goes; (9) the log is published; (10) only the whole site
    takes its place.

    Raises:
        BackupError: ``backup.*`` or ``restore.*``: nothing was restored, and ``path`` is as it was.
        SiteError, VaultError, StorageError, RecordError, CharterError, OperatingPointError: likewise.
    """
    identity = read_identity(asked.identity)
    chosen = entropy or SystemEntropy()
    with staged(path) as stage:  # (1)
        manifest = _open(asked.backup, stage, identity, progress)  # (2)
        made_at = _time_of(manifest, source)  # (3)
        stones = _tombstones(asked, stage)  # (4)
        for name in ("charters", "keys", "db", "log"):
            (stage / name).mkdir(mode=0o700, exist_ok=True)
        site = Site.open(stage)
        _drop_lost_epochs(site, key_holder(site, chosen), discard_newer=asked.discard_newer_keys)
        with ExitStack() as stack:
            storage = open_storage(site, chosen, clock, source=source, destroy_left_over=False)  # (5)
            stack.callback(storage.close)
            replayed = _catch_up(site, storage, chosen, asked, stones, made_at)
    return Restored(site.site_id, made_at, len(stones), replayed, asked.log is not None)  # (10) was leaving the folder


def _open(backup: Path, stage: Path, identity: Any, progress: Progress) -> dict[str, Any]:
    unpacker, done, total = Unpacker(stage, TOPS), 0, backup.stat().st_size

    def take(data: bytes) -> None:
        nonlocal done
        done += len(data)
        progress("opening", min(done, total), total)
        unpacker.take(data)

    with backup.open("rb") as file:
        unseal(file, take, identity)
    manifest = unpacker.finish()
    if manifest.get("v") != FORMAT:
        raise BackupError(
            "backup.newer", "The backup has a format that this version does not know.",
            remedy="Restore it with the version of countenance that wrote it.",
        )  # fmt: skip
    return manifest


def _time_of(manifest: dict[str, Any], source: Callable[[], int]) -> Instant:
    made_at = parse_iso(str(manifest["made_at"]))
    ahead = made_at - source()
    if ahead > TOLERATED_MS:
        raise BackupError(
            "restore.from_future",
            f"The backup was made at {iso(made_at)}: this machine's clock is {ahead // 1000} seconds behind it.",
            remedy="Set the clock right, then restore again; nothing was restored.",
        )
    return made_at


def _tombstones(asked: Asked, stage: Path) -> tuple[Tombstone, ...]:
    """Return the early erasures to replay; the restored site keeps their list."""
    kept = stage / TOMBSTONES
    known = read_tombstones(kept) if kept.exists() else ()
    if asked.erased is None:
        if not asked.without_erased.strip():
            raise BackupError(
                "restore.no_tombstones",
                "Without the newest list of what was erased early, erased people could come back.",
                remedy=f"Name the site's newest {TOMBSTONES} with --erased; if there is none any more, say why with "
                "--without-erased, which is recorded.",
            )
        return known
    given = read_tombstones(asked.erased)
    missing = {stone.erasure_id for stone in known} - {stone.erasure_id for stone in given}
    if missing:
        raise BackupError(
            "restore.tombstones_older",
            f"The list {asked.erased.name} lacks {len(missing)} erasures that the backup knows: it is older, or "
            "another site's.",
            remedy=f"Name the newest copy of this site's {TOMBSTONES}; nothing was restored.",
        )
    kept.touch(mode=0o600)
    kept.write_bytes(asked.erased.read_bytes())
    return given


def _drop_lost_epochs(site: Site, holder: KeyHolder, *, discard_newer: bool) -> None:
    """Forget epochs whose keys a token destroyed since the backup; see that it does not hold a living site's.

    Raises:
        BackupError: ``restore.token_ahead``.
    """
    if site.key_holder == "file":
        return
    engine = open_database(site.db_url)
    try:
        migrate(engine)
        with engine.begin() as connection:
            _forget(connection, holder.epochs(), discard_newer=discard_newer)
    finally:
        engine.dispose()


def _forget(connection: Connection, held: frozenset[str], *, discard_newer: bool) -> None:
    known = set(connection.execute(select(vault_epochs.c.epoch)).scalars())
    if held - known and not discard_newer:
        raise BackupError(
            "restore.token_ahead",
            f"The token holds {len(held - known)} keys of this site that were made after the backup.",
            remedy="If the site still exists, restore over another token. If it is gone for good, say "
            "--discard-newer-keys: the restored site destroys them at its first start.",
        )
    if known & held:  # else nothing at all can be opened: the check of keys says so
        connection.execute(delete(vault_epochs).where(vault_epochs.c.epoch.in_(sorted(known - held))))


def _catch_up(  # noqa: PLR0917 - one act's whole context
    site: Site, storage: Storage, entropy: Entropy, asked: Asked, stones: tuple[Tombstone, ...], made_at: Instant
) -> Replayed:
    continued = None
    if asked.log is not None:  # (6)
        folder = asked.log / "log" if (asked.log / "log").is_dir() else asked.log
        public_key = FileSigner(site.keys / "log.key").public_key
        with storage.transactions.read() as tx:
            continued = read_continuation(folder, site.log_origin, public_key, tx.record)
    log = open_log(site, storage, entropy, thorough=True)
    erasures = _erasures(site, storage, entropy, log)
    facts = {
        "backup_made": iso(made_at), "log": "continued" if asked.log is not None else "not given",
        "without_tombstones": asked.without_erased if asked.erased is None else "",
    }  # fmt: skip
    now = storage.clock.now()
    replayed = replay(erasures, stones, continued, facts, now)  # (7)
    galleries = InMemoryGalleries()
    ending = Ending(storage.transactions, erasures.recorder, galleries, erasures.lanes, erasures, Lock())
    Erasure(storage.clock, storage.transactions, galleries, erasures, ending).sweep(finish=True)  # (8)
    log.publish(now)  # (9)
    return replayed


def _erasures(site: Site, storage: Storage, entropy: Entropy, log: PublicLog) -> Erasures:
    with storage.transactions.read() as tx:
        charters, trusted = signed_charters(site, tx.acts.all()), trusted_points(site)
    recorder = Recorder(log, code=__version__, weights=longest_record(charters).weights)
    lanes = tuple(
        Lane(point, charter, trusted[charter.operating_point].point)
        for charter in charters if charter.operating_point in trusted for point in charter.checkpoints
    )  # fmt: skip
    return Erasures(
        entropy, storage.transactions, recorder, Lanes({}, lanes), storage.keys,
        FileTombstones(site.path / TOMBSTONES), storage.truncate,
    )  # fmt: skip
