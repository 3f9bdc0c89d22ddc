"""What happened: encounters, attempts, entries, and the tree over them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from countenance.storage.tables.naming import metadata

encounters = Table(
    "encounters",
    metadata,
    Column("encounter_id", String(32), primary_key=True),
    Column("token_sha256", LargeBinary(32), nullable=False, unique=True),
    Column("checkpoint_id", String(80), nullable=False),
    Column("charter", String(64), nullable=False),
    Column("mode", String(10), nullable=False),
    Column("gallery_id", String(80), nullable=False),
    Column("personal_item", String(80), nullable=False),  # vault item: claim, person class, age
    Column("refusal_offered", Boolean, nullable=False),
    Column("opened_by", String(120), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts_used", Integer, nullable=False),
)
attempts = Table(
    "attempts",
    metadata,
    Column("encounter_id", String(32), ForeignKey("encounters.encounter_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body_sha256", LargeBinary(32), nullable=False),
    Column("device_id", String(120), nullable=False),
    Column("reply_item", String(80), nullable=False),
)
entries = Table(
    "entries",
    metadata,
    Column("commitment", LargeBinary(32), primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),  # order of recording; never published
    Column("facts_item", String(80), nullable=False),  # vault: s1 + canonical facts
    Column("personal_item", String(80), nullable=False),  # vault: s2 + canonical personal part
    Column("personal_mac", LargeBinary(32), nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("include_by", BigInteger, nullable=False),
    Column("erased_by", String(32), nullable=False),  # the erasure that took the facts, "" while they are there
    Index(None, "facts_item"),
    Index(None, "erased_by"),
)
leaves = Table(
    "leaves",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("commitment", LargeBinary(32), nullable=False, unique=True),
)
pending = Table(
    "pending",
    metadata,
    Column("commitment", LargeBinary(32), primary_key=True),
)
tree_heads = Table(
    "tree_heads",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("note", Text, nullable=False),
    Column("signed_at", BigInteger, nullable=False),
)
