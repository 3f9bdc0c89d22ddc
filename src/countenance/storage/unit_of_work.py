"""The one transaction: encounter, log entry, gallery change, case and clocks commit together or leave nothing.

The stores are made by factories that ``bootstrap`` gives, so that storage knows no stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from countenance.ports import (
    AccessStore,
    ActStore,
    AggregateStore,
    CaseStore,
    EncounterStore,
    ErasureStore,
    GalleryStore,
    HoldStore,
    RecordStore,
    UnitOfWork,
    Vault,
)
from countenance.storage import errors
from countenance.storage.database import READING
from countenance.storage.turns import Turns


@dataclass(frozen=True, slots=True)
class Stores:
    """How to make each store of one transaction; stores that keep personal items get the transaction's vault."""

    access: Callable[[Connection], AccessStore]
    acts: Callable[[Connection], ActStore]
    aggregates: Callable[[Connection], AggregateStore]
    cases: Callable[[Connection], CaseStore]
    encounters: Callable[[Connection, Vault], EncounterStore]
    erasures: Callable[[Connection], ErasureStore]
    galleries: Callable[[Connection, Vault], GalleryStore]
    holds: Callable[[Connection], HoldStore]
    record: Callable[[Connection, Vault], RecordStore]
    vault: Callable[[Connection], Vault]


class SqlUnitOfWork:
    """One transaction over one connection (port ``UnitOfWork``); each store is made when first asked for."""

    def __init__(
        self, transaction: RootTransaction, stores: Stores, before_commit: Callable[[Connection], None]
    ) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._stores = stores
        self._before_commit = before_commit

    @cached_property
    def access(self) -> AccessStore:
        """API keys and capture devices."""
        return self._stores.access(self._connection)

    @cached_property
    def acts(self) -> ActStore:
        """What the site signed."""
        return self._stores.acts(self._connection)

    @cached_property
    def aggregates(self) -> AggregateStore:
        """Counts, tests' states and signals."""
        return self._stores.aggregates(self._connection)

    @cached_property
    def cases(self) -> CaseStore:
        """What waits for a human."""
        return self._stores.cases(self._connection)

    @cached_property
    def encounters(self) -> EncounterStore:
        """Encounters and their attempts."""
        return self._stores.encounters(self._connection, self.vault)

    @cached_property
    def erasures(self) -> ErasureStore:
        """Erasures under way."""
        return self._stores.erasures(self._connection)

    @cached_property
    def holds(self) -> HoldStore:
        """Evidence locks."""
        return self._stores.holds(self._connection)

    @cached_property
    def galleries(self) -> GalleryStore:
        """Galleries and references as rows."""
        return self._stores.galleries(self._connection, self.vault)

    @cached_property
    def record(self) -> RecordStore:
        """The record inside this transaction."""
        return self._stores.record(self._connection, self.vault)

    @cached_property
    def vault(self) -> Vault:
        """Sealed items."""
        return self._stores.vault(self._connection)

    def commit(self) -> None:
        """Make everything durable at once, once; afterwards this unit of work is closed.

        Raises:
            StorageError: it did not become durable; nothing happened.
        """
        with _in_our_words():
            self._before_commit(self._connection)
            self._transaction.commit()


class SqlTransactions:
    """Opens units of work on one database (port ``Transactions``); safe to share between threads.

    Writers of this process queue in order of arrival; ``BEGIN IMMEDIATE`` keeps out other programs. ``before_commit``
    runs inside every writing transaction just before its commit (bootstrap saves the trusted time there).
    """

    def __init__(
        self, engine: Engine, stores: Stores, *, before_commit: Callable[[Connection], None] = lambda _: None
    ) -> None:
        self._engine = engine
        self._stores = stores
        self._before_commit = before_commit
        self._turns = Turns()

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """Begin a writing transaction; leaving without ``commit`` rolls back.

        Raises:
            StorageError: the database refused, or this thread is already writing.
        """
        with self._turns, self._unit(reading=False, before_commit=self._before_commit) as unit:
            yield unit

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """Begin a reading transaction on a stable snapshot; writing in it is refused.

        Raises:
            StorageError: the database refused.
        """
        with self._unit(reading=True, before_commit=lambda _: None) as unit:
            yield unit

    @contextmanager
    def _unit(self, *, reading: bool, before_commit: Callable[[Connection], None]) -> Iterator[UnitOfWork]:
        with _in_our_words():
            connected = self._engine.connect().execution_options(**{READING: reading})
            with connected as connection, connection.begin() as transaction:
                try:
                    yield SqlUnitOfWork(transaction, self._stores, before_commit)
                finally:
                    if transaction.is_active:
                        transaction.rollback()


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn what SQLAlchemy itself refuses into ``StorageError``; the driver's errors arrive as ours already."""
    try:
        yield
    except PoolTimeoutError as error:
        raise errors.locked("all connections are in use") from error
    except SQLAlchemyError as error:
        raise errors.failed(type(error).__name__) from error
