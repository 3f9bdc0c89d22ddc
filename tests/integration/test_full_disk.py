"""A full disk: nothing is recorded, so nothing is answered; what was answered before stays; room brings it all back."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from countenance.audit import audit
from countenance.bootstrap import Service
from countenance.custody import read_tombstones
from countenance.errors import NotFound, StorageError, VaultError
from countenance.terms import ErasureReason, Outcome
from fakes.extractor import face
from fakes.world import AUDITOR, OPERATOR, SUPERVISOR, World, opened, submission


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


def test_an_erasure_on_a_full_disk_is_finished_before_the_next_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and keys are gone at once; the list of the erased and the receipt follow when there is room again."""
    world = World.at(tmp_path / "site")
    real_open = os.open

    def refuse(path: str | Path, *arguments: int, **named: int) -> int:
        if str(path).endswith("erased.jsonl"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real_open(path, *arguments, **named)

    with monkeypatch.context() as full, world.open() as service:
        token = opened(service, claim="ann").token
        service.crossing.verify(submission(service, token, face("ann", 1), face("ann", 2)), OPERATOR)
        full.setattr(os, "open", refuse)
        with pytest.raises(VaultError) as caught:
            service.persons.erase("ann", ErasureReason.REQUEST, SUPERVISOR)
    assert caught.value.code == "vault.tombstone_unwritable"
    assert not (world.path / "erased.jsonl").exists()
    with world.open() as service:
        with pytest.raises(NotFound):
            service.persons.access("ann", SUPERVISOR)
        with service.transactions.read() as tx:
            assert tx.erasures.unfinished() == ()
        assert "erasure.receipt" in str(service.desk.export_record(AUDITOR))
    assert len(read_tombstones(world.path / "erased.jsonl")) == 1
