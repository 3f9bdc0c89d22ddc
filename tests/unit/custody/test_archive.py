"""An archive gives back exactly what was packed, and a hostile one writes nothing outside its folder."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.custody.archive import MANIFEST, Packed, Unpacker, chunks_of, pack
from countenance.errors import BackupError

TOPS = frozenset({"db", "keys", "site.toml"})


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of these files."""
    return b"".join(pack((Packed(name, len(data), (data,)) for name, data in files.items()), {"v": 1}))


def unpack(data: bytes, folder: Path, piece: int = 8192) -> dict[str, object]:
    """Unpack an archive piece by piece; return its manifest."""
    unpacker = Unpacker(folder, TOPS)
    for at in range(0, len(data), piece):
        unpacker.take(data[at : at + piece])
    return unpacker.finish()


@given(st.lists(st.binary(max_size=2000), max_size=4), st.integers(1, 5000))
def test_what_was_packed_comes_back(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], piece: int
) -> None:
    """Whatever the files hold and however the bytes arrive, each file comes back, the owner's alone."""
    folder = tmp_path_factory.mktemp("out")
    files = {f"db/deep/{number}.db": data for number, data in enumerate(contents)}
    manifest = unpack(packed(files), folder, piece)
    assert manifest["v"] == 1
    assert {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.db")} == files
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*"))


def hostile(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """Return an archive with one entry that nobody packs."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, link
        archive.addfile(info, io.BytesIO())
        manifest = json.dumps({"v": 1, "files": {}}).encode()
        listed = tarfile.TarInfo(MANIFEST)
        listed.size = len(manifest)
        archive.addfile(listed, io.BytesIO(manifest))
    return out.getvalue()


@pytest.mark.parametrize("data", [
    pytest.param(hostile("../escaped"), id="above"),
    pytest.param(hostile("/tmp/escaped"), id="absolute"),  # noqa: S108 - nothing is written there
    pytest.param(hostile("db/../../escaped"), id="above by a way round"),
    pytest.param(hostile("db//x"), id="empty part"),
    pytest.param(hostile("other/x"), id="another folder"),
    pytest.param(hostile("db/x", tarfile.SYMTYPE, "/etc/passwd"), id="symbolic link"),
    pytest.param(hostile("db/x", tarfile.LNKTYPE, "/etc/passwd"), id="hard link"),
    pytest.param(hostile("db/x", tarfile.FIFOTYPE), id="pipe"),
    pytest.param(packed({"db/x": b"1"})[:1024] * 2, id="a name twice"),
    pytest.param(bytes(1024), id="no manifest"),
    pytest.param(packed({"db/x": b"1"})[:1000], id="cut short"),
    pytest.param(packed({"db/x": b"1"}) + b"more", id="more behind it"),
    pytest.param(b"\xff" * 2048, id="no archive"),
    pytest.param(packed({}).replace(b"{", b"[", 1), id="no manifest's text"),
])  # fmt: skip
def test_a_hostile_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    """What no backup of ours holds is refused, and nothing is written outside the folder."""
    (tmp_path / "in").mkdir()
    with pytest.raises(BackupError) as refused:
        unpack(data, tmp_path / "in")
    assert refused.value.code == "backup.foreign"
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_manifest_that_says_otherwise_is_refused(tmp_path: Path) -> None:
    """Another hash, another length, a file that is missing or not listed: the backup is damaged."""
    with pytest.raises(BackupError) as refused:
        unpack(packed({"db/x": b"one"}).replace(b"one", b"two"), tmp_path)
    assert refused.value.code == "backup.damaged"


def test_a_file_that_changes_while_it_is_read_is_named() -> None:
    """A file of another length than it had makes no archive."""
    with pytest.raises(BackupError) as refused:
        tuple(pack([Packed("db/x", 5, (b"1234",))], {}))
    assert refused.value.code == "backup.changing"


def test_a_name_that_no_archive_takes_is_named() -> None:
    """A name too long for the format makes no archive."""
    with pytest.raises(BackupError) as refused:
        tuple(pack([Packed("db/" + "x" * 300, 0, ())], {}))
    assert refused.value.code == "backup.name"


def test_a_growing_file_is_read_to_the_length_it_had(tmp_path: Path) -> None:
    """What is appended meanwhile waits for the next backup."""
    (tmp_path / "list").write_bytes(b"0123456789")
    assert b"".join(chunks_of(tmp_path / "list", 4)) == b"0123"
