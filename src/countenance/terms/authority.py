"""What may be done, where, why, until when: the charter in force, read from a file and frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.access import Action, Actor
from countenance.terms.time import Instant


class Mode(StrEnum):
    """The three ways of comparing; a charter allows exactly one."""

    VERIFY = "verify"
    IDENTIFY = "identify"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A place where a person already has to stop."""

    checkpoint_id: str
    name: str
    existing_check: str
    """The identity check that exists there anyway (W-3)."""
    notice_id: str


@dataclass(frozen=True, slots=True)
class Notice:
    """The text people read before the camera, in one language, with its hash."""

    notice_id: str
    language: str
    text: str
    sha256: str
    """Lower-case hex SHA-256 of ``text`` in UTF-8; the charter states it and a mismatch refuses to start."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long one class of item may be kept; 0 = gone with the reply."""

    retention_class: str
    """``probe``, ``reference``, ``referred``, ``personal``, ``facts`` or ``reply``."""
    seconds: int


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What was established about the person before the camera, as the record's facts will state it."""

    person_class: str
    """A class the charter's opt-out list knows, such as "citizen"; "unknown" is entitled to refuse."""
    age: int
    """Completed years from the document, or -1 when unknown. Kept in the personal part only."""
    reference_years: int
    """Completed years since the document's portrait was taken (its date of issue), or -1 when unknown. A verification's
    only: the references of a gallery were looked at when they were enrolled."""
    refusal_offered: bool
    """Whether the person was told that they may refuse. Must be true for whoever may."""


@dataclass(frozen=True, slots=True)
class Charter:
    """A published charter, validated. Its hash is in every entry."""

    sha256: str
    """Of the file's bytes."""
    charter_id: str
    profile: str
    trial: bool
    """Trial charters alone accept operating points with unmeasured bounds or extrapolated galleries."""
    purpose: str
    legal_basis: str
    controller: str
    contact: str
    place: str
    checkpoints: tuple[Checkpoint, ...]
    mode: Mode
    attended: bool
    """False refuses to start without a presentation attack detector (CBP-29)."""
    capture_class: str
    """How photographs are taken, in the evidence envelope's words, such as "portrait"."""
    may_opt_out: tuple[str, ...]
    """Person classes that may refuse; "unknown" always may; "everyone" stands for all."""
    retention: tuple[Retention, ...]
    operating_point: str
    """SHA-256 of the operating point file it decides with."""
    weights: str
    """SHA-256 name of the weights it allows."""
    max_gallery_size: int
    notices: tuple[Notice, ...]
    encounter_seconds: int
    """How long an encounter token lives."""
    valid_from: Instant
    valid_until: Instant
    review_reference: str
    refusal_wait_limit_seconds: int = 60
    """By how much the median wait of people who refuse may exceed the others' before a signal is raised."""
    referral_limit_per_thousand: int = 100
    """Of 1,000 people compared, how many may be referred; more suspends the charter (W-9)."""
    legal_duty: bool = False
    """Whether the check is a legal duty: suspended, it goes on by staff alone instead of being refused."""
    contest_days: int = 30
    """How long a referred person may contest; a contest is reviewed, and what is kept frozen, within as many days."""

    def in_force(self, now: Instant) -> bool:
        """Return whether ``now`` lies in [valid_from, valid_until)."""
        return self.valid_from <= now < self.valid_until

    def may_refuse(self, person_class: str) -> bool:
        """Return whether a person of this class may refuse; unknown classes may."""
        known = set(self.may_opt_out)
        return "everyone" in known or person_class in known or person_class == "unknown"

    def seconds_kept(self, retention_class: str) -> int:
        """Return the class's clock in seconds; an unknown class gets the shortest one."""
        clocks = {item.retention_class: item.seconds for item in self.retention}
        return clocks.get(retention_class, min(clocks.values(), default=0))


@dataclass(frozen=True, slots=True)
class PolicyRequest:
    """One question to the policy."""

    actor: Actor
    action: Action
    checkpoint_id: str
    """Where, or "" when the action has no place."""


@dataclass(frozen=True, slots=True)
class PolicyDecision:
    """The policy's answer, with the id of the rule that decided, which goes into the record."""

    allowed: bool
    policy_id: str
