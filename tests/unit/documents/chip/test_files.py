"""Where a chip's bytes come from: folders, JSON, and what is not taken."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

import emrtd_maker as maker
from countenance.documents import read_files, read_folder, read_json
from countenance.documents.chip.files import MOST_JSON_BYTES
from countenance.errors import DocumentError
from countenance.terms import ChipFile
from shared_vectors import shared_files

CHIP = maker.issue().chip


def write(folder: Path) -> None:
    """Write the chip's files under names of no meaning."""
    for index, data in enumerate(CHIP.files.values()):
        (folder / f"file{index}.bin").write_bytes(data)


def as_json(**changes: object) -> bytes:
    """Return the chip as a reader sends it, with changes."""
    files: dict[str, object] = {file.value: base64.b64encode(data).decode() for file, data in CHIP.files.items()}
    return json.dumps({"files": {**files, **changes}}).encode()


def test_files_are_told_by_their_first_byte(tmp_path: Path) -> None:
    """Names do not matter, other endings are passed over."""
    write(tmp_path)
    (tmp_path / "notes.txt").write_text("seen")
    assert read_folder(tmp_path).files == CHIP.files
    assert read_files(tmp_path) == CHIP


def test_json_is_the_same_chip(tmp_path: Path) -> None:
    """A reader's JSON gives the same files as the folder, also from a file."""
    assert read_json(as_json()).files == CHIP.files
    (tmp_path / "chip.json").write_bytes(as_json())
    assert read_files(tmp_path / "chip.json").files == CHIP.files


@pytest.mark.parametrize("content, code", [
    ({}, "chip.folder"),
    ({"a.bin": b"\x99\0"}, "chip.file_kind"),
    ({"a.bin": b""}, "chip.file_kind"),
    ({"a.bin": b"\x61\0", "b": b"\x61\0"}, "chip.file_twice"),
    ({"a.bin": b"\x61" * 1_000_001}, "chip.file_large"),
    ({f"{i}.bin": b"\x61" for i in range(65)}, "chip.folder"),
])  # fmt: skip
def test_folders_that_are_no_chip_are_refused(tmp_path: Path, content: dict[str, bytes], code: str) -> None:
    """No file, a foreign one, one twice, too large or too many: each has its code."""
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        read_folder(tmp_path)
    assert caught.value.code == code


@pytest.mark.parametrize("text", [
    b"", b"[]", b"{}", b'{"files": []}', b'{"files": {}}', b'{"files": {"DG1": 1}}', b'{"files": {"DG99": "YQ=="}}',
    b'{"files": {"DG1": "*"}}', b'{"files": {"DG1": "YQ==", "DG1": "YQ=="}}', b'{"files": {"DG1": "YQ=="}, "a": 1}',
    b"[" * 100_000, b"\xff", as_json(DG1=base64.b64encode(CHIP.files[ChipFile.DG2]).decode()), b" " * 8_000_001,
    as_json(DG14=base64.b64encode(maker.tlv(0x6F)).decode()),
    as_json(DG14=base64.b64encode(maker.tlv(0x6E, bytes(1_000_001))).decode()),
    b'{"files": {"DG1": "\xc3\xa9"}}', b"NaN", b"1" * 5000,
], ids=lambda text: repr(text[:30]))  # fmt: skip
def test_other_json_is_refused(text: bytes) -> None:
    """Anything but the one shape is refused: other names, repeats, no base64, depth, size, a name that lies."""
    with pytest.raises(DocumentError) as caught:
        read_json(text)
    assert caught.value.code in {"chip.json", "chip.file_twice", "chip.file_large"}
    assert MOST_JSON_BYTES == 8_000_000


@pytest.mark.parametrize("vector", shared_files("vectors/emrtd/EF_SOD.bin"))
def test_a_folder_of_bsi_is_read(vector: Path) -> None:
    """BSI's reference data set is read as it lies in its folder, beside lists with other endings."""
    assert set(read_folder(vector.parent).files) == {
        ChipFile.COM, ChipFile.SOD, ChipFile.DG1, ChipFile.DG14, ChipFile.DG15,
    }  # fmt: skip
