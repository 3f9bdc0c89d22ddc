"""What may be done, where, why, until when: the charter in force, read from a file and frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    biometric: bool
    """False: an ordinary lane for whoever does not want a camera; frames from there are dropped (CBP-18)."""


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


UNKNOWN = "unknown"
"""The person class of whoever did not say, or whose class no rule knows: may refuse, and gets the shortest clocks."""
EVERYONE = "everyone"
"""In a charter's eligibility: every class that the charter names elsewhere and has no rule of its own, and whoever is
stated to be of this class because no other is asked for. Never a class that the charter names nowhere."""


@dataclass(frozen=True, slots=True)
class ClassRule:
    """What holds for one class of person: whether they may refuse, and who must not be photographed at all."""

    person_class: str
    may_refuse: bool
    exempt_under: int
    """People younger than this, in completed years, must not be photographed; 0 = no such limit."""
    exempt_over: int
    """People older than this, in completed years, must not be photographed; -1 = no such limit."""

    def exempts(self, age: int) -> bool:
        """Return whether somebody of this age, in completed years, must not be photographed; -1 (unknown) is not."""
        return 0 <= age < self.exempt_under or 0 <= self.exempt_over < age


@dataclass(frozen=True, slots=True)
class EligibilityRules:
    """Who may refuse and who must not be photographed, from one date on (CBP-30)."""

    valid_from: Instant
    source: str
    """The law that says so."""
    classes: tuple[ClassRule, ...]


@dataclass(frozen=True, slots=True)
class ClassRetention:
    """Clocks of one person class where they differ from the charter's own (CBP-14, CBP-15)."""

    person_class: str
    retention: tuple[Retention, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """The review without which nothing starts (W-10): where it lies, when it was signed, and by whom."""

    reference: str
    signed_on: str
    """A day, such as "2026-11-20"."""
    privacy: str
    civil_rights: str
    technology: str
    """Names or posts; ``nobody`` is accepted from trials only."""

    @property
    def complete(self) -> bool:
        """Whether somebody signed for each of the three."""
        return NOBODY not in {name.strip().casefold() for name in (self.privacy, self.civil_rights, self.technology)}


NOBODY = "nobody"
"""What a trial states where nobody signed."""


@dataclass(frozen=True, slots=True)
class NoticeCheck:
    """Somebody saw the notice where people see it: readable, whole, current (CBP-19)."""

    checkpoint_id: str
    notices: tuple[str, ...]
    """SHA-256 of each text that hung there, sorted."""
    checked_at: Instant
    by: str
    """A post, not a private person."""
    photograph: str
    """SHA-256 of a photograph of the sign, or ""."""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What was established about the person before the camera, as the record's facts will state it."""

    person_class: str
    """A class that the charter names, such as "citizen"; any other is entitled to refuse."""
    age: int
    """Completed years from the document, or -1 when unknown. Kept in the personal part only."""
    reference_years: int
    """Completed years since the document's portrait was taken (its date of issue), or -1 when unknown. A verification's
    only: the references of a gallery were looked at when they were enrolled."""
    refusal_offered: bool
    """Whether the person was told that they may refuse. True for whoever may, and for nobody else."""


@dataclass(frozen=True, slots=True)
class Charter:
    """A published charter, validated. Its hash is in every entry."""

    sha256: str
    """Of the file's bytes."""
    charter_id: str
    version: int
    """1, 2, 3 …: a charter whose text changed has a higher one."""
    profile: str
    trial: bool
    """Trial charters alone accept operating points with unmeasured bounds or extrapolated galleries."""
    setting: str
    """The kind of place: ``checkpoint``, ``workplace``, ``venue`` or ``public-space``."""
    jurisdiction: str
    """Whose conditions apply, such as "au-sa"."""
    use: str
    """What the comparison is for, in one word of the schema; any other use needs another charter."""
    forbidden_uses: tuple[str, ...]
    conditions: tuple[str, ...]
    """The jurisdiction's conditions that the controller ticked."""
    purpose: str
    legal_basis: str
    controller: str
    contact: str
    place: str
    public_page: str
    """Where the public reads this charter; the printed notice's QR code leads there."""
    checkpoints: tuple[Checkpoint, ...]
    mode: Mode
    attended: bool
    """False refuses to start without a presentation attack detector (CBP-29)."""
    capture_class: str
    """How photographs are taken, in the evidence envelope's words, such as "portrait"."""
    eligibility: tuple[EligibilityRules, ...]
    """In order of their dates; the first holds from before the charter begins."""
    retention: tuple[Retention, ...]
    class_retention: tuple[ClassRetention, ...]
    operating_point: str
    """SHA-256 of the operating point file it decides with."""
    weights: str
    """SHA-256 name of the weights it allows."""
    max_gallery_size: int
    notices: tuple[Notice, ...]
    notice_check_days: int
    """How old the last look at the posted notice may be when a service starts."""
    encounter_seconds: int
    """How long an encounter token lives."""
    valid_from: Instant
    valid_until: Instant
    review: Review
    refusal_wait_limit_seconds: int = 60
    """By how much the median wait of people who refuse may exceed the others' before a signal is raised."""
    referral_limit_per_thousand: int = 100
    """Of 1,000 people compared, how many may be referred; more suspends the charter (W-9)."""
    legal_duty: bool = False
    """Whether the check is a legal duty: suspended, it goes on by staff alone instead of being refused."""
    contest_days: int = 30
    """How long a referred person may contest; a contest is reviewed, and what is kept frozen, within as many days."""
    event_margin_minutes: int = 30
    """How long a gallery outlives the event of its manifest; never beyond its references' clock."""
    past_encounters: bool = False
    """Whether photographs kept of earlier encounters under this charter may serve as references."""

    def in_force(self, now: Instant) -> bool:
        """Return whether ``now`` lies in [valid_from, valid_until)."""
        return self.valid_from <= now < self.valid_until

    def seconds_kept(self, retention_class: str) -> int:
        """Return the class's clock in seconds; an unknown class gets the shortest one."""
        clocks = {item.retention_class: item.seconds for item in self.retention}
        return clocks.get(retention_class, min(clocks.values(), default=0))

    @property
    def classes(self) -> frozenset[str]:
        """Every class of people that the charter names, on whatever date; any other is a typing error, or unknown."""
        ruled = {rule.person_class for rules in self.eligibility for rule in rules.classes}
        return frozenset(ruled | {item.person_class for item in self.class_retention})

    def for_class(self, person_class: str) -> Charter:
        """Return this charter with the clocks of one person class; a class it does not know gets each shortest one."""
        known = {item.person_class: item.retention for item in self.class_retention}
        if person_class in known:
            asked = [*known[person_class]]
        elif person_class in self.classes - {UNKNOWN, EVERYONE} or not known:
            return self
        else:
            asked = [item for clocks in known.values() for item in clocks] + [*self.retention]
        clocks = {item.retention_class: item.seconds for item in self.retention}
        for name in {item.retention_class for item in asked}:
            clocks[name] = min(item.seconds for item in asked if item.retention_class == name)
        return replace(self, retention=tuple(Retention(name, clocks[name]) for name in sorted(clocks)))


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
    """One id, or several with a space between them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that was asked in an explanation, in order, and whether it lets the action pass."""

    rule_id: str
    sentence: str
    passes: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something is or would be allowed or denied, on one date, with every rule that was asked."""

    actor: Actor
    action: Action
    checkpoint_id: str
    at: Instant
    charter: str
    """SHA-256 of the charter that governs the checkpoint then, or ""."""
    findings: tuple[Finding, ...]

    @property
    def allowed(self) -> bool:
        """Whether every rule lets it pass; false where no rule was asked."""
        return bool(self.findings) and all(item.passes for item in self.findings)
