"""A PAXLST message (UN/EDIFACT D.02B, D.05B, D.12B; WCO/IATA/ICAO API guide) becomes a movement and its people.

What a gallery needs is read: carrier, flight, ports, times, and of each person names, birth date, nationality, ports
and documents. All else (sex, seats, bags, bookings, contacts, addresses, places of birth and residence …) is counted
and dropped before anything is built.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from countenance.documents.manifest.edifact import Segment
from countenance.documents.manifest.envelope import Message
from countenance.documents.manifest.notes import Notes
from countenance.documents.manifest.paxlst_walk import LEAVES, REACHES, LegDraft, Person, Walk
from countenance.errors import DocumentError
from countenance.terms.documents import Leg, ListScope, PortCall, StatedList, TravelDocument, Traveller

_RESEND = "Ask the sender for the message again, as it left their system."
_VERSION = re.compile(r"D\.[0-9]{2}[AB]", re.ASCII)
TESTED = ("02B", "05B", "12B")
"""The directories that are promised; their PAXLST agree in what is read here. Others are read too, and found.

Sources: UNTDID's pages up to group 1 (D.05A and D.07B at stedi.com, D.08A and D.14A at edifactory.de); guide 3.0
(2010), table of contents (docslib.org 2740423); guide 6.0 (2016), order of segments, as github.com/adamf/jetway states
it. D.12B's own page could not be read: that it is like D.08A and D.14A is concluded, not verified."""


@dataclass(frozen=True, slots=True)
class Movement:
    """What one message holds."""

    version: str
    listed: StatedList
    carrier: str
    legs: tuple[Leg, ...]
    travellers: tuple[Traveller, ...]


def read_message(message: Message, notes: Notes, *, today: date, already: int) -> Movement:
    """Return what one PAXLST message says; ``already`` people were read before it.

    Raises:
        DocumentError: ``manifest.not_paxlst``, ``manifest.order``, ``.begins_twice``, ``.no_movement``,
            ``.too_many_travellers``.
    """
    header = message.header
    if header.value(2) != "PAXLST":
        raise DocumentError(
            "manifest.not_paxlst",
            f"The {header.where()} begins another message than PAXLST.",
            remedy="Hand in the passenger list; reservations (PNRGOV) and replies (CUSRES) are not read.",
        )
    version = f"{header.value(2, 1)}.{header.value(2, 2)}"
    if not version.startswith("D.") or version[2:] not in TESTED:
        sentence = f"The {header.where()} names a version other than those promised; it was read like them."
        notes.find("version", header.number, header.position, sentence)
    walk = Walk(notes, today, already)
    for segment in message.body:
        walk.read(segment)
    legs = tuple(_leg(draft) for draft in walk.legs)
    if not legs:
        raise DocumentError(
            "manifest.no_movement",
            f"The message that ends with {message.trailer.where()} names no flight or voyage (TDT).",
            remedy=_RESEND,
        )
    _connected(legs, header, notes)
    people = tuple(_traveller(person) for person in walk.people)
    listed = walk.listed or StatedList("unstated", "", ListScope.UNKNOWN)
    return Movement(version if _VERSION.fullmatch(version) else "other", listed, _carrier(walk.legs), legs, people)


def _leg(draft: LegDraft) -> Leg:
    """Return a leg: it begins at the port that is left, ends at the one that is reached."""
    calls = draft.calls
    first = next((call for call in calls if call.function == LEAVES or call.leaves), calls[0] if calls else None)
    last = next((call for call in reversed(calls) if call.function == REACHES or call.reaches), None)
    last = last or (calls[-1] if calls and calls[-1] is not first else None)
    return Leg(
        draft.flight,
        PortCall(first.port, first.leaves) if first else PortCall("", ""),
        PortCall(last.port, last.reaches) if last else PortCall("", ""),
    )


def _connected(legs: tuple[Leg, ...], header: Segment, notes: Notes) -> None:
    """Note legs that do not begin where the one before ends."""
    for number, (before, after) in enumerate(pairwise(legs), 2):
        if before.arrival.port != after.departure.port:
            sentence = f"Leg {number} of the message in {header.where()} does not begin where the one before ends."
            notes.find("legs", header.number, header.position, sentence)


def carrier_of(flight: str) -> str:
    """Return the carrier's code at the beginning of a flight number ("QQ827", "A92707"), "" where there is none."""
    match = re.fullmatch(r"((?=[0-9]?[A-Z])[A-Z0-9]{2}|[A-Z]{3}) ?[0-9]{1,4}[A-Z]?", flight, re.ASCII)
    return match[1] if match else ""


def _carrier(legs: list[LegDraft]) -> str:
    return next((leg.carrier for leg in legs if leg.carrier), "") or carrier_of(legs[0].flight)


def _traveller(person: Person) -> Traveller:
    papers = tuple(TravelDocument(one.kind, one.number, one.issuer, one.expiry) for one in person.papers)
    return Traveller(
        person.kind, person.surname, person.given, person.birth, person.nationality,
        person.ports.get("178", ""), person.ports.get("179", ""), papers, person.place,
    )  # fmt: skip
