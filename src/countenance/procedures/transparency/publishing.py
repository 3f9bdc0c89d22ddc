"""What the public is told is made when a day is over, and then read from memory: no request reads a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any

from countenance.access import ledger_line
from countenance.ports import Clock, Transactions, UnitOfWork
from countenance.procedures.lanes import Lanes
from countenance.procedures.transparency.document import Told, all_series, document
from countenance.procedures.transparency.kinds import PUBLIC
from countenance.procedures.transparency.runs import close, fold
from countenance.terms import DAY_MS, Instant, PublicRun

AFTER_MS = 3_600_000
"""Milliseconds after a day's end before it counts as over: what began before midnight is recorded by then."""
EVERY_MS = 60_000
"""Milliseconds between renewals while serving: charters begin and end, audits fall due."""


@dataclass(frozen=True, slots=True)
class Page:
    """The document as it is sent."""

    data: bytes
    tag: str
    """Changes with the data (HTTP ETag)."""
    content: Mapping[str, Any]


class Shelf:
    """What was made last, in this process, and from what."""

    def __init__(self) -> None:
        self.making = Lock()
        self.made_at = Instant(-EVERY_MS)
        self.runs: tuple[PublicRun, ...] | None = None
        self.made_of: object = None
        self.page: Page | None = None


@dataclass(frozen=True, slots=True)
class Transparency:
    """Everything transparency needs, chosen by ``bootstrap``."""

    clock: Clock
    transactions: Transactions
    lanes: Lanes
    site: str
    """The log's origin."""
    records: Mapping[str, Mapping[str, Any]]
    """Charter files as JSON, by SHA-256."""
    statement: Callable[[], Mapping[str, Any] | None]
    """Returns the auditor's statement that the site shows, if it has one."""
    shelf: Shelf

    def tick(self) -> None:
        """Count in the days that are over, and make the document anew where something changed, once a minute.

        Raises:
            StorageError: nothing was counted in; the next tick tries again.
        """
        now = self.clock.now()
        if self.shelf.page is None or now - self.shelf.made_at >= EVERY_MS:
            with self.shelf.making:
                self._make(now)

    def page(self) -> Page:
        """Return the document: from memory while a service ticks, else made now."""
        if self.shelf.page is None:
            self.tick()
        assert self.shelf.page is not None  # noqa: S101 - it has just been made
        return self.shelf.page

    def _make(self, now: Instant) -> None:
        """(1) look, without disturbing writers; (2) count in what is over, once a day; (3) make the document."""
        last = (now - AFTER_MS) // DAY_MS - 1
        with self.transactions.read() as tx:  # (1)
            runs = tx.aggregates.runs() if self.shelf.runs is None else self.shelf.runs
            partners = tuple(
                ledger_line(one, (), tx.access.audits(one.partner_id), now) for one in tx.access.partners()
            )
        if self._waits(runs, last):
            with self.transactions.write() as tx:  # (2)
                self._count_in(tx, runs, last, now)
                tx.commit()
            with self.transactions.read() as tx:
                runs = tx.aggregates.runs()
        self.shelf.runs = runs
        through = last if any(run.since <= last for run in runs) else -1
        told = Told(self.site, self.lanes, self.records, partners, runs, through, self.statement(), now)
        in_force = [charter.sha256 for charter in self.lanes.charters if charter.in_force(now)]
        made_of = (runs, through, partners, told.statement, in_force)
        if made_of != self.shelf.made_of:  # (3)
            content = document(told)
            data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
            self.shelf.page = Page(data, sha256(data).hexdigest()[:32], content)
        self.shelf.made_of, self.shelf.made_at = made_of, now

    def _waits(self, runs: tuple[PublicRun, ...], last: int) -> bool:
        """Return whether a series has not begun, or has a day to count in."""
        held = {(run.checkpoint_id, run.kind): run for run in runs if not run.closed}
        return any(key not in held or held[key].until < last for key in all_series(self.lanes))

    def _count_in(self, tx: UnitOfWork, runs: tuple[PublicRun, ...], last: int, now: Instant) -> None:
        told = [run for run in runs if run.closed]
        held = {(run.checkpoint_id, run.kind): run for run in runs if not run.closed}
        first = min((run.until + 1 for run in held.values()), default=last + 1)
        counted = {
            (row.checkpoint_id, row.cell, row.day): row.number
            for row in tx.aggregates.counts(first, now // DAY_MS) if row.kind == PUBLIC
        }  # fmt: skip
        for place, kind in all_series(self.lanes):
            if (place, kind) not in held:
                since = self._begins(tx, now, begun=bool(runs))
                held[place, kind] = PublicRun(place, kind, since, since - 1, 0, closed=False)

        def leaves(since: int, until: int) -> int:
            start, end = (tx.record.size_before(Instant(one * DAY_MS)) for one in (since, until + 1))
            return end - start

        for day in range(first, last + 1):
            for key, run in held.items():
                if run.until == day - 1:
                    held[key] = fold(run, day, counted.get((*key, day), 0))
            for run in close([run for run in held.values() if run.until == day], told, leaves):
                told.append(run)
                tx.aggregates.save_runs([run])
                held[run.checkpoint_id, run.kind] = PublicRun(
                    run.checkpoint_id, run.kind, day + 1, day, 0, closed=False
                )  # fmt: skip
        tx.aggregates.save_runs([*held.values()])

    @staticmethod
    def _begins(tx: UnitOfWork, now: Instant, *, begun: bool) -> int:
        """Return the first day of a new series: today, or tomorrow where somebody may have crossed uncounted today."""
        today = now // DAY_MS
        return today if begun or tx.record.size_before(Instant(today * DAY_MS)) == 0 else today + 1
