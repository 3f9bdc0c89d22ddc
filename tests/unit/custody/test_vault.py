"""Nobody who can write to the database can make the vault give out one item for another, or for longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, event, func, select, update

from countenance.custody import FileKeyHolder, SqlVault, SystemEntropy
from countenance.custody.subject_keys import bound
from countenance.errors import StorageError, VaultError
from countenance.storage.tables import vault_items, vault_keys
from countenance.terms import Instant, ItemLabel
from fakes.database import database, wrapping_keys

LABEL = ItemLabel("item-1", "person/1", "reference", "template/v1", "reference", Instant(1000))
OTHER = ItemLabel("item-2", "person/2", "reference", "template/v1", "reference", Instant(1000))
ROW = vault_items.c.item_id == LABEL.item_id


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Give a writing connection on a new database."""
    engine = database(tmp_path)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def vault(connection: Connection, tmp_path: Path) -> SqlVault:
    """Give a vault with two sealed items of two subjects."""
    vault = SqlVault(connection, wrapping_keys(tmp_path), SystemEntropy())
    vault.seal(LABEL, b"first")
    vault.seal(OTHER, b"second")
    return vault


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "person/2"}, {"purpose": "referral"}, {"schema": "template/v2"}, {"retention": "facts"},
        {"expires_at": 1001}, {"item_id": "item-3"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_no_field_of_a_label_can_be_changed(connection: Connection, vault: SqlVault, change: dict[str, object]) -> None:
    """A row that is relabelled, moved to another subject or given a longer life does not open."""
    connection.execute(update(vault_items).where(ROW).values(change))
    if "subject" not in change and "purpose" in change:
        connection.execute(update(vault_keys).where(vault_keys.c.subject == "person/1").values(change))
    with pytest.raises(VaultError) as refused:
        vault.open(str(change.get("item_id", LABEL.item_id)))
    assert refused.value.code in {"vault.changed", "vault.unwrap"}


def test_relabelling_with_the_key_does_not_help(connection: Connection, vault: SqlVault) -> None:
    """Moving an item together with its key row to another subject fails at the key."""
    connection.execute(delete(vault_keys).where(vault_keys.c.subject == "person/2"))
    connection.execute(update(vault_keys).where(vault_keys.c.subject == "person/1").values(subject="person/2"))
    connection.execute(update(vault_items).where(ROW).values(subject="person/2"))
    with pytest.raises(VaultError) as refused:
        vault.open(LABEL.item_id)
    assert refused.value.code == "vault.unwrap"


def test_ciphertexts_cannot_be_swapped(connection: Connection, vault: SqlVault) -> None:
    """Two items of one subject whose ciphertexts change places do not open."""
    twin = replace(LABEL, item_id="item-1b")
    vault.seal(twin, b"twin")
    one, two = (
        connection.execute(
            select(vault_items.c.nonce, vault_items.c.ciphertext).where(vault_items.c.item_id == item_id)
        ).one()
        for item_id in (LABEL.item_id, twin.item_id)
    )
    for item_id, row in ((LABEL.item_id, two), (twin.item_id, one)):
        connection.execute(
            update(vault_items)
            .where(vault_items.c.item_id == item_id)
            .values(nonce=row.nonce, ciphertext=row.ciphertext)
        )
        with pytest.raises(VaultError) as refused:
            vault.open(item_id)
        assert refused.value.code == "vault.changed"


def test_every_bit_of_the_ciphertext_counts(connection: Connection, vault: SqlVault) -> None:
    """No single bit of ciphertext or nonce can be changed."""
    row = connection.execute(select(vault_items).where(ROW)).one()
    for name, sealed in (("ciphertext", row.ciphertext), ("nonce", row.nonce)):
        for place in range(len(sealed) * 8):
            changed = bytearray(sealed)
            changed[place // 8] ^= 1 << place % 8
            connection.execute(update(vault_items).where(ROW).values({name: bytes(changed)}))
            with pytest.raises(VaultError):
                vault.open(LABEL.item_id)
        connection.execute(update(vault_items).where(ROW).values({name: sealed}))
    assert vault.open(LABEL.item_id) == b"first"


@pytest.mark.parametrize(
    "change", [{"ciphertext": b""}, {"ciphertext": bytes(15)}, {"nonce": b""}, {"nonce": bytes(7)}]
)
def test_impossible_lengths_are_tampering(connection: Connection, vault: SqlVault, change: dict[str, bytes]) -> None:
    """Bytes too short to be a ciphertext or nonce are refused as changed, not as a fault of ours."""
    connection.execute(update(vault_items).where(ROW).values(change))
    with pytest.raises(VaultError) as refused:
        vault.open(LABEL.item_id)
    assert refused.value.code == "vault.changed"


def test_destroyed_key_is_the_end(connection: Connection, vault: SqlVault) -> None:
    """Once a subject's key is gone, what is left of the item is noise, and the refusal says it is on purpose."""
    connection.execute(delete(vault_keys).where(vault_keys.c.subject == "person/1"))
    with pytest.raises(VaultError) as refused:
        vault.open(LABEL.item_id)
    assert refused.value.code == "vault.key_destroyed"
    assert vault.open(OTHER.item_id) == b"second"


def test_another_sites_wrapping_key_opens_nothing(connection: Connection, vault: SqlVault, tmp_path: Path) -> None:
    """A database copied without its own ``keys/`` is closed: for reading and for adding to a subject."""
    for path in (tmp_path / "epochs").iterdir():
        path.write_bytes(bytes(32))
    foreign = SqlVault(connection, FileKeyHolder(tmp_path), SystemEntropy())
    for attempt in (lambda: foreign.open(LABEL.item_id), lambda: foreign.seal(replace(LABEL, item_id="new"), b"x")):
        with pytest.raises(VaultError) as refused:
            attempt()
        assert refused.value.code == "vault.unwrap"


def test_errors_do_not_name_the_person(connection: Connection, vault: SqlVault) -> None:
    """A refusal names the item, never its subject."""
    connection.execute(update(vault_items).where(ROW).values(schema="x"))
    with pytest.raises(VaultError) as refused:
        vault.open(LABEL.item_id)
    assert "person" not in refused.value.diagnostics()


def test_each_subject_and_purpose_has_its_own_key(connection: Connection, vault: SqlVault) -> None:
    """Keys are shared by the items of one subject and purpose and by nothing else; none is stored in the clear."""
    vault.seal(replace(LABEL, item_id="item-1b"), b"x")
    vault.seal(replace(LABEL, item_id="item-1c", purpose="referral"), b"x")
    rows = connection.execute(select(vault_keys)).all()
    assert {(row.subject, row.purpose) for row in rows} == {
        ("person/1", "reference"), ("person/1", "referral"), ("person/2", "reference"),
    }  # fmt: skip
    assert len({row.wrapped for row in rows}) == 3


def test_taken_item_id_is_refused(vault: SqlVault) -> None:
    """An item id is used once; the item that has it stays."""
    with pytest.raises(StorageError):
        vault.seal(replace(OTHER, item_id=LABEL.item_id), b"other")


@given(st.lists(st.text(max_size=6), max_size=5), st.lists(st.text(max_size=6), max_size=5))
def test_bound_fields_are_unambiguous(one: list[str], two: list[str]) -> None:
    """Different lists of fields are never bound as the same bytes, whatever the texts hold."""
    assert (bound(*one) == bound(*two)) == (one == two)


@pytest.mark.parametrize("one, two", [(("ab", "c"), ("a", "bc")), (("a",), ("a", "")), (("a\0b",), ("a", "b"))])
def test_field_borders_count(one: tuple[str, ...], two: tuple[str, ...]) -> None:
    """Moving a border between two fields changes what is bound."""
    assert bound(*one) != bound(*two)


def test_many_items_open_in_few_queries(connection: Connection, vault: SqlVault) -> None:
    """A whole gallery opens in order, thousands of items to a query."""
    wanted = [f"many-{number}" for number in range(5000)]
    for number, item_id in enumerate(wanted):
        vault.seal(replace(LABEL, item_id=item_id, subject=f"person/{number}"), item_id.encode())
    wanted.reverse()
    queries: list[str] = []

    @event.listens_for(connection, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        queries.append(statement)

    assert list(vault.open_many(wanted)) == [(item_id, item_id.encode()) for item_id in wanted]
    assert len(queries) == 2


def test_nothing_is_stored_in_the_clear(connection: Connection, vault: SqlVault, tmp_path: Path) -> None:
    """No file of the database holds a sealed plaintext."""
    vault.seal(replace(LABEL, item_id="clear"), b"A FACE IN THE CLEAR " * 50)
    connection.commit()
    assert connection.execute(select(func.count()).select_from(vault_items)).scalar() == 3
    assert not any(b"A FACE" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
