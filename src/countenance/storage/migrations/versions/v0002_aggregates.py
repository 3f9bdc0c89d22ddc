"""Version 0002: aggregates for monitoring. Written out, so that it stays what it was when ``tables`` moves on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of counts, states and signals."""
    op.create_table(
        "monitor_counts",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checkpoint_id", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("cell", sa.String(80), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "checkpoint_id", "kind", "cell", name=op.f("pk_monitor_counts")),
    )
    op.create_table(
        "monitor_states",
        sa.Column("checkpoint_id", sa.String(80), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("checkpoint_id", "name", name=op.f("pk_monitor_states")),
    )
    op.create_table(
        "monitor_signals",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("checkpoint_id", sa.String(80), nullable=False),
        sa.Column("monitor", sa.String(40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("at", "checkpoint_id", "monitor", name=op.f("pk_monitor_signals")),
    )
    for table in ("monitor_counts", "monitor_states", "monitor_signals"):
        op.create_index(op.f(f"ix_{table}_expires_at"), table, ["expires_at"])
