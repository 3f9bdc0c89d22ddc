"""Version 0006: epochs whose keys wrap subject keys, and erasures that a restart finishes. Written out, to stay so.

Keys of earlier versions were wrapped under ``vault.key`` itself; it becomes the epoch "site", which has no end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the epoch of every key; give each key an id; create the tables of epochs and erasures."""
    _keys()
    op.create_table(
        "vault_epochs",
        sa.Column("epoch", sa.String(64), nullable=False),
        sa.Column("period", sa.String(64), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_vault_epochs")),
        sa.UniqueConstraint("period", name=op.f("uq_vault_epochs_period")),
    )
    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.String(32), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("erasure_id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "holds",
        sa.Column("hold_id", sa.String(32), nullable=False),
        sa.Column("encounter_id", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("named", sa.String(200), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("clocks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_holds")),
    )
    _items()
    _entries()


def _items() -> None:
    op.execute("CREATE TEMPORARY TABLE items_before AS SELECT * FROM vault_items")
    op.drop_table("vault_items")
    op.create_table(
        "vault_items",
        sa.Column("item_id", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("schema", sa.String(40), nullable=False),
        sa.Column("retention", sa.String(40), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(80), nullable=False),
        sa.Column("nonce", sa.LargeBinary(12), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_vault_items")),
    )
    op.create_index(op.f("ix_vault_items_subject_purpose"), "vault_items", ["subject", "purpose"])
    op.create_index(op.f("ix_vault_items_expires_at"), "vault_items", ["expires_at"])
    op.execute(
        "INSERT INTO vault_items SELECT item_id, subject, purpose, schema, retention, expires_at, '', nonce, "
        "ciphertext FROM items_before"
    )
    op.execute("DROP TABLE items_before")


def _keys() -> None:
    """Make the table anew, because SQLite cannot add a column without a default."""
    op.execute("CREATE TEMPORARY TABLE keys_before AS SELECT * FROM vault_keys")
    op.drop_table("vault_keys")
    op.create_table(
        "vault_keys",
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("epoch", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("subject", "purpose", name=op.f("pk_vault_keys")),
        sa.UniqueConstraint("key_id", name=op.f("uq_vault_keys_key_id")),
    )
    op.create_index(op.f("ix_vault_keys_epoch"), "vault_keys", ["epoch"])
    op.execute(
        "INSERT INTO vault_keys SELECT subject, purpose, wrapped, lower(hex(randomblob(16))), 'site' FROM keys_before"
    )
    op.execute("DROP TABLE keys_before")


def _entries() -> None:
    op.execute("CREATE TEMPORARY TABLE entries_before AS SELECT * FROM entries")
    op.drop_table("entries")
    op.create_table(
        "entries",
        sa.Column("commitment", sa.LargeBinary(32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("facts_item", sa.String(80), nullable=False),
        sa.Column("personal_item", sa.String(80), nullable=False),
        sa.Column("personal_mac", sa.LargeBinary(32), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("include_by", sa.BigInteger(), nullable=False),
        sa.Column("erased_by", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_entries")),
        sa.UniqueConstraint("sequence", name=op.f("uq_entries_sequence")),
    )
    for column in ("facts_item", "erased_by"):
        op.create_index(op.f(f"ix_entries_{column}"), "entries", [column])
    op.execute(
        "INSERT INTO entries SELECT commitment, sequence, facts_item, personal_item, personal_mac, recorded_at, "
        "include_by, '' FROM entries_before"
    )
    op.execute("DROP TABLE entries_before")
