"""Who acts: roles, actors, API keys, and capture devices."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.time import Instant


class Role(StrEnum):
    """What an API key may be used for; the policy says what each may do."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    DEVICE = "device"


class Action(StrEnum):
    """Everything the policy is asked about."""

    OPEN_ENCOUNTER = "open_encounter"
    OPT_OUT = "opt_out"
    CAPTURE = "capture"
    VERIFY = "verify"
    IDENTIFY = "identify"
    SCREEN = "screen"
    ENROL = "enrol"
    MANAGE_GALLERY = "manage_gallery"
    READ_GALLERY = "read_gallery"
    LIST = "list"
    REVIEW = "review"
    REFER = "refer"
    """Refer somebody whatever was answered, work on a referral at the checkpoint, hand out its receipt."""
    JUDGE = "judge"
    """Decide in secondary inspection, review a contest."""
    CONTEST = "contest"
    """Note that a referred person contests."""
    RESUME = "resume"
    READ_LEDGER = "read_ledger"
    NOTE_AUDIT = "note_audit"
    READ_METRICS = "read_metrics"
    READ_MONITORING = "read_monitoring"
    COUNT_PEOPLE = "count_people"
    EXPORT_RECORD = "export_record"
    ERASE = "erase"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, after authentication."""

    actor_id: str
    """Such as "operator:17"; appears in the record's facts, so it names a post, not a private person."""
    role: Role
    device_id: str
    """The device the key belongs to, or "" for people."""


@dataclass(frozen=True, slots=True)
class ApiKeyRecord:
    """A stored API key: its SHA-256, never the key."""

    key_id: str
    sha256: bytes
    """32 bytes."""
    actor: Actor
    created_at: Instant


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled capture device. Signing shows *which* device sent a body; it does not stop a virtual camera."""

    device_id: str
    public_key: bytes
    """32 bytes, Ed25519."""
    checkpoints: tuple[str, ...]
    """Where it stands; captures for other checkpoints are refused."""
    partner: str
    """Who runs it, such as an airline; "" for the controller itself."""
    enrolled_at: Instant
    revoked: bool


@dataclass(frozen=True, slots=True)
class Training:
    """That somebody learnt to work here, and until when that holds."""

    actor_id: str
    course: str
    completed_at: Instant
    valid_until: Instant
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that runs capture devices, such as an airline, bound to keep and reuse no photograph (CBP-20)."""

    partner_id: str
    name: str
    contact: str
    obligation: str
    """Where the signed obligation is filed: a reference."""
    obliged_at: Instant
    audit_every_days: int


@dataclass(frozen=True, slots=True)
class PartnerAudit:
    """One audit of a partner's promise to store nothing."""

    partner_id: str
    at: Instant
    by: str
    passed: bool
    reference: str
    """Where its report is filed."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A partner with its devices and audits, for the ledger."""

    partner: Partner
    devices: tuple[str, ...]
    audits: tuple[PartnerAudit, ...]
    """Oldest first."""
    due_at: Instant
    """When the next audit is due."""
    overdue: bool
