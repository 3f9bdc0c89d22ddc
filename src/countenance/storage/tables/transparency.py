"""The table of counts for the public: runs of days, told and not yet told."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table

from countenance.storage.tables.naming import metadata

public_runs = Table(
    "public_runs",
    metadata,
    Column("checkpoint_id", String(80), primary_key=True),  # "" for the site as a whole
    Column("kind", String(40), primary_key=True),
    Column("since", Integer, primary_key=True, autoincrement=False),  # days since 1970, UTC
    Column("until", Integer, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("closed", Boolean, nullable=False),  # told to the public: never changed, never removed
)
