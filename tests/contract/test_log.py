"""The Log port: receipts, batches, heads and proofs that hold for whoever was promised something."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from threading import Thread

import pytest

from countenance import audit
from countenance.audit.tree import hash_leaf
from countenance.errors import NotFound, StorageError
from countenance.record import canonical
from countenance.terms import Instant
from fakes.record_site import BATCH_MS, FACTS, ORIGIN, START, VAULTS, RecordSite, append


@pytest.fixture(params=VAULTS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> RecordSite:
    """Return a site over each vault."""
    return RecordSite(tmp_path, VAULTS[request.param]())


def after(millis: int) -> Instant:
    """Return the instant that much after the start."""
    return Instant(START + millis)


def test_a_receipt_is_signed_over_every_other_field(site: RecordSite) -> None:
    """Its holder, with the log's public key and nothing else, proves what was recorded and until when it is due."""
    (entry,) = site.record()
    receipt = site.log.receipt(entry)
    fields = dataclasses.asdict(receipt)
    signature = bytes.fromhex(fields.pop("signature"))
    key = audit.read_key(site.vkey)
    assert key.verifies(signature, b"countenance/receipt/v1\n" + canonical(fields))
    assert fields == {
        "origin": ORIGIN,
        "commitment": entry.commitment.hex(),
        "include_by": "2026-05-28T20:36:40.000Z",
        "facts": canonical(FACTS).decode(),
        "facts_salt": entry.facts_salt.hex(),
        "personal_mac": entry.personal_mac.hex(),
    }


def test_a_batch_is_published_when_it_is_due(site: RecordSite) -> None:
    """The first tick publishes, later ones only when the time between batches has passed, idle or not."""
    assert site.log.tick(START) is not None
    assert site.log.tick(after(BATCH_MS - 1)) is None
    head = site.log.tick(after(BATCH_MS))
    assert head is not None
    assert head.size == 128
    assert site.log.head() == head
    assert site.log.tick(after(BATCH_MS + 1)) is None


def test_publishing_at_once_puts_off_the_next_batch(site: RecordSite) -> None:
    """A batch made out of turn counts as the last one."""
    site.log.publish(START)
    assert site.log.tick(after(BATCH_MS - 1)) is None
    assert site.log.tick(after(BATCH_MS)) is not None


@pytest.mark.parametrize("pending,size", [(0, 64), (1, 64), (63, 64), (64, 64), (65, 128), (128, 128), (129, 256)])
def test_batches_are_padded_to_a_power_of_two(site: RecordSite, pending: int, size: int) -> None:
    """What the public sees of a batch is a power of two of at least 64, sorted, whatever was in it."""
    entries = site.record(pending) if pending else []
    assert site.log.publish(START).size == size
    with site.transactions.read() as tx:
        leaves = tx.record.leaves(0, size)
    assert list(leaves) == sorted(leaves)
    assert len(set(leaves)) == size
    assert {entry.commitment for entry in entries} <= set(leaves)


def test_every_leaf_has_a_proof_dummies_too(site: RecordSite) -> None:
    """Proofs verify against the newest head, also after the tree grew; nobody learns from them which leaf is real."""
    (entry,) = site.record()
    site.log.publish(START)
    first = site.log.prove(entry.commitment)
    site.log.publish(START)
    with site.transactions.read() as tx:
        leaves = tx.record.leaves(0, 128)
    for leaf in leaves[::9]:
        proof = site.log.prove(leaf)
        assert proof.tree_head == site.log.head()
        leaf_hash = hash_leaf(proof.commitment)
        assert audit.verify_inclusion(leaf_hash, proof.index, proof.tree_head.size, proof.path, proof.tree_head.root)
    assert site.log.prove(entry.commitment).index == first.index


def test_what_waits_and_what_is_unknown_are_told_apart(site: RecordSite) -> None:
    """A recorded commitment waits for its batch; one that nobody recorded is unknown."""
    (entry,) = site.record()
    with pytest.raises(NotFound) as caught:
        site.log.prove(entry.commitment)
    assert caught.value.code == "log.pending"
    with pytest.raises(NotFound) as caught:
        site.log.prove(bytes(32))
    assert caught.value.code == "log.unknown_commitment"
    site.log.publish(START)
    with pytest.raises(NotFound) as caught:
        site.log.prove(bytes(32))
    assert caught.value.code == "log.unknown_commitment"


def test_the_head_of_a_new_log(site: RecordSite) -> None:
    """Before the first batch the head states the empty tree."""
    head = site.log.head()
    assert (head.size, head.root.hex()) == (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")


def test_the_checkpoint_is_the_head(site: RecordSite) -> None:
    """What is published in log/checkpoint is the head's note, byte for byte."""
    head = site.log.publish(START)
    assert (site.logs / "checkpoint").read_text("utf-8") == head.note


def test_an_outsider_finds_every_promise_kept(site: RecordSite) -> None:
    """The audit of log/, an export and receipts finds nothing wrong and counts what it saw."""
    entries = [entry for _ in range(3) for entry in publish_some(site)]
    (late,) = site.record()
    receipts = tuple(receipt_json(site, entry) for entry in [*entries, late])
    with site.transactions.read() as tx:
        bundle = json.dumps(site.log.export_bundle(tx, START)).encode()
    found = site.audited(now=START, bodies=bundle, receipts=receipts)
    assert found.ok, found.faults
    assert (found.counts.entries, found.counts.bodies, found.counts.bodies_pending) == (192, 16, 1)
    assert (found.counts.receipts, found.counts.receipts_pending) == (16, 1)
    assert all(check.passed for check in found.checks)


def publish_some(site: RecordSite) -> list[object]:
    """Record five events and publish them; return their entries."""
    entries = site.record(5)
    site.log.publish(START)
    return [*entries]


def receipt_json(site: RecordSite, entry: object) -> bytes:
    """Return the receipt for an entry as JSON."""
    return json.dumps(dataclasses.asdict(site.log.receipt(entry))).encode()  # type: ignore[arg-type]  # an Entry


def test_an_unfinished_transaction_leaves_no_trace_in_the_log(site: RecordSite) -> None:
    """What was not committed is in no batch."""
    with site.transactions.write() as tx:
        entry = append(tx)
    site.log.publish(START)
    with pytest.raises(NotFound):
        site.log.prove(entry.commitment)


def test_publishing_and_proving_at_the_same_time(site: RecordSite) -> None:
    """While batches are published, every proof asked for verifies."""
    (entry,) = site.record()
    site.log.publish(START)
    thread = Thread(target=lambda: [site.log.publish(START) for _ in range(6)])
    thread.start()
    sizes = set()
    while thread.is_alive():
        sizes.add(site.log.prove(entry.commitment).tree_head.size)
    thread.join()
    assert site.log.head().size == 7 * 64
    assert sizes <= {64 * count for count in range(1, 8)}


def test_a_batch_that_cannot_be_committed_is_not_published(site: RecordSite) -> None:
    """When the database refuses, neither tree nor files change, and the next batch takes everything."""
    (entry,) = site.record()
    site.log.publish(START)
    before = site.files()
    (late,) = site.record()
    with site.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON tree_heads BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(StorageError):
        site.log.publish(START)
    assert site.files() == before
    assert site.log.prove(entry.commitment).tree_head.size == 64
    with site.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    assert site.log.publish(START).size == 128
    assert site.log.prove(late.commitment).index >= 64
