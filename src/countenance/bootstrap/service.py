"""An opened site: every procedure wired to SQLite, files and inference processes, behind the site's lock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import perf_counter
from types import TracebackType
from typing import Self

from countenance import __version__
from countenance.access import authenticate, check_training
from countenance.bootstrap.charters import site_policies
from countenance.bootstrap.dated_policy import DatedPolicy
from countenance.bootstrap.inference import InferencePool
from countenance.bootstrap.lanes import open_lanes
from countenance.bootstrap.local_device import LocalDevice
from countenance.bootstrap.logs import open_log
from countenance.bootstrap.publishing import charter_records, statement_of
from countenance.bootstrap.querying import querying
from countenance.bootstrap.reading import site_portraits
from countenance.bootstrap.wiring import Storage, open_storage
from countenance.config import Settings
from countenance.custody import TOMBSTONES, FileTombstones, SystemEntropy
from countenance.errors import SiteError, StorageError, VaultError
from countenance.gallery import InMemoryGalleries
from countenance.ports import Clock, Entropy, Extractor, Log, Policy, Transactions
from countenance.procedures import (
    Administration,
    Announcing,
    Boardings,
    Casework,
    Counting,
    Crossing,
    Desk,
    Documents,
    Ending,
    Erasure,
    Erasures,
    Filling,
    Holding,
    InFlight,
    Ingest,
    Lanes,
    Ledger,
    Noting,
    Pace,
    Persons,
    Reading,
    Recorder,
    Shelf,
    Staging,
    Streams,
    Transparency,
    Watching,
)
from countenance.record import PublicLog
from countenance.site import Site, SiteLock, SiteProfile
from countenance.terms import Actor


@dataclass(frozen=True, slots=True)
class Service:
    """Everything an interface may use of one site. Close it: the last batch is published, the lock given back."""

    site: Site
    settings: Settings
    lanes: Lanes
    clock: Clock
    transactions: Transactions
    policy: Policy
    log: Log
    extractor: Extractor
    galleries: InMemoryGalleries
    crossing: Crossing
    ingest: Ingest
    reading: Reading
    staging: Staging
    announcing: Announcing
    boarding: Boardings
    filling: Filling
    desk: Desk
    casework: Casework
    ledger: Ledger
    administration: Administration
    erasure: Erasure
    persons: Persons
    holding: Holding
    noting: Noting
    watching: Watching
    transparency: Transparency
    local_device: LocalDevice
    _checkpoint: Callable[[], None]
    _closing: ExitStack

    def authenticate(self, api_key: str) -> Actor:
        """Return who holds this API key, whose training is in date; keys are compared by hash in constant time.

        Raises:
            NotAuthenticated: ``access.bad_key``.
            AccessError: ``access.training_missing`` (in production alone), ``access.training_expired``.
        """
        required = self.site.profile is SiteProfile.PRODUCTION
        with self.transactions.read() as tx:
            actor = authenticate(api_key, tx.access.key)
            check_training(actor, tx.access.training(actor.actor_id), self.clock.now(), required=required)
        return actor

    def tick(self) -> None:
        """Do what is due, once a second while serving: destroy, watch, tell the public, publish, tidy."""
        self.erasure.sweep()
        self.watching.tick()
        self.transparency.tick()
        self.log.tick(self.clock.now())
        self._checkpoint()

    def counters(self) -> Mapping[str, int]:
        """Return what ``/metrics`` counts beside requests; nothing about a person."""
        with self.transactions.read() as tx:
            pending = len(tx.record.pending())
            size = tx.record.size()
            stopped = len(tx.cases.suspensions())
        return {"frames_decoded": self.extractor.frames_decoded, "log_pending": pending, "log_size": size,
                "frames_dropped": sum(self.ingest.dropped.values()), "suspensions": stopped}  # fmt: skip

    def close(self) -> None:
        """Publish what is pending, end the inference processes, give back the lock."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_site(
    path: Path,
    settings: Settings,
    *,
    extractor: Extractor | None = None,
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    thorough: bool = True,
) -> Service:
    """Return the site at ``path``, wired and ready; tests inject an extractor, a clock or entropy.

    ``thorough`` compares every byte of the log's files with the record; without it (commands that run for a moment)
    names, lengths and the tree's right edge.

    (1) the lock, so that nobody else writes; (2) database migrated and whole; (3) inference processes, started first
    because they take longest; (4) charters and operating points may start, or nothing does; (5) the log's files are
    repaired; (6) what is overdue is destroyed, and what an interruption left half erased is finished, before the first
    answer; (7) open galleries become searchable.

    Raises:
        SiteError, ConfigurationError, WeightsError, CharterError, PolicyError, OperatingPointError, StorageError,
            RecordError: why it does not start; nothing was served.
    """
    with ExitStack() as stack:
        site = Site.open(path)
        stack.enter_context(SiteLock(site))  # (1)
        chosen_entropy = entropy or SystemEntropy()
        storage = open_storage(site, chosen_entropy, clock)  # (2)
        stack.callback(storage.close)
        if extractor is None:  # (3)
            pool = InferencePool(settings)
            stack.callback(pool.close)
            extractor = pool
        with storage.transactions.read() as tx:  # (4)
            acts = tx.acts.all()
        lanes = open_lanes(site, acts, extractor, storage.clock.now())
        policy = DatedPolicy(site_policies(site, acts), storage.clock)
        log = open_log(site, storage, chosen_entropy, thorough=thorough)  # (5)
        service = _wire(site, settings, storage, chosen_entropy, extractor, policy, lanes, log, stack.pop_all())
    try:
        service.erasure.sweep(finish=True)  # (6)
        with storage.transactions.read() as tx:
            service.galleries.load(tx.galleries, extractor.dimension)  # (7)
    except BaseException:
        service.close()
        raise
    service._closing.callback(lambda: _finish(service.erasure, log, storage.clock))  # noqa: SLF001 - our own class, one module
    return service


def _finish(erasure: Erasure, log: PublicLog, clock: Clock) -> None:
    """Finish what is being erased and publish what is pending; what cannot be done now, the next start does."""
    with suppress(SiteError, StorageError, VaultError):
        erasure.sweep(finish=True)
    with suppress(SiteError):
        log.publish(clock.now())


def _wire(  # noqa: PLR0917 - the composition root's parts, named where it is called
    site: Site, settings: Settings, storage: Storage, entropy: Entropy, extractor: Extractor, policy: Policy,
    lanes: Lanes, log: PublicLog, closing: ExitStack,
) -> Service:  # fmt: skip
    recorder = Recorder(log, code=__version__, weights=extractor.weights)
    galleries, ingest, turn = InMemoryGalleries(), Ingest(lanes), Lock()
    clock, transactions, sources = storage.clock, storage.transactions, site_portraits(site, settings)
    erasures = Erasures(
        entropy, transactions, recorder, lanes, storage.keys, FileTombstones(site.path / TOMBSTONES), storage.truncate
    )
    ending = Ending(transactions, recorder, galleries, lanes, erasures, turn)
    asking = querying(site, settings, transactions, lanes)
    staging = Staging(
        clock, transactions, recorder, extractor, galleries, policy, lanes, extractor.dimension, erasures, turn, ending
    )
    announcing, boarding = Announcing(staging, entropy, asking.claim), Boardings(staging, Streams())
    return Service(
        site=site, settings=settings, lanes=lanes, clock=clock, transactions=transactions, policy=policy, log=log,
        extractor=extractor, galleries=galleries,
        crossing=Crossing(
            clock, entropy, transactions, recorder, extractor, galleries, policy, lanes, perf_counter, InFlight(),
            Counting(Documents()), ingest, asking,
        ),
        ingest=ingest,
        reading=Reading(clock, policy, lanes, asking.store),
        staging=staging,
        announcing=announcing, boarding=boarding,
        filling=Filling(announcing, boarding, asking, sources),
        desk=Desk(clock, transactions, recorder, policy, lanes, erasures),
        casework=Casework(clock, entropy, transactions, recorder, policy, lanes),
        ledger=Ledger(clock, transactions, recorder, policy, lanes),
        administration=Administration(clock, entropy, transactions, recorder, policy, lanes),
        noting=Noting(clock, transactions, recorder, policy, lanes),
        watching=Watching(clock, transactions, recorder, policy, lanes, Pace()),
        erasure=Erasure(clock, transactions, galleries, erasures, ending),
        persons=Persons(clock, transactions, recorder, extractor, galleries, policy, lanes, erasures, turn),
        holding=Holding(clock, entropy, transactions, recorder, policy, lanes),
        transparency=Transparency(
            clock, transactions, lanes, site.log_origin, charter_records(site), statement_of(site), Shelf()
        ),
        local_device=LocalDevice.open(site),
        _checkpoint=storage.checkpoint,
        _closing=closing,
    )  # fmt: skip
