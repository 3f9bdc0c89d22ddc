"""A lock that serves in order of arrival, so that no writer waits for ever behind quicker ones."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType

from countenance.storage import errors


class Turns:
    """One holder at a time, first come, first served; a context manager. Threads of one process only."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._holder: int | None = None

    def __enter__(self) -> None:
        """Wait for this thread's turn.

        Raises:
            StorageError: ``storage.locked``: this thread has the turn already and would wait for itself.
        """
        me = threading.get_ident()
        with self._mutex:
            if self._holder == me:
                raise errors.locked("this thread is already writing")
            if self._holder is None:
                self._holder = me
                return
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        self._wait(gate)
        self._holder = me

    def _wait(self, gate: threading.Lock) -> None:
        try:
            gate.acquire()
        except BaseException:  # an interrupt while waiting: leave the queue, or pass on the turn that just came
            with self._mutex:
                if gate in self._waiting:
                    self._waiting.remove(gate)
                    raise
            self._pass_on()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the turn to whoever has waited longest."""
        self._pass_on()

    def _pass_on(self) -> None:
        with self._mutex:
            if self._waiting:
                self._holder = 0  # handed over; the next thread writes its own name on waking
                self._waiting.popleft().release()
            else:
                self._holder = None
