"""Closed galleries, their references, and who went through."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from countenance.storage.tables.naming import metadata

galleries = Table(
    "galleries",
    metadata,
    Column("gallery_id", String(80), primary_key=True),
    Column("checkpoint_id", String(80), nullable=False),
    Column("charter", String(64), nullable=False),
    Column("weights", String(64), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("size", Integer, nullable=False),  # references in it now, so that nobody counts 42,000 rows at a gate
    Column("searches", Integer, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("closes_at", BigInteger, nullable=False, server_default="0"),  # 0: no event's end is known
)
gallery_references = Table(
    "gallery_references",
    metadata,
    Column("gallery_id", String(80), ForeignKey("galleries.gallery_id"), primary_key=True),
    Column("reference_id", String(120), primary_key=True),
    Column("person_id", String(120), nullable=False),
    Column("template_item", String(80), nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    UniqueConstraint("template_item"),
    Index(None, "expires_at"),
)
boardings = Table(
    "boardings",
    metadata,
    Column("gallery_id", String(80), ForeignKey("galleries.gallery_id"), primary_key=True),
    Column("person_id", String(120), primary_key=True),
    Column("boarded_at", BigInteger, nullable=False),
)
