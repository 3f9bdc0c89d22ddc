"""Epoch keys as files of mode 0600: ``vault.key`` for the site's own epoch, ``epochs/NAME.key`` for every other.

Whoever can read the folder can open the vault, which the docs say; a PKCS#11 token (``pkcs11``) is the way out.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from countenance.custody.entropy import SystemEntropy
from countenance.custody.epochs import SITE
from countenance.custody.files import malformed, read_secret, sync_folder, write_secret
from countenance.custody.keys import KEY_BYTES, NONCE_BYTES
from countenance.errors import VaultError
from countenance.ports import Entropy

_VERSION = b"\x01"
_WRAPPED = b"countenance/wrapped/"
_NAME = re.compile(r"[a-z0-9-]{1,64}")


class FileKeyHolder:
    """Epoch keys in one folder (port ``KeyHolder``): AES-256-GCM, version and context as associated data.

    A wrapped key is one version byte, a random 12-byte nonce, the ciphertext and its 16-byte tag. Random nonces are
    safe for 2^32 wraps under one key (NIST SP 800-38D §8.3): more subjects than an epoch ever has.
    """

    def __init__(self, folder: Path, entropy: Entropy | None = None) -> None:
        """Hold the keys in ``folder``; keys and nonces come from ``entropy``, the system's by default."""
        self._folder = folder
        self._entropy = entropy or SystemEntropy()
        self._ciphers: dict[str, AESGCM] = {}

    def create(self, epoch: str) -> None:
        """Write a new random key.

        Raises:
            VaultError: ``vault.key_exists`` or ``vault.key_unwritable``.
        """
        path = self._path(epoch)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_secret(path, self._entropy.token_bytes(KEY_BYTES))

    def wrap(self, epoch: str, key: bytes, *, context: bytes) -> bytes:
        """Return ``key`` encrypted under the epoch's key, bound to ``context``.

        Raises:
            VaultError: ``vault.key_missing``, ``vault.key_permissions`` or ``vault.key_malformed``.
        """
        nonce = self._entropy.token_bytes(NONCE_BYTES)
        return _VERSION + nonce + self._cipher(epoch).encrypt(nonce, key, _WRAPPED + _VERSION + context)

    def unwrap(self, epoch: str, wrapped: bytes, *, context: bytes) -> bytes:
        """Return the key.

        Raises:
            VaultError: ``vault.unwrap``: another epoch key, another context, or changed bytes; or as :meth:`wrap`.
        """
        version, nonce, sealed = wrapped[:1], wrapped[1 : 1 + NONCE_BYTES], wrapped[1 + NONCE_BYTES :]
        cipher = self._cipher(epoch)
        try:
            return cipher.decrypt(nonce, sealed, _WRAPPED + version + context)
        except (InvalidTag, ValueError) as error:  # ValueError: a nonce cut short
            raise does_not_open() from error

    def destroy(self, epoch: str) -> None:
        """Overwrite the key's file, remove it, and wait until both are on disk.

        Raises:
            VaultError: ``vault.key_undestroyed``.
        """
        self._ciphers.pop(epoch, None)
        path = self._path(epoch)
        try:
            _overwrite(path)
            path.unlink(missing_ok=True)
            sync_folder(path.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            raise VaultError(
                "vault.key_undestroyed",
                f"The key file of {epoch} cannot be destroyed ({error.strerror}).",
                remedy="See to the disk and the rights on keys/; the next sweep tries again, and no receipt is "
                "written before it succeeds.",
            ) from error

    def epochs(self) -> frozenset[str]:
        """Return the epochs of which there is a key; halves of files that a power cut left are removed first."""
        folder = self._folder / "epochs"
        found = {SITE} if self._path(SITE).exists() else set[str]()
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name.startswith("."):
                if path.lstat().st_nlink == 1:  # else it is another name of a key that was made whole
                    _overwrite(path)
                path.unlink()
            elif path.suffix == ".key" and _NAME.fullmatch(path.stem):
                found.add(path.stem)
        return frozenset(found)

    def _cipher(self, epoch: str) -> AESGCM:
        if epoch not in self._ciphers:
            path = self._path(epoch)
            key = read_secret(path)
            if len(key) != KEY_BYTES:
                raise malformed(path)
            self._ciphers[epoch] = AESGCM(key)
        return self._ciphers[epoch]

    def _path(self, epoch: str) -> Path:
        """Return the key's file; names that could leave the folder name none."""
        if not _NAME.fullmatch(epoch):
            raise VaultError(
                "vault.epoch_name",
                "The database names an epoch as none can be named.",
                remedy="Treat it as tampering: keep db/ for examination and restore the last backup.",
            )
        return self._folder / "vault.key" if epoch == SITE else self._folder / "epochs" / f"{epoch}.key"


def does_not_open() -> VaultError:
    """Return ``vault.unwrap``."""
    return VaultError(
        "vault.unwrap",
        "A subject key does not open under its epoch's key.",
        remedy="Check that keys/ and db/ belong to the same site and the same backup.",
    )


def _overwrite(path: Path) -> None:
    """Write zeros over a file's bytes, on disk when this returns; what flash memory keeps behind is beyond us."""
    handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.pwrite(handle, bytes(os.fstat(handle).st_size), 0)
        os.fsync(handle)
    finally:
        os.close(handle)
