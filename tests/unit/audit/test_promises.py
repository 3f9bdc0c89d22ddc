"""Bodies and receipts against the log: a table of what a controller, or a holder, may have done to them."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from countenance.audit import Findings, audit
from countenance.record import canonical, merkle
from countenance.record.log import RECEIPT_DOMAIN
from countenance.record.note import tree_head
from countenance.terms import Instant
from fakes.keys import DeviceKey
from fakes.naive_merkle import numbered
from fakes.published import publish
from fakes.record_site import LATER, PROMISE_MS, START, RecordSite

Bundle = dict[str, Any]


@dataclasses.dataclass
class Evidence:
    """What an auditor was handed: the log, an export, a receipt for the first event, one for one that waits."""

    site: RecordSite
    bundle: Bundle
    receipt: dict[str, Any]
    late: dict[str, Any]

    def audited(self, *, bundle: object = None, receipts: tuple[object, ...] = (), now: int = LATER) -> Findings:
        """Return what the audit finds; bundle and receipts are values or bytes."""
        raw = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in receipts]
        bodies = None if bundle is None else bundle if isinstance(bundle, bytes) else json.dumps(bundle).encode()
        return audit(self.site.logs, self.site.vkey, bodies=bodies, receipts=raw, now_ms=now)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Return evidence from a site with three published events, one of them erased, and one that waits."""
    site = RecordSite(tmp_path_factory.mktemp("site"))
    entries = site.record(3)
    site.log.publish(START)
    site.log.publish(START)
    (waiting,) = site.record(now=Instant(START + 10_000))
    with site.transactions.write() as tx:
        row = tx.record._connection.exec_driver_sql(
            "SELECT personal_item FROM entries WHERE commitment = ?", (entries[2].commitment,)
        ).one()
        assert tx.vault.destroy(row.personal_item)
        bundle = json.loads(json.dumps(site.log.export_bundle(tx, START)))
    wait = waiting.commitment.hex()
    bundle["entries"] = [body for body in bundle["entries"] if body["commitment"] != wait]
    return Evidence(
        site,
        bundle,
        dataclasses.asdict(site.log.receipt(entries[0])),
        dataclasses.asdict(site.log.receipt(waiting)),
    )


def codes(findings: Findings) -> set[str]:
    """Return the codes of the faults."""
    return {fault.code for fault in findings.faults}


def test_what_was_handed_over_is_good(evidence: Evidence) -> None:
    """Untouched, bundle and receipt hold, and the counts say what was gone."""
    findings = evidence.audited(bundle=evidence.bundle, receipts=(evidence.receipt,))
    assert findings.ok, findings.faults
    assert (findings.counts.bodies, findings.counts.bodies_without_personal, findings.counts.receipts) == (3, 1, 1)
    assert {"bodies", "bodies kept", "receipts", "receipts kept"} <= {check.name for check in findings.checks}


def put(**fields: object) -> Callable[[Bundle], object]:
    """Return what sets fields of the bundle."""
    return lambda bundle: bundle.update(fields)


def body(number: int, **fields: object) -> Callable[[Bundle], object]:
    """Return what sets fields of one body; None takes a field away."""

    def change(bundle: Bundle) -> None:
        entry = bundle["entries"][number]
        entry.update(fields)
        for name in [name for name, value in fields.items() if value is None]:
            del entry[name]

    return change


def whole(bundle: Bundle) -> dict[str, Any]:
    """Return a body with its personal part."""
    return next(entry for entry in bundle["entries"] if "personal" in entry)


SIGNER = DeviceKey()
ERASURE = "e" * 32
LARGER_HEAD = tree_head(704, bytes(32), "checkpoint.example/log", SIGNER).note
GOOD_HEAD = tree_head(64, bytes(32), "checkpoint.example/log", SIGNER).note


@pytest.mark.parametrize(
    "change,expected",
    [
        (put(format="countenance/bodies/v2"), {"bundle.malformed"}),
        (put(entries={}), {"bundle.malformed"}),
        (put(more=1), {"bundle.malformed"}),
        (put(exported_at="yesterday"), {"bundle.malformed"}),
        (put(exported_at="2026-13-01T00:00:00.000Z"), {"bundle.malformed"}),
        (put(exported_at=5), {"bundle.malformed"}),
        (put(origin="other.example/log"), {"bundle.origin"}),
        (put(tree_size=64), {"bundle.head"}),
        (put(tree_head="no note"), {"bundle.head"}),
        (put(tree_head=5), {"bundle.malformed"}),
        (put(tree_size=64, tree_head=GOOD_HEAD), {"bundle.tree"}),
        (put(tree_size=64, tree_head=GOOD_HEAD.replace("\n64\n", "\n128\n")), {"bundle.head"}),
        (put(tree_size=704, tree_head=LARGER_HEAD), {"bundle.tree"}),
        (lambda b: b.update(tree_head=tree_head(128, bytes(32), b["origin"], DeviceKey(4)).note), {"bundle.head"}),
        (lambda b: b["entries"].append(b["entries"][0]), {"body.duplicate"}),
        (lambda b: b["entries"].append(5), {"body.malformed"}),
        (lambda b: b["entries"].append({"commitment": 5, "include_by": "x"}), {"body.malformed"}),
        (body(0, extra=""), {"body.malformed"}),
        (body(0, facts=None), {"body.malformed"}),
        (body(0, commitment="AB" * 32), {"body.malformed"}),
        (body(0, include_by="2026-05-28"), {"body.malformed"}),
        (body(0, facts_salt="00" * 31), {"body.malformed"}),
        (body(1, facts_salt="00" * 32), {"body.commitment"}),
        (body(1, facts='{"checkpoint":"lane-1","outcome":"no_match","v":1}'), {"body.commitment"}),
        (body(1, facts='{"outcome":"match","checkpoint":"lane-1","v":1}'), {"body.not_canonical"}),
        (body(1, facts=5), {"body.not_canonical"}),
        (body(2, commitment="00" * 32), {"body.commitment"}),
        (lambda b: whole(b).update(personal='{"claim":"somebody else"}'), {"body.commitment"}),
        (lambda b: whole(b).update(personal="{ }"), {"body.not_canonical"}),
        (lambda b: whole(b).update(personal_salt="11" * 32), {"body.commitment"}),
    ],
)  # fmt: skip
def test_edited_bundles(evidence: Evidence, change: Callable[[Bundle], object], expected: set[str]) -> None:
    """Each way to edit an export has its name, and names the body."""
    bundle = json.loads(json.dumps(evidence.bundle))
    change(bundle)
    findings = evidence.audited(bundle=bundle)
    assert codes(findings) == expected
    for fault in findings.faults:
        assert fault.sentence.startswith(("Body ", "The bundle ", "The first ", "At export "))


def test_a_log_that_lost_entries_since_the_export(evidence: Evidence) -> None:
    """An export of a larger tree says by how much the log has shrunk."""
    (fault,) = evidence.audited(bundle={**evidence.bundle, "tree_size": 704, "tree_head": LARGER_HEAD}).faults
    assert fault.sentence == "At export the log had 704 entries; it has 128 now."


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b"[" * 10_000, b'{"a":1,"a":1}', b"null"])
def test_bundles_that_are_none(evidence: Evidence, data: bytes) -> None:
    """Anything else than a bundle is refused as a whole, and the log is judged all the same."""
    findings = evidence.audited(bundle=data)
    assert codes(findings) == {"bundle.malformed"}
    assert findings.counts.entries == 128


def made_up(evidence: Evidence, *, due: str = "2026-05-28T20:36:40.000Z") -> dict[str, str]:
    """Return a body that is good in itself and was never published."""
    return {"commitment": evidence.late["commitment"], "include_by": due, "erased_by": ERASURE}


def test_a_body_that_was_never_published(evidence: Evidence) -> None:
    """A body may wait for its batch until its time; after that its absence is a fault. Facts do not go unreceipted."""
    bundle = {**evidence.bundle, "entries": [*evidence.bundle["entries"], made_up(evidence)]}
    due = START + PROMISE_MS
    early = evidence.audited(bundle=bundle, now=due)
    assert codes(early) == {"erasure.no_receipt"}
    assert (early.counts.bodies_pending, early.counts.bodies_without_facts) == (1, 1)
    assert codes(evidence.audited(bundle=bundle, now=due + 1)) == {"erasure.no_receipt", "body.not_included"}


@pytest.mark.parametrize(
    "field,value,expected",
    [
        ("origin", "other.example/log", "receipt.origin"),
        ("commitment", "00" * 32, "receipt.signature"),
        ("commitment", "zz", "receipt.malformed"),
        ("include_by", "2030-01-01T00:00:00.000Z", "receipt.signature"),
        ("include_by", "2026-05-28T20:36:40Z", "receipt.malformed"),
        ("facts", '{"outcome":"no_match"}', "receipt.signature"),
        ("facts", 5, "receipt.signature"),
        ("facts", "\ud800", "receipt.malformed"),
        ("facts_salt", "00" * 32, "receipt.signature"),
        ("personal_mac", "00" * 32, "receipt.signature"),
        ("signature", "00" * 64, "receipt.signature"),
        ("signature", "00" * 63, "receipt.malformed"),
        ("signature", None, "receipt.malformed"),
        ("more", "", "receipt.malformed"),
    ],
)
def test_edited_receipts(evidence: Evidence, field: str, value: object, expected: str) -> None:
    """Each way to edit a receipt has its name."""
    assert codes(evidence.audited(receipts=({**evidence.receipt, field: value},))) == {expected}


def signed(receipt: dict[str, Any]) -> dict[str, Any]:
    """Return a receipt that the log's key signed, whatever it says."""
    unsigned = {name: value for name, value in receipt.items() if name != "signature"}
    return {**unsigned, "signature": SIGNER.sign(RECEIPT_DOMAIN + canonical(unsigned)).hex()}


@pytest.mark.parametrize(
    "fields,expected",
    [
        ({"facts": '{"outcome":"no_match"}'}, "receipt.commitment"),
        ({"facts": '{ "outcome":"match"}'}, "receipt.not_canonical"),
        ({"facts_salt": "00" * 32}, "receipt.commitment"),
        ({"personal_mac": "00" * 32}, "receipt.commitment"),
        ({"facts_salt": "short"}, "receipt.malformed"),
        ({"personal_mac": 7}, "receipt.malformed"),
    ],
)
def test_receipts_that_contradict_themselves(evidence: Evidence, fields: dict[str, Any], expected: str) -> None:
    """A signature over facts that do not give the commitment proves only who lied."""
    assert codes(evidence.audited(receipts=(signed({**evidence.receipt, **fields}),))) == {expected}


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b"[" * 10_000])
def test_receipts_that_are_none(evidence: Evidence, data: bytes) -> None:
    """Anything else than a receipt is said to be that."""
    assert codes(evidence.audited(receipts=(data,))) == {"receipt.malformed"}


def test_a_receipt_of_something_never_included(evidence: Evidence) -> None:
    """Until its time a receipt waits; afterwards its absence from the tree is a fault that names it."""
    due = START + 10_000 + PROMISE_MS
    early = evidence.audited(receipts=(evidence.receipt, evidence.late), now=due)
    assert early.ok, early.faults
    assert (early.counts.receipts, early.counts.receipts_pending) == (2, 1)
    (fault,) = evidence.audited(receipts=(evidence.receipt, evidence.late), now=due + 1).faults
    assert fault.code == "receipt.not_included"
    assert fault.sentence.startswith(f"Receipt 1 ({evidence.late['commitment'][:16]}")


def test_a_body_left_out_of_the_export(evidence: Evidence) -> None:
    """An export that passes an event off as a dummy is given away by anyone's receipt for it."""
    left = [entry for entry in evidence.bundle["entries"] if entry["commitment"] != evidence.receipt["commitment"]]
    findings = evidence.audited(bundle={**evidence.bundle, "entries": left}, receipts=(evidence.receipt,))
    assert codes(findings) == {"receipt.not_in_bundle"}
    assert evidence.audited(bundle={**evidence.bundle, "entries": left}).ok


def test_a_receipt_newer_than_the_export(evidence: Evidence, tmp_path: Path) -> None:
    """What was published after the export need not be in it; the export's tree is a beginning of the log's."""
    site = RecordSite(tmp_path)
    with site.transactions.read() as tx:
        bundle = site.log.export_bundle(tx, START)
    (entry,) = site.record()
    site.log.publish(START)
    receipt = dataclasses.asdict(site.log.receipt(entry))
    grown = Evidence(site, bundle, receipt, receipt)
    findings = grown.audited(bundle=bundle, receipts=(receipt,))
    assert findings.ok, findings.faults


@pytest.mark.parametrize("sizes", [(64, 192), (256, 320), (192, 256), (320, 640)])
def test_an_export_pins_the_tree_it_was_made_of(tmp_path: Path, sizes: tuple[int, int]) -> None:
    """A log that was written anew after an export is not the continuation of the exported tree."""
    site = RecordSite(tmp_path)
    leaves = numbered(sizes[1])
    with site.transactions.write() as tx:
        publish_leaves(site, tx, leaves[: sizes[0]])
        bundle = site.log.export_bundle(tx, START)
        publish_leaves(site, tx, leaves[sizes[0] :])
        tx.commit()
    site.log.repair()
    evidence = Evidence(site, bundle, {}, {})
    findings = evidence.audited(bundle=bundle)
    assert findings.ok, findings.faults
    bundle["tree_head"] = tree_head(sizes[0], bytes(32), site.origin, site.key).note
    assert codes(evidence.audited(bundle=bundle)) == {"bundle.tree"}


def publish_leaves(site: RecordSite, tx: Any, leaves: list[bytes]) -> None:
    """Append leaves and sign the tree, without files."""
    size = tx.record.append_batch(leaves, START)
    head = tree_head(size, merkle.root(tx.record.leaves(0, size)), site.origin, site.key)
    tx.record.save_head(size, head.root, head.note, START)


def test_a_commitment_that_is_in_the_tree_twice(evidence: Evidence, tmp_path: Path) -> None:
    """A leaf that was replayed is named with both its places."""
    commitment = bytes.fromhex(evidence.receipt["commitment"])
    copy = dataclasses.replace(evidence, site=RecordSite(tmp_path))
    publish(copy.site.logs, [*numbered(62), commitment, commitment])
    (fault,) = copy.audited(receipts=(evidence.receipt,)).faults
    assert fault.code == "receipt.repeated"
    assert "62 and 63" in fault.sentence


def test_nothing_is_said_to_be_missing_from_a_log_that_cannot_be_read(evidence: Evidence, tmp_path: Path) -> None:
    """When entries are unreadable, absence proves nothing, and the check is not said to have passed either."""
    shutil.copytree(evidence.site.logs, tmp_path / "log")
    for path in ("tile/entries/000.p/128", "tile/0/000.p/128"):
        (tmp_path / "log" / path).unlink()
    bodies, receipt = json.dumps(evidence.bundle).encode(), json.dumps(evidence.late).encode()
    findings = audit(tmp_path / "log", evidence.site.vkey, bodies=bodies, receipts=[receipt], now_ms=LATER)
    assert codes(findings) == {"file.missing", "tree.incomplete", "tree.root"}
    assert not any(check.passed for check in findings.checks if check.name.endswith("kept"))


def test_without_a_checkpoint_promises_are_judged_in_themselves(evidence: Evidence, tmp_path: Path) -> None:
    """Edited receipts are named even where there is no log to hold them against."""
    (tmp_path / "log").mkdir()
    receipt = json.dumps({**evidence.receipt, "facts": "{}"}).encode()
    findings = audit(tmp_path / "log", evidence.site.vkey, receipts=[receipt], now_ms=LATER)
    assert codes(findings) == {"checkpoint.missing", "receipt.signature"}
