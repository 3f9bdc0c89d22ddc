"""Witnesses' cosignatures (C2SP tlog-cosignature) count when the auditor trusts the witness, and only then."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countenance.audit import Findings, audit, read_note
from fakes.keys import DeviceKey
from fakes.naive_merkle import numbered
from fakes.published import VKEY, publish
from fakes.witness import Witness

NOW = 1_780_000_000_000
SECONDS = NOW // 1000
ONE, TWO, THREE = (Witness(f"witness.example/w{number}", DeviceKey(70 + number)) for number in (1, 2, 3))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return a published log."""
    publish(tmp_path, numbered(64))
    return tmp_path


def cosign(log: Path, *witnesses: Witness, seconds: int = SECONDS) -> None:
    """Add witnesses' lines to the checkpoint, as whoever serves a log does."""
    note = (log / "checkpoint").read_text("utf-8")
    lines = (witness.line(note, seconds) for witness in witnesses)
    (log / "checkpoint").write_text(note + "".join(lines), "utf-8")


def found(log: Path, witnesses: Sequence[Witness | str] = (), quorum: int | None = None) -> Findings:
    """Return what an auditor finds who trusts these witnesses."""
    vkeys = [one.vkey if isinstance(one, Witness) else one for one in witnesses]
    return audit(log, VKEY, witnesses=vkeys, quorum=quorum, now_ms=NOW)


def codes(findings: Findings) -> set[str]:
    """Return the codes of the faults."""
    return {fault.code for fault in findings.faults}


def test_a_cosigned_checkpoint(log: Path) -> None:
    """The witness is named with its time, and a check says how many cosigned."""
    cosign(log, ONE)
    findings = found(log, [ONE])
    assert findings.ok, findings.faults
    (signer,) = findings.signers
    assert (signer.name, signer.seconds, signer.trusted) == (ONE.name, SECONDS, True)
    assert findings.passed("witnesses")


def test_signers_nobody_asked_for_are_ignored_and_named(log: Path) -> None:
    """A signature of an unknown key neither helps nor harms, and the auditor learns whose it says it is."""
    cosign(log, ONE, TWO)
    findings = found(log)
    assert findings.ok, findings.faults
    assert [(one.name, one.trusted, one.seconds) for one in findings.strangers] == [
        (ONE.name, False, 0), (TWO.name, False, 0),
    ]  # fmt: skip
    assert [one.name for one in found(log, [TWO]).strangers] == [ONE.name]


@pytest.mark.parametrize("signing,quorum,expected", [
    ((), None, {"witness.quorum"}), ((ONE,), None, {"witness.quorum"}), ((ONE, TWO, THREE), None, set()),
    ((ONE,), 2, {"witness.quorum"}), ((ONE, THREE), 2, set()), ((TWO,), 1, set()), ((), 0, set()),
    ((ONE, ONE), 2, {"witness.quorum"}), ((ONE, TWO, THREE), 4, {"witness.malformed", "witness.quorum"}),
])  # fmt: skip
def test_k_of_n_must_have_cosigned(
    log: Path, signing: tuple[Witness, ...], quorum: int | None, expected: set[str]
) -> None:
    """All of the witnesses given, or as many as the auditor asks for; one that signs twice counts once."""
    cosign(log, *signing)
    assert codes(found(log, [ONE, TWO, THREE], quorum)) == expected


def test_a_cosignature_of_another_checkpoint_is_a_fault(log: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Replayed from a smaller tree, with its time changed, or cut short: it is named and does not count."""
    other = tmp_path_factory.mktemp("other")
    publish(other, numbered(128))
    note, foreign = ((folder / "checkpoint").read_text("utf-8") for folder in (log, other))
    lines = (
        ONE.line(foreign, SECONDS),
        ONE.line(note, SECONDS, says=SECONDS + 1),
        ONE.line(note, SECONDS)[:-6] + "\n",
    )
    for line in lines:
        (log / "checkpoint").write_text(note + line, "utf-8")
        assert codes(found(log, [ONE])) <= {"witness.signature", "witness.quorum", "checkpoint.malformed"}
        assert not found(log, [ONE]).ok


def test_a_time_to_come_is_a_fault(log: Path) -> None:
    """A few minutes ahead are a clock's error; more is a lie about when the log was seen."""
    cosign(log, ONE, seconds=SECONDS + 299)
    assert found(log, [ONE]).ok
    cosign(log, TWO, seconds=SECONDS + 301)
    assert codes(found(log, [ONE, TWO], 1)) == {"witness.time"}


@pytest.mark.parametrize("vkey", ["", "x", VKEY, ONE.vkey[:-4], ONE.vkey.replace("w1", "w2"), ONE.vkey + "=", "é"])
def test_witness_keys_that_are_none(log: Path, vkey: str) -> None:
    """A log's key, a mistyped key and garbage are not witnesses, and cannot make a quorum smaller."""
    assert codes(found(log, [vkey])) == {"witness.malformed", "witness.quorum"}


def test_one_key_is_one_witness(log: Path) -> None:
    """The same key under two names counts once (tlog-policy, duplicates)."""
    cosign(log, ONE)
    alias = Witness("witness.example/alias", ONE.key)
    assert codes(found(log, [ONE, alias])) == {"witness.malformed", "witness.quorum"}


def test_the_log_cannot_be_its_own_witness(log: Path) -> None:
    """The log's own signature, and one of its key under the witness's domain, are no cosignature."""
    note = (log / "checkpoint").read_text("utf-8")
    (log / "checkpoint").write_text(note + note.rpartition("\n\n")[2], "utf-8")
    assert codes(found(log, [ONE])) == {"checkpoint.malformed"}


@settings(max_examples=150)
@given(st.binary(min_size=1, max_size=120), st.text(max_size=12))
def test_any_cosignature_ends_in_findings(tmp_path_factory: pytest.TempPathFactory, blob: bytes, name: str) -> None:
    """Whatever stands in a witness's line, the audit neither raises nor counts it."""
    log = tmp_path_factory.getbasetemp() / "any-cosigned"
    if not log.exists():
        publish(log, numbered(64))
        (log / "note").write_bytes((log / "checkpoint").read_bytes())
    note = (log / "note").read_text("utf-8")
    line = ONE.line(note, SECONDS).split(" ")
    for told in (name, ONE.name):
        encoded = base64.b64encode(ONE._key_id() + blob).decode()
        (log / "checkpoint").write_bytes(f"{note}{line[0]} {told} {encoded}\n".encode("utf-8", "replace"))
        findings = found(log, [ONE])
        assert not findings.passed("witnesses")


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_any_note_is_read_or_refused(data: bytes) -> None:
    """A signed note is its parts or a ValueError, never anything else."""
    try:
        note = read_note(data)
    except ValueError:
        return
    assert note.text.endswith(b"\n")
    assert all(len(key_id) == 4 for _, key_id, _ in note.signatures)
