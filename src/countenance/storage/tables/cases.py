"""What waits for a human."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from countenance.storage.tables.naming import metadata

referrals = Table(
    "referrals",
    metadata,
    Column("referral_id", String(32), primary_key=True),
    Column("encounter_id", String(32), ForeignKey("encounters.encounter_id"), nullable=False),
    Column("checkpoint_id", String(80), nullable=False),
    Column("reason", String(60), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("probe_item", String(80), nullable=False),
    Column("reference_item", String(80), nullable=False),
    Column("charter", String(64), nullable=False),
    Column("compared", String(20), nullable=False),
    Column("begins", String(20), nullable=False),
    Column("opened_by", String(120), nullable=False),
    Column("contest_by", BigInteger, nullable=False),
    Column("entry", String(64), nullable=False),  # commitment in hex
    Column("referred_by", String(120), nullable=False, server_default=""),
    Column("earlier", String(32), nullable=False, server_default=""),  # a referral_id
    Index(None, "encounter_id"),
    Index(None, "expires_at"),
)
case_steps = Table(
    "case_steps",
    metadata,
    Column("referral_id", String(32), ForeignKey("referrals.referral_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("event", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("by", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("second_facts", Text, nullable=False),  # JSON list
    Column("until", BigInteger, nullable=False),
    Column("entry", String(64), nullable=False),
)
notifications = Table(
    "notifications",
    metadata,
    Column("notification_id", String(32), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("telling", String(20), nullable=False),
    Column("checkpoint_id", String(80), nullable=False),
    Column("about", String(80), nullable=False),
    Column("contact", Text, nullable=False),
    Column("seen_by", String(120), nullable=False),
)
suspensions = Table(
    "suspensions",
    metadata,
    Column("charter_id", String(80), primary_key=True),  # a row as long as the suspension lasts; the record keeps all
    Column("checkpoint_id", String(80), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),
    Column("charter", String(64), nullable=False, server_default=""),
)
