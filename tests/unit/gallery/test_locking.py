"""Many searches or one change."""

from __future__ import annotations

import threading

import pytest

from countenance.gallery.locking import SharedLock


def test_searches_run_side_by_side() -> None:
    """Two searches hold the lock at the same time."""
    lock, both = SharedLock(), threading.Barrier(2, timeout=5)

    def search() -> None:
        with lock.shared():
            both.wait()

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not both.broken


def test_waiting_change_goes_before_new_searches() -> None:
    """A change waits for the searches that run and not for those that come after it: a delete is prompt."""
    lock, order = SharedLock(), []
    running, finish = threading.Event(), threading.Event()

    def search_first() -> None:
        with lock.shared():
            running.set()
            finish.wait(5)
            order.append("first search")

    def change() -> None:
        with lock.exclusive():
            order.append("change")

    def search_later() -> None:
        with lock.shared():
            order.append("later search")

    threads = [threading.Thread(target=search_first), threading.Thread(target=change)]
    threads[0].start()
    running.wait(5)
    threads[1].start()
    while not lock._waiting:
        threading.Event().wait(0.001)
    threads.append(threading.Thread(target=search_later))
    threads[2].start()
    finish.set()
    for thread in threads:
        thread.join()
    assert order == ["first search", "change", "later search"]


@pytest.mark.parametrize("side", ["shared", "exclusive"])
def test_lock_is_given_back_after_an_error(side: str) -> None:
    """A search or change that fails keeps nobody out."""
    lock = SharedLock()
    with pytest.raises(ValueError, match="mine"), getattr(lock, side)():
        raise ValueError("mine")
    with lock.exclusive():
        pass
    with lock.shared():
        pass
