"""What follows an answer that is no match: a referral, its steps, what the person is given, who is told, what stops."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.access import Role
from countenance.terms.time import Instant


class CaseState(StrEnum):
    """Where a referred person stands. Only ``ADVERSE`` is a finding, and never on a face alone (W-5)."""

    WAITING = "waiting"
    """The officer at the checkpoint looks."""
    SECONDARY = "secondary"
    """A second inspection by somebody else; the officer at the checkpoint may not end it (CBP-21)."""
    CLEARED = "cleared"
    """The person went on."""
    ADVERSE = "adverse"
    """A named human decided against the person, on a fact that has nothing to do with looks."""
    LAPSED = "lapsed"
    """Nobody decided before the clock ran out. It says nothing about the person."""
    CONTESTED = "contested"
    """The person objects; what is kept of the encounter is frozen until somebody else has reviewed it."""
    UPHELD = "upheld"
    CORRECTED = "corrected"


class CaseEvent(StrEnum):
    """What people do with a referral."""

    CLEAR = "clear"
    SEND_ON = "send_on"
    """From the officer to secondary inspection."""
    FIND = "find"
    """Decide against the person."""
    CONTEST = "contest"
    UPHOLD = "uphold"
    CORRECT = "correct"


class SecondFact(StrEnum):
    """Facts besides a face, each independent of appearance; one at least must carry an adverse outcome (W-5)."""

    DOCUMENT_FAULT = "document_fault"
    """The document itself: forged, altered, revoked, somebody else's by its own security features."""
    STATEMENT = "statement"
    """What the person said."""
    BIOGRAPHIC_MISMATCH = "biographic_mismatch"
    """Name, date of birth or number differ between document and booking or register."""
    INDEPENDENT_RECORD = "independent_record"
    """A record that was made without this comparison."""


class OfficerReason(StrEnum):
    """Why an officer refers somebody whatever the comparison said; a computer's match never binds an officer."""

    DOCUMENT_FAULT = "document_fault"
    STATEMENT = "statement"
    BIOGRAPHIC_MISMATCH = "biographic_mismatch"
    INDEPENDENT_RECORD = "independent_record"
    OFFICERS_JUDGEMENT = "officers_judgement"


class Compared(StrEnum):
    """What a referred person's photograph was compared with."""

    PORTRAIT = "portrait"
    GALLERY = "gallery"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Referral:
    """How a case begins; never changed. Says nothing about the person: photographs lie in the vault."""

    referral_id: str
    """Random, 32 hex digits: the reference on the person's redress receipt."""
    encounter_id: str
    checkpoint_id: str
    charter: str
    """SHA-256 of the charter it happened under."""
    reason: str
    """Stable code: why a human looks."""
    compared: Compared
    begins: CaseState
    """``WAITING`` or ``SECONDARY``."""
    opened_by: str
    """Who opened the encounter; somebody else decides in secondary inspection."""
    opened_at: Instant
    expires_at: Instant
    """When its photographs are gone, and with them the wait; a contest stops this clock."""
    contest_by: Instant
    """Until when the person may contest."""
    probe_item: str
    """Vault item holding the live photograph, or "" when none was kept."""
    reference_item: str
    """Vault item holding the document's portrait, or ""."""
    entry: str
    """Commitment (hex) of the entry in the record that referred the person."""
    referred_by: str
    """Who referred, or sent the photographs that were compared; somebody else decides in secondary inspection."""
    earlier: str
    """The same person's referral that was still in secondary inspection then, or ""."""


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One thing that somebody did with a referral."""

    referral_id: str
    number: int
    """1, 2, …: a case's history."""
    event: CaseEvent
    state: CaseState
    """Where the case stands from then on."""
    by: str
    role: Role
    at: Instant
    second_facts: tuple[SecondFact, ...]
    until: Instant
    """A contest's clock: review is due, and the freeze ends; 0 with other events."""
    entry: str
    """Commitment (hex) of its entry in the record; words and the named person are in its personal part alone."""


@dataclass(frozen=True, slots=True)
class Case:
    """A referral with everything that was done with it."""

    referral: Referral
    steps: tuple[CaseStep, ...]


@dataclass(frozen=True, slots=True)
class Redress:
    """What a referred person is given: which comparison, under which charter, where to contest. No score, no name."""

    language: str
    """Of the sentences here; what the charter says is told as it stands there."""
    reference: str
    at: Instant
    place: str
    checkpoint: str
    purpose: str
    charter_id: str
    charter: str
    """SHA-256 of the charter it happened under."""
    legal_basis: str
    controller: str
    contact: str
    """Where to contest."""
    compared: str
    """One sentence."""
    why: str
    """One sentence."""
    standing: str
    """One sentence: where the matter stands."""
    kept_until: Instant
    contest_by: Instant
    entry: str
    """Commitment (hex) in the public log."""


class Telling(StrEnum):
    """Why a supervisor, or a charter's contact, is told something."""

    NO_MATCH = "no_match"
    CAME_BACK = "came_back"
    """A new encounter while an earlier referral of the same person is still in secondary inspection."""
    OVERRIDE_REFUSED = "override_refused"
    CONTESTED = "contested"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Notification:
    """Something that a named human must see; nothing about the person but the referral's reference."""

    notification_id: str
    at: Instant
    telling: Telling
    checkpoint_id: str
    about: str
    """A referral's or a charter's id."""
    contact: str
    """Whom else to tell outside this system, or ""."""
    seen_by: str
    """Who acknowledged it, or "" while nobody has."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """A charter whose limit acted: nothing is compared under it until a named supervisor resumes it (W-9)."""

    charter_id: str
    """By its name, so that another file of the same charter does not lift it."""
    checkpoint_id: str
    """Where the limit was passed."""
    at: Instant
    detail: str
    """One sentence."""
    charter: str
    """SHA-256 of the text under which it acted."""
