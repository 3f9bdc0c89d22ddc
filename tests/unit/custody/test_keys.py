"""Keys in files: wrapping binds the context, signatures verify, and a wrong file is refused."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from countenance.custody import FileKeyHolder, FileSigner, create_signing_key, create_wrapping_key, write_secret
from countenance.errors import VaultError
from fakes.keys import SeededEntropy

KEY = bytes(range(32))


@pytest.fixture
def holder(tmp_path: Path) -> FileKeyHolder:
    """Give a new wrapping key."""
    create_wrapping_key(tmp_path / "vault.key", SeededEntropy())
    return FileKeyHolder(tmp_path)


def test_wrapped_key_comes_back(holder: FileKeyHolder) -> None:
    """A key unwraps to itself, also by a holder that read the file anew; wrapping twice never gives the same bytes."""
    first, second = holder.wrap("site", KEY, context=b"c"), holder.wrap("site", KEY, context=b"c")
    assert first != second
    assert KEY not in first
    assert holder.unwrap("site", first, context=b"c") == holder.unwrap("site", second, context=b"c") == KEY


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda wrapped: wrapped[:0], id="empty"),
        pytest.param(lambda wrapped: wrapped[:5], id="only half a nonce"),
        pytest.param(lambda wrapped: wrapped[:13], id="no ciphertext"),
        pytest.param(lambda wrapped: wrapped[:-1], id="cut short"),
        pytest.param(lambda wrapped: wrapped + b"\0", id="too long"),
        pytest.param(lambda wrapped: b"\x02" + wrapped[1:], id="another version"),
        pytest.param(lambda wrapped: wrapped[:1] + bytes(12) + wrapped[13:], id="another nonce"),
        pytest.param(lambda wrapped: wrapped[:-1] + bytes([wrapped[-1] ^ 1]), id="one bit of the tag"),
    ],
)
def test_changed_wrapping_does_not_open(holder: FileKeyHolder, tamper: object) -> None:
    """Wrapped bytes that were changed in any part are refused."""
    with pytest.raises(VaultError) as refused:
        holder.unwrap("site", tamper(holder.wrap("site", KEY, context=b"c")), context=b"c")
    assert refused.value.code == "vault.unwrap"


def test_every_bit_of_the_wrapping_counts(holder: FileKeyHolder) -> None:
    """No single bit of a wrapped key can be changed."""
    wrapped = holder.wrap("site", KEY, context=b"c")
    for place in range(len(wrapped) * 8):
        changed = bytearray(wrapped)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(VaultError):
            holder.unwrap("site", bytes(changed), context=b"c")


def test_another_context_or_key_does_not_open(holder: FileKeyHolder, tmp_path: Path) -> None:
    """A key wrapped for one subject or by one site is of no use for another."""
    wrapped = holder.wrap("site", KEY, context=b"subject a")
    (tmp_path / "other").mkdir()
    create_wrapping_key(tmp_path / "other" / "vault.key", SeededEntropy(1))
    for other, context in ((holder, b"subject b"), (FileKeyHolder(tmp_path / "other"), b"subject a")):
        with pytest.raises(VaultError) as refused:
            other.unwrap("site", wrapped, context=context)
        assert refused.value.code == "vault.unwrap"


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(33), KEY.hex().encode()])
def test_wrapping_key_of_wrong_length_is_refused(tmp_path: Path, content: bytes) -> None:
    """A wrapping key is 32 raw bytes and nothing else."""
    write_secret(tmp_path / "vault.key", content)
    with pytest.raises(VaultError) as refused:
        FileKeyHolder(tmp_path).wrap("site", KEY, context=b"c")
    assert refused.value.code == "vault.key_malformed"


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    """Making a key where one is leaves the old one and says so."""
    for create in (create_wrapping_key, create_signing_key):
        path = tmp_path / create.__name__
        create(path, SeededEntropy())
        before = path.read_bytes()
        with pytest.raises(VaultError) as refused:
            create(path, SeededEntropy(1))
        assert refused.value.code == "vault.key_exists"
        assert path.read_bytes() == before


def test_signature_verifies(tmp_path: Path) -> None:
    """A signature is 64 bytes of Ed25519 that the public key verifies."""
    create_signing_key(tmp_path / "log.key", SeededEntropy())
    signer = FileSigner(tmp_path / "log.key")
    signature = signer.sign(b"message")
    assert (len(signature), len(signer.public_key)) == (64, 32)
    Ed25519PublicKey.from_public_bytes(signer.public_key).verify(signature, b"message")


def test_signing_key_is_readable_by_openssl(tmp_path: Path) -> None:
    """The file is plain PKCS#8 PEM, so that an operator can move the key to other software."""
    create_signing_key(tmp_path / "log.key", SeededEntropy())
    text = (tmp_path / "log.key").read_text()
    assert text.startswith("-----BEGIN PRIVATE KEY-----\n")
    shown = subprocess.run(
        ["openssl", "pkey", "-in", tmp_path / "log.key", "-noout", "-text"], capture_output=True, text=True, check=True
    )
    public = "".join(shown.stdout.split("pub:")[1].split()).replace(":", "")
    assert public == FileSigner(tmp_path / "log.key").public_key.hex()


OTHER_KIND = X25519PrivateKey.from_private_bytes(KEY).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "content",
    [b"", KEY, b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", OTHER_KIND],
    ids=["empty", "raw", "damaged", "another kind"],
)
def test_wrong_signing_key_is_refused(tmp_path: Path, content: bytes) -> None:
    """What is no Ed25519 key in PEM does not sign."""
    write_secret(tmp_path / "log.key", content)
    with pytest.raises(VaultError) as refused:
        FileSigner(tmp_path / "log.key")
    assert refused.value.code == "vault.key_malformed"
