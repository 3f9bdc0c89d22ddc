"""Checking a document's chip: the store and the chip's files are read, then every step of the check is made.

(1) the CSCA store, its master lists and revocation lists as of now; (2) the chip's files, from a folder or a reader's
JSON; (3) passive authentication (Doc 9303-11 5.1). Nothing is kept, and nothing is recorded: a check is no encounter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from countenance.documents import LeftOut, check_chip, read_files, read_mrz, read_store
from countenance.errors import DocumentError
from countenance.terms import ChipAuthentic, ChipCheck, Instant, utc_day


@dataclass(frozen=True, slots=True)
class ChipChecked:
    """A check's result, with what it was made against."""

    check: ChipCheck
    trusted: int
    """CSCA certificates in the store."""
    left_out: tuple[LeftOut, ...]
    """Certificates of master lists that could not be read."""
    expired_since: date | None
    """The document's last day where it has passed, as the zone in a chip that holds states it."""


def check_files(chip: Path, store: Path, *, at: Instant, revocation_needed: bool = True) -> ChipChecked:
    """Return how the chip's files, a folder or one JSON file, check against the store's folder at the time ``at``.

    Raises:
        DocumentError: the store or the files cannot be used at all (``chip.csca_…``, ``chip.folder``, ``chip.json`` …).
        OSError: a file or folder cannot be read.
    """
    trusted = read_store(store, at=at)  # (1)
    data = read_files(chip)  # (2)
    check = check_chip(data, trusted, at=at, revocation_needed=revocation_needed)  # (3)
    return ChipChecked(check, len(trusted.certificates), trusted.left_out, expired_since(check, at))


def expired_since(check: ChipCheck, at: Instant) -> date | None:
    """Return the last day of the document where it lies before ``at``, in UTC; None where no zone can be believed."""
    if not isinstance(check, ChipAuthentic):
        return None
    today = utc_day(at)
    try:
        return read_mrz("\n".join(check.mrz), today=today).expiry_date.passed(today)
    except DocumentError:
        return None
