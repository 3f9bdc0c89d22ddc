"""The one place that reads the machine's clock, and the trusted time over it that never runs backwards.

The latest instant is a row in the database, written inside transactions that happen anyway: a reading costs no disk
write, and what was recorded under an instant never precedes it after a restart (invariant 13).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, insert, select, update

from countenance.errors import SiteError
from countenance.storage.database import READING
from countenance.storage.tables import trusted_time
from countenance.terms import Instant

_THE_ROW = 1
TOLERATED_MS = 5 * 60 * 1000
"""By how much the machine's clock may lie behind the site's time: what a step of NTP explains, and no more."""


def system_millis() -> int:
    """Return the machine's clock: milliseconds since 1970-01-01T00:00:00Z; may jump either way."""
    return time.time_ns() // 1_000_000


class TrustedClock:
    """A clock that never runs backwards (port ``Clock``): it stands still while ``source`` is a little behind.

    When ``source`` jumps back further than :data:`TOLERATED_MS`, nothing is answered until it is corrected: with time
    that stands still no charter ends and nothing that must go goes.

    ``latest`` is where the site's time stood when it was last saved (:func:`load_latest`). Safe between threads.
    """

    def __init__(self, source: Callable[[], int], latest: Instant) -> None:
        self._source = source
        self._latest = latest
        self._mutex = threading.Lock()

    def now(self) -> Instant:
        """Return the present instant, never earlier than any returned before or saved.

        Raises:
            SiteError: ``clock.jumped_back``.
        """
        with self._mutex:
            reading = self._source()
            if self._latest - reading > TOLERATED_MS:
                raise SiteError(
                    "clock.jumped_back",
                    f"This machine's clock is {(self._latest - reading) // 1000} seconds behind what this site "
                    "has already recorded.",
                    remedy="Do ordinary manual checks, set the clock right, and start again. If the clock was ahead "
                    "before, the site answers once that time is reached.",
                )
            self._latest = Instant(max(self._latest, reading))
            return self._latest

    @property
    def latest(self) -> Instant:
        """The latest instant this clock returned or started from; does not read the source."""
        with self._mutex:
            return self._latest


def load_latest(connection: Connection) -> Instant:
    """Return the latest instant saved in this site, 0 in a new one."""
    saved = connection.execute(select(trusted_time.c.latest)).scalar()
    return Instant(saved or 0)


def save_latest(connection: Connection, latest: Instant) -> None:
    """Save ``latest`` inside the caller's transaction, unless a later instant is saved already."""
    moved = connection.execute(
        update(trusted_time).where(trusted_time.c.one == _THE_ROW, trusted_time.c.latest < latest).values(latest=latest)
    )
    if not moved.rowcount and connection.execute(select(trusted_time.c.one)).first() is None:
        connection.execute(insert(trusted_time).values(one=_THE_ROW, latest=latest))


def open_clock(
    engine: Engine, source: Callable[[], int] = system_millis
) -> tuple[TrustedClock, Callable[[Connection], None]]:
    """Return the site's clock, continued from the database, and what saves it before each commit.

    Raises:
        StorageError: the database refused.
    """
    with engine.connect().execution_options(**{READING: True}) as connection:
        clock = TrustedClock(source, load_latest(connection))
    return clock, lambda connection: save_latest(connection, clock.latest)
