"""Real storage in a temporary folder, for tests of everything that keeps something."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from countenance.custody import (
    FileKeyHolder,
    SqlErasureStore,
    SqlHoldStore,
    SqlVault,
    SystemEntropy,
    create_wrapping_key,
)
from countenance.gallery import SqlGalleryStore
from countenance.ports import KeyHolder, Vault
from countenance.storage import SqlTransactions, Stores, migrate, open_database


def database(folder: Path) -> Engine:
    """Return a migrated database in ``folder``, made if it is not there."""
    engine = open_database(f"sqlite:///{folder}/countenance.db", busy_seconds=0.1)
    migrate(engine)
    return engine


def wrapping_keys(folder: Path) -> FileKeyHolder:
    """Return the epoch keys in ``folder``, the site's own made if it is not there."""
    if not (folder / "vault.key").exists():
        create_wrapping_key(folder / "vault.key", SystemEntropy())
    return FileKeyHolder(folder)


def stores(keys: KeyHolder, **others: Callable[..., Any]) -> Stores:
    """Return stores with a real vault and real galleries; name any other store that a test uses."""

    def vault(connection: Connection) -> Vault:
        return SqlVault(connection, keys, SystemEntropy())

    def absent(*_: object) -> Any:
        message = "this test has no such store"
        raise AssertionError(message)

    chosen: dict[str, Any] = dict.fromkeys(("access", "acts", "aggregates", "cases", "encounters", "record"), absent)
    return Stores(
        **{
            **chosen,
            "erasures": SqlErasureStore,
            "galleries": SqlGalleryStore,
            "holds": SqlHoldStore,
            "vault": vault,
            **others,
        }
    )


def transactions(engine: Engine, folder: Path) -> SqlTransactions:
    """Return transactions over a database, its wrapping key in ``folder``."""
    return SqlTransactions(engine, stores(wrapping_keys(folder)))
