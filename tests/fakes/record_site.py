"""A record and its public log in a temporary folder: a real database, real files, keys that repeat."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection, Engine

from countenance.audit import Findings, audit
from countenance.custody import SqlErasureStore, SqlVault
from countenance.ports import Entropy, KeyHolder, UnitOfWork, Vault
from countenance.record import PublicLog, SqlAggregateStore, SqlEncounterStore, SqlRecordStore, verifier_key
from countenance.record.store import _Draft
from countenance.storage import SqlTransactions, Stores, open_database, tables
from countenance.terms import Entry, Instant, JsonObject, RecordedEvent
from fakes.keys import DeviceKey, SeededEntropy
from fakes.vault import FakeVault

ORIGIN = "checkpoint.example/log"
START = Instant(1_780_000_000_000)
BATCH_MS = 300_000
PROMISE_MS = 600_000
LATER = Instant(START + 10**12)
FACTS: JsonObject = {"v": 1, "outcome": "match", "checkpoint": "lane-1"}
PERSONAL: JsonObject = {"claim": "traveller-a", "score_1e6": 731_204}

_NO_LINK = "none"

VaultMaker = Callable[[Connection], Vault]


class PlainKeyHolder:
    """KeyHolder that wraps by writing the context in front; for tests only."""

    def create(self, epoch: str) -> None:
        """Need no key."""

    def wrap(self, epoch: str, key: bytes, *, context: bytes) -> bytes:  # noqa: ARG002 - the port has it
        """Return context and key."""
        return context + key

    def unwrap(self, epoch: str, wrapped: bytes, *, context: bytes) -> bytes:  # noqa: ARG002 - the port has it
        """Return the key."""
        return wrapped.removeprefix(context)

    def destroy(self, epoch: str) -> None:
        """Have no key to destroy."""

    def epochs(self) -> frozenset[str]:
        """Return none."""
        return frozenset()


def fake_vault() -> VaultMaker:
    """Return a maker that hands out one vault in memory."""
    vault = FakeVault()
    return lambda _: vault


def real_vault() -> VaultMaker:
    """Return a maker of the site's own vault."""
    keys: KeyHolder = PlainKeyHolder()
    entropy = SeededEntropy(99)
    return lambda connection: SqlVault(connection, keys, entropy)


VAULTS: dict[str, Callable[[], VaultMaker]] = {"fake vault": fake_vault, "SqlVault": real_vault}
"""Every vault that the contract suites of this part run over."""


class UnlinkedRecordStore(SqlRecordStore):
    """The record store, which can also write as version 0.1.0 did; bundles of that time are still audited."""

    def _draft(self, event: RecordedEvent) -> _Draft:
        if event.facts["prev"] == _NO_LINK:
            event = replace(event, facts={key: value for key, value in event.facts.items() if key != "prev"})
        return super()._draft(event)


@dataclass
class RecordSite:
    """A folder with ``site.db`` and ``log/``."""

    folder: Path
    vault: VaultMaker = field(default_factory=fake_vault)
    entropy: Entropy = field(default_factory=SeededEntropy)
    key: DeviceKey = field(default_factory=DeviceKey)
    origin: str = ORIGIN
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.engine = open_database(f"sqlite:///{self.folder / 'site.db'}")
        tables.metadata.create_all(self.engine)
        self.transactions = SqlTransactions(self.engine, self.stores())
        self.log = self.reopened()

    def stores(self) -> Stores:
        """Return how this site makes its stores."""
        return Stores(
            access=_unused,
            acts=_unused,
            aggregates=SqlAggregateStore,
            cases=_unused,
            encounters=SqlEncounterStore,
            erasures=SqlErasureStore,
            galleries=_unused,
            holds=_unused,
            record=lambda connection, vault: UnlinkedRecordStore(connection, vault, self.entropy, PROMISE_MS),
            vault=self.vault,
        )

    def reopened(self) -> PublicLog:
        """Return the log as a fresh process has it."""
        return PublicLog(
            self.transactions,
            self.key,
            self.logs,
            self.origin,
            self.entropy,
            batch_ms=BATCH_MS,
            include_within_ms=PROMISE_MS,
        )

    @property
    def logs(self) -> Path:
        """The log folder."""
        return self.folder / "log"

    @property
    def vkey(self) -> str:
        """The verifier key that an auditor was given."""
        return verifier_key(self.origin, self.key.public_key)

    def record(self, count: int = 1, now: Instant = START, facts: JsonObject = FACTS) -> list[Entry]:
        """Record ``count`` events in one transaction."""
        with self.transactions.write() as tx:
            entries = [append(tx, now, facts) for _ in range(count)]
            tx.commit()
        return entries

    def files(self) -> dict[str, bytes]:
        """Return every file under the log folder by its path there."""
        found = (path for path in sorted(self.logs.rglob("*")) if path.is_file())
        return {path.relative_to(self.logs).as_posix(): path.read_bytes() for path in found}

    def audited(
        self, *, now: Instant = LATER, bodies: bytes | None = None, receipts: tuple[bytes, ...] = ()
    ) -> Findings:
        """Return what an outsider finds."""
        return audit(self.logs, self.vkey, bodies=bodies, receipts=receipts, now_ms=now)

    def backup(self, name: str) -> Path:
        """Copy the database as an operator's backup would; return where."""
        copy = self.folder / name
        with self.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"VACUUM INTO '{copy}'")
        return copy

    def restore(self, copy: Path) -> RecordSite:
        """Put a backup in the database's place and open the site again; log/ stays as it is."""
        self.engine.dispose()
        for leftover in ("site.db-wal", "site.db-shm"):
            (self.folder / leftover).unlink(missing_ok=True)
        shutil.copyfile(copy, self.folder / "site.db")
        return RecordSite(self.folder, self.vault, self.entropy, self.key, self.origin)


def append(tx: UnitOfWork, now: Instant = START, facts: JsonObject = FACTS, subject: str = "person/a") -> Entry:
    """Record one event inside ``tx`` as version 0.1.0 did: it names no entry before it."""
    event = RecordedEvent(facts, PERSONAL, subject, Instant(now + 10**9), Instant(now + 10**6))
    return tx.record.append_many([event], now=now, link=lambda _: _NO_LINK)[0]


def _unused(*_: object) -> object:
    raise AssertionError("not a part of the record")
