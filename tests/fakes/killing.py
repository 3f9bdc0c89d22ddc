"""SIGKILL at a chosen step of an act, in a forked child: every SQL statement, commit and file operation is a step.

What such an act does beside (writing a file, say) it counts itself with the function it is given.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import sqlalchemy

WATCHED = ("open", "os.rename", "os.remove", "os.link", "os.truncate", "os.mkdir", "os.rmdir", "sqlite3.connect")


class _Killer:
    """Counts steps and kills this process, as kill -9 does, at the chosen one."""

    def __init__(self, at: int, folder: Path) -> None:
        self.at = at
        self.steps = 0
        self.folder = str(folder)

    def step(self, *_: object) -> None:
        self.steps += 1
        if self.steps == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        for event in ("before_cursor_execute", "after_cursor_execute"):
            sqlalchemy.event.listen(sqlalchemy.Engine, event, lambda *_: self.step())
        for event in ("commit", "rollback"):
            sqlalchemy.event.listen(sqlalchemy.Engine, event, lambda *_: self.step())
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in WATCHED and arguments and str(arguments[0]).startswith(self.folder):
            self.step()


def kill_at(at: int, folder: Path, act: Callable[[Callable[..., None]], object]) -> int | None:
    """Do ``act`` in a child that dies at step ``at`` below ``folder``; return its steps if it ended before that."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            killer = _Killer(at, folder)
            killer.watch()
            act(killer.step)
            os.write(writing, str(killer.steps).encode())
        finally:
            os._exit(3)
    os.close(writing)
    with os.fdopen(reading) as told:
        steps = told.read()
    os.waitpid(child, 0)
    return int(steps) if steps else None


def count_steps(folder: Path, act: Callable[[Callable[..., None]], object]) -> int:
    """Return how many steps ``act`` takes when nobody kills it; it is done then."""
    steps = kill_at(10**9, folder, act)
    assert steps is not None, "the act failed in the child"
    return steps
