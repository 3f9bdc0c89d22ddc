"""Operating points that a site signed: each file beside a detached Ed25519 signature by ``keys/operating-point``.

``<sha256>.json`` is the file byte for byte, ``<sha256>.sig`` the 64 bytes of the signature over
:func:`signed_message`, so that ``openssl pkeyutl -verify`` can check it with ``keys/operating-point.pub``. Nothing here
interprets a file: whatever is not exactly what this site's key signed is refused first, each fault with its own code.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from countenance.custody.detached import is_by, keep_both, read_at_most
from countenance.errors import OperatingPointError
from countenance.ports import Signer

DOMAIN = b"countenance/operating-point/v2\n"
"""What the signature's message begins with, so that no other signature can stand for one."""


def signed_message(data: bytes) -> bytes:
    """Return what is signed for the file ``data``: the domain line, then the file."""
    return DOMAIN + data


def keep_signed(folder: Path, data: bytes, signer: Signer) -> str:
    """Sign the file ``data`` and keep both below ``folder``, on disk when this returns; return its SHA-256.

    Raises:
        OperatingPointError: ``operating_point.unwritable``.
    """
    name = sha256(data).hexdigest()
    try:
        keep_both(folder / f"{name}.json", data, folder / f"{name}.sig", signed_message(data), signer)
    except OSError as error:
        raise OperatingPointError(
            "operating_point.unwritable", f"The operating point cannot be kept ({error.strerror}).",
            remedy="Check that the site's folder is yours and that its disk has space, then sign it again.",
        ) from error  # fmt: skip
    return name


def read_signed(folder: Path, public_key: bytes) -> Mapping[str, bytes]:
    """Return every file below ``folder`` by its SHA-256, each exactly as the owner of ``public_key`` signed it.

    One bad file refuses all: nobody knows then what else was changed. A folder that is not there holds none. A
    signature without its file is left alone.

    Raises:
        OperatingPointError: ``operating_point.tampered`` (the file is not the one its name says), ``.unsigned`` (no
            signature beside it), ``.bad_signature`` (not this key's over this file), ``.unreadable``.
    """
    found = {}
    for path in sorted(folder.glob("*.json")):
        data = _read(path)
        name = sha256(data).hexdigest()
        if path.name != f"{name}.json":
            raise OperatingPointError(
                "operating_point.tampered", f"The file {path.name} of this site's operating points was changed.",
                remedy="Restore it from where it was issued and sign it again, or remove it and its signature.",
            )  # fmt: skip
        signature = path.with_suffix(".sig")
        if not signature.is_file():
            raise OperatingPointError(
                "operating_point.unsigned", f"The operating point {name[:16]}… has no signature beside it.",
                remedy="Sign it (countenance operating-point sign), or remove it.",
            )  # fmt: skip
        if not is_by(public_key, _read(signature), signed_message(data)):
            raise OperatingPointError(
                "operating_point.bad_signature",
                f"The operating point {name[:16]}… is not signed by this site's keys/operating-point.",
                remedy="Read it again; if you trust it, sign it (countenance operating-point sign), else remove it.",
            )  # fmt: skip
        found[name] = data
    return found


def _read(path: Path) -> bytes:
    try:
        return read_at_most(path)
    except OSError as error:
        raise OperatingPointError(
            "operating_point.unreadable", f"The operating point file {path.name} cannot be read ({error.strerror}).",
            remedy="Make it readable for the account that serves the site, or remove it.",
        ) from error  # fmt: skip
