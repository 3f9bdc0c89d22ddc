"""Charters, policies and checks of notices that a site signed: each file beside a detached Ed25519 signature.

``x.yaml.sig`` holds the 64 bytes of the signature by ``keys/charter`` over a domain line and the file, so that
``openssl pkeyutl -verify`` can check it with ``keys/charter.pub``. Nothing here interprets a file: whatever is not
exactly what this site's key signed is refused, each fault with its own code.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path

from countenance.custody.detached import is_by, keep_both, read_at_most
from countenance.errors import CharterError
from countenance.ports import Signer


class Signed(Enum):
    """What may be signed: each with a line of its own, so that no signature can stand for another's."""

    CHARTER = (b"countenance/charter/v2\n", ".yaml")
    POLICY = (b"countenance/policy/v1\n", ".cedar")
    NOTICE_CHECK = (b"countenance/notice-check/v1\n", ".json")

    def message(self, data: bytes) -> bytes:
        """Return what is signed for the file ``data``: the domain line, then the file."""
        return self.value[0] + data

    @property
    def ending(self) -> str:
        """How such files' names end."""
        return self.value[1]


def keep_signed_text(path: Path, data: bytes, kind: Signed, signer: Signer) -> None:
    """Sign ``data`` and keep both at ``path``, on disk when this returns; what was there before is replaced.

    Raises:
        CharterError: ``charter.unwritable``.
    """
    try:
        keep_both(path, data, signature_of(path), kind.message(data), signer)
    except OSError as error:
        raise CharterError(
            "charter.unwritable", f"The file {path.name} cannot be kept ({error.strerror}).",
            remedy="Check that the site's folder is yours and that its disk has space, then sign it again.",
        ) from error  # fmt: skip


def read_signed_texts(folder: Path, kind: Signed, public_key: bytes) -> Mapping[str, bytes]:
    """Return every file of this kind in ``folder`` by its name, each exactly as the owner of ``public_key`` signed it.

    One bad file refuses all: nobody knows then what else was changed. A folder that is not there holds none.

    Raises:
        CharterError: ``charter.unsigned``, ``charter.bad_signature``, ``charter.unreadable``.
    """
    found = {}
    for path in sorted(folder.glob(f"*{kind.ending}")):
        data, signature = read_bounded(path), signature_of(path)
        if not signature.is_file():
            raise CharterError(
                "charter.unsigned", f"The file {path.name} has no signature beside it.",
                remedy="Have it reviewed, then sign it (countenance charter sign), or remove it.",
            )  # fmt: skip
        if not is_signed_by(public_key, read_bounded(signature), kind, data):
            raise CharterError(
                "charter.bad_signature",
                f"The file {path.name} is not what this site's keys/charter signed: it was changed, or another signed.",
                remedy="Read it again; if it is what was reviewed, raise its version and sign it (countenance charter "
                "sign), else restore it.",
            )  # fmt: skip
        found[path.name] = data
    return found


def is_signed_by(public_key: bytes, signature: bytes, kind: Signed, data: bytes) -> bool:
    """Return whether ``signature`` is by the owner of ``public_key`` over exactly this file of this kind."""
    return is_by(public_key, signature, kind.message(data))


def signature_of(path: Path) -> Path:
    """Return where the signature of the file at ``path`` lies."""
    return path.with_name(f"{path.name}.sig")


def read_bounded(path: Path) -> bytes:
    """Return the file's bytes, at most one more than any text may have.

    Raises:
        CharterError: ``charter.unreadable``.
    """
    try:
        return read_at_most(path)
    except OSError as error:
        raise CharterError(
            "charter.unreadable", f"The file {path.name} cannot be read ({error.strerror}).",
            remedy="Make it readable for the account that serves the site, or remove it.",
        ) from error  # fmt: skip
