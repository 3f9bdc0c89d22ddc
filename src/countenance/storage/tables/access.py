"""Who may act: API keys, devices, trainings, partners."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from countenance.storage.tables.naming import metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("actor_id", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("device_id", String(120), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger, nullable=True),
)
devices = Table(
    "devices",
    metadata,
    Column("device_id", String(120), primary_key=True),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("checkpoints", Text, nullable=False),  # JSON list of checkpoint ids
    Column("partner", String(120), nullable=False),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False),
)

trainings = Table(
    "trainings",
    metadata,
    Column("actor_id", String(120), primary_key=True),  # the newest alone; the record keeps all
    Column("course", String(200), nullable=False),
    Column("completed_at", BigInteger, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    Column("recorded_by", String(120), nullable=False),
)
partners = Table(
    "partners",
    metadata,
    Column("partner_id", String(80), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("contact", String(200), nullable=False),
    Column("obligation", String(200), nullable=False),
    Column("obliged_at", BigInteger, nullable=False),
    Column("audit_every_days", Integer, nullable=False),
)
partner_audits = Table(
    "partner_audits",
    metadata,
    Column("partner_id", String(80), ForeignKey("partners.partner_id"), primary_key=True),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("by", String(120), nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("reference", String(200), nullable=False),
)
