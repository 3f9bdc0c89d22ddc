"""One passage of one person: the token, its attempts, and the reply that carries its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.authority import Eligibility, Mode
from countenance.terms.decision import NextStep, Outcome, Rule
from countenance.terms.monitoring import UNSTATED, Stated
from countenance.terms.passport import ChipFile
from countenance.terms.record import Receipt
from countenance.terms.time import Instant


class EncounterState(StrEnum):
    """Where an encounter stands. Only OPEN accepts a frame."""

    OPEN = "open"
    DECIDED = "decided"
    OPTED_OUT = "opted_out"
    CLEARED = "cleared"
    """An ordinary check by hand is done, and the person has gone on."""


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What an operator or device says before the camera may be used."""

    checkpoint_id: str
    eligibility: Eligibility
    gallery_id: str
    """The closed gallery to search (identify), or "" (verify)."""
    claim: str
    """The controller's pseudonym for whom the person claims to be, or "" when nobody is claimed."""
    stated: Stated = UNSTATED
    """For aggregates alone; never stored."""
    zone: str = ""
    """A document's machine-readable zone from which the claim is made in place of ``claim``, or ""; never stored."""


@dataclass(frozen=True, slots=True)
class Encounter:
    """An opened encounter as stored. The token itself is stored only as SHA-256."""

    encounter_id: str
    token_sha256: bytes
    checkpoint_id: str
    charter: str
    mode: Mode
    gallery_id: str
    claim: str
    eligibility: Eligibility
    opened_by: str
    opened_at: Instant
    expires_at: Instant
    state: EncounterState
    attempts_used: int


@dataclass(frozen=True, slots=True)
class Papers:
    """What was read from a travel document in place of its portrait; nothing of it is believed yet."""

    zone: str
    """The machine-readable zone as text, "" where only the chip was read."""
    chip: Mapping[ChipFile, bytes]
    """The chip's files, empty where only the zone was read."""

    def __bool__(self) -> bool:
        """Return whether anything was read."""
        return bool(self.zone or self.chip)


NO_PAPERS = Papers("", {})
"""Nothing was read: the portrait itself was sent, or a gallery is searched."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Frames a device sends under a token, signed."""

    token: str
    attempt: int
    """1, 2 or 3."""
    device_id: str
    signature: bytes
    """Ed25519 by the device over ``access.devices.signed_message(token, attempt, body_sha256)``; 64 bytes."""
    body_sha256: bytes
    """SHA-256 of the request body exactly as sent; 32 bytes."""
    live: bytes
    """The live photograph's file."""
    portrait: bytes
    """The document's portrait file (verify), or b"" (identify, or where papers stand in its place)."""
    papers: Papers = NO_PAPERS
    """What was read from the document, for the reference to be found by (verify)."""


class ReferenceFrom(StrEnum):
    """Where the reference of an attempt came from."""

    SENT = "sent"
    """It was sent beside the live photograph."""
    SOURCE = "source"
    """The site's portraits had it under the document's number."""
    PAST_ENCOUNTER = "past_encounter"
    """An earlier encounter under the same charter, cleared by a human."""
    DOCUMENT = "document"
    """The portrait in the document's chip, whose chain held."""
    GALLERY = "gallery"
    """A closed gallery was searched (identify)."""
    NONE = "none"
    """None was looked for or there was none, so nothing was compared."""


@dataclass(frozen=True, slots=True)
class StageTime:
    """What one stage of an answer took."""

    stage: str
    millis: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered; it cannot be built without the receipt of what was recorded. Holds no score."""

    encounter_id: str
    outcome: Outcome
    reason: str
    """Stable code, "" for a plain match or no-match."""
    advice: str
    """One sentence for the person or officer, "" when there is nothing to do."""
    next_step: NextStep
    attempts_left: int
    reference_id: str
    """Whom an identification matched, for operators; "" otherwise and always "" towards devices."""
    rules: tuple[Rule, ...]
    operating_point: str
    """The operating point's SHA-256, "" where none was used. Not its label: that names an error rate (invariant 4)."""
    receipt: Receipt
    millis: tuple[StageTime, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """An encounter that may be captured: its token (shown once) and the notice the person must have seen."""

    token: str
    encounter_id: str
    expires_at: Instant
    may_refuse: bool
    notice_id: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Attempt:
    """A stored answer to one attempt, for identical resends."""

    encounter_id: str
    number: int
    body_sha256: bytes
    device_id: str
    reply_item: str
    """Vault item holding the reply's JSON exactly as it was sent."""
