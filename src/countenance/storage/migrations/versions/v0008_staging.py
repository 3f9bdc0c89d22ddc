"""Version 0008: when a gallery's event is over. Galleries from before have no such time.

Written out, so that it stays what it was when ``tables`` moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("galleries", sa.Column("closes_at", sa.BigInteger(), nullable=False, server_default="0"))
