"""An auditor remembers the last tree head: a log that became another one in between is found out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countenance.audit import Findings, audit, load_state, save_state, state_after, state_file
from countenance.audit.__main__ import main
from countenance.record.note import tree_head
from fakes.keys import DeviceKey
from fakes.naive_merkle import numbered
from fakes.published import KEY, ORIGIN, VKEY, publish
from fakes.witness import Witness

NOW = 1_780_000_000_000
DAY = 24 * 3600 * 1000
LEAVES = numbered(704)
OTHER = [b"\xff" * 32, *LEAVES[1:]]


def found(log: Path, state: bytes | None, now: int = NOW, **more: object) -> Findings:
    """Return what an audit finds that remembers ``state``."""
    return audit(log, VKEY, state=state, now_ms=now, **more)  # type: ignore[arg-type]  # options under test


def remembered(log: Path, now: int = NOW, state: bytes | None = None) -> bytes:
    """Return what an auditor remembers after auditing ``log``."""
    kept = state_after(found(log, state, now), VKEY, state, now)
    assert kept is not None
    return kept


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return logs of one key: one at three sizes, and one with another first entry at two of them."""
    folder = tmp_path_factory.mktemp("logs")
    for name, leaves in {
        "early": LEAVES[:192], "later": LEAVES[:576], "last": LEAVES, "other": OTHER[:576], "fork": OTHER[:192],
    }.items():  # fmt: skip
        publish(folder / name, leaves)
    return {path.name: path for path in folder.iterdir()}


def test_a_log_that_grew_is_the_same_log(logs: dict[str, Path]) -> None:
    """Each head is a beginning of the next, and the newest is remembered from when it was first seen."""
    state = None
    for step, name in enumerate(("early", "later", "later", "last")):
        findings = found(logs[name], state, NOW + step)
        assert findings.ok, findings.faults
        assert findings.passed("memory") == (state is not None)
        state = state_after(findings, VKEY, state, NOW + step)
        assert state is not None
    kept = json.loads(state)
    assert (kept["first_seen_ms"], kept["last_seen_ms"]) == (NOW + 3, NOW + 3)
    assert kept["tree_head"].split("\n")[:2] == [ORIGIN, "704"]


@pytest.mark.parametrize("seen,shown,code", [
    ("later", "early", "head.truncated"), ("later", "other", "head.forked"), ("early", "fork", "head.forked"),
    ("early", "other", "head.rewritten"), ("last", "fork", "head.truncated"),
])  # fmt: skip
def test_another_log_under_the_same_key(logs: dict[str, Path], seen: str, shown: str, code: str) -> None:
    """Truncated, forked or rewritten: each is named with both sizes or roots, and what was seen is not forgotten."""
    state = remembered(logs[seen])
    findings = found(logs[shown], state)
    (fault,) = findings.faults
    assert fault.code == code
    assert not findings.passed("memory")
    assert state_after(findings, VKEY, state, NOW) is None


def test_a_tree_that_cannot_be_computed_is_compared_with_nothing(logs: dict[str, Path], tmp_path: Path) -> None:
    """Where entries are unreadable the memory is neither confirmed nor contradicted."""
    state, log = remembered(logs["later"]), Path(shutil.copytree(logs["last"], tmp_path / "log"))
    for path in ("tile/entries/000", "tile/0/000"):
        (log / path).unlink()
    findings = found(log, state)
    assert {fault.code for fault in findings.faults} == {"file.missing", "tree.incomplete", "tree.root"}
    assert not findings.passed("memory")


def test_a_head_that_stays_is_stale(logs: dict[str, Path]) -> None:
    """The same head a day later is old, counted from when it was first seen; an archive may be of any age."""
    state = remembered(logs["early"])
    assert found(logs["early"], state, NOW + DAY).ok
    again = remembered(logs["early"], NOW + DAY, state)
    (fault,) = found(logs["early"], again, NOW + DAY + 1).faults
    assert fault.code == "head.stale"
    assert found(logs["early"], again, NOW + DAY + 1, stale_after_ms=0).ok
    assert found(logs["later"], again, NOW + 9 * DAY).ok
    stale = found(logs["early"], again, NOW + 2 * DAY)
    assert json.loads(state_after(stale, VKEY, again, NOW + 2 * DAY) or b"{}")["first_seen_ms"] == NOW


def test_a_witness_says_how_old_a_head_is(tmp_path: Path) -> None:
    """A trusted witness's time counts instead of ours: fresh although long seen, or old although just seen."""
    publish(tmp_path, LEAVES[:64])
    witness, note = Witness(), (tmp_path / "checkpoint").read_text("utf-8")
    state = remembered(tmp_path)
    for seconds, codes in ((NOW // 1000 + 4 * 86_400, set()), (NOW // 1000 + 86_400, {"head.stale"})):
        (tmp_path / "checkpoint").write_text(witness.cosigned(note, seconds), "utf-8")
        findings = found(tmp_path, state, NOW + 4 * DAY, witnesses=[witness.vkey])
        assert {fault.code for fault in findings.faults} == codes


def test_nothing_is_learnt_from_a_log_that_does_not_hold(logs: dict[str, Path], tmp_path: Path) -> None:
    """A head whose tree cannot be computed is not remembered, nor is one that another key signed."""
    publish(tmp_path, LEAVES[:64])
    (tmp_path / "checkpoint").write_text(tree_head(64, bytes(32), ORIGIN, KEY).note, "utf-8")
    assert state_after(found(tmp_path, None), VKEY, None, NOW) is None
    publish(tmp_path, LEAVES[:64], key=DeviceKey(9))
    assert state_after(found(tmp_path, remembered(logs["early"])), VKEY, None, NOW) is None


@pytest.mark.parametrize("change", [
    {"format": "x"}, {"key": "other"}, {"tree_head": 5}, {"tree_head": "a\nb\n"}, {"first_seen_ms": None},
    {"first_seen_ms": NOW + 1}, {"more": 1}, {"tree_head": f"elsewhere/log\n0\n{'A' * 43}=\n"},
])  # fmt: skip
def test_a_memory_that_is_none_is_a_fault(logs: dict[str, Path], change: dict[str, object]) -> None:
    """A state file that was edited or is another log's is named; it never passes for "nothing seen yet"."""
    state = json.dumps({**json.loads(remembered(logs["early"])), **change}).encode()
    findings = found(logs["early"], state)
    assert {fault.code for fault in findings.faults} == {"state.malformed"}
    assert state_after(findings, VKEY, state, NOW) is None


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_state_ends_in_findings(logs: dict[str, Path], data: bytes) -> None:
    """No bytes in the state file make the audit raise or pass."""
    assert not found(logs["early"], data).ok


def test_the_file_lies_in_the_users_state_folder(tmp_path: Path) -> None:
    """One file a key, below XDG_STATE_HOME where that is absolute; replaced at once, never half written."""
    place = state_file({"XDG_STATE_HOME": str(tmp_path)}, Path("/home/x"), VKEY)
    assert place.parent == tmp_path / "countenance" / "audit"
    assert state_file({"XDG_STATE_HOME": "relative"}, Path("/home/x"), VKEY).is_relative_to("/home/x/.local/state")
    assert place != state_file({"XDG_STATE_HOME": str(tmp_path)}, Path("/home/x"), VKEY + "x")
    assert load_state(place) is None
    for data in (b"one", b"two"):
        save_state(place, data)
        assert load_state(place) == data
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_a_save_that_fails_leaves_the_old_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong on the way, the old state stands and nothing else lies there."""
    save_state(tmp_path / "state", b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_state(tmp_path / "state", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("state", b"old")]


def test_the_program_remembers(logs: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second run of the command compares with the first; 'none' remembers nothing."""
    (tmp_path / "log.pub").write_text(VKEY, "utf-8")
    key = ["--key", str(tmp_path / "log.pub")]
    assert main([str(logs["later"]), *key, "--state", str(tmp_path / "state")]) == 0
    assert main([str(logs["other"]), *key, "--state", str(tmp_path / "state")]) == 1
    assert "head.forked" in capsys.readouterr().out
    assert main([str(logs["later"]), *key]) == main([str(logs["last"]), *key]) == 0
    assert main([str(logs["early"]), *key]) == 1
    assert main([str(logs["early"]), *key, "--state", "none"]) == 0
