"""Only what this site's key signed, byte for byte, comes out of the folder of operating points."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from countenance.custody import FileSigner, SystemEntropy, create_signing_key, keep_signed, public_pem, read_signed
from countenance.custody.signed_points import DOMAIN, signed_message
from countenance.errors import OperatingPointError

ONE, TWO = b'{"a file": 1}\n', b'{"a file": 2}\n'
FILE, SIGNATURE = f"{sha256(ONE).hexdigest()}.json", f"{sha256(ONE).hexdigest()}.sig"
OTHER_FILE, OTHER_SIGNATURE = f"{sha256(TWO).hexdigest()}.json", f"{sha256(TWO).hexdigest()}.sig"


def signer(path: Path) -> FileSigner:
    """Return a new key."""
    create_signing_key(path, SystemEntropy())
    return FileSigner(path)


@pytest.fixture
def key(tmp_path: Path) -> FileSigner:
    """Return the site's key."""
    return signer(tmp_path / "key")


@pytest.fixture
def folder(tmp_path: Path, key: FileSigner) -> Path:
    """Return a folder with two signed files."""
    for data in (ONE, TWO):
        keep_signed(tmp_path / "points", data, key)
    return tmp_path / "points"


def test_what_was_signed_comes_back(folder: Path, key: FileSigner) -> None:
    """Every file by its SHA-256, byte for byte, however often it was signed; nothing else lies there."""
    assert keep_signed(folder, ONE, key) == sha256(ONE).hexdigest()
    assert read_signed(folder, key.public_key) == {sha256(data).hexdigest(): data for data in (ONE, TWO)}
    assert sorted(path.name for path in folder.iterdir()) == sorted([FILE, SIGNATURE, OTHER_FILE, OTHER_SIGNATURE])


def test_no_folder_holds_nothing(tmp_path: Path, key: FileSigner) -> None:
    """Sites that signed nothing are in order, and so is a signature whose file went."""
    assert read_signed(tmp_path / "none", key.public_key) == {}
    keep_signed(tmp_path / "points", ONE, key)
    (tmp_path / "points" / FILE).unlink()
    assert read_signed(tmp_path / "points", key.public_key) == {}


def flipped(name: str, at: int) -> Callable[[Path], object]:
    """Return what flips one bit of a file."""

    def change(folder: Path) -> object:
        data = bytearray((folder / name).read_bytes())
        data[at] ^= 1
        return (folder / name).write_bytes(bytes(data))

    return change


def written(name: str, data: bytes) -> Callable[[Path], object]:
    """Return what replaces a file's content."""
    return lambda folder: (folder / name).write_bytes(data)


TAMPERED: list[tuple[str, Callable[[Path], object], str]] = [
    ("first bit of the file", flipped(FILE, 0), "operating_point.tampered"),
    ("last bit of the file", flipped(FILE, -1), "operating_point.tampered"),
    ("file cut short", written(FILE, ONE[:-1]), "operating_point.tampered"),
    ("file emptied", written(FILE, b""), "operating_point.tampered"),
    ("huge file", written(FILE, ONE + b" " * (1 << 21)), "operating_point.tampered"),
    ("another signed file under this name", written(FILE, TWO), "operating_point.tampered"),
    ("another name", lambda folder: (folder / FILE).rename(folder / "mine.json"), "operating_point.tampered"),
    ("a file of nobody", written("0" * 64 + ".json", b"{}"), "operating_point.tampered"),
    ("no signature", lambda folder: (folder / SIGNATURE).unlink(), "operating_point.unsigned"),
    ("first bit of the signature", flipped(SIGNATURE, 0), "operating_point.bad_signature"),
    ("last bit of the signature", flipped(SIGNATURE, -1), "operating_point.bad_signature"),
    ("signature cut short", written(SIGNATURE, b"\0" * 63), "operating_point.bad_signature"),
    ("signature emptied", written(SIGNATURE, b""), "operating_point.bad_signature"),
    ("huge signature", written(SIGNATURE, b"\0" * (1 << 21)), "operating_point.bad_signature"),
    (
        "the other file's signature",
        lambda folder: (folder / OTHER_SIGNATURE).replace(folder / SIGNATURE),
        "operating_point.bad_signature",
    ),
    ("a folder as a file", lambda folder: (folder / "x.json").mkdir(), "operating_point.unreadable"),
]


@pytest.mark.parametrize("change, code", [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED])
def test_one_bad_file_refuses_all(folder: Path, key: FileSigner, change: Callable[[Path], object], code: str) -> None:
    """Whatever is not exactly what was signed has its own code and remedy, and nothing comes out at all."""
    change(folder)
    with pytest.raises(OperatingPointError) as refusal:
        read_signed(folder, key.public_key)
    assert refusal.value.code == code
    assert refusal.value.remedy


@pytest.mark.parametrize("domain", [b"", b"countenance/operating-point/v1\n", b"countenance/receipt/v1\n"])
def test_no_other_signature_of_the_key_counts(tmp_path: Path, key: FileSigner, domain: bytes) -> None:
    """A signature over the file alone, or for another purpose, is none over an operating point."""
    keep_signed(tmp_path / "points", ONE, key)
    (tmp_path / "points" / SIGNATURE).write_bytes(key.sign(domain + ONE))
    with pytest.raises(OperatingPointError) as refusal:
        read_signed(tmp_path / "points", key.public_key)
    assert refusal.value.code == "operating_point.bad_signature"


def test_another_site_s_signature_is_none(tmp_path: Path, folder: Path) -> None:
    """A folder copied from another site is refused."""
    with pytest.raises(OperatingPointError) as refusal:
        read_signed(folder, signer(tmp_path / "another").public_key)
    assert refusal.value.code == "operating_point.bad_signature"


def test_openssl_agrees(tmp_path: Path, folder: Path, key: FileSigner) -> None:
    """Outsiders check a signature with openssl and the public key: the domain line, then the file."""
    (tmp_path / "key.pub").write_bytes(public_pem(key.public_key))
    (tmp_path / "message").write_bytes(DOMAIN + ONE)
    assert signed_message(ONE) == DOMAIN + ONE
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "key.pub", "-rawin", "-in",
         tmp_path / "message", "-sigfile", folder / SIGNATURE],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, key: FileSigner) -> None:
    """Nothing is half signed where the disk refuses."""
    (tmp_path / "points").write_bytes(b"in the way")
    with pytest.raises(OperatingPointError) as refusal:
        keep_signed(tmp_path / "points", ONE, key)
    assert refusal.value.code == "operating_point.unwritable"
