"""What happened, as it is committed to: entries, receipts, proofs, tree heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from countenance.terms.time import Instant

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
"""JSON without floats (RFC 8785 subset): what facts and personal parts are made of."""
JsonObject = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded event, right after it was appended and before it is in a batch."""

    commitment: bytes
    """32 bytes: SHA-256("countenance/leaf/v1\\n" + HMAC-SHA-256(s1, facts) + HMAC-SHA-256(s2, personal))."""
    facts: bytes
    """Canonical JSON (RFC 8785); nothing about a person."""
    facts_salt: bytes
    """s1, 32 random bytes."""
    personal_mac: bytes
    """HMAC-SHA-256(s2, personal), 32 bytes: binds the personal part without showing it."""
    include_by: Instant
    """The log promises inclusion by then."""


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One event of several that are committed to together; the link to the entry before is still to come."""

    facts: JsonObject
    personal: JsonObject
    subject: str
    """Whose key seals the personal part."""
    facts_expire_at: Instant
    personal_expire_at: Instant


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry's facts signed by the log key: proves to its holder what was recorded, not about whom."""

    origin: str
    commitment: str
    """Hex."""
    include_by: str
    """RFC 3339."""
    facts: str
    """The canonical JSON text itself, so that its bytes can be hashed again."""
    facts_salt: str
    """Hex."""
    personal_mac: str
    """Hex."""
    signature: str
    """Hex Ed25519 over "countenance/receipt/v1\\n" + canonical JSON of all other fields."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A signed statement of the log's size and root (RFC 9162), as C2SP signed note."""

    size: int
    root: bytes
    """32 bytes."""
    note: str
    """The signed note's whole text, as it stands in ``log/checkpoint``."""


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """RFC 9162 2.1.3: the path from a commitment to the tree head's root."""

    commitment: bytes
    index: int
    tree_head: TreeHead
    path: tuple[bytes, ...]
