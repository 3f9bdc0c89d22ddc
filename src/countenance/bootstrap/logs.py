"""The site's public log, opened: signed with ``keys/log.key``, its files repaired."""

from __future__ import annotations

from countenance.bootstrap.wiring import Storage
from countenance.custody import FileSigner
from countenance.ports import Entropy
from countenance.record import PublicLog
from countenance.site import Site


def open_log(site: Site, storage: Storage, entropy: Entropy, *, thorough: bool) -> PublicLog:
    """Return the site's log, its files made to agree with the record; ``thorough`` compares every byte.

    Raises:
        VaultError: the log's key cannot be read.
        RecordError: the files are another log's, or cannot be repaired.
    """
    log = PublicLog(
        storage.transactions,
        FileSigner(site.keys / "log.key"),
        folder=site.log,
        origin=site.log_origin,
        entropy=entropy,
        batch_ms=site.batch_seconds * 1000,
        include_within_ms=site.include_within_seconds * 1000,
    )
    log.repair(thorough=thorough)
    return log
