"""Version 0007: counts for the public. Written out, so that it stays what it was when ``tables`` moves on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of runs, told and not yet told."""
    op.create_table(
        "public_runs",
        sa.Column("checkpoint_id", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("since", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("checkpoint_id", "kind", "since", name=op.f("pk_public_runs")),
    )
