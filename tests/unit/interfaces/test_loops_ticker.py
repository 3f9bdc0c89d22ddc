"""The ticker ticks until stopped, survives a tick that fails, and says so."""

from __future__ import annotations

import logging
from threading import Event, current_thread, main_thread

import pytest

from countenance.interfaces.ticker import TICK_S, Ticker


def test_it_ticks_once_a_second() -> None:
    """While serving, what is due is done at most a second late."""
    assert TICK_S == 1.0


def test_it_ticks_in_a_thread_until_stopped() -> None:
    """Ticks come one after the other, off the main thread; after stop there are none, and it is not running."""
    third = Event()
    ticks: list[str] = []

    def tick() -> None:
        assert current_thread() is not main_thread()
        ticks.append("tick")
        if len(ticks) == 3:
            third.set()

    ticker = Ticker(tick, interval_s=0.001)
    assert not ticker.running
    ticker.start()
    assert ticker.running
    assert third.wait(10)
    ticker.stop()
    count = len(ticks)
    assert not ticker.running
    assert len(ticks) == count


def test_stop_waits_for_the_tick_under_way() -> None:
    """A tick that has begun ends before stop returns, so that the site closes after it."""
    begun, finish, ended = Event(), Event(), Event()

    def tick() -> None:
        begun.set()
        finish.wait(10)
        ended.set()

    ticker = Ticker(tick, interval_s=0.001)
    ticker.start()
    assert begun.wait(10)
    finish.set()
    ticker.stop()
    assert ended.is_set()


def test_a_failing_tick_is_told_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    """An error makes it "failing" and is logged once without its message; the next good tick makes it well again."""
    failures, well = iter([OSError("secret"), OSError("secret")]), Event()

    def tick() -> None:
        error = next(failures, None)
        if error is not None:
            raise error
        well.set()

    ticker = Ticker(tick, interval_s=0.001)
    with caplog.at_level(logging.ERROR):
        ticker.start()
        assert well.wait(10)
        ticker.stop()
    assert not ticker.failing
    assert [record.message for record in caplog.records] == ["tick failing: OSError"]


def test_a_ticker_that_is_failing_says_so() -> None:
    """While ticks fail, readiness can see it."""
    twice = Event()
    count = 0

    def tick() -> None:
        nonlocal count
        count += 1
        if count == 2:
            twice.set()
        raise OSError

    ticker = Ticker(tick, interval_s=0.001)
    ticker.start()
    assert twice.wait(10)
    assert ticker.failing
    ticker.stop()


def test_stopping_what_never_ran_is_nothing() -> None:
    """Stop may be called without start."""
    Ticker(lambda: None).stop()
