"""A manifest that becomes a gallery: who is expected, whose portrait is needed, who is aboard; numbers, never names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.documents import ManifestFinding
from countenance.terms.gallery import EnrolmentVerdict
from countenance.terms.time import Instant


class Moment(StrEnum):
    """What ends the event: the carrier leaves (a gate), or it arrives (a border behind it)."""

    DEPARTURE = "departure"
    ARRIVAL = "arrival"


class Listed(StrEnum):
    """What a file lists of a movement's people."""

    WHOLE = "whole"
    """Everybody: who is on the roll and not in the file is gone."""
    ADDITIONS = "additions"
    """Late ones alone, beside those on the roll."""
    REMOVALS = "removals"
    """Those alone who do not come."""


class PortraitsFrom(StrEnum):
    """Which portraits of its own a site stages a manifest with."""

    SITE = "site"
    """Those of its setting ``portraits``: a folder or a service."""
    PAST = "past"
    """Those it keeps of earlier encounters under the same charter."""


@dataclass(frozen=True, slots=True)
class EventTerms:
    """How a manifest's movement becomes one checkpoint's event."""

    zone: str = "UTC"
    """The port's zone, such as "Australia/Adelaide" or "+10:30": a manifest states none."""
    moment: Moment = Moment.DEPARTURE
    port: str = ""
    """Where the checkpoint stands; those who embark (at arrival: debark) elsewhere are not expected. "": everybody."""
    listed: Listed = Listed.WHOLE


class TravellerState(StrEnum):
    """Where one traveller's reference stands."""

    WANTED = "wanted"
    """No portrait was offered yet."""
    EXCLUDED = "excluded"
    """Outside the operating point's evidence by age: no portrait is asked for."""
    POOR = "poor"
    """Portraits were offered and none was usable."""
    STAGED = "staged"
    """At least one reference is in the gallery; seen from the gallery, never written on its roll."""


@dataclass(frozen=True, slots=True)
class RollEntry:
    """One traveller on a gallery's roll, sealed in the vault until the gallery goes."""

    person_id: str
    """Pseudonym: a keyed hash of the travel document, another one in every gallery."""
    number: int
    """Place among the people of the whole manifest, from 1; late additions come after them."""
    age: int
    """Completed years on the day of the event, -1 when unknown."""
    document: str
    """Kind of the document that names the person, "" where there is none."""
    state: TravellerState
    """Never ``STAGED``: who has a reference is seen from the gallery."""
    reason: str
    """Stable code of why excluded or poor, else ""."""
    papers: tuple[str, ...]
    """Hashes, under the gallery's key, of the claims that the traveller's documents make; () where these are not all
    told with issuer and number, so that no document can be held against them."""


@dataclass(frozen=True, slots=True)
class Roll:
    """What a gallery knows of its manifest, sealed in the vault until the gallery goes."""

    salt: str
    """32 hex characters: the key of this gallery's pseudonyms."""
    movement: str
    """Flight, ports and list; a re-issued manifest must have the same."""
    manifest: str
    """SHA-256 of the file staged last."""
    alike: tuple[tuple[str, str], ...]
    """Pairs of people whose references match each other."""
    comparing: bool
    """Whether references may be there that were never compared with the others: portraits come, or were interrupted."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What a manifest changed, and whose portraits are needed now."""

    gallery_id: str
    movement: str
    closes_at: Instant
    expected: int
    """People on the roll now."""
    added: int
    removed: int
    excluded: int
    wanted: tuple[int, ...]
    """Numbers of the travellers without a usable reference, whose portraits are to be offered."""
    offset: int
    """Number of the last traveller before this file's first: 0, but for a file of late additions."""
    findings: tuple[ManifestFinding, ...]


@dataclass(frozen=True, slots=True)
class SourcePortrait:
    """One photograph of a traveller, from wherever references are kept."""

    image: bytes
    """The original file's bytes; discarded as soon as the template exists (CBP-2)."""
    reference_years: int
    """Completed years since it was taken, -1 when unknown."""


@dataclass(frozen=True, slots=True)
class PortraitRow:
    """A portrait offered for a traveller by number; those of one traveller come one after the other."""

    number: int
    portrait: SourcePortrait


@dataclass(frozen=True, slots=True)
class PortraitVerdict:
    """What happened to one portrait, in the order in which they came."""

    row: int
    """1 for the first."""
    number: int
    """The traveller's."""
    verdict: EnrolmentVerdict
    reason: str
    """Stable code for refusals, "" otherwise."""
    advice: str


@dataclass(frozen=True, slots=True)
class TravellerLine:
    """Where one traveller stands."""

    number: int
    document: str
    age_band: str
    """"under 14", "14-25", "26-50", "over 50", "unknown"."""
    state: TravellerState
    reason: str
    references: int
    aboard: bool


@dataclass(frozen=True, slots=True)
class Boarding:
    """Where a staged gallery stands: coverage, who is missing, who is aboard."""

    gallery_id: str
    movement: str
    open: bool
    closes_at: Instant
    travellers: tuple[TravellerLine, ...]
    """By number; empty once the gallery is closed, because the roll went with it."""
    alike: tuple[tuple[int, int], ...]
    """Numbers of travellers whose references match each other: a camera cannot tell them apart."""
