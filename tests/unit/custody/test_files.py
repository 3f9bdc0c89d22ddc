"""Secret files are made once, whole, and read only when nobody else can."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from countenance.custody import read_secret, write_secret
from countenance.errors import VaultError


def test_secret_comes_back_and_is_the_owners_alone(tmp_path: Path) -> None:
    """What was written is read, from a file of mode 0600, with no draft left beside it."""
    path = tmp_path / "a.key"
    write_secret(path, b"secret")
    assert read_secret(path) == b"secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_secret_is_never_overwritten(tmp_path: Path) -> None:
    """A second key of the same name is refused; the first stays, for it may be all that opens the vault."""
    path = tmp_path / "a.key"
    write_secret(path, b"first")
    with pytest.raises(VaultError) as refused:
        write_secret(path, b"second")
    assert refused.value.code == "vault.key_exists"
    assert read_secret(path) == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_secret_needs_its_folder(tmp_path: Path) -> None:
    """Without the folder the refusal says where to look."""
    with pytest.raises(VaultError) as refused:
        write_secret(tmp_path / "nowhere" / "a.key", b"x")
    assert refused.value.code == "vault.key_unwritable"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644])
def test_secret_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    """Any right of group or others refuses the key: it may have been read."""
    path = tmp_path / "a.key"
    write_secret(path, b"x")
    path.chmod(mode)
    with pytest.raises(VaultError) as refused:
        read_secret(path)
    assert refused.value.code == "vault.key_permissions"


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    """A folder, a pipe and a symbolic link are not keys; a pipe does not make us wait."""
    (tmp_path / "folder").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "pipe", 0o600)
    write_secret(tmp_path / "real", b"x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    codes = set()
    for name in ("folder", "pipe", "link", "missing"):
        with pytest.raises(VaultError) as refused:
            read_secret(tmp_path / name)
        codes.add((name, refused.value.code))
    assert codes == {
        ("folder", "vault.key_permissions"), ("pipe", "vault.key_permissions"), ("link", "vault.key_missing"),
        ("missing", "vault.key_missing"),
    }  # fmt: skip


def test_endless_file_is_no_key(tmp_path: Path) -> None:
    """A file far longer than any key is not read to its end."""
    write_secret(tmp_path / "a.key", bytes(100_000))
    with pytest.raises(VaultError) as refused:
        read_secret(tmp_path / "a.key")
    assert refused.value.code == "vault.key_malformed"
