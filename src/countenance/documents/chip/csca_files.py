"""A folder becomes a CSCA store: certificates the operator trusts, master lists they vouch for, revocation lists."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

from countenance.documents.chip.csca import MOST_MASTER_LIST_BYTES, CscaStore, build_store
from countenance.errors import ConfigurationError, DocumentError
from countenance.terms import Instant

_CERTIFICATES = frozenset({".cer", ".crt", ".der", ".pem"})
_MASTER_LISTS = frozenset({".ml", ".mls"})
_CRLS = frozenset({".crl"})
_MOST_FILES = 2_000
_PEM = b"-----BEGIN "
_REMEDY = "Put CSCA certificates (.cer), master lists (.ml) and revocation lists (.crl) into one folder."


def read_store(folder: Path, *, at: Instant) -> CscaStore:
    """Return the store in a folder; ``at`` is the time at which its master lists must hold.

    .cer .crt .der .pem are CSCA certificates, **trusted because they are there**; .ml .mls are master lists, which
    count when one of those vouches for their signer; .crl are revocation lists. DER or PEM; the rest is passed over.

    Raises:
        ConfigurationError: nothing of a store is there (``chip.csca_folder``).
        DocumentError: a file cannot be used (see :func:`countenance.documents.chip.csca.build_store`).
        OSError: the folder cannot be read.
    """
    paths = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else [folder]
    found = {
        kind: [(path.name, _der(path)) for path in paths if path.suffix.lower() in kind]
        for kind in (_CERTIFICATES, _MASTER_LISTS, _CRLS)
    }
    if not found[_CERTIFICATES] or len(paths) > _MOST_FILES:
        raise ConfigurationError(
            "chip.csca_folder", f"{folder} holds no CSCA certificate to begin with.", remedy=_REMEDY
        )
    return build_store(certificates=found[_CERTIFICATES], master_lists=found[_MASTER_LISTS], crls=found[_CRLS], at=at)


def _der(path: Path) -> bytes:
    """Return a file's DER, out of PEM where it is PEM."""
    with path.open("rb") as stream:
        data = stream.read(MOST_MASTER_LIST_BYTES + 1)
    if not data.startswith(_PEM):
        return data
    lines = data.strip().splitlines()
    try:
        return base64.b64decode(b"".join(lines[1:-1]), validate=True)
    except binascii.Error as error:
        raise DocumentError("chip.csca_pem", f"{path.name} is not one block of PEM.", remedy=_REMEDY) from error
