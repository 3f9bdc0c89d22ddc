"""The latest instant this site saw."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table

from countenance.storage.tables.naming import metadata

trusted_time = Table(
    "trusted_time",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("latest", BigInteger, nullable=False),
)
