"""What papers say: a machine-readable zone, a passenger manifest, and dates that may be known in part only."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from countenance.terms.monitoring import Sex


@dataclass(frozen=True, slots=True)
class DocumentDate:
    """A calendar day as a document states it: each part may be unknown (ICAO 9303-3, 4.8)."""

    year: int
    """Four digits, 0 where the document does not state it."""
    month: int
    """1 to 12, 0 where the document does not state it."""
    day: int
    """1 to 31, 0 where the document does not state it."""

    @property
    def complete(self) -> bool:
        """Return whether year, month and day are all stated."""
        return bool(self.year and self.month and self.day)

    def passed(self, today: date) -> date | None:
        """Return the latest day that this can mean where ``today`` is after it, else None; without a year none is."""
        if not self.year:
            return None
        month = self.month or 12
        latest = date(self.year, month, self.day or monthrange(self.year, month)[1])
        return latest if latest < today else None

    def __str__(self) -> str:
        """Return "1974-08-12", with X for what is not stated: "1974-XX-XX"."""
        parts = ((self.year, 4), (self.month, 2), (self.day, 2))
        return "-".join(f"{value:0{width}d}" if value else "X" * width for value, width in parts)


UNKNOWN_DATE = DocumentDate(0, 0, 0)
"""No part is stated."""


class MrzFormat(StrEnum):
    """The five sizes of machine-readable zone (ICAO 9303-4 to 9303-7)."""

    TD1 = "TD1"
    """Cards: three lines of 30."""
    TD2 = "TD2"
    """Two lines of 36."""
    TD3 = "TD3"
    """Passports: two lines of 44."""
    MRV_A = "MRV-A"
    """Visas: two lines of 44, no composite check digit."""
    MRV_B = "MRV-B"
    """Visas: two lines of 36, no composite check digit."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One character that was read as another, because its place or a check digit allows nothing else."""

    line: int
    """From 1."""
    column: int
    """From 1."""
    field: str
    """Which field it stands in, such as "document number"."""
    read: str
    """The character that was handed in."""
    taken: str
    """The character that it was taken for."""
    confirmed: bool
    """Whether a check digit covers it; names, codes and sex have none."""


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """Something a reader of the document should know that is no reason to refuse it."""

    code: str
    """A stable word, such as "state_unknown"."""
    sentence: str
    """For the officer; holds no name and no number of the document."""


@dataclass(frozen=True, slots=True)
class MachineReadableZone:
    """A zone whose check digits are all right. What it claims is not proved: only the chip's signature proves."""

    format: MrzFormat
    lines: tuple[str, ...]
    """As taken, repairs included."""
    document_code: str
    """One or two letters, such as "P", "I", "AC", "V"."""
    issuing_state: str
    """ICAO 9303-3, 5: three letters, or "D"."""
    document_number: str
    """Long numbers put together, fillers gone."""
    surname: str
    """The primary identifier, spaces for fillers."""
    given_names: str
    """The secondary identifier, "" where there is none."""
    name_cut: bool
    """Whether the names fill their field to its end, so that they may have been cut."""
    nationality: str
    birth_date: DocumentDate
    sex: Sex
    expiry_date: DocumentDate
    optional: tuple[str, ...]
    """What the issuer put into each optional field, trailing fillers gone."""
    access_information: str
    """Number, birth and expiry with their check digits, as basic access to the chip needs them (9303-11, 4.3.2)."""
    repairs: tuple[Repair, ...]
    findings: tuple[DocumentFinding, ...]


class TravellerKind(StrEnum):
    """What brings a person onto a manifest (UN/EDIFACT 3035)."""

    PASSENGER = "passenger"
    CREW = "crew"
    TRANSIT_PASSENGER = "transit-passenger"
    TRANSIT_CREW = "transit-crew"


@dataclass(frozen=True, slots=True)
class TravelDocument:
    """A document that a manifest names."""

    kind: str
    """As the carrier wrote it: P passport, V visa, I card …"""
    number: str
    issuer: str
    """Issuing state, "" where it is not stated."""
    expiry_date: DocumentDate


@dataclass(frozen=True, slots=True)
class Traveller:
    """One person on a manifest: what staging a gallery needs, and nothing else that the carrier sent."""

    kind: TravellerKind
    surname: str
    given_names: str
    """"" where none is stated."""
    birth_date: DocumentDate
    nationality: str
    """"" where it is not stated."""
    embarks: str
    """Port code, "" where it is not stated."""
    debarks: str
    """Port code, "" where it is not stated."""
    documents: tuple[TravelDocument, ...]
    place: int
    """Where the person stands in the file: number of the segment, row or item, from 1."""


@dataclass(frozen=True, slots=True)
class PortCall:
    """A port, and when a carrier leaves or reaches it."""

    port: str
    """IATA or UN/LOCODE code, "" where it is not stated."""
    local_time: str
    """"2026-11-25T18:40" or "2026-11-25" by the port's own clock (a manifest states no zone); "" where not stated."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One movement from a port to the next."""

    flight: str
    """The flight or voyage as written, such as "AA123"."""
    departure: PortCall
    arrival: PortCall


@dataclass(frozen=True, slots=True)
class ManifestFinding:
    """Something in the manifest that contradicts itself or could not be read, and did not stop the import."""

    code: str
    """A stable word, such as "count"."""
    place: int
    """Number of the segment, row or item, from 1; 0 for the file as a whole."""
    position: int
    """Characters before it in the file, from 1; 0 where the format knows no positions."""
    sentence: str
    """For the operator; holds no name."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was not imported because no gallery needs it, and how often it came."""

    what: str
    """Such as "ATT", "RFF AVF" or "column seat"; never a text that could be a person's name."""
    count: int


class ListScope(StrEnum):
    """Whom a list names, by what its message says of itself."""

    WHOLE = "whole"
    """All of its kind of people on the movement."""
    PART = "part"
    """Some of those who come: late, changed, or counted aboard at the end."""
    LEAVING = "leaving"
    """People who do not come."""
    STATUS = "status"
    """Nobody of itself: it tells of the movement."""
    STANDING = "standing"
    """A carrier's staff, whichever movement they are on."""
    UNKNOWN = "unknown"
    """The message uses a code that is not known."""
    UNSTATED = "unstated"
    """The format has no place to say it (CSV, JSON)."""


@dataclass(frozen=True, slots=True)
class StatedList:
    """What one message says that it lists."""

    kind: str
    """UN/EDIFACT 1001: "passengers", "crew", "status", "master-crew" or "unstated"."""
    word: str
    """UN/EDIFACT 1004 (change, cancel …), "" where there is none, "unknown" where it is none that is known."""
    scope: ListScope


@dataclass(frozen=True, slots=True)
class Manifest:
    """Who is announced for one movement of one carrier."""

    source: str
    """The format it came in: "PAXLST D.05B", "CSV" or "JSON"."""
    lists: tuple[StatedList, ...]
    """What its messages say that they list, each different one once, in order; at least one."""
    carrier: str
    """IATA or ICAO code, "" where it is not stated."""
    legs: tuple[Leg, ...]
    """In the order of travel; at least one."""
    travellers: tuple[Traveller, ...]
    dropped: tuple[Dropped, ...]
    findings: tuple[ManifestFinding, ...]

    @property
    def list_kind(self) -> str:
        """Return the kind of list that all messages agree on, "several" where they do not."""
        kinds = {one.kind for one in self.lists}
        return kinds.pop() if len(kinds) == 1 else "several"

    @property
    def function(self) -> str:
        """Return the sender's word for what to do with it, "" where there is none, "several" where they differ."""
        words = {one.word for one in self.lists}
        return words.pop() if len(words) == 1 else "several"

    @property
    def scopes(self) -> frozenset[ListScope]:
        """Return whom its messages name: more than one where they contradict each other."""
        return frozenset(one.scope for one in self.lists)
