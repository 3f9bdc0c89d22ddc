"""Kills this process, as kill -9 does, at a step of a test's choice: in a forked child, never in the tests' own."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import sqlalchemy

WATCHED = ("open", "os.rename", "os.remove", "os.link", "os.truncate", "os.mkdir", "os.rmdir", "sqlite3.connect")


class Killer:
    """Counts steps and kills this process, as kill -9 does, at the chosen one."""

    def __init__(self, at: int, folder: Path) -> None:
        self.at = at
        self.steps = 0
        self.folder = str(folder)
        self.armed = False

    def step(self, *_: object) -> None:
        """Count one step; never returns from the chosen one."""
        if not self.armed:
            return
        self.steps += 1
        if self.steps == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Hook into every SQL statement, commit and file operation of this process."""
        for event in ("before_cursor_execute", "after_cursor_execute"):
            sqlalchemy.event.listen(sqlalchemy.Engine, event, lambda *_: self.step())
        for event in ("commit", "rollback"):
            sqlalchemy.event.listen(sqlalchemy.Engine, event, lambda *_: self.step())
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in WATCHED and arguments and str(arguments[0]).startswith(self.folder):
            self.step()


def acknowledged(run: Callable[[Callable[[str], None]], None]) -> list[str]:
    """Run ``run`` in a forked child, which may be killed, and return the lines that it had acknowledged by then."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            run(lambda line: os.write(writing, f"{line}\n".encode()) and None)
        finally:
            os._exit(3)
    os.close(writing)
    with os.fdopen(reading) as lines:
        told = lines.read().splitlines()
    os.waitpid(child, 0)
    return told


def kill_at(at: int, folder: Path, act: Callable[[Callable[..., None]], object]) -> int | None:
    """Do ``act`` in a child that dies at step ``at`` below ``folder``; return its steps if it ended before that.

    What such an act does beside (writing a file, say) it counts itself with the function it is given.
    """

    def run(tell: Callable[[str], None]) -> None:
        killer = Killer(at, folder)
        killer.watch()
        killer.armed = True
        act(killer.step)
        tell(str(killer.steps))

    told = acknowledged(run)
    return int(told[0]) if told else None


def count_steps(folder: Path, act: Callable[[Callable[..., None]], object]) -> int:
    """Return how many steps ``act`` takes when nobody kills it; it is done then."""
    steps = kill_at(10**9, folder, act)
    assert steps is not None, "the act failed in the child"
    return steps
