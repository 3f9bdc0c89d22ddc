"""Many searches or one change, never both: a search must not see a half-moved row."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SharedLock:
    """Shared for searches, exclusive for changes; a waiting change goes before new searches, so deletes are prompt."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._searching = 0
        self._changing = False
        self._waiting = 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold together with other shared holders; not re-entrant."""
        with self._changed:
            self._changed.wait_for(lambda: not self._changing and not self._waiting)
            self._searching += 1
        try:
            yield
        finally:
            with self._changed:
                self._searching -= 1
                self._changed.notify_all()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold alone; not re-entrant."""
        with self._changed:
            self._waiting += 1
            try:
                self._changed.wait_for(lambda: not self._changing and not self._searching)
                self._changing = True
            finally:
                self._waiting -= 1
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._changing = False
                self._changed.notify_all()
