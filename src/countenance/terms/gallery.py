"""Closed sets of references, and what a search returns from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.face import Score, Template
from countenance.terms.time import Instant

NEVER = Instant(0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row a search returned. Not a match: only ``decision`` knows a threshold."""

    reference_id: str
    score: Score


@dataclass(frozen=True, slots=True)
class Reference:
    """An enrolled sample: whose it is and its template. Identifiers are pseudonyms chosen by the controller."""

    reference_id: str
    person_id: str
    template: Template


@dataclass(frozen=True, slots=True)
class GalleryInfo:
    """A gallery's card: which charter it serves and whether it may be searched."""

    gallery_id: str
    checkpoint_id: str
    charter: str
    """SHA-256 of the charter it was opened under; under another charter it is foreign."""
    weights: str
    open: bool
    size: int
    """References in it now."""
    searches: int
    """Searches spent so far; more than three times the size is refused."""
    opened_at: Instant
    closes_at: Instant = NEVER
    """When its event is over and it is destroyed (W-7); 0 where only the references' own clock says."""

    def over(self, now: Instant) -> bool:
        """Return whether the event has ended at ``now``."""
        return 0 < self.closes_at <= now


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One row of a bulk enrolment as it arrives."""

    reference_id: str
    person_id: str
    age: int
    """The person's completed years, or -1 when unknown."""
    reference_years: int
    """Completed years since the photograph was taken, or -1 when unknown."""
    image: bytes
    """The original file's bytes; discarded as soon as the template exists (CBP-2)."""


class EnrolmentVerdict(StrEnum):
    """What happened to one row of a bulk enrolment."""

    ENROLLED = "enrolled"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    FULL = "full"
