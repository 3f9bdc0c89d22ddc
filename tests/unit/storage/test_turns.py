"""Writers are served in the order in which they came."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import pytest

from countenance.errors import StorageError
from countenance.storage.turns import Turns


def waiting(turns: Turns, count: int) -> None:
    """Return once ``count`` threads wait for their turn."""
    while len(turns._waiting) < count:
        threading.Event().wait(0.001)


def test_first_come_first_served() -> None:
    """Threads get their turns in the order in which they asked, one at a time."""
    turns, served, inside = Turns(), [], []

    def take(name: int) -> None:
        with turns:
            inside.append(name)
            assert len(inside) == 1
            served.append(name)
            inside.remove(name)

    threads = [threading.Thread(target=take, args=(name,)) for name in range(8)]
    with turns:
        for number, thread in enumerate(threads, start=1):
            thread.start()
            waiting(turns, number)
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_nobody_waits_for_themselves() -> None:
    """A thread that has the turn and asks again is refused, not stuck; it keeps the turn it has."""
    turns = Turns()
    with turns, pytest.raises(StorageError) as refused, turns:
        pass
    assert refused.value.code == "storage.locked"
    with turns:
        pass


def test_turn_is_given_back_after_an_error() -> None:
    """A holder that fails does not keep others out."""
    turns = Turns()
    with pytest.raises(ValueError, match="mine"), turns:
        raise ValueError("mine")
    with turns:
        pass


class Interrupted(Exception):
    """What the signal raises in a waiting thread."""


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Interrupt whoever waits in the main thread."""
    raise Interrupted


def test_interrupted_waiter_leaves_the_queue() -> None:
    """A waiter that is interrupted does not receive a turn that nobody would then give back."""
    turns, release = Turns(), threading.Event()

    def hold() -> None:
        with turns:
            release.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    while turns._holder is None:
        threading.Event().wait(0.001)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(Interrupted), turns:
            pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert not turns._waiting
    release.set()
    holder.join()
    with turns:
        pass
