"""What the vault needs to know about an item before it takes it, and what is left to say once it is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.time import Instant


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """Names a sealed item. Every field is bound into the encryption (AES-GCM associated data); none can be swapped."""

    item_id: str
    """Random or derived id, unique in the site; says nothing about the person."""
    subject: str
    """Whose key seals it: a person's pseudonym, an encounter, or "record/2026-11" for facts."""
    purpose: str
    """Why it is kept: "reference", "referral", "facts", "personal", "reply"."""
    schema: str
    """How the plaintext is laid out, with a version: "template/v1"."""
    retention: str
    """The charter's retention class whose clock governs it."""
    expires_at: Instant
    """When it must be gone."""
    event: str = ""
    """The event whose end is the end of its key, as a gallery's id; "" where a day is (rule W-7)."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What left the vault in one transaction; it is unreadable once that has committed."""

    items: tuple[str, ...]
    """Item ids."""
    by_retention: Mapping[str, int]
    """How many items of each retention class."""
    keys: tuple[str, ...]
    """Random ids of the subject keys that went with their last item; they say nothing about anybody."""
    subjects: tuple[str, ...]
    """Subjects of whom nothing at all is sealed any more."""

    @property
    def count(self) -> int:
        """How many items there were."""
        return len(self.items)


class Cause(StrEnum):
    """Why something was destroyed."""

    CLOCK = "clock"
    ORDER = "order"
    EVENT_END = "event_end"
    REMOVAL = "removal"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Erasing:
    """An erasure that has begun: rows are gone, and keys, old bytes and the receipt are still to follow."""

    erasure_id: str
    """32 hex characters."""
    cause: Cause
    begun_at: Instant
    order: str
    """Commitment (hex) of the entry that ordered it, "" where a clock did."""
    items: Mapping[str, int]
    """How many sealed items of each retention class went."""
    encounters: tuple[str, ...]
    """Encounters of which nothing about the person is left."""
    galleries: tuple[str, ...]
    """Galleries that lost references."""
    counts: int
    """How many aggregate counts went."""
    keys: tuple[str, ...]
    """Ids of the subject keys that went."""
    epochs: tuple[str, ...]
    """Epoch keys that go now."""
