"""An epoch's key goes when its day or event is over; what lives on was wrapped under another one before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from countenance.custody import FileKeyHolder, SqlVault, SystemEntropy, period_of
from countenance.errors import VaultError
from countenance.storage.tables import vault_epochs, vault_items, vault_keys
from countenance.terms import DAY_MS, Instant, ItemLabel
from fakes.database import database, wrapping_keys

NOON = Instant(20_000 * DAY_MS + DAY_MS // 2)
NEXT_DAY = Instant(NOON + DAY_MS)


@pytest.fixture
def holder(tmp_path: Path) -> FileKeyHolder:
    """Give keys in a folder."""
    return wrapping_keys(tmp_path)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Give a writing connection on a new database."""
    engine = database(tmp_path)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def vault(connection: Connection, holder: FileKeyHolder) -> SqlVault:
    """Give an empty vault."""
    return SqlVault(connection, holder, SystemEntropy())


def label(item_id: str, expires_at: int = NOON, event: str = "", subject: str = "") -> ItemLabel:
    """Return a label of a subject of its own."""
    return ItemLabel(
        item_id, subject or f"encounter/{item_id}", "personal", "text/v1", "personal", Instant(expires_at), event
    )


def periods(connection: Connection) -> list[str]:
    """Return the periods that have an epoch."""
    return sorted(connection.execute(select(vault_epochs.c.period)).scalars())


def end(vault: SqlVault, holder: FileKeyHolder, now: Instant) -> None:
    """End what is due and destroy its keys, as an erasure does."""
    for epoch in vault.end_epochs(now):
        holder.destroy(epoch)


def test_periods_are_days_of_expiry_and_events() -> None:
    """A day's period ends at midnight UTC, an event's when it is over; an event's name is not readable."""
    assert period_of(NOON, "") == ("day-2024-10-04", 20_001 * DAY_MS)
    name, ends = period_of(NOON, "flight UA 17/passengers")
    assert (name[:6], len(name), ends) == ("event-", 38, None)
    assert "UA" not in name


def test_subjects_of_a_day_share_its_key_and_no_other(
    vault: SqlVault, connection: Connection, holder: FileKeyHolder
) -> None:
    """What must be gone on one day hangs on one key; another day and an event have their own."""
    for name in ("a", "b"):
        vault.seal(label(name), b"x")
    vault.seal(label("c", NEXT_DAY), b"x")
    vault.seal(label("d", event="flight"), b"x")
    assert len(periods(connection)) == 3
    assert len(holder.epochs()) == 4


def test_an_ended_day_takes_its_key_and_spares_what_lives_on(
    vault: SqlVault, connection: Connection, holder: FileKeyHolder
) -> None:
    """After its day an epoch's key is gone; an item that was given a longer life opens under another one's."""
    vault.seal(label("a"), b"a")
    vault.seal(label("b"), b"b")
    vault.hold(["b"], NEXT_DAY)
    copy = connection.execute(select(vault_keys)).all()
    vault.destroy("a")
    midnight = Instant(20_001 * DAY_MS)
    assert vault.ended_epochs(Instant(midnight - 1)) == ()
    end(vault, holder, midnight)
    assert periods(connection) == ["day-2024-10-05"]
    assert vault.open("b") == b"b"
    for row in copy:
        with pytest.raises(VaultError) as refused:
            holder.unwrap(row.epoch, row.wrapped, context=b"any")
        assert refused.value.code == "vault.key_missing"


def test_an_events_key_goes_with_the_last_of_its_people(
    vault: SqlVault, connection: Connection, holder: FileKeyHolder
) -> None:
    """While anybody is in a gallery its key stays; emptied, it goes, and the gallery can be filled again."""
    for name in ("a", "b"):
        vault.seal(label(name, event="flight"), b"x")
    vault.destroy("a")
    end(vault, holder, Instant(0))
    assert vault.open("b") == b"x"
    vault.destroy("b")
    end(vault, holder, Instant(0))
    assert (periods(connection), holder.epochs()) == ([], {"site"})
    vault.seal(label("a", event="flight"), b"again")
    assert vault.open("a") == b"again"


def test_an_epoch_of_the_same_day_never_has_its_old_key(vault: SqlVault, holder: FileKeyHolder) -> None:
    """A day that begins again has another key under another name, so that no late destruction can hit it."""
    vault.seal(label("a", event="flight"), b"x")
    (before,) = holder.epochs() - {"site"}
    vault.destroy("a")
    assert vault.end_epochs(Instant(0)) == (before,)
    vault.seal(label("a", event="flight"), b"again")
    holder.destroy(before)
    assert vault.open("a") == b"again"


def test_rotation_reads_no_item(vault: SqlVault, connection: Connection, holder: FileKeyHolder) -> None:
    """After a rotation every key is new, every item is byte for byte as it was, and all of them open."""
    for name, due in (("a", NOON), ("b", NEXT_DAY)):
        vault.seal(label(name, due), name.encode())
    items, keys = (connection.execute(select(table)).all() for table in (vault_items, vault_keys))
    connection.execute(vault_items.update().values(nonce=bytes(12)))  # whoever opened one now would fail
    before = holder.epochs() - {"site"}
    old = vault.rotate()
    for epoch in old:
        holder.destroy(epoch)
    for row in items:
        connection.execute(vault_items.update().where(vault_items.c.item_id == row.item_id).values(nonce=row.nonce))
    assert set(old) == before
    assert not before & holder.epochs()
    assert connection.execute(select(vault_items)).all() == items
    assert {row.wrapped for row in connection.execute(select(vault_keys))}.isdisjoint(row.wrapped for row in keys)
    assert (vault.open("a"), vault.open("b")) == (b"a", b"b")


def test_destroying_says_what_went(vault: SqlVault) -> None:
    """What left the vault is told by class, with the keys and the subjects of whom nothing is left."""
    vault.seal(label("a", subject="encounter/1"), b"x")
    vault.seal(label("b", subject="encounter/1"), b"x")
    first = vault.destroy_many(["a", "never"])
    assert (first.items, first.by_retention, first.keys, first.subjects) == (("a",), {"personal": 1}, (), ())
    second = vault.destroy_many(["b"])
    assert (len(second.keys), second.subjects) == (1, ("encounter/1",))


def test_keys_are_destroyed_by_their_ids(vault: SqlVault, connection: Connection) -> None:
    """A list of key ids, as a restore has it, takes everything that these keys sealed and nothing else."""
    for name in ("a", "b"):
        vault.seal(label(name), b"x")
    (key,) = connection.execute(select(vault_keys.c.key_id).where(vault_keys.c.subject == "encounter/a")).scalars()
    assert vault.destroy_keys([key, "0" * 32]).items == ("a",)
    assert vault.open("b") == b"x"


def test_a_clock_is_shortened_and_never_lengthened(vault: SqlVault) -> None:
    """Only items that would live longer get the shorter clock."""
    vault.seal(label("a", 100), b"a")
    vault.seal(label("b", 10), b"b")
    assert vault.shorten(["a", "b", "never"], Instant(50)) == 1
    assert vault.shorten(["a", "b"], Instant(90)) == 0
    assert vault.expired(Instant(50), 9) == ("b", "a")
    assert (vault.open("a"), vault.open("b")) == (b"a", b"b")


def test_a_name_that_could_leave_the_folder_is_refused(holder: FileKeyHolder) -> None:
    """An epoch whose name is a path, as somebody may write it into the database, names no file."""
    for name in ("../log", "a/b", "", "a" * 65, "A"):
        with pytest.raises(VaultError) as refused:
            holder.destroy(name)
        assert refused.value.code == "vault.epoch_name"
