"""Open galleries in memory follow what is stored, and a closing gallery never answers "nobody"."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from countenance.errors import GalleryError, VaultError
from countenance.gallery import InMemoryGalleries
from countenance.gallery.backends import NumpyBackend
from countenance.ports import UnitOfWork
from countenance.terms import GalleryInfo, Instant, Template
from fakes.database import database, transactions
from fakes.faces import WEIGHTS, crowd, reference

CARD = GalleryInfo("g", "gate-1", "c" * 64, WEIGHTS, open=True, size=0, searches=0, opened_at=Instant(5))
PROBE = Template(crowd(1, seed=2)[0], WEIGHTS)


def staged(unit: UnitOfWork, gallery_id: str, count: int) -> None:
    """Store a gallery of ``count`` references."""
    unit.galleries.create(replace(CARD, gallery_id=gallery_id))
    for number, row in enumerate(crowd(count)):
        unit.galleries.add(
            gallery_id, reference(f"r{number}", row), retention="r", expires_at=Instant(100), now=Instant(1)
        )


def test_open_galleries_are_loaded(tmp_path: Path) -> None:
    """At start every open gallery is searchable with everyone in it, empty ones too, closed ones not."""
    engine = database(tmp_path)
    galleries = InMemoryGalleries()
    with transactions(engine, tmp_path).write() as unit:
        staged(unit, "full", 30)
        staged(unit, "closed", 3)
        unit.galleries.create(replace(CARD, gallery_id="empty"))
        unit.galleries.close("closed")
        galleries.load(unit.galleries, 128)
    engine.dispose()
    assert (galleries.size("full"), galleries.size("empty")) == (30, 0)
    assert len(galleries.search("full", PROBE, 50)) == 30
    galleries.add("empty", [reference("new", crowd(1)[0])])
    with pytest.raises(GalleryError):
        galleries.size("closed")


def test_loading_takes_large_galleries_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gallery larger than one part is loaded whole."""
    monkeypatch.setattr("countenance.gallery.galleries._AT_ONCE", 7)
    engine = database(tmp_path)
    galleries = InMemoryGalleries()
    with transactions(engine, tmp_path).write() as unit:
        for count in (13, 14, 15):
            staged(unit, f"g{count}", count)
        galleries.load(unit.galleries, 128)
    engine.dispose()
    assert [galleries.size(f"g{count}") for count in (13, 14, 15)] == [13, 14, 15]


def test_gallery_with_a_missing_template_does_not_load(tmp_path: Path) -> None:
    """Loading stops at a template that does not open; nothing is searched with a person missing."""
    engine = database(tmp_path)
    with transactions(engine, tmp_path).write() as unit:
        staged(unit, "g", 3)
        unit.vault.destroy(unit.vault.expired(Instant(100), 99)[0])
        with pytest.raises(VaultError):
            InMemoryGalleries().load(unit.galleries, 128)
    engine.dispose()


class Interrupting(NumpyBackend):
    """Does something in the middle of a search."""

    def __init__(self, happens: Callable[[], None]) -> None:
        self._happens = happens

    def best(
        self, rows: NDArray[np.float32], probes: NDArray[np.float32], count: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Answer after it happened."""
        self._happens()
        return super().best(rows, probes, count)


@pytest.mark.parametrize("opened_again", [False, True])
def test_gallery_that_closes_during_a_search_gives_no_answer(*, opened_again: bool) -> None:
    """A search that a closing overtakes is refused: an empty or late answer would be an answer about a person."""
    closing: list[threading.Thread] = []

    def close() -> None:
        closing.append(threading.Thread(target=galleries.close, args=("g",)))
        closing[0].start()
        while "g" in galleries._open:
            threading.Event().wait(0.001)
        if opened_again:
            galleries.open("g", WEIGHTS, 128)

    galleries = InMemoryGalleries(lambda: Interrupting(close))
    galleries.open("g", WEIGHTS, 128)
    galleries.add("g", [reference("a", crowd(1)[0])])
    with pytest.raises(GalleryError) as refused:
        galleries.search("g", PROBE, 1)
    closing[0].join()
    assert refused.value.code == "gallery.not_open"


def test_closed_gallery_is_overwritten() -> None:
    """No row of a closed gallery stays in the memory it had."""
    galleries = InMemoryGalleries()
    galleries.open("g", WEIGHTS, 128)
    galleries.add("g", [reference("a", crowd(1)[0])])
    block = galleries._open["g"].slab._block
    galleries.close("g")
    assert not block.any()
