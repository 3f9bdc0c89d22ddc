"""A database that was edited while nobody served it does not start again: each edit is found, and the entry named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from countenance.bootstrap import Service
from countenance.errors import RecordError
from countenance.record.consistency import check_record
from countenance.record.store import _BODIES
from countenance.terms import Instant
from fakes.extractor import face
from fakes.record_site import RecordSite
from fakes.stories import Stories
from fakes.world import OPERATOR, SUPERVISOR, World, opened, submission


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a stopped site at which one person passed, one was referred, one refused and one left."""
    world = World.at(tmp_path / "site")
    with world.open() as service:
        for live, portrait in ((face("ann", 1), face("ann", 2)), (face("ann"), face("bob"))):
            service.crossing.verify(submission(service, opened(service).token, live, portrait), OPERATOR)
        service.crossing.opt_out(opened(service, claim="traveller-b").token, OPERATOR)
        service.tick()
        service.desk.open_referral(service.desk.waiting(SUPERVISOR)[0].case.referral.referral_id, SUPERVISOR)
        opened(service, claim="traveller-c")
    return world


def edit(world: World, *statements: str) -> int:
    """Edit the database as somebody with the file would; return how many rows changed."""
    engine = create_engine(world.created.site.db_url)
    with engine.begin() as connection:
        changed = sum(connection.execute(text(statement)).rowcount for statement in statements)
    engine.dispose()
    return changed


def refused(world: World) -> RecordError:
    """Return why the site does not start."""
    with pytest.raises(RecordError) as caught, world.open():
        pass
    return caught.value


def test_an_untouched_site_starts(world: World) -> None:
    """Nothing is found where nothing was done, start after start."""
    for _ in range(2):
        with world.open() as service:
            assert isinstance(service, Service)


EDITS = {
    "an entry taken out": ("DELETE FROM entries WHERE sequence = 2",),
    "an entry taken out that waited": (
        "DELETE FROM pending WHERE commitment = (SELECT commitment FROM entries WHERE sequence = 2)",
        "DELETE FROM entries WHERE sequence = 2",
    ),
    "an entry that waits again": ("INSERT INTO pending SELECT commitment FROM entries WHERE sequence = 2",),
    "a stranger that waits": ("INSERT INTO pending VALUES (randomblob(32))",),
    "two entries' bodies exchanged": (
        "UPDATE entries SET facts_item = 'x' WHERE sequence = 2",
        "UPDATE entries SET facts_item = (SELECT facts_item FROM entries WHERE sequence = 4) WHERE sequence = 2",
    ),
    "another personal part": (
        "UPDATE entries SET personal_mac = zeroblob(32), personal_item = 'gone' WHERE sequence = 3",
    ),
    "a sealed body": (
        "UPDATE vault_items SET ciphertext = zeroblob(9) WHERE item_id = (SELECT facts_item FROM entries LIMIT 1)",
    ),
    "the order of two": (
        "UPDATE entries SET sequence = -1 WHERE sequence = 2", "UPDATE entries SET sequence = 2 WHERE sequence = 3",
        "UPDATE entries SET sequence = 3 WHERE sequence = -1",
    ),
    "an encounter open again": ("UPDATE encounters SET state = 'open' WHERE state = 'decided'",),
    "an attempt given back": ("UPDATE encounters SET attempts_used = 0 WHERE attempts_used = 1",),
    "a refusal invented": ("UPDATE encounters SET state = 'opted_out' WHERE state = 'decided'",),
}  # fmt: skip


@pytest.mark.parametrize("what", EDITS)
def test_edits_are_found_at_start(world: World, what: str) -> None:
    """Nothing starts, the error is stable, and says which entry or encounter."""
    assert edit(world, *EDITS[what]) > 0
    error = refused(world)
    assert error.code == "record.edited"
    assert any(word in error.message for word in ("entry ", "encounter "))
    assert "Nothing starts" in error.remedy


def test_an_entry_that_is_nowhere(tmp_path: Path) -> None:
    """Neither in the tree nor waiting: a promise that nobody would keep."""
    stories = Stories(RecordSite(tmp_path))
    commitment = stories.opened("a")
    with stories.site.transactions.write() as tx:
        tx.record._connection.execute(text("DELETE FROM pending"))  # type: ignore[attr-defined]  # the edit
        with pytest.raises(RecordError) as caught:
            tx.record.check(stories.site.log.link)
    assert commitment in caught.value.message


def test_only_the_newest_bodies_are_opened(tmp_path: Path) -> None:
    """What a start costs does not grow with the record; the rest is found by an export."""
    stories = Stories(RecordSite(tmp_path))
    for number in range(12):
        stories.opened(f"{number}")
    asked = []
    with stories.site.transactions.read() as tx:
        store: Any = tx.record

        def opening(row: Any) -> Any:
            asked.append(row)
            return store._body(row)

        check_record(store._connection, _BODIES, opening, stories.site.log.link, newest=5)
    assert len(asked) == len({row.commitment for row in asked}) == 5


def test_an_old_entry_taken_out_is_missed_too(tmp_path: Path) -> None:
    """Entries are numbered without gaps, so that one is missed however long ago it was recorded."""
    stories = Stories(RecordSite(tmp_path))
    commitments = [stories.opened(f"{number}") for number in range(8)]
    with stories.site.transactions.write() as tx:
        connection = tx.record._connection  # type: ignore[attr-defined]  # the edit
        for statement in ("DELETE FROM entries WHERE commitment = :it", "DELETE FROM pending WHERE commitment = :it"):
            connection.execute(text(statement), {"it": bytes.fromhex(commitments[1])})
        with pytest.raises(RecordError) as caught:
            check_record(connection, _BODIES, tx.record._body, stories.site.log.link, newest=2)  # type: ignore[attr-defined]  # as check does
    assert commitments[2] in caught.value.message


def test_facts_that_are_gone_break_no_start(tmp_path: Path) -> None:
    """At the record's clock facts go; the links around them cannot be followed, which is no edit."""
    stories = Stories(RecordSite(tmp_path))
    middle = [stories.opened(name) for name in "abc"][1]
    stories.erased(middle)
    stories.site.log.publish(Instant(stories.now))
    stories.site.reopened().repair()
