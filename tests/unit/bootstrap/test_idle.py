"""Whoever waits for a free inference process gets it in turn, lanes before galleries, galleries in the end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from countenance.bootstrap.idle import Idle

PATIENCE_S = 30.0


def waiting(idle: Idle[str]) -> int:
    """Return how many wait."""
    return len(idle._lanes) + len(idle._bulk)


def test_a_lane_comes_before_a_gallery_that_came_first() -> None:
    """Of those who wait, lanes go first in their order, then galleries."""
    idle: Idle[str] = Idle()
    order: list[str] = []

    def wait(name: str) -> None:
        assert idle.get(PATIENCE_S, bulk=name == "gallery") == "process"
        order.append(name)
        idle.put("process")

    with ThreadPoolExecutor(3) as threads:
        for count, name in enumerate(("gallery", "lane 1", "lane 2"), start=1):
            threads.submit(wait, name)
            while waiting(idle) < count:
                pass
        idle.put("process")
    assert order == ["lane 1", "lane 2", "gallery"]
    assert len(idle) == 1


def test_a_gallery_that_waited_long_comes_next() -> None:
    """Lanes that never cease to ask let a gallery through once half its time is over."""
    idle: Idle[str] = Idle()
    with ThreadPoolExecutor(2) as threads:
        lane = threads.submit(idle.get, PATIENCE_S, bulk=False)
        while waiting(idle) < 1:
            pass
        gallery = threads.submit(idle.get, 1.0, bulk=True)
        while len(idle._lanes) < 2:
            assert not gallery.done()
        idle.put("the first that is free")
        assert gallery.result(PATIENCE_S) == "the first that is free"
        idle.put("the second")
        assert lane.result(PATIENCE_S) == "the second"


def test_who_waits_in_vain_is_told_and_holds_up_nobody() -> None:
    """Nothing free in time is None, and leaves no place behind that others would wait for."""
    idle: Idle[str] = Idle()
    assert idle.get(0.01, bulk=True) is None
    assert idle.get(0.01, bulk=False) is None
    assert not waiting(idle)
    idle.put("process")
    assert idle.get(PATIENCE_S, bulk=True) == "process"
