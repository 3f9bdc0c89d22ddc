"""Sealed items, wrapped subject keys, the epochs whose keys wrap them, and erasures under way."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, Text

from countenance.storage.tables.naming import metadata

vault_keys = Table(
    "vault_keys",
    metadata,
    Column("subject", String(200), primary_key=True),
    Column("purpose", String(40), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("key_id", String(32), nullable=False, unique=True),  # random; all that an erasure tells of a key
    Column("epoch", String(64), nullable=False),  # whose key wrapped it
    Index(None, "epoch"),
)
vault_epochs = Table(
    "vault_epochs",
    metadata,
    Column("epoch", String(64), primary_key=True),
    Column("period", String(64), nullable=False, unique=True),  # "site", "day-2026-11-25", "event-…"
    Column("ends_at", BigInteger, nullable=True),  # None: when an event is over, or never
    Column("proof", LargeBinary, nullable=False),  # zeros wrapped under the epoch's key: tells a wrong key
)
vault_items = Table(
    "vault_items",
    metadata,
    Column("item_id", String(80), primary_key=True),
    Column("subject", String(200), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("schema", String(40), nullable=False),
    Column("retention", String(40), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("event", String(80), nullable=False),
    Column("nonce", LargeBinary(12), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Index(None, "subject", "purpose"),
    Index(None, "event", "purpose"),
    Index(None, "expires_at"),
)

holds = Table(
    "holds",
    metadata,
    Column("hold_id", String(32), primary_key=True),
    Column("encounter_id", String(32), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("named", String(200), nullable=False),
    Column("by", String(120), nullable=False),
    Column("placed_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("clocks", Text, nullable=False),  # JSON: item id to the clock it goes back to
)
erasures = Table(
    "erasures",
    metadata,
    Column("erasure_id", String(32), primary_key=True),
    Column("begun_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),  # JSON: what went, ids and counts only
)
