"""Inference processes that are free, given to whoever stands before a camera first, and to nobody out of turn."""

from __future__ import annotations

from collections import deque
from threading import Condition
from typing import Generic, TypeVar

T = TypeVar("T")


class Idle(Generic[T]):
    """Things that are free; those who wait get one in turn, lanes before work in bulk. Safe between threads."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._free: deque[T] = deque()
        self._changed = Condition()
        self._lanes: deque[object] = deque()
        self._bulk: deque[object] = deque()

    def put(self, thing: T) -> None:
        """Add something that is free now."""
        with self._changed:
            self._free.append(thing)
            self._changed.notify_all()

    def get(self, timeout_s: float, *, bulk: bool) -> T | None:
        """Take one, or return None when none came in ``timeout_s`` seconds.

        ``bulk`` lets lanes pass for half that time and then comes next, so that busy lanes never end a staging.
        """
        mine = object()
        with self._changed:
            (self._bulk if bulk else self._lanes).append(mine)
            try:
                if self._wait(mine, timeout_s / 2 if bulk else timeout_s):
                    return self._free.popleft()
                if bulk:
                    self._bulk.remove(mine)
                    self._lanes.appendleft(mine)
                    if self._wait(mine, timeout_s / 2):
                        return self._free.popleft()
                return None
            finally:
                (self._bulk if mine in self._bulk else self._lanes).remove(mine)
                self._changed.notify_all()

    def __len__(self) -> int:
        """Return how many are free."""
        return len(self._free)

    def _wait(self, mine: object, seconds: float) -> bool:
        return self._changed.wait_for(lambda: bool(self._free) and (self._lanes or self._bulk)[0] is mine, seconds)
