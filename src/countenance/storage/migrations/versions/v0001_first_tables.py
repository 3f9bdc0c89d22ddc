"""Version 0001: the first tables. Written out, so that it stays what it was when ``tables`` moves on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table of version 0001."""
    _custody()
    _access()
    _encounters()
    _record()
    _galleries()
    _cases()
    op.create_table(
        "trusted_time",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("latest", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_trusted_time")),
    )


def _custody() -> None:
    op.create_table(
        "vault_keys",
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "purpose", name=op.f("pk_vault_keys")),
    )
    op.create_table(
        "vault_items",
        sa.Column("item_id", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("schema", sa.String(40), nullable=False),
        sa.Column("retention", sa.String(40), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(12), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_vault_items")),
    )
    op.create_index(op.f("ix_vault_items_subject_purpose"), "vault_items", ["subject", "purpose"])
    op.create_index(op.f("ix_vault_items_expires_at"), "vault_items", ["expires_at"])


def _access() -> None:
    op.create_table(
        "api_keys",
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("actor_id", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("device_id", sa.String(120), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_api_keys")),
    )
    op.create_table(
        "devices",
        sa.Column("device_id", sa.String(120), nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("checkpoints", sa.Text(), nullable=False),
        sa.Column("partner", sa.String(120), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_devices")),
    )


def _encounters() -> None:
    op.create_table(
        "encounters",
        sa.Column("encounter_id", sa.String(32), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("checkpoint_id", sa.String(80), nullable=False),
        sa.Column("charter", sa.String(64), nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("gallery_id", sa.String(80), nullable=False),
        sa.Column("personal_item", sa.String(80), nullable=False),
        sa.Column("refusal_offered", sa.Boolean(), nullable=False),
        sa.Column("opened_by", sa.String(120), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts_used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("encounter_id", name=op.f("pk_encounters")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_encounters_token_sha256")),
    )
    op.create_table(
        "attempts",
        sa.Column("encounter_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("device_id", sa.String(120), nullable=False),
        sa.Column("reply_item", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounters.encounter_id"], name=op.f("fk_attempts_encounter_id_encounters")
        ),
        sa.PrimaryKeyConstraint("encounter_id", "number", name=op.f("pk_attempts")),
    )


def _record() -> None:
    op.create_table(
        "entries",
        sa.Column("commitment", sa.LargeBinary(32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("facts_item", sa.String(80), nullable=False),
        sa.Column("personal_item", sa.String(80), nullable=False),
        sa.Column("personal_mac", sa.LargeBinary(32), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("include_by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_entries")),
        sa.UniqueConstraint("sequence", name=op.f("uq_entries_sequence")),
    )
    op.create_table(
        "leaves",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("commitment", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_leaves")),
        sa.UniqueConstraint("commitment", name=op.f("uq_leaves_commitment")),
    )
    op.create_table(
        "pending",
        sa.Column("commitment", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_pending")),
    )
    op.create_table(
        "tree_heads",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_tree_heads")),
    )


def _galleries() -> None:
    op.create_table(
        "galleries",
        sa.Column("gallery_id", sa.String(80), nullable=False),
        sa.Column("checkpoint_id", sa.String(80), nullable=False),
        sa.Column("charter", sa.String(64), nullable=False),
        sa.Column("weights", sa.String(64), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("gallery_id", name=op.f("pk_galleries")),
    )
    op.create_table(
        "gallery_references",
        sa.Column("gallery_id", sa.String(80), nullable=False),
        sa.Column("reference_id", sa.String(120), nullable=False),
        sa.Column("person_id", sa.String(120), nullable=False),
        sa.Column("template_item", sa.String(80), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gallery_id"], ["galleries.gallery_id"], name=op.f("fk_gallery_references_gallery_id_galleries")
        ),
        sa.PrimaryKeyConstraint("gallery_id", "reference_id", name=op.f("pk_gallery_references")),
        sa.UniqueConstraint("template_item", name=op.f("uq_gallery_references_template_item")),
    )
    op.create_index(op.f("ix_gallery_references_expires_at"), "gallery_references", ["expires_at"])
    op.create_table(
        "boardings",
        sa.Column("gallery_id", sa.String(80), nullable=False),
        sa.Column("person_id", sa.String(120), nullable=False),
        sa.Column("boarded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gallery_id"], ["galleries.gallery_id"], name=op.f("fk_boardings_gallery_id_galleries")
        ),
        sa.PrimaryKeyConstraint("gallery_id", "person_id", name=op.f("pk_boardings")),
    )


def _cases() -> None:
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
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounters.encounter_id"], name=op.f("fk_referrals_encounter_id_encounters")
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referrals")),
    )
