"""What the vault needs to know about an item before it takes it."""

from __future__ import annotations

from dataclasses import dataclass

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
