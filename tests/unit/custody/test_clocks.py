"""Trusted time never runs backwards: not between readings, not between threads, not over restarts."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.custody import TrustedClock, load_latest, open_clock, save_latest, system_millis
from countenance.custody.clocks import TOLERATED_MS
from countenance.errors import SiteError
from countenance.storage import SqlTransactions
from countenance.terms import Instant
from fakes.database import database, stores, wrapping_keys


@given(st.integers(0, 10**13), st.lists(st.integers(0, 10**13), min_size=1))
def test_clock_never_runs_backwards(latest: int, readings: list[int]) -> None:
    """Whatever the machine's clock says, a reading is the highest seen so far, or there is none."""
    source = iter(readings)
    clock = TrustedClock(lambda: next(source), Instant(latest))
    highest = latest
    for reading in readings:
        highest = max(highest, reading)
        if highest - reading > TOLERATED_MS:
            with pytest.raises(SiteError):
                clock.now()
        else:
            assert clock.now() == highest
        assert clock.latest == highest


@pytest.mark.parametrize("behind, answers", [(0, True), (TOLERATED_MS, True), (TOLERATED_MS + 1, False)])
def test_a_clock_that_jumps_back_answers_nothing(*, behind: int, answers: bool) -> None:
    """What a step of NTP explains is stood out; a real jump back stops every answer until it is corrected."""
    readings = iter([10**9, 10**9 - behind, 10**9 + 1])
    clock = TrustedClock(lambda: next(readings), Instant(0))
    assert clock.now() == 10**9
    if answers:
        assert clock.now() == 10**9
    else:
        with pytest.raises(SiteError) as caught:
            clock.now()
        assert caught.value.code == "clock.jumped_back"
        assert "manual checks" in caught.value.remedy
    assert clock.now() == 10**9 + 1


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
