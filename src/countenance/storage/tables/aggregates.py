"""Counts of people, never anything about one."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from countenance.storage.tables.naming import metadata

monitor_counts = Table(
    "monitor_counts",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),  # days since 1970, UTC; groups: a month's first
    Column("checkpoint_id", String(80), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("cell", String(80), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "expires_at"),
)
monitor_states = Table(
    "monitor_states",
    metadata,
    Column("checkpoint_id", String(80), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("state", Text, nullable=False),  # JSON without floats
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "expires_at"),
)
monitor_signals = Table(
    "monitor_signals",
    metadata,
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("checkpoint_id", String(80), primary_key=True),
    Column("monitor", String(40), primary_key=True),
    Column("detail", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "expires_at"),
)
