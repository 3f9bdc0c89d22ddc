"""A document is asked for, and one reference is found: what was read from it leads to a portrait, or to a human.

The order is the promise: the site's own portraits first, then what it keeps of earlier encounters where the charter
says that it may, then the portrait in the document, which is a reference only if the chip's chain held. Nothing of a
document is kept here, and no frame of a camera is decoded; the decoder of a chip's portrait is a process of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from countenance.decision import (
    admit_age,
    admit_reference,
    chip_not_authentic,
    document_expired,
    no_csca_store,
    no_reference,
    other_chip,
    reference_unavailable,
)
from countenance.documents import CscaStore, check_chip, read_mrz
from countenance.errors import CharterError, DocumentError, EncounterError
from countenance.procedures.events import age_at
from countenance.terms import (
    ChipAuthentic,
    ChipData,
    ChipFile,
    ChipNotAuthentic,
    Encounter,
    Instant,
    NotCompared,
    OpenRequest,
    Papers,
    ReferenceFrom,
    utc_day,
)
from countenance.terms.documents import UNKNOWN_DATE, MachineReadableZone, TravelDocument, Traveller, TravellerKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countenance.ports import PortraitSource
    from countenance.procedures.lanes import Lane
    from countenance.terms.staging import SourcePortrait

FROM_DOCUMENT = "d-"
"""How a claim begins that was made from a travel document; 64 hexadecimal digits follow."""
_FROM_DOCUMENT = re.compile(FROM_DOCUMENT + "[0-9a-f]{64}")


def from_document(claim: str) -> bool:
    """Return whether a claim was made from a travel document."""
    return _FROM_DOCUMENT.fullmatch(claim) is not None


@dataclass(frozen=True, slots=True)
class Found:
    """The one reference."""

    image: bytes
    """A photograph's file."""
    reference_from: ReferenceFrom


@dataclass(frozen=True, slots=True)
class Querying:
    """Whom a query asks, chosen by ``bootstrap``."""

    store: Callable[[Instant], CscaStore | None]
    """The site's CSCA certificates as of a time, None where it has none that can be used."""
    portraits: PortraitSource
    """The site's portraits of expected people."""
    past: Callable[[str, Instant], PortraitSource]
    """What the site keeps of encounters under the charter of this id, as of a time."""
    claim: Callable[[str, str, str], str]
    """The claim that a document makes, from the charter's id, the issuing state and the number."""

    def claimed(self, request: OpenRequest, lane: Lane, now: Instant) -> tuple[OpenRequest, NotCompared | None]:
        """Return the request with its claim made from the zone that it names, and why nobody may be compared for it.

        The age is the document's too, where the zone states a year of birth: whatever was stated beside it.

        Raises:
            DocumentError: the zone cannot be read (``document.mrz_…``).
            EncounterError: ``encounter.two_claims``.
        """
        if not request.zone:
            return request, None
        if request.claim:
            raise EncounterError(
                "encounter.two_claims", "The encounter has a claim and a document.",
                remedy="Send either 'claim' or 'mrz'; nothing was opened.",
            )  # fmt: skip
        zone = _zone(request.zone, now)
        claim = self.claim(lane.charter.charter_id, zone.issuing_state, zone.document_number)
        age = age_at(zone.birth_date, now)
        person = request.eligibility if age < 0 else replace(request.eligibility, age=age)
        return replace(request, claim=claim, zone="", eligibility=person), _expired(zone, now)

    def reference(self, papers: Papers, encounter: Encounter, lane: Lane, now: Instant) -> Found | NotCompared:
        """Find the one reference for a document, or say why there is none.

        (1) the zone is read; (2) a chip that was sent is checked against the site's certificates (Doc 9303-11 5.1),
        and the first broken step is told; (3) zone and chip are of one document, the one that the encounter was
        opened for where its claim came from a document, it has not expired, and its holder's age lies in the
        evidence; (4) the site's portraits are asked: the youngest is the reference, if its age lies in the evidence;
        (5) photographs of earlier encounters, where the charter allows it; (6) the portrait in the chip; (7) else
        there is none, and a human looks.

        Raises:
            DocumentError: the zone cannot be read (``document.mrz_…``).
            EncounterError: ``encounter.other_document``.
        """
        page = _zone(papers.zone, now) if papers.zone else None  # (1)
        self._check_claim(page, encounter, lane)
        chip = self._chip(papers.chip, now) if papers.chip else None  # (2)
        if isinstance(chip, NotCompared):
            return chip
        zone = page if chip is None else _zone("\n".join(chip.mrz), now)  # (3)
        assert zone is not None  # noqa: S101 - papers hold a zone or a chip
        if page is not None and not _same(page, zone):
            return other_chip()
        self._check_claim(zone, encounter, lane)
        if refused := _expired(zone, now) or _of_age(zone, lane, now):
            return refused
        inside = Found(chip.portrait.image, ReferenceFrom.DOCUMENT) if chip is not None else None
        kept, failed = self._kept(zone, encounter, lane, now)  # (4) (5)
        return kept or inside or (reference_unavailable() if failed else no_reference())  # (6) (7)

    def past_portraits(self, lane: Lane, now: Instant) -> PortraitSource:
        """Return the photographs kept of earlier encounters under the lane's charter, to stage a gallery from.

        Raises:
            CharterError: ``charter.no_past_encounters``.
        """
        if not lane.charter.past_encounters:
            raise CharterError(
                "charter.no_past_encounters",
                f"The charter at {lane.checkpoint.checkpoint_id!r} allows no photographs of the past.",
                remedy="Stage other portraits, or have a charter reviewed that states past_encounters: true.",
            )
        return self.past(lane.charter.charter_id, now)

    def _check_claim(self, zone: MachineReadableZone | None, encounter: Encounter, lane: Lane) -> None:
        if zone is None or not from_document(encounter.claim):
            return
        if encounter.claim != self.claim(lane.charter.charter_id, zone.issuing_state, zone.document_number):
            raise EncounterError(
                "encounter.other_document", "The encounter was opened for another document than this one.",
                remedy="Open an encounter for this document; nothing was decoded.",
            )  # fmt: skip

    def _chip(self, files: Mapping[ChipFile, bytes], now: Instant) -> ChipAuthentic | NotCompared:
        store = self.store(now)
        if store is None:
            return no_csca_store()
        check = check_chip(ChipData(files), store, at=now)
        return chip_not_authentic(check.broken[0]) if isinstance(check, ChipNotAuthentic) else check

    def _kept(
        self, zone: MachineReadableZone, encounter: Encounter, lane: Lane, now: Instant
    ) -> tuple[Found | NotCompared | None, bool]:
        """Return the reference that is kept elsewhere, None where none is, or why it may not be used.

        And whether somebody who was asked could not answer: the next is asked then as where nobody has a portrait.
        """
        traveller, failed = _traveller(zone), False
        asked = [(ReferenceFrom.SOURCE, self.portraits)]
        if lane.charter.past_encounters:
            asked.append((ReferenceFrom.PAST_ENCOUNTER, self.past(lane.charter.charter_id, now)))
        for where, source in asked:
            try:
                portraits = [one for one in source.of(traveller) if one.image]
            except (DocumentError, OSError):
                failed = True
                continue
            if portraits:
                return _admitted(_youngest(portraits), where, encounter, lane), failed
        return None, failed


def _admitted(portrait: SourcePortrait, where: ReferenceFrom, encounter: Encounter, lane: Lane) -> Found | NotCompared:
    """Return a portrait as the reference if its age lies in the evidence."""
    stated = encounter.eligibility
    years = stated.reference_years if portrait.reference_years < 0 else portrait.reference_years
    outside = admit_reference(lane.point, age=stated.age, reference_years=years)
    return outside or Found(portrait.image, where)


def _zone(text: str, now: Instant) -> MachineReadableZone:
    return read_mrz(text, today=utc_day(now))


def _expired(zone: MachineReadableZone, now: Instant) -> NotCompared | None:
    """Return that a document's last day has passed, in UTC; of a date in parts the latest day counts."""
    return document_expired() if zone.expiry_date.passed(utc_day(now)) else None


def _of_age(zone: MachineReadableZone, lane: Lane, now: Instant) -> NotCompared | None:
    """Return why nobody as old as the document's holder may be compared, whatever age was stated at opening."""
    age = age_at(zone.birth_date, now)
    return None if age < 0 else admit_age(lane.point, age)


def _same(page: MachineReadableZone, chip: MachineReadableZone) -> bool:
    """Return whether both zones are of one document: issuer, number, and the dates that are checked with it."""
    return (page.issuing_state, page.document_number, page.birth_date, page.expiry_date) == (
        chip.issuing_state, chip.document_number, chip.birth_date, chip.expiry_date,
    )  # fmt: skip


def _traveller(zone: MachineReadableZone) -> Traveller:
    """Return whom portraits are asked for: a document and no name, because a source needs none."""
    document = TravelDocument(zone.document_code, zone.document_number, zone.issuing_state, zone.expiry_date)
    return Traveller(TravellerKind.PASSENGER, "", "", UNKNOWN_DATE, "", "", "", (document,), 1)


def _youngest(portraits: Sequence[SourcePortrait]) -> SourcePortrait:
    """Return the youngest portrait; of unknown age is older than any, and of the same age the first counts."""
    return min(portraits, key=lambda one: (one.reference_years < 0, one.reference_years))
