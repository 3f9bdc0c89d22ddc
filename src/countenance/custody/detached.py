"""A file beside its detached Ed25519 signature, both whole on disk or not at all; what files say is others' matter.

What is signed is a domain line, then the file, so that no signature can stand for another's and
``openssl pkeyutl -verify`` can check it. Faults are ``OSError`` here; whoever keeps such files gives them their code.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from countenance.custody.files import sync_folder
from countenance.ports import Signer

_LARGEST = 1 << 20
"""Bytes read of a file at most; everything of ours is far smaller, so a longer one is not what was signed."""
_SIGNATURE_BYTES = 64


def keep_both(path: Path, data: bytes, signature: Path, message: bytes, signer: Signer) -> None:
    """Sign ``message`` and keep ``data`` and the signature at their places in one folder, replacing what was there.

    The signature comes first: a file without one would keep the site from starting.

    Raises:
        OSError: the folder cannot be made or written.
    """
    path.parent.mkdir(mode=0o700, exist_ok=True)
    _put(signature, signer.sign(message))
    _put(path, data)
    sync_folder(path.parent)


def is_by(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether ``signature`` is by the owner of ``public_key`` over exactly this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return len(signature) == _SIGNATURE_BYTES


def read_at_most(path: Path) -> bytes:
    """Return the file's bytes, at most one more than any signed file may have.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(_LARGEST + 1)


def _put(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
