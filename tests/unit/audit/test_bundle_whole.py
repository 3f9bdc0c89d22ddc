"""A bundle from which an entry was left out gives itself away, and what is gone for good has its receipt."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from countenance.audit.chain import link
from countenance.record.commitment import link_to
from fakes.keys import DeviceKey
from fakes.record_site import RecordSite
from fakes.stories import Stories, rows, without


@pytest.fixture
def stories(tmp_path: Path) -> Stories:
    """Return a record with three encounters, the second referred."""
    stories = Stories(RecordSite(tmp_path))
    for name, decision in (("a", "match"), ("b", "no_match"), ("c", "match")):
        stories.opened(name)
        stories.answered(name, decision)
        if name == "b":
            stories.referred(name)
    return stories


def codes(stories: Stories, bundle: dict[str, object]) -> set[str]:
    """Return the codes of what an audit with a bundle finds."""
    return {fault.code for fault in stories.audited(bundle).faults}


def test_each_entry_left_out_is_missed(stories: Stories) -> None:
    """Whichever entry is dropped, the one after it says so and is named; for the last, the one before it."""
    bundle = stories.bundle()
    assert codes(stories, bundle) == set()
    for body in bundle["entries"]:
        findings = stories.audited(without(bundle, body["commitment"]))
        (fault,) = [fault for fault in findings.faults if fault.code == "bundle.incomplete"]
        assert "Body " in fault.sentence
        assert not findings.passed("bundle whole")


def test_a_whole_encounter_left_out_is_missed(stories: Stories) -> None:
    """Hiding a mismatch takes more than leaving out all its entries."""
    bundle = stories.bundle()
    of_b = [body["commitment"] for body in bundle["entries"] if '"encounter":"b"' in body["facts"]]
    assert codes(stories, without(bundle, *of_b)) == {"bundle.incomplete"}


def test_the_end_left_out_is_missed(stories: Stories) -> None:
    """An older bundle whose export was dated later lacks its own export."""
    early = stories.bundle()
    stories.opened("d")
    late = stories.bundle()
    assert codes(stories, {**late, "entries": early["entries"]}) == {"bundle.incomplete"}


def test_two_entries_after_one_are_a_branch(stories: Stories) -> None:
    """A record that was rolled back and written on differently shows in the links."""
    names = {json.loads(body["facts"])["prev"] for body in stories.bundle()["entries"]} - {""}
    stories.tell("partner.recorded", prev=min(names))
    assert "bundle.branched" in codes(stories, stories.bundle())


@pytest.mark.parametrize("chain,code", [
    (None, "bundle.incomplete"), ("00" * 64, "bundle.chain"), ("00", "bundle.malformed"), (5, "bundle.malformed"),
])  # fmt: skip
def test_links_are_followed_with_the_logs_own_signature(stories: Stories, chain: object, code: str) -> None:
    """A bundle without the chain, or with another one, does not pass for one that needs none."""
    bundle = {**stories.bundle(), "chain": chain}
    if chain is None:
        del bundle["chain"]
    assert codes(stories, bundle) == {code}


def test_both_sides_make_the_same_link() -> None:
    """What the site writes is what the verifier computes."""
    assert link(bytes(64), bytes(range(32))) == link_to(bytes(64), bytes(range(32)))


def test_a_bundle_of_another_site(stories: Stories, tmp_path: Path) -> None:
    """Another origin, another key, or another history under the same key: each is told apart."""
    bundle = stories.bundle()
    for name, change, code in (
        ("origin", {"origin": "other.example/log"}, "bundle.origin"), ("key", {"key": DeviceKey(8)}, "bundle.head"),
        ("history", {}, "bundle.tree"),
    ):  # fmt: skip
        other = Stories(RecordSite(tmp_path / name, **change))  # type: ignore[arg-type]  # one field each
        other.opened("z")
        assert code in codes(stories, other.bundle())
    assert codes(stories, bundle) == set()


# --- erasure ----------------------------------------------------------------------------------------------------------
def commitments(stories: Stories, encounter: str) -> list[str]:
    """Return the commitments of an encounter's entries."""
    bundle = stories.bundle()
    return [body["commitment"] for body in bundle["entries"] if f'"encounter":"{encounter}"' in body.get("facts", "")]


def test_receipts_stand_in_the_place_of_what_is_gone(stories: Stories) -> None:
    """At the record's clock facts go, the receipt accounts for them, and the rest is still whole."""
    gone = commitments(stories, "a")
    stories.erased(*gone, encounters=("a",))
    findings = stories.audited()
    assert findings.ok, findings.faults
    assert findings.passed("erasures")
    assert findings.counts.bodies_without_facts == 2
    assert set(rows(findings)) == {"b", "c"}


def test_what_is_beside_an_erased_entry_is_missed_too(stories: Stories) -> None:
    """Links to entries whose facts are gone can still be followed: hiding their successor is found out."""
    stories.erased(*commitments(stories, "a"), encounters=("a",))
    bundle = stories.bundle()
    for body in bundle["entries"]:
        if "facts" in body:
            assert not stories.audited(without(bundle, body["commitment"])).passed("bundle whole")


def test_an_opening_that_is_gone_excuses_its_answer(stories: Stories) -> None:
    """Where an erasure took the opening and left the answer, that is its clock and no contradiction."""
    stories.erased(opening_of(stories, "c"), encounters=("c",))
    findings = stories.audited()
    assert findings.ok, findings.faults
    assert rows(findings)["c"].opened == ""


def opening_of(stories: Stories, encounter: str) -> str:
    """Return the commitment of an encounter's opening."""
    (found,) = [
        body["commitment"] for body in stories.bundle()["entries"]
        if json.loads(body["facts"]).get("encounter") == encounter and "encounter.opened" in body["facts"]
    ]  # fmt: skip
    return str(found)


@pytest.mark.parametrize("edit,code", [
    (lambda body: body.pop("erased_by"), "erasure.no_receipt"),
    (lambda body: body.update(erased_by=""), "erasure.no_receipt"),
    (lambda body: body.update(erased_by="d" * 32), "erasure.no_receipt"),
    (lambda body: body.update(erased_by="d" * 31), "body.malformed"),
    (lambda body: body.update(erased_by=5), "body.malformed"),
])  # fmt: skip
def test_erasure_without_a_receipt(stories: Stories, edit: object, code: str) -> None:
    """An entry that is gone and names no erasure, or one without a receipt, is named."""
    stories.erased(*commitments(stories, "a"), encounters=("a",))
    bundle = stories.bundle()
    edit(next(body for body in bundle["entries"] if "facts" not in body))  # type: ignore[operator]  # a lambda above
    assert code in codes(stories, bundle)


def test_a_receipt_that_does_not_fit(stories: Stories) -> None:
    """One entry more or less than the receipt says, or another one, is an erasure that nobody accounted for."""
    first, second = commitments(stories, "a")
    stories.erased(first, second, encounters=("a",), bodies=1)
    assert codes(stories, stories.bundle()) == {"erasure.bodies"}
    stories.erased(erasure="9" * 32, bodies_sha256="00" * 32)
    (fault,) = [one for one in stories.audited().faults if "9" * 32 in one.sentence]
    assert fault.code == "erasure.bodies"


def test_facts_that_vanish_unreceipted_break_the_chain_too(stories: Stories) -> None:
    """Passing off an entry as erased needs a receipt that names it."""
    bundle = stories.bundle()
    victim = bundle["entries"][0]
    bundle["entries"][0] = {name: victim[name] for name in ("commitment", "include_by")}
    assert "erasure.no_receipt" in codes(stories, bundle)


def test_a_receipt_may_go_in_its_turn(stories: Stories) -> None:
    """Years later the receipt's own facts go, and the erasure that took them accounts for both."""
    stories.erased(*commitments(stories, "a"), encounters=("a",), erasure="1" * 32)
    (receipt,) = [
        body["commitment"] for body in stories.bundle()["entries"] if "erasure.receipt" in body.get("facts", "")
    ]
    stories.erased(str(receipt), erasure="2" * 32)
    findings = stories.audited()
    assert findings.ok, findings.faults


def test_rows_are_frozen(stories: Stories) -> None:
    """A finding cannot be edited after it was found."""
    (row, *_) = rows(stories.audited()).values()
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.decision = "match"  # type: ignore[misc]  # the fault under test
