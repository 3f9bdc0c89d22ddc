"""Trusted time never runs backwards: not between readings, not between threads, not over restarts."""

from __future__ import annotations

import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from countenance.custody import TrustedClock, load_latest, open_clock, save_latest, system_millis
from countenance.storage import SqlTransactions
from countenance.terms import Instant
from fakes.database import database, stores, wrapping_keys


@given(st.integers(0, 10**13), st.lists(st.integers(0, 10**13), min_size=1))
def test_clock_never_runs_backwards(latest: int, readings: list[int]) -> None:
    """Whatever the machine's clock says, each reading is the highest seen so far."""
    source = iter(readings)
    clock = TrustedClock(lambda: next(source), Instant(latest))
    seen = [clock.now() for _ in readings]
    assert seen == [max(latest, *readings[: at + 1]) for at in range(len(readings))]
    assert clock.latest == seen[-1]


def test_latest_does_not_read_the_machine() -> None:
    """Saving with a commit costs no clock reading: an encounter has one (invariant 13)."""
    clock = TrustedClock(lambda: 1 // 0, Instant(5))
    assert clock.latest == 5


def test_time_goes_on_after_a_restart(tmp_path: Path) -> None:
    """A machine whose clock was set back while the service was down does not take the site back in time."""
    engine = database(tmp_path)
    clock, save = open_clock(engine, lambda: 1000)
    assert clock.now() == 1000
    work = SqlTransactions(engine, stores(wrapping_keys(tmp_path)), before_commit=save)
    with work.write() as unit:
        unit.commit()
    engine.dispose()

    engine = database(tmp_path)
    clock, _ = open_clock(engine, lambda: 400)
    assert clock.now() == 1000
    engine.dispose()


def test_saved_time_only_moves_forward(tmp_path: Path) -> None:
    """An earlier instant never replaces a later one; a new site begins at 0."""
    engine = database(tmp_path)
    seen = []
    with engine.begin() as connection:
        seen.append(load_latest(connection))
        for latest in (7, 3, 7, 9):
            save_latest(connection, Instant(latest))
            seen.append(load_latest(connection))
    engine.dispose()
    assert seen == [0, 7, 7, 7, 9]


def test_machine_clock_is_in_milliseconds() -> None:
    """The machine's clock counts milliseconds since 1970."""
    assert abs(system_millis() - time.time() * 1000) < 60_000
