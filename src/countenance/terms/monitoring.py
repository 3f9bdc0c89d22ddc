"""What is counted while a site runs: people presented, ways they went, waits, signals. Nothing about a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.time import Instant

DAY_MS = 86_400_000
"""Milliseconds of a day; counts belong to days in UTC."""


class Sex(StrEnum):
    """What a document states, in its own words (ICAO 9303-4, 4.2.2.2); never guessed (invariant 12)."""

    FEMALE = "female"
    MALE = "male"
    UNSPECIFIED = "unspecified"
    """The document says X or ``<``."""
    UNSTATED = "unstated"
    """Nobody read it from a document."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What the document states besides age. Used for aggregates alone: it is never stored, and no decision sees it."""

    sex: Sex
    issuing_state: str
    """The document's issuing state as ICAO 9303-3 writes it, one to three capital letters; "" when unstated."""


UNSTATED = Stated(Sex.UNSTATED, "")
"""Nothing was read from a document."""


class TallySource(StrEnum):
    """Who counted the people presented; attempts are never among them (CBP-8)."""

    BOARDING_COUNT = "boarding-count"
    """The carrier's own count of who boarded; it goes before an officer's."""
    OFFICER_TALLY = "officer-tally"


class ClearanceReason(StrEnum):
    """Why a person was cleared by hand (CBP-9, CBP-10); ``OTHER`` needs words."""

    CAMERA_OUTAGE = "camera-outage"
    WRONG_CONFIGURATION = "wrong-configuration"
    NETWORK_OUTAGE = "network-outage"
    SERVICE_OUTAGE = "service-outage"
    LIGHTING = "lighting"
    SKIPPED_FAMILY = "skipped-family"
    SKIPPED_WHEELCHAIR_USER = "skipped-wheelchair-user"
    SKIPPED_OTHER = "skipped-other"
    """Staff let somebody pass without the camera, for no reason listed here."""
    STAFFING = "staffing"
    SHORT_BOARDING = "short-boarding"
    NO_GALLERY = "no-gallery"
    """There was no gallery, or it was staged too late."""
    NO_REFERENCE = "no-reference"
    """The person's photograph in the gallery or document was missing or poor."""
    REFUSED = "refused"
    """After an opt-out: the ordinary check is done."""
    ANSWERED = "answered"
    """After an answer other than a match: an officer has looked, the person goes on."""
    OTHER = "other"


AFTER_AN_ANSWER = frozenset({ClearanceReason.REFUSED, ClearanceReason.ANSWERED})
"""Reasons that end a wait and explain no gap: those people are counted by how their encounter ended."""


class Ended(StrEnum):
    """How a person's passage ended; the failure classes are NISTIR 8381's (N-4)."""

    MATCHED = "matched"
    MATCHING = "matching"
    """Captured and compared, and not matched."""
    REFERENCE = "reference"
    """Captured, and the document's portrait or the gallery could not be used ("gallery creation")."""
    CAPTURE = "capture"
    """No usable photograph; a face that was not found counts here (N-5)."""
    ATTACK_DETECTION = "attack-detection"
    UNAVAILABLE = "unavailable"
    """A part of the service, or its authority, was not there."""
    OPTED_OUT = "opted-out"
    EXEMPT = "exempt"
    """Nobody of this age may be compared; answered before any camera."""


CAPTURED = frozenset({Ended.MATCHED, Ended.MATCHING, Ended.REFERENCE})
"""The endings in which a usable live photograph was there."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people were presented at a checkpoint on a day, counted by somebody who saw them."""

    checkpoint_id: str
    day: int
    """Days since 1970-01-01, UTC."""
    presented: int
    exempt: int
    """Of these, people whom the charter excludes and for whom no encounter was opened (small children)."""
    source: TallySource
    replaces: bool
    """True: it corrects all earlier ones of this day, checkpoint and source; False: it is added to them."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """People who went on after an ordinary check by hand."""

    checkpoint_id: str
    reason: ClearanceReason
    people: int
    encounter_id: str
    """The one encounter that it ends, for one person; or "" when none was opened."""
    words: str
    """For ``OTHER``; kept in the record's personal part alone. "" otherwise."""


@dataclass(frozen=True, slots=True)
class Count:
    """One cell of the aggregates and how much is added to it."""

    kind: str
    cell: str
    number: int


@dataclass(frozen=True, slots=True)
class Counted:
    """One stored cell."""

    day: int
    checkpoint_id: str
    kind: str
    cell: str
    number: int


class Monitor(StrEnum):
    """What can raise a signal."""

    MATCH_RATE = "match-rate"
    IMPOSTOR_TAIL = "impostor-tail"
    REFUSAL_WAIT = "refusal-wait"


@dataclass(frozen=True, slots=True)
class Signal:
    """A test's alarm: look here. It says nothing about any person."""

    at: Instant
    checkpoint_id: str
    monitor: Monitor
    detail: str
    """One sentence with the test's numbers."""


@dataclass(frozen=True, slots=True)
class PublicRun:
    """Consecutive days of one series whose count is, or will be, told to the public as one number."""

    checkpoint_id: str
    """"" for the site as a whole."""
    kind: str
    since: int
    """First day, days since 1970, UTC."""
    until: int
    """Last day counted in; ``since - 1`` before the first."""
    number: int
    closed: bool
    """Told; it never changes again. False: kept in, and growing."""
