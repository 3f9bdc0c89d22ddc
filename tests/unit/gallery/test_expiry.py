"""References past their clock leave the database first and memory next."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from countenance.errors import StorageError
from countenance.gallery import InMemoryGalleries, expire
from countenance.terms import GalleryInfo, Instant, Template
from fakes.database import database, transactions
from fakes.faces import WEIGHTS, crowd, reference

PROBE = Template(crowd(1, seed=2)[0], WEIGHTS)


def test_expired_references_are_gone_everywhere(tmp_path: Path) -> None:
    """What is due leaves rows, vault and slab; what is not stays in all three; nothing due commits nothing."""
    engine = database(tmp_path)
    work, galleries = transactions(engine, tmp_path), InMemoryGalleries()
    with work.write() as unit:
        unit.galleries.create(GalleryInfo("g", "gate", "c" * 64, WEIGHTS, True, 0, 0, Instant(1)))  # noqa: FBT003 - a card
        for due, row in zip((10, 20), crowd(2), strict=True):
            unit.galleries.add(
                "g", reference(f"due-{due}", row), retention="r", expires_at=Instant(due), now=Instant(1)
            )
        galleries.load(unit.galleries, 128)
        unit.commit()
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    assert expire(work, galleries, Instant(9)) == 0
    assert commits == []
    assert expire(work, galleries, Instant(10)) == 1
    assert len(commits) == 1
    assert [candidate.reference_id for candidate in galleries.search("g", PROBE, 9)] == ["due-20"]
    with work.read() as unit:
        assert [each.reference_id for each in unit.galleries.references("g")] == ["due-20"]
        assert len(unit.vault.expired(Instant(99))) == 1
    engine.dispose()


def test_memory_keeps_what_could_not_be_destroyed(tmp_path: Path) -> None:
    """If the commit fails, the reference is neither gone from the database nor from memory: try again."""
    engine = database(tmp_path)
    work, galleries = transactions(engine, tmp_path), InMemoryGalleries()
    with work.write() as unit:
        unit.galleries.create(GalleryInfo("g", "gate", "c" * 64, WEIGHTS, True, 0, 0, Instant(1)))  # noqa: FBT003 - a card
        unit.galleries.add("g", reference("a", crowd(1)[0]), retention="r", expires_at=Instant(10), now=Instant(1))
        galleries.load(unit.galleries, 128)
        unit.commit()
    with engine.begin(), pytest.raises(StorageError):
        expire(work, galleries, Instant(10))
    assert galleries.size("g") == 1
    assert expire(work, galleries, Instant(10)) == 1
    assert galleries.size("g") == 0
    engine.dispose()
