"""Who ordered that something go early, or stay for a while, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.time import Instant


class ErasureReason(StrEnum):
    """Why a person is erased before the clock; never free text, which could tell of the person."""

    REQUEST = "request"
    """The person asked (GDPR Art. 17)."""
    WITHDRAWN = "withdrawn"
    """Consent was withdrawn."""
    UNLAWFUL = "unlawful"
    """It should not have been collected."""
    COURT = "court"
    """A court or authority ordered it."""
    MINOR = "minor"
    """The person turned out to be too young for the charter."""


class HoldReason(StrEnum):
    """Why evidence stays beyond its clock."""

    LEGAL_CLAIM = "legal_claim"
    INVESTIGATION = "investigation"
    COURT = "court"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Hold:
    """What is kept of one encounter stays until a day, on somebody's order (evidence lock)."""

    hold_id: str
    encounter_id: str
    reason: HoldReason
    named: str
    """Which human ordered it."""
    by: str
    """The post that placed it."""
    placed_at: Instant
    until: Instant
    clocks: Mapping[str, int]
    """When each held item would have gone without it, by item id."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an order to erase a person took."""

    items: int
    encounters: int
    references: int
    commitment: str
    """The order's entry in the record (hex)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One sealed item about a person, for that person."""

    what: str
    """Its purpose: "encounter", "personal", "referral", "reply", "reference"."""
    retention: str
    until: Instant
    content: str
    """Its text, or "" for photographs and templates."""
    media: bytes
    """A photograph's file, or b"": a template is never handed out."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Access:
    """Everything that this site keeps about one person (subject access)."""

    person: str
    encounters: tuple[str, ...]
    galleries: tuple[str, ...]
    kept: tuple[Kept, ...]
