"""Nothing under log/ can be changed, added or taken away without the audit naming it: a table of what somebody did."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from countenance.audit import Findings, audit
from countenance.record import verifier_key
from countenance.record.merkle import root
from countenance.record.note import sign_note, tree_head
from fakes.keys import DeviceKey
from fakes.naive_merkle import numbered
from fakes.published import KEY, ORIGIN, VKEY, publish

NOW = 1_780_000_000_000
LEAVES = numbered(576)
"""Two full tiles and a quarter of one; level 1 is two wide."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a log that nobody may touch."""
    folder = tmp_path_factory.mktemp("original") / "log"
    publish(folder, LEAVES)
    return folder


@pytest.fixture
def log(original: Path, tmp_path: Path) -> Path:
    """Return a copy of the log to tamper with."""
    return Path(shutil.copytree(original, tmp_path / "log"))


def found(log: Path, vkey: str = VKEY) -> Findings:
    """Return what the audit finds."""
    return audit(log, vkey, now_ms=NOW)


def codes(log: Path, vkey: str = VKEY) -> set[str]:
    """Return the codes of what the audit finds."""
    return {fault.code for fault in found(log, vkey).faults}


def test_an_untouched_log_is_clean(log: Path) -> None:
    """No fault, every check passed, and the counts are those of the tree."""
    findings = found(log)
    assert findings.ok, findings.faults
    assert all(check.passed for check in findings.checks)
    assert [check.name for check in findings.checks] == ["checkpoint", "names", "tiles", "root"]
    assert (findings.counts.files, findings.counts.entries) == (9, 576)
    assert (findings.origin, findings.tree_size, findings.tree_root) == (ORIGIN, 576, root(LEAVES).hex())


def flip(at: int) -> Callable[[bytes], bytes]:
    """Return what flips the lowest bit of one byte."""

    def change(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[at] ^= 1
        return bytes(changed)

    return change


def swap(size: int, one: int, other: int) -> Callable[[bytes], bytes]:
    """Return what exchanges two parts of ``size`` bytes."""

    def change(data: bytes) -> bytes:
        parts = [data[at : at + size] for at in range(0, len(data), size)]
        parts[one], parts[other] = parts[other], parts[one]
        return b"".join(parts)

    return change


ENTRY_CHANGED = {"tile.content", "tree.root"}
CHANGES: list[tuple[str, Callable[[bytes], bytes], set[str]]] = [
    ("tile/entries/000", flip(2), ENTRY_CHANGED),
    ("tile/entries/000", flip(-1), ENTRY_CHANGED),
    ("tile/entries/001", flip(5000), ENTRY_CHANGED),
    ("tile/entries/002.p/64", flip(40), ENTRY_CHANGED),
    ("tile/entries/000", flip(0), {"entry.length"}),
    ("tile/entries/001", flip(35), {"entry.length"}),
    ("tile/entries/002.p/64", flip(-34), {"entry.length"}),
    ("tile/entries/001", swap(34, 3, 4), ENTRY_CHANGED),
    ("tile/entries/000", lambda data: data[:-1], {"file.length"}),
    ("tile/entries/000", lambda data: data + b"\x00", {"file.length"}),
    ("tile/entries/000", lambda data: data[:-34], {"file.length"}),
    ("tile/entries/002.p/64", lambda data: data + data[:34], {"file.length"}),
    ("tile/entries/002.p/64", lambda _: b"", {"file.length"}),
    ("tile/0/000", flip(0), {"tile.content"}),
    ("tile/0/001", flip(-1), {"tile.content"}),
    ("tile/0/002.p/64", flip(777), {"tile.content"}),
    ("tile/0/001", swap(32, 0, 255), {"tile.content"}),
    ("tile/0/001", lambda data: data[:-32], {"file.length"}),
    ("tile/0/001", lambda data: data + bytes(32), {"file.length"}),
    ("tile/1/000.p/1", flip(0), {"tile.content"}),
    ("tile/1/000.p/2", flip(63), {"tile.content"}),
    ("tile/1/000.p/2", swap(32, 0, 1), {"tile.content"}),
    ("tile/1/000.p/2", lambda data: data[:32], {"file.length"}),
    ("checkpoint", lambda _: b"", {"checkpoint.malformed"}),
    ("checkpoint", lambda data: data + b"\n", {"checkpoint.malformed"}),
    ("checkpoint", lambda data: data[:-1], {"checkpoint.malformed"}),
    ("checkpoint", lambda data: data.replace(b"\n576\n", b"\n512\n"), {"checkpoint.signature"}),
    ("checkpoint", lambda data: data.replace(b"\n576\n", b"\n0576\n"), {"checkpoint.malformed"}),
    ("checkpoint", lambda data: data.replace(b"\n576\n", b"\n" + b"9" * 19 + b"\n"), {"checkpoint.malformed"}),
    ("checkpoint", lambda data: data.replace(ORIGIN.encode(), b"elsewhere.example/log", 1), {"checkpoint.signature"}),
    ("checkpoint", lambda data: data + data.rsplit(b"\n\n", 1)[1], {"checkpoint.malformed"}),
    ("checkpoint", lambda data: data + b"\xe2\x80\x94 witness.example AAAAAAAA\n", set()),
    ("checkpoint", lambda data: data + b"\xe2\x80\x94 witness.example AAAA\n", {"checkpoint.malformed"}),
    ("checkpoint", lambda data: data + 70 * b"\xe2\x80\x94 witness.example AAAAAAAA\n", {"checkpoint.malformed"}),
    ("checkpoint", lambda data: data.replace(b"\n576", b"\r\n576"), {"checkpoint.malformed"}),
    ("checkpoint", lambda data: b"\xff" + data, {"checkpoint.malformed"}),
    ("checkpoint", lambda _: b"x" * 200_000, {"checkpoint.malformed"}),
]


@pytest.mark.parametrize("path,change,expected", CHANGES)
def test_changed_bytes(log: Path, path: str, change: Callable[[bytes], bytes], expected: set[str]) -> None:
    """Each kind of change to each kind of file has its name."""
    (log / path).write_bytes(change((log / path).read_bytes()))
    assert codes(log) == expected


def test_every_byte_counts(original: Path, log: Path) -> None:
    """A flipped bit in any byte of the checkpoint, and in every 97th of any other file, is a fault."""
    for path in sorted(file.relative_to(original) for file in original.rglob("*") if file.is_file()):
        data = (original / path).read_bytes()
        for at in range(0, len(data), 1 if path.name == "checkpoint" else 97):
            (log / path).write_bytes(flip(at)(data))
            assert not found(log).ok, (path, at)
        (log / path).write_bytes(data)
    assert found(log).ok


@pytest.mark.parametrize("path", [
    "tile/entries/000", "tile/entries/002.p/64", "tile/0/001", "tile/0/002.p/64", "tile/1/000.p/1", "tile/1/000.p/2",
])  # fmt: skip
def test_missing_files(log: Path, path: str) -> None:
    """Each file that is taken away is named."""
    (log / path).unlink()
    if path.endswith(("64", "/2")) and not any((log / path).parent.iterdir()):
        (log / path).parent.rmdir()
    (fault,) = found(log).faults
    assert (fault.code, path in fault.sentence) == ("file.missing", True)


def test_a_lost_stretch_ends_the_tree(log: Path) -> None:
    """With a bundle and its tile gone, what could not be computed is said, and nothing passes unchecked."""
    (log / "tile/entries/001").unlink()
    (log / "tile/0/001").unlink()
    findings = found(log)
    assert {fault.code for fault in findings.faults} == {"file.missing", "tree.incomplete", "tree.root"}
    assert {check.name for check in findings.checks if check.passed} == {"checkpoint", "names"}
    assert findings.counts.entries == 256


@pytest.mark.parametrize("path", [
    "tile/0/003", "tile/0/002", "tile/0/002.p/63", "tile/0/002.p/065", "tile/0/002.p/128", "tile/0/000.p/64",
    "tile/0/x000/000", "tile/2/000.p/1", "tile/00/000", "tile/0/0", "tile/entries/000.p/256", "tile/entries/000.gz",
    "tile/x/000", "db/site.db", "checkpoint.1", ".writing", "tile/.hidden", "log.pub",
    "tile/0/x001/x002/x003/x004/x005/x006/x007/x008/009", "tile/0/002.p/64.bak", "tile/100/000", "tile/\x1b[31mred",
])  # fmt: skip
def test_extra_files(log: Path, path: str) -> None:
    """Whatever a log of this size does not have is named, odd spellings of right names too."""
    (log / path).parent.mkdir(parents=True, exist_ok=True)
    (log / path).write_bytes(b"x")
    (fault,) = found(log).faults
    assert fault.code == "file.unexpected"
    assert "\x1b" not in fault.sentence


def test_empty_folders_are_named(log: Path) -> None:
    """A folder with nothing in it is not a file of a log, wherever it is."""
    for path in ("tile/0/000.p", "tile/3", "tile/entries/x001", "empty"):
        (log / path).mkdir()
        (fault,) = found(log).faults
        assert (fault.code, path in fault.sentence) == ("file.unexpected", True)
        (log / path).rmdir()


@pytest.mark.parametrize("path", ["tile/0/000", "checkpoint", "tile/0", "tile", "tile/0/002.p"])
def test_links_are_refused(log: Path, tmp_path: Path, path: str) -> None:
    """A link is a fault even when it leads to the right bytes; it is not walked into."""
    (log / path).rename(tmp_path / "moved")
    (log / path).symlink_to(tmp_path / "moved")
    findings = found(log)
    assert "file.symlink" in {fault.code for fault in findings.faults}
    assert findings.tree_size == (0 if path == "checkpoint" else 576)


def test_a_linked_log_folder_is_refused(log: Path, tmp_path: Path) -> None:
    """The folder itself must be one."""
    (tmp_path / "link").symlink_to(log)
    assert codes(tmp_path / "link") == {"folder.missing"}
    assert codes(tmp_path / "nothing") == {"folder.missing"}
    assert codes(log / "checkpoint") == {"folder.missing"}


@pytest.mark.parametrize("path", ["tile/entries/000", "checkpoint"])
def test_pipes_and_folders_in_a_files_place(log: Path, path: str) -> None:
    """Nothing that is not a plain file is read, so nothing can make the audit wait for ever."""
    (log / path).unlink()
    os.mkfifo(log / path)
    assert "file.unexpected" in codes(log)
    (log / path).unlink()
    (log / path).mkdir()
    assert "file.unexpected" in codes(log)


def test_a_file_in_a_folders_place(log: Path) -> None:
    """What should be a folder and is a file hides what it should hold: all of that is missing."""
    shutil.rmtree(log / "tile")
    (log / "tile").write_bytes(b"")
    assert {"file.unexpected", "file.missing"} <= codes(log)


def test_what_may_not_be_read_is_named(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or folder that the system withholds is a fault, not a crash."""
    real_open, real_scan = os.open, os.scandir

    def withheld(path: object, *rest: object) -> int:
        if str(path).endswith("tile/0/001"):
            raise PermissionError(13, "Permission denied")
        return real_open(path, *rest)

    def unlisted(path: object) -> object:
        if str(path).endswith("tile/entries/"):
            raise PermissionError(13, "Permission denied")
        return real_scan(path)

    monkeypatch.setattr(os, "open", withheld)
    assert codes(log) == {"file.unreadable"}
    monkeypatch.setattr(os, "open", real_open)
    monkeypatch.setattr(os, "scandir", lambda path: unlisted(f"{path}/" if str(path).endswith("entries") else path))
    assert codes(log) == {"file.unreadable"}


def test_a_missing_checkpoint(log: Path) -> None:
    """Without a checkpoint nothing is vouched for."""
    (log / "checkpoint").unlink()
    findings = found(log)
    assert [fault.code for fault in findings.faults] == ["checkpoint.missing"]
    assert [(check.name, check.passed) for check in findings.checks] == [("checkpoint", False)]
    assert (findings.tree_size, findings.tree_root) == (0, "")


def signed(size: int, tree: bytes, origin: str = ORIGIN, key: DeviceKey = KEY) -> str:
    """Return a checkpoint signed for this log."""
    return tree_head(size, tree, origin, key).note


ROOT = base64.b64encode(root(LEAVES)).decode()


@pytest.mark.parametrize(
    "note,expected",
    [
        (signed(576, root(LEAVES), key=DeviceKey(2)), {"checkpoint.key"}),
        (signed(576, root(LEAVES), origin="other.example/log"), {"checkpoint.key"}),
        (sign_note(f"other/log\n576\n{ROOT}\n", ORIGIN, KEY), {"checkpoint.origin"}),
        (sign_note(f"{ORIGIN}\n576\n{ROOT}\nmore\n", ORIGIN, KEY), {"checkpoint.malformed"}),
        (sign_note(f"{ORIGIN}\n576\nc2hvcnQ=\n", ORIGIN, KEY), {"checkpoint.malformed"}),
        (sign_note(f"{ORIGIN}\n\u0665\u0667\u0666\n{ROOT}\n", ORIGIN, KEY), {"checkpoint.malformed"}),
        (signed(576, bytes(32)), {"tree.root"}),
        (signed(575, root(LEAVES[:575])), {"checkpoint.size"}),
        (signed(512, root(LEAVES[:512])), {"file.unexpected"}),
        (signed(640, root(LEAVES)), {"file.missing", "tree.incomplete", "tree.root"}),
        (signed(2**58, root(LEAVES)), {"file.missing", "file.unexpected", "tree.incomplete", "tree.root"}),
        (signed(0, root([])), {"file.unexpected"}),
    ],
)  # fmt: skip
def test_replaced_checkpoints(log: Path, note: str, expected: set[str]) -> None:
    """Another key's, another log's, an older, a larger or an untrue checkpoint does not pass for this log's."""
    (log / "checkpoint").write_text(note, "utf-8")
    assert codes(log) == expected


def test_reordered_leaves(log: Path, tmp_path: Path) -> None:
    """A log written anew with two leaves exchanged is consistent in itself, and still not the one that was signed."""
    publish(tmp_path / "other", [LEAVES[1], LEAVES[0], *LEAVES[2:]])
    shutil.copyfile(log / "checkpoint", tmp_path / "other/checkpoint")
    assert codes(tmp_path / "other") == {"tree.root"}


@pytest.mark.parametrize("vkey", [
    "", "x", VKEY.replace("example", "exampl3"), VKEY[:-4], VKEY.replace("+", " "), VKEY.replace("AY", "BY"),
    f"+{VKEY.partition('+')[2]}", "a b" + VKEY[len(ORIGIN):], VKEY + "=", VKEY + "é", "name+00000000+Ag==",
])  # fmt: skip
def test_keys_that_are_none(log: Path, vkey: str) -> None:
    """A mistyped key is said to be that, not taken for another log's."""
    assert codes(log, vkey) == {"key.malformed"}


def test_another_key_sees_a_foreign_log(log: Path) -> None:
    """With a well-formed key that is not the log's, the log is nobody's."""
    assert codes(log, verifier_key(ORIGIN, DeviceKey(3).public_key)) == {"checkpoint.key"}
    assert codes(log, f"{VKEY}\n") == set()


def test_a_folder_of_garbage_does_not_fill_the_memory(log: Path) -> None:
    """Only so many faults are kept by name; the rest are counted."""
    for number in range(1200):
        (log / f"garbage-{number}").touch()
    findings = found(log)
    assert len(findings.faults) == 1000
    assert findings.faults_left_out == 200
    assert findings.as_json()["faults_left_out"] == 200


def test_a_log_that_grows_meanwhile_is_read_again(log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit that a publication overtakes judges the log as it is then, and finds nothing wrong."""
    publish(tmp_path / "grown", [*LEAVES, *numbered(704)[576:]])
    real = os.scandir

    def overtaken(path: object) -> object:
        monkeypatch.setattr(os, "scandir", real)
        shutil.copytree(tmp_path / "grown", log, dirs_exist_ok=True)
        return real(path)

    monkeypatch.setattr(os, "scandir", overtaken)
    findings = found(log)
    assert findings.ok, findings.faults
    assert findings.tree_size == 704


# --- a log of more than two levels ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def tall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a log whose first level 1 tile is full, so that level 2 has begun."""
    folder = tmp_path_factory.mktemp("tall") / "log"
    publish(folder, numbered(65_600))
    return folder


@pytest.mark.parametrize(
    "path,expected",
    [
        ("checkpoint", {"checkpoint.signature"}),
        ("tile/1/000", {"tile.content"}),
        ("tile/2/000.p/1", {"tile.content"}),
        ("tile/entries/255", {"tile.content", "tree.root"}),
    ],
)
def test_higher_levels_are_computed_too(tall: Path, path: str, expected: set[str]) -> None:
    """Tiles of every level follow from the entries, and a changed one is named."""
    assert found(tall).ok
    data = (tall / path).read_bytes()
    try:
        (tall / path).write_bytes(flip(20)(data))
        assert codes(tall) == expected
        (tall / path).unlink()
        assert codes(tall) & {"file.missing", "checkpoint.missing"}
    finally:
        (tall / path).write_bytes(data)
