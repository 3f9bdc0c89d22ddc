"""Portraits from a folder: files named after the number of a travel document, read when asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from countenance.errors import DocumentError
from countenance.terms.documents import Traveller
from countenance.terms.staging import SourcePortrait

MOST_PORTRAITS = 5
"""Portraits of one traveller that are used."""
MOST_BYTES = 20_000_000
"""Of one photograph."""
_NAME = re.compile(r"(?P<key>[A-Z0-9]+)(?:[-_.](?P<which>\d{1,2}))?", re.ASCII)
_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


def key_of(number: str) -> str:
    """Return a document's number as files and services are named after it: capital letters and digits alone."""
    return re.sub(r"[^A-Z0-9]", "", number.upper())


class PortraitFolder:
    """A folder of ``NUMBER.jpg``, ``NUMBER-2.jpg`` … (port ``PortraitSource``); listed once, photographs read late."""

    def __init__(self, folder: Path, reference_years: int = -1) -> None:
        """List the folder; ``reference_years`` is how old every photograph is, -1 when unknown.

        Raises:
            DocumentError: ``portraits.folder``.
        """
        self._years = reference_years
        self._files: dict[str, list[tuple[int, Path]]] = {}
        try:
            names = sorted(folder.iterdir())
        except OSError as error:
            raise DocumentError(
                "portraits.folder", f"The folder of portraits cannot be read ({error.strerror}).",
                remedy="Name a folder that this account may read.",
            ) from error  # fmt: skip
        for path in names:
            found = _NAME.fullmatch(path.stem.upper())
            if found and path.suffix.lower() in _SUFFIXES and path.is_file():
                self._files.setdefault(found["key"], []).append((int(found["which"] or 1), path))

    def of(self, traveller: Traveller) -> Sequence[SourcePortrait]:
        """Return the portraits named after any of the traveller's documents.

        Raises:
            DocumentError: ``portraits.too_large``, ``portraits.unreadable``.
        """
        keys = dict.fromkeys(key_of(one.number) for one in traveller.documents)
        files = [path for key in keys for _, path in sorted(self._files.get(key, ()))]
        return [SourcePortrait(_read(path), self._years) for path in files[:MOST_PORTRAITS]]


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise DocumentError(
            "portraits.unreadable", f"A portrait cannot be read ({error.strerror}).",
            remedy="See that this account may read the folder's files, and stage again: what is staged stays.",
        ) from error  # fmt: skip
    if len(data) > MOST_BYTES:
        raise too_large()
    return data


def too_large() -> DocumentError:
    """Return the error for a photograph over the bound."""
    return DocumentError(
        "portraits.too_large", f"A portrait has more than {MOST_BYTES:,} bytes.",
        remedy="Hand in smaller photographs; nobody was staged with this one.",
    )  # fmt: skip
