"""Every table, in one place: SQLite now, PostgreSQL by URL.

Instants are integer milliseconds since 1970; blobs are sealed or hashes.
Changing a table means a migration beside it (``storage/migrations``); a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- custody: sealed items and wrapped subject keys ----------------------------------------------------------------
vault_keys = Table(
    "vault_keys",
    metadata,
    Column("subject", String(200), primary_key=True),
    Column("purpose", String(40), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)
vault_items = Table(
    "vault_items",
    metadata,
    Column("item_id", String(80), primary_key=True),
    Column("subject", String(200), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("schema", String(40), nullable=False),
    Column("retention", String(40), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("nonce", LargeBinary(12), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Index(None, "subject", "purpose"),
    Index(None, "expires_at"),
)

# --- access ---------------------------------------------------------------------------------------------------------
api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("actor_id", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("device_id", String(120), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger, nullable=True),
)
devices = Table(
    "devices",
    metadata,
    Column("device_id", String(120), primary_key=True),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("checkpoints", Text, nullable=False),  # JSON list of checkpoint ids
    Column("partner", String(120), nullable=False),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False),
)

trainings = Table(
    "trainings",
    metadata,
    Column("actor_id", String(120), primary_key=True),  # the newest alone; the record keeps all
    Column("course", String(200), nullable=False),
    Column("completed_at", BigInteger, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    Column("recorded_by", String(120), nullable=False),
)
partners = Table(
    "partners",
    metadata,
    Column("partner_id", String(80), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("contact", String(200), nullable=False),
    Column("obligation", String(200), nullable=False),
    Column("obliged_at", BigInteger, nullable=False),
    Column("audit_every_days", Integer, nullable=False),
)
partner_audits = Table(
    "partner_audits",
    metadata,
    Column("partner_id", String(80), ForeignKey("partners.partner_id"), primary_key=True),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("by", String(120), nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("reference", String(200), nullable=False),
)

# --- record ---------------------------------------------------------------------------------------------------------
encounters = Table(
    "encounters",
    metadata,
    Column("encounter_id", String(32), primary_key=True),
    Column("token_sha256", LargeBinary(32), nullable=False, unique=True),
    Column("checkpoint_id", String(80), nullable=False),
    Column("charter", String(64), nullable=False),
    Column("mode", String(10), nullable=False),
    Column("gallery_id", String(80), nullable=False),
    Column("personal_item", String(80), nullable=False),  # vault item: claim, person class, age
    Column("refusal_offered", Boolean, nullable=False),
    Column("opened_by", String(120), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts_used", Integer, nullable=False),
)
attempts = Table(
    "attempts",
    metadata,
    Column("encounter_id", String(32), ForeignKey("encounters.encounter_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body_sha256", LargeBinary(32), nullable=False),
    Column("device_id", String(120), nullable=False),
    Column("reply_item", String(80), nullable=False),
)
entries = Table(
    "entries",
    metadata,
    Column("commitment", LargeBinary(32), primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),  # order of recording; never published
    Column("facts_item", String(80), nullable=False),  # vault: s1 + canonical facts
    Column("personal_item", String(80), nullable=False),  # vault: s2 + canonical personal part
    Column("personal_mac", LargeBinary(32), nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("include_by", BigInteger, nullable=False),
)
leaves = Table(
    "leaves",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("commitment", LargeBinary(32), nullable=False, unique=True),
)
pending = Table(
    "pending",
    metadata,
    Column("commitment", LargeBinary(32), primary_key=True),
)
tree_heads = Table(
    "tree_heads",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("note", Text, nullable=False),
    Column("signed_at", BigInteger, nullable=False),
)

# --- galleries ------------------------------------------------------------------------------------------------------
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

# --- cases ----------------------------------------------------------------------------------------------------------
referrals = Table(
    "referrals",
    metadata,
    Column("referral_id", String(32), primary_key=True),
    Column("encounter_id", String(32), ForeignKey("encounters.encounter_id"), nullable=False),
    Column("checkpoint_id", String(80), nullable=False),
    Column("reason", String(60), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("probe_item", String(80), nullable=False),
    Column("reference_item", String(80), nullable=False),
    Column("charter", String(64), nullable=False),
    Column("compared", String(20), nullable=False),
    Column("begins", String(20), nullable=False),
    Column("opened_by", String(120), nullable=False),
    Column("contest_by", BigInteger, nullable=False),
    Column("entry", String(64), nullable=False),  # commitment in hex
    Column("referred_by", String(120), nullable=False, server_default=""),
    Column("earlier", String(32), nullable=False, server_default=""),  # a referral_id
    Index(None, "encounter_id"),
    Index(None, "expires_at"),
)
case_steps = Table(
    "case_steps",
    metadata,
    Column("referral_id", String(32), ForeignKey("referrals.referral_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("event", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("by", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("second_facts", Text, nullable=False),  # JSON list
    Column("until", BigInteger, nullable=False),
    Column("entry", String(64), nullable=False),
)
notifications = Table(
    "notifications",
    metadata,
    Column("notification_id", String(32), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("telling", String(20), nullable=False),
    Column("checkpoint_id", String(80), nullable=False),
    Column("about", String(80), nullable=False),
    Column("contact", Text, nullable=False),
    Column("seen_by", String(120), nullable=False),
)
suspensions = Table(
    "suspensions",
    metadata,
    Column("charter_id", String(80), primary_key=True),  # a row as long as the suspension lasts; the record keeps all
    Column("checkpoint_id", String(80), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),
    Column("charter", String(64), nullable=False, server_default=""),
)

# --- aggregates: counts of people, never anything about one ---------------------------------------------------------
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

# --- trusted time ---------------------------------------------------------------------------------------------------
trusted_time = Table(
    "trusted_time",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("latest", BigInteger, nullable=False),
)
