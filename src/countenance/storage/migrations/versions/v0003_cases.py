"""Version 0003: cases, who was told, suspensions, training, partners. Written out, so that it stays what it was.

Referrals of version 0.1.0 begin with the officer and can be contested until their clock runs out; they name no charter.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let referrals carry their case; create the tables around them."""
    _referrals()
    _cases()
    _access()


def _referrals() -> None:
    """Make the table anew, because SQLite cannot add a column without a default."""
    op.execute("CREATE TEMPORARY TABLE referrals_before AS SELECT * FROM referrals")
    op.drop_table("referrals")
    op.create_table(
        "referrals",
        sa.Column("referral_id", sa.String(32), nullable=False),
        sa.Column("encounter_id", sa.String(32), nullable=False),
        sa.Column("checkpoint_id", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("probe_item", sa.String(80), nullable=False),
        sa.Column("reference_item", sa.String(80), nullable=False),
        sa.Column("charter", sa.String(64), nullable=False),
        sa.Column("compared", sa.String(20), nullable=False),
        sa.Column("begins", sa.String(20), nullable=False),
        sa.Column("opened_by", sa.String(120), nullable=False),
        sa.Column("contest_by", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounters.encounter_id"], name=op.f("fk_referrals_encounter_id_encounters")
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referrals")),
    )
    op.execute(
        "INSERT INTO referrals SELECT referral_id, encounter_id, checkpoint_id, reason, opened_at, expires_at, "
        "probe_item, reference_item, '', 'portrait', 'waiting', '', expires_at, '' FROM referrals_before"
    )
    op.execute("DROP TABLE referrals_before")
    for column in ("encounter_id", "expires_at"):
        op.create_index(op.f(f"ix_referrals_{column}"), "referrals", [column])


def _cases() -> None:
    op.create_table(
        "case_steps",
        sa.Column("referral_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("second_facts", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.referral_id"], name=op.f("fk_case_steps_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("referral_id", "number", name=op.f("pk_case_steps")),
    )
    op.create_table(
        "notifications",
        sa.Column("notification_id", sa.String(32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("telling", sa.String(20), nullable=False),
        sa.Column("checkpoint_id", sa.String(80), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("seen_by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("notification_id", name=op.f("pk_notifications")),
    )
    op.create_table(
        "suspensions",
        sa.Column("charter_id", sa.String(80), nullable=False),
        sa.Column("checkpoint_id", sa.String(80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("charter_id", name=op.f("pk_suspensions")),
    )


def _access() -> None:
    op.create_table(
        "trainings",
        sa.Column("actor_id", sa.String(120), nullable=False),
        sa.Column("course", sa.String(200), nullable=False),
        sa.Column("completed_at", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_trainings")),
    )
    op.create_table(
        "partners",
        sa.Column("partner_id", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("obligation", sa.String(200), nullable=False),
        sa.Column("obliged_at", sa.BigInteger(), nullable=False),
        sa.Column("audit_every_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", name=op.f("pk_partners")),
    )
    op.create_table(
        "partner_audits",
        sa.Column("partner_id", sa.String(80), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name=op.f("fk_partner_audits_partner_id_partners")
        ),
        sa.PrimaryKeyConstraint("partner_id", "at", name=op.f("pk_partner_audits")),
    )
