"""A site's keys, looked after: checked as a start does, and made anew."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from countenance import __version__
from countenance.bootstrap.charters import signed_charters
from countenance.bootstrap.key_holders import key_holder
from countenance.bootstrap.logs import open_log
from countenance.bootstrap.wiring import open_storage
from countenance.custody import EpochCard, SystemEntropy, check_keys, list_epochs
from countenance.custody.sealed_files import create_identity
from countenance.errors import SiteError
from countenance.ports import Clock, Entropy
from countenance.procedures import Recorder, Rotated, longest_record, rotate
from countenance.site import Site, SiteLock
from countenance.storage import open_database


@dataclass(frozen=True, slots=True)
class KeysFound:
    """What a check of a site's keys found in order."""

    holder: str
    """Either "file" or "pkcs11"."""
    epochs: tuple[EpochCard, ...]
    left_over: tuple[str, ...]
    """Keys that no row names: the next start destroys them."""


def create_backup_identity(file: Path) -> str:
    """Write a new identity that opens backups to a new ``file`` of mode 0600; return the recipient to seal them for.

    Raises:
        VaultError: ``vault.key_exists`` or ``vault.key_unwritable``.
    """
    return create_identity(file)


def look_at_keys(path: Path) -> KeysFound:
    """Check that the site's keys and database belong together, as a start does; touch nothing, serve or not.

    Raises:
        VaultError: they are another site's, or one is missing, damaged or open to others.
        SiteError, StorageError: there is no such site, or its database does not open.
    """
    site = Site.open(path)
    if not (site.path / "db" / "countenance.db").is_file():
        raise SiteError(
            "site.no_database", f"The site {site.site_id} has no database in db/.",
            remedy="Restore the site from its backup (countenance restore); do not make an empty one.",
        )  # fmt: skip
    holder = key_holder(site, SystemEntropy())
    engine = open_database(site.db_url)
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            left_over = check_keys(connection, holder)
            epochs = list_epochs(connection)
            transaction.rollback()
    finally:
        engine.dispose()
    return KeysFound(site.key_holder, epochs, left_over)


def rotate_keys(path: Path, *, clock: Clock | None = None, entropy: Entropy | None = None) -> Rotated:
    """Give the site at ``path`` new epoch keys; no item is opened.

    (1) the lock, so that no service works meanwhile; (2) keys and database belong together, or nothing is touched;
    (3) one transaction wraps every subject key anew and records it; (4) the old keys are destroyed, and what the
    journal still holds; (5) the log is published.

    Raises:
        SiteError, VaultError, CharterError, StorageError, RecordError: see :func:`countenance.procedures.rotate`.
    """
    site = Site.open(path)
    source = entropy or SystemEntropy()
    with ExitStack() as stack:
        stack.enter_context(SiteLock(site))  # (1)
        storage = open_storage(site, source, clock)  # (2)
        stack.callback(storage.close)
        with storage.transactions.read() as tx:
            charter = longest_record(signed_charters(site, tx.acts.all()))
        log = open_log(site, storage, source, thorough=False)
        recorder = Recorder(log, code=__version__, weights=charter.weights)
        now = storage.clock.now()
        done = rotate(storage.transactions, storage.keys, recorder, charter, now)  # (3) (4)
        storage.truncate()
        log.publish(now)  # (5)
    return done
