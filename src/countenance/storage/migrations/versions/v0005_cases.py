"""Version 0005: who referred, which referral was open before, under which charter a limit acted.

Written out, so that it stays what it was when ``tables`` moves on. Rows from before say "" to all three.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("referrals", sa.Column("referred_by", sa.String(120), nullable=False, server_default=""))
    op.add_column("referrals", sa.Column("earlier", sa.String(32), nullable=False, server_default=""))
    op.add_column("suspensions", sa.Column("charter", sa.String(64), nullable=False, server_default=""))
