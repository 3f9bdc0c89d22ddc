"""Keys as files in ``keys/``: one that wraps subject keys, and signing keys. Neither ever enters the database.

Formats: a wrapping key is 32 raw bytes; a signing key is unencrypted PKCS#8 PEM (RFC 8410), so that ``openssl pkey``
reads it. Both are files of mode 0600; whoever can read the folder can open the vault, which the docs say.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from countenance.custody.entropy import SystemEntropy
from countenance.custody.files import malformed, read_secret, write_secret
from countenance.errors import VaultError
from countenance.ports import Entropy

KEY_BYTES = 32
NONCE_BYTES = 12
_VERSION = b"\x01"
_WRAPPED = b"countenance/wrapped/"


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


class FileKeyHolder:
    """A wrapping key in a file (port ``KeyHolder``): AES-256-GCM, version and context as associated data.

    A wrapped key is one version byte, a random 12-byte nonce, the ciphertext and its 16-byte tag. Random nonces are
    safe for 2^32 wraps under one file (NIST SP 800-38D §8.3): more subjects than a site ever has.
    """

    def __init__(self, path: Path, entropy: Entropy | None = None) -> None:
        """Read the key; nonces come from ``entropy``, the system's by default.

        Raises:
            VaultError: ``vault.key_missing``, ``vault.key_permissions`` or ``vault.key_malformed``.
        """
        key = read_secret(path)
        if len(key) != KEY_BYTES:
            raise malformed(path)
        self._cipher = AESGCM(key)
        self._entropy = entropy or SystemEntropy()

    def wrap(self, key: bytes, *, context: bytes) -> bytes:
        """Return ``key`` encrypted under the wrapping key, bound to ``context``."""
        nonce = self._entropy.token_bytes(NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, key, _WRAPPED + _VERSION + context)

    def unwrap(self, wrapped: bytes, *, context: bytes) -> bytes:
        """Return the key.

        Raises:
            VaultError: ``vault.unwrap``: another wrapping key, another context, or changed bytes.
        """
        version, nonce, sealed = wrapped[:1], wrapped[1 : 1 + NONCE_BYTES], wrapped[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, sealed, _WRAPPED + version + context)
        except (InvalidTag, ValueError) as error:  # ValueError: a nonce cut short
            raise VaultError(
                "vault.unwrap",
                "A subject key does not open under this site's wrapping key.",
                remedy="Check that keys/ and db/ belong to the same site and the same backup.",
            ) from error


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

    @property
    def public_key(self) -> bytes:
        """The 32-byte public key."""
        return self._key.public_key().public_bytes_raw()
