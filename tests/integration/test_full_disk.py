"""A full disk: nothing is recorded, so nothing is answered; what was answered before stays; room brings it all back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from countenance.audit import audit
from countenance.bootstrap import Service
from countenance.errors import StorageError
from countenance.terms import Outcome
from fakes.extractor import face
from fakes.world import OPERATOR, World, opened, submission


class SmallDisk:
    """Lets every connection of this process use no more database pages than there are now, plus a few."""

    def __init__(self) -> None:
        self.extra: int | None = None

    def limit(self, connection: object, *_: object) -> None:
        """Set SQLite's own limit, whose breach is SQLITE_FULL, as on a full disk."""
        cursor = connection.cursor()  # type: ignore[attr-defined] - the driver's own connection
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + self.extra if self.extra is not None else 2**31 - 2}")
        cursor.close()


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    """Return a disk whose room tests choose; applies to every connection taken from the pool."""
    small = SmallDisk()
    event.listen(Engine, "checkout", small.limit)
    yield small
    event.remove(Engine, "checkout", small.limit)


def cross(service: Service) -> str:
    """Let one person cross and return the receipt's commitment."""
    token = opened(service).token
    reply = service.crossing.verify(submission(service, token, face("ann", 1), face("ann", 2)), OPERATOR)
    assert reply.outcome is Outcome.MATCH
    return reply.receipt.commitment


def test_a_full_disk_gives_no_answer_and_loses_none(tmp_path: Path, disk: SmallDisk) -> None:
    """With no room left a crossing raises ``storage.full``; every earlier receipt is still in the log afterwards."""
    world = World.at(tmp_path / "site")
    with world.open() as service:
        answered = [cross(service)]
        disk.extra = 2
        with pytest.raises(StorageError) as caught:
            answered.extend(cross(service) for _ in range(200))
        assert caught.value.code == "storage.full"
        assert caught.value.remedy
        disk.extra = None
        answered.append(cross(service))
    with world.open() as service, service.transactions.read() as tx:
        assert all(tx.record.knows(bytes.fromhex(commitment)) for commitment in answered)
    key = (world.path / "keys" / "log.pub").read_text().strip()
    assert not audit(world.path / "log", key, bodies=None, receipts=(), now_ms=int(world.clock.instant)).faults
