"""The RecordStore port: what every record keeps inside a transaction, over every vault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from countenance.errors import RecordError, VaultError
from countenance.ports import UnitOfWork
from countenance.record.commitment import Salted, commitment
from countenance.storage import tables
from countenance.terms import Entry, Instant, RecordedEvent
from fakes.naive_merkle import numbered
from fakes.record_site import FACTS, PROMISE_MS, START, VAULTS, RecordSite, append
from fakes.vault import FakeVault


@pytest.fixture(params=VAULTS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> RecordSite:
    """Return a site over each vault."""
    return RecordSite(tmp_path, VAULTS[request.param]())


@pytest.fixture
def tx(site: RecordSite) -> Iterator[UnitOfWork]:
    """Return a writing transaction."""
    with site.transactions.write() as unit:
        yield unit


def test_an_entry_is_what_a_receipt_needs(tx: UnitOfWork) -> None:
    """The commitment is the pinned function of facts, their salt and the personal part's HMAC; due by the promise."""
    entry = append(tx)
    assert entry.facts == b'{"checkpoint":"lane-1","outcome":"match","v":1}'
    assert entry.commitment == commitment(Salted(entry.facts_salt, entry.facts).mac, entry.personal_mac)
    assert entry.include_by == START + PROMISE_MS


def test_an_entry_waits_until_its_batch(tx: UnitOfWork) -> None:
    """Pending and known at first; in the tree and no longer pending afterwards; dummies are in it and unknown."""
    one, other = append(tx), append(tx)
    assert tx.record.pending() == tuple(sorted([one.commitment, other.commitment]))
    assert tx.record.index_of(one.commitment) is None
    assert tx.record.knows(one.commitment)
    dummies = numbered(2)
    assert tx.record.append_batch([dummies[0], one.commitment, dummies[1]], START) == 3
    assert tx.record.pending() == (other.commitment,)
    assert tx.record.index_of(one.commitment) == 1
    assert tx.record.index_of(dummies[1]) == 2
    assert not tx.record.knows(dummies[1])
    assert tx.record.append_batch([other.commitment], START) == tx.record.size() == 4
    assert tx.record.leaves(0, 4) == (dummies[0], one.commitment, dummies[1], other.commitment)
    assert tx.record.leaves(2, 3) == (dummies[1],)
    assert tx.record.leaves(4, 4) == tx.record.leaves(3, 2) == ()
    assert tx.record.pending() == ()


def test_an_empty_record(tx: UnitOfWork) -> None:
    """Nothing is there, and an empty batch changes nothing."""
    assert tx.record.pending() == ()
    assert tx.record.size() == tx.record.append_batch([], START) == 0
    assert tx.record.head_note() is None
    assert tx.record.index_of(bytes(32)) is None
    assert not tx.record.knows(bytes(32))
    assert list(tx.record.bodies()) == []


def test_a_large_batch(tx: UnitOfWork) -> None:
    """More leaves than one query takes are appended in order and unmarked."""
    entries = [append(tx) for _ in range(3)]
    leaves = [*numbered(1200), *(entry.commitment for entry in entries)]
    assert tx.record.append_batch(leaves, START) == 1203
    assert tx.record.leaves(0, 1203) == tuple(leaves)
    assert tx.record.pending() == ()


@pytest.mark.parametrize("length", [0, 31, 33])
def test_leaves_are_32_bytes(tx: UnitOfWork, length: int) -> None:
    """Nothing else enters the tree."""
    with pytest.raises(RecordError) as caught:
        tx.record.append_batch([bytes(32), bytes(length)], START)
    assert caught.value.code == "record.leaf"
    assert tx.record.size() == 0


def test_a_hole_in_the_tree_is_damage(tx: UnitOfWork) -> None:
    """Leaves that should be there and are not are never passed over."""
    tx.record.append_batch(numbered(3), START)
    for start, end in ((0, 4), (3, 5)):
        with pytest.raises(RecordError) as caught:
            tx.record.leaves(start, end)
        assert caught.value.code == "record.damaged"


def test_the_newest_head_is_the_largest(tx: UnitOfWork) -> None:
    """Heads are kept, and the newest is returned as it was signed."""
    tx.record.save_head(64, bytes(32), "one", START)
    tx.record.save_head(128, bytes(32), "two", START)
    assert tx.record.head_note() == "two"


def test_how_long_the_tree_was_then(tx: UnitOfWork) -> None:
    """At any instant the tree was as long as the newest head signed before it says; before the first, empty."""
    tx.record.save_head(64, bytes(32), "one", START)
    tx.record.save_head(128, bytes(32), "two", Instant(START + 5))
    sizes = [tx.record.size_before(Instant(START + later)) for later in (0, 1, 5, 6)]
    assert sizes == [0, 64, 64, 128]


def test_what_is_not_canonical_is_not_recorded(tx: UnitOfWork) -> None:
    """A float in the facts leaves nothing behind, neither row nor sealed item."""
    with pytest.raises(RecordError) as caught:
        append(tx, facts={"score": 0.5})  # type: ignore[dict-item]  # the fault under test
    assert caught.value.code == "record.not_canonical"
    assert tx.record.pending() == ()
    assert list(tx.record.bodies()) == []


def test_equal_events_cannot_be_told(tx: UnitOfWork) -> None:
    """The same facts about the same person give different commitments, salts and HMACs."""
    one, other = append(tx), append(tx)
    assert one.facts == other.facts
    assert {one.commitment, one.facts_salt, one.personal_mac}.isdisjoint(
        {other.commitment, other.facts_salt, other.personal_mac}
    )


def test_bodies_open_in_an_order_that_says_nothing(tx: UnitOfWork) -> None:
    """Every entry is there with both parts and salts, by commitment; more than one query's worth too."""
    entries = {entry.commitment.hex(): entry for entry in (append(tx) for _ in range(503))}
    bodies = list(tx.record.bodies())
    assert [body["commitment"] for body in bodies] == sorted(entries)
    for body in bodies:
        entry = entries[str(body["commitment"])]
        assert body["facts"] == entry.facts.decode()
        assert body["facts_salt"] == entry.facts_salt.hex()
        assert body["personal"] == '{"claim":"traveller-a","score_1e6":731204}'
        personal = Salted(bytes.fromhex(str(body["personal_salt"])), str(body["personal"]).encode())
        assert personal.mac == entry.personal_mac
        assert body["include_by"] == "2026-05-28T20:36:40.000Z"


def items_of(tx: UnitOfWork, entry: Entry) -> tuple[str, str]:
    """Return the vault ids of an entry's facts and personal part."""
    row = tx.record._connection.execute(
        tables.entries.select().where(tables.entries.c.commitment == entry.commitment)
    ).one()
    return row.facts_item, row.personal_item


def test_after_erasure_the_facts_still_prove_themselves(tx: UnitOfWork) -> None:
    """With the personal part destroyed, its HMAC stands in; with both gone, the commitment is all there is."""
    entry = append(tx)
    facts_item, personal_item = items_of(tx, entry)
    assert tx.vault.destroy(personal_item)
    (body,) = tx.record.bodies()
    assert set(body) == {"commitment", "include_by", "facts", "facts_salt", "personal_mac"}
    assert body["personal_mac"] == entry.personal_mac.hex()
    assert tx.vault.destroy(facts_item)
    (body,) = tx.record.bodies()
    assert set(body) == {"commitment", "include_by", "erased_by"}


def test_a_body_that_is_not_its_commitments_is_damage(tx: UnitOfWork) -> None:
    """A row pointing to another entry's personal part is found before it leaves the house."""
    one, other = append(tx), append(tx)
    _, foreign = items_of(tx, other)
    swapped = update(tables.entries).where(tables.entries.c.commitment == one.commitment)
    tx.record._connection.execute(swapped.values(personal_item=foreign))
    with pytest.raises(RecordError) as caught:
        list(tx.record.bodies())
    assert caught.value.code == "record.damaged"


def test_tampering_is_not_erasure(tmp_path: Path) -> None:
    """A sealed part that was changed is an error, not a part that is gone."""
    vault = FakeVault()
    with RecordSite(tmp_path, lambda _: vault).transactions.write() as tx:
        vault.changed.update(items_of(tx, append(tx)))
        with pytest.raises(VaultError) as caught:
            list(tx.record.bodies())
    assert caught.value.code == "vault.changed"


def test_each_part_has_its_own_clock_and_subject(tmp_path: Path) -> None:
    """Facts are sealed under their month and the facts clock, the personal part under its person's."""
    vault = FakeVault()
    with RecordSite(tmp_path, lambda _: vault).transactions.write() as tx:
        facts_item, personal_item = items_of(tx, append(tx, subject="person/b"))
    facts, personal = vault.labels[facts_item], vault.labels[personal_item]
    assert (facts.subject, facts.purpose, facts.schema, facts.retention) == (
        "record/2026-05", "facts", "facts/v1", "facts",
    )  # fmt: skip
    assert (personal.subject, personal.purpose, personal.schema, personal.retention) == (
        "person/b", "personal", "personal/v1", "personal",
    )  # fmt: skip
    assert (facts.expires_at, personal.expires_at) == (START + 10**9, START + 10**6)


def test_a_rolled_back_event_never_happened(site: RecordSite) -> None:
    """Leaving without a commit leaves no commitment; committing keeps it."""
    with site.transactions.write() as tx:
        append(tx)
    (kept,) = site.record()
    with site.transactions.read() as tx:
        assert tx.record.pending() == (kept.commitment,)


def test_months_part_at_midnight_utc(tmp_path: Path) -> None:
    """The subject of the facts is the month in UTC, of the instant that was passed in."""
    vault = FakeVault()
    with RecordSite(tmp_path, lambda _: vault).transactions.write() as tx:
        append(tx, Instant(1_798_761_599_999), FACTS)
        append(tx, Instant(1_798_761_600_000), FACTS)
    subjects = {label.subject for label in vault.labels.values() if label.purpose == "facts"}
    assert subjects == {"record/2026-12", "record/2027-01"}


def test_a_personal_part_can_be_held(tx: UnitOfWork) -> None:
    """The vault item with an entry's personal part is named; held, it is part of the body as before."""
    entry = append(tx)
    before = list(tx.record.bodies())
    assert tx.vault.hold([tx.record.personal_item(entry.commitment)], Instant(START + 10**8)) == 1
    assert list(tx.record.bodies()) == before
    assert tx.record.personal_item(bytes(32)) == ""


def test_one_body_is_what_all_bodies_say_of_it(tx: UnitOfWork) -> None:
    """An entry opened alone is the entry of the bundle; what was never recorded is None."""
    entries = [append(tx) for _ in range(3)]
    held = {body["commitment"]: body for body in tx.record.bodies()}
    for entry in entries:
        assert tx.record.body(entry.commitment) == held[entry.commitment.hex()]
    assert tx.record.body(bytes(32)) is None


def test_the_newest_entry_is_known(site: RecordSite) -> None:
    """An entry names the one that was recorded last, in its own transaction and after it; nothing at first."""
    event = RecordedEvent(FACTS, {}, "person/a", Instant(START + 10**9), Instant(START + 10**6))
    before = b""
    for _ in range(2):
        with site.transactions.write() as tx:
            for _ in range(2):
                (entry,) = tx.record.append_many([event], now=START, link=bytes.hex)
                assert json.loads(entry.facts)["prev"] == before.hex()
                before = entry.commitment
            tx.commit()


def test_events_together_are_chained_in_their_order(site: RecordSite) -> None:
    """Several events become entries one after the other, each one's facts naming the entry before by the link given."""
    with site.transactions.write() as tx:
        first = append(tx)
        assert tx.record.append_many([], now=START, link=bytes.hex) == ()
        event = RecordedEvent(FACTS, {"pseudonym": "a"}, "person/a", Instant(START + 10**9), Instant(START + 10**6))
        entries = tx.record.append_many([event, event, event], now=START, link=bytes.hex)
        links = [json.loads(one.facts)["prev"] for one in entries]
        assert links == [one.commitment.hex() for one in (first, *entries[:-1])]
        assert len(tx.record.pending()) == 4
        bodies = {body["commitment"]: body for body in tx.record.bodies()}
        for entry in entries:
            assert bodies[entry.commitment.hex()]["facts"] == entry.facts.decode()
            assert tx.record.pseudonym(tx.vault.open(tx.record.personal_item(entry.commitment))) == "a"
