"""Keys as files in ``keys/``: one that wraps subject keys, and signing keys. Neither ever enters the database.

Formats: a wrapping key is 32 raw bytes; a signing key is unencrypted PKCS#8 PEM (RFC 8410), so that ``openssl pkey``
reads it. Both are files of mode 0600; whoever can read the folder can open the vault, which the docs say.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from countenance.custody.files import malformed, read_secret, write_secret
from countenance.ports import Entropy

KEY_BYTES = 32
NONCE_BYTES = 12


def create_wrapping_key(path: Path, entropy: Entropy) -> None:
    """Write a new random wrapping key to ``path``.

    Raises:
        VaultError: ``vault.key_exists`` (it stays as it is) or ``vault.key_unwritable``.
    """
    write_secret(path, entropy.token_bytes(KEY_BYTES))


def create_signing_key(path: Path, entropy: Entropy) -> None:
    """Write a new random Ed25519 key to ``path``.

    Raises:
        VaultError: ``vault.key_exists`` (it stays as it is) or ``vault.key_unwritable``.
    """
    key = Ed25519PrivateKey.from_private_bytes(entropy.token_bytes(KEY_BYTES))
    write_secret(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def create_key_pair(path: Path, entropy: Entropy) -> None:
    """Write a new random Ed25519 key to ``path``, and its public half beside it as ``.pub``, for everybody.

    Raises:
        VaultError: ``vault.key_exists`` (it stays as it is) or ``vault.key_unwritable``.
    """
    create_signing_key(path, entropy)
    path.with_name(f"{path.name}.pub").write_bytes(public_pem(FileSigner(path).public_key))


def public_pem(public_key: bytes) -> bytes:
    """Return the 32-byte Ed25519 public key as the PEM file (RFC 8410) that ``openssl pkey -pubin`` reads."""
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class FileSigner:
    """An Ed25519 private key in a file (port ``Signer``)."""

    def __init__(self, path: Path) -> None:
        """Read the key.

        Raises:
            VaultError: ``vault.key_missing``, ``vault.key_permissions`` or ``vault.key_malformed``.
        """
        try:
            key = load_pem_private_key(read_secret(path), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise malformed(path) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise malformed(path)
        self._key = key

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature over ``message`` (RFC 8032, pure)."""
        return self._key.sign(message)

    def derive(self, info: bytes) -> bytes:
        """Return the 32 bytes that this key and no other gives for one use (HKDF-SHA256, RFC 5869)."""
        return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(self._key.private_bytes_raw())

    @property
    def public_key(self) -> bytes:
        """The 32-byte public key."""
        return self._key.public_key().public_bytes_raw()
