"""The table of signed acts: what a site may do, in the order in which it was signed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from countenance.storage.tables.naming import metadata

signed_acts = Table(
    "signed_acts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 …
    Column("kind", String(20), nullable=False),
    Column("file", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),  # "" when it was withdrawn
    Column("charter_id", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
)
