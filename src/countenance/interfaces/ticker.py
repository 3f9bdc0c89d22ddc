"""A tick a second while serving: with the server's own, the only loop. Nothing else in countenance waits for time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

_LOG = logging.getLogger("countenance.loops")

TICK_S = 1.0
"""Seconds between ticks: how late a deletion or a batch may be."""


class Ticker:
    """Calls ``tick`` once every ``interval_s`` seconds in a thread of its own until stopped."""

    def __init__(self, tick: Callable[[], None], interval_s: float = TICK_S) -> None:
        self._tick = tick
        self._interval_s = interval_s
        self._stop = Event()
        self._thread: Thread | None = None
        self.failing = False
        """Whether the last tick raised; the next one is tried all the same (a disk may have room again)."""

    @property
    def running(self) -> bool:
        """Whether the thread ticks."""
        return self._thread is not None and self._thread.is_alive() and not self._stop.is_set()

    def start(self) -> None:
        """Begin ticking."""
        self._stop.clear()
        self._thread = Thread(target=self._loop, name="ticker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let a tick that is under way end, and tick no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _loop(self) -> None:
        while not self._stop.wait(self._interval_s):
            try:
                self._tick()
                self.failing = False
            except Exception as error:  # noqa: BLE001 - a loop's outer edge: log what kind, be not ready, try again
                if not self.failing:
                    _LOG.error("tick failing: %s", type(error).__name__)
                self.failing = True
