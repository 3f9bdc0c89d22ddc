"""Storage, keys and trusted time of one site, wired together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from countenance.access import SqlAccessStore
from countenance.bootstrap.key_holders import key_holder
from countenance.cases import SqlCaseStore
from countenance.custody import (
    SqlActStore,
    SqlErasureStore,
    SqlHoldStore,
    SqlVault,
    check_keys,
    open_clock,
    system_millis,
)
from countenance.gallery import SqlGalleryStore
from countenance.ports import Clock, Entropy, KeyHolder, Transactions, Vault
from countenance.record import SqlAggregateStore, SqlEncounterStore, SqlRecordStore
from countenance.site import Site
from countenance.storage import Scrubber, SqlTransactions, Stores, check_integrity, checkpoint, migrate, open_database


@dataclass(frozen=True, slots=True)
class Storage:
    """What a site keeps and by which clock."""

    transactions: Transactions
    clock: Clock
    keys: KeyHolder
    close: Callable[[], None]
    truncate: Callable[[], bool]
    checkpoint: Callable[[], None]


def open_storage(  # a restore alone looks at another machine clock, and leaves keys that no row names
    site: Site,
    entropy: Entropy,
    clock: Clock | None,
    *,
    source: Callable[[], int] = system_millis,
    destroy_left_over: bool = True,
) -> Storage:
    """Return the site's storage, migrated and checked; trusted time continues where the database left it.

    Raises:
        StorageError: the database is damaged, locked or of a newer version.
        VaultError: the wrapping key is missing or wrong.
    """
    engine = open_database(site.db_url)
    with ExitStack() as undone:
        scrubber = Scrubber(engine)
        undone.callback(_close, engine, scrubber)
        migrate(engine)
        check_integrity(engine)
        storage = _storage(site, engine, scrubber, entropy, clock, source, destroy_left_over=destroy_left_over)
        undone.pop_all()
    return storage


def _storage(  # noqa: PLR0917 - one site's whole context
    site: Site,
    engine: Engine,
    scrubber: Scrubber,
    entropy: Entropy,
    clock: Clock | None,
    source: Callable[[], int],
    *,
    destroy_left_over: bool,
) -> Storage:
    keys = _open_keys(site, engine, entropy, destroy_left_over=destroy_left_over)
    include_within_ms = site.include_within_seconds * 1000

    def vault(connection: Connection) -> Vault:
        return SqlVault(connection, keys, entropy)

    def record(connection: Connection, sealed: Vault) -> SqlRecordStore:
        return SqlRecordStore(connection, sealed, entropy, include_within_ms)

    stores = Stores(
        access=SqlAccessStore,
        acts=SqlActStore,
        aggregates=SqlAggregateStore,
        cases=SqlCaseStore,
        encounters=SqlEncounterStore,
        erasures=SqlErasureStore,
        galleries=SqlGalleryStore,
        holds=SqlHoldStore,
        record=record,
        vault=vault,
    )
    trusted, save = open_clock(engine, source)
    return Storage(
        transactions=SqlTransactions(engine, stores, before_commit=save),
        clock=clock or trusted,
        keys=keys,
        close=lambda: _close(engine, scrubber),
        truncate=scrubber.empty,
        checkpoint=lambda: checkpoint(engine),
    )


def _open_keys(site: Site, engine: Engine, entropy: Entropy, *, destroy_left_over: bool) -> KeyHolder:
    """Return the holder of the site's epoch keys, found to be this database's; what an erasure left over goes.

    Raises:
        VaultError: they are another site's, or one is missing or open to others; nothing was touched.
    """
    keys = key_holder(site, entropy)
    with engine.begin() as connection:
        left_over = check_keys(connection, keys)
    for epoch in left_over if destroy_left_over else ():
        keys.destroy(epoch)
    return keys


def _close(engine: Engine, scrubber: Scrubber) -> None:
    """Close the database so that what was destroyed lies in no file: not in the journal, nor in pages' middles."""
    scrubber.empty()
    engine.dispose()
    scrubber.close()
