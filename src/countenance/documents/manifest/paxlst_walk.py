"""Segment by segment through a PAXLST message: what each one means depends on the group that it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from countenance.documents.manifest.edifact import TAGS, Segment
from countenance.documents.manifest.notes import Notes
from countenance.documents.manifest.times import day, local_time
from countenance.documents.manifest.words import stated_list
from countenance.errors import DocumentError
from countenance.terms.documents import (
    UNKNOWN_DATE,
    DocumentDate,
    ListScope,
    StatedList,
    TravellerKind,
)

_RESEND = "Ask the sender for the message again, as it left their system."
_KINDS = {
    "FL": TravellerKind.PASSENGER,
    "FM": TravellerKind.CREW,
    "DDU": TravellerKind.TRANSIT_PASSENGER,
    "DDT": TravellerKind.TRANSIT_CREW,
}
_COUNTED = {"42": TravellerKind.PASSENGER, "41": TravellerKind.CREW}
LEAVES, REACHES = "125", "87"
_PORTS = {LEAVES, REACHES, "92", "130"}
"""UN/EDIFACT 3227 of a leg: last port before the border, first behind it, others, the final one (guide 6.0, as jetway
has it; 188, the port of a filed flight plan, is none that people pass)."""
_NAMES = 4
"""The element of NAD with the name; the address stands behind it."""
_NAME_PARTS = 5
"""C080 has five components of 3036 at most; the sixth is a format's code."""
Told = TypeVar("Told")
_NUMBER = re.compile(r"[0-9]{1,3}", re.ASCII)
_QUALIFIERS = {"RFF": {"AVF", "ABO", "SEA", "CR", "AEA", "TN"}, "NAD": {"MS"}}
"""Qualifiers that are told; others could be a name's letters."""


@dataclass(slots=True)
class Call:
    """A port of a leg while it is read."""

    function: str
    port: str
    leaves: str = ""
    reaches: str = ""


@dataclass(slots=True)
class LegDraft:
    """A leg while it is read."""

    flight: str
    carrier: str
    calls: list[Call] = field(default_factory=list)


@dataclass(slots=True)
class Paper:
    """A document while it is read."""

    kind: str
    number: str
    issuer: str = ""
    expiry: DocumentDate = UNKNOWN_DATE


@dataclass(slots=True)
class Person:
    """A traveller while it is read."""

    kind: TravellerKind
    surname: str
    given: str
    place: int
    birth: DocumentDate = UNKNOWN_DATE
    nationality: str = ""
    ports: dict[str, str] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)


class Walk:
    """Reads one message segment by segment; what a segment means depends on which group it stands in."""

    def __init__(self, notes: Notes, today: date, already: int) -> None:
        """Begin in the message's header, with ``already`` travellers in earlier messages."""
        self.notes = notes
        self.today = today
        self.already = already
        self.listed: StatedList | None = None
        self.legs: list[LegDraft] = []
        self.people: list[Person] = []
        self.inside = "header"
        self.call: Call | None = None
        self._meanings: dict[str, Callable[[Segment], bool]] = {
            "BGM": self._beginning, "TDT": self._leg, "NAD": self._party, "LOC": self._place, "DTM": self._time,
            "NAT": self._nationality, "DOC": self._document, "CNT": self._count,
        }  # fmt: skip

    def read(self, segment: Segment) -> None:
        """Take what a segment says, or count it as dropped."""
        meaning = self._meanings.get(segment.tag)
        if meaning is None or not meaning(segment):
            self.notes.drop(_named(segment))
        if segment.tag not in TAGS:
            sentence = f"The {segment.where()} is none of this message's: a name before it may have been cut in two."
            self.notes.find("segment_unknown", segment.number, segment.position, sentence)

    def _beginning(self, segment: Segment) -> bool:
        if self.listed is not None or self.inside != "header":
            raise DocumentError(
                "manifest.begins_twice",
                f"The {segment.where()} says a second time, or too late, what the message lists.",
                remedy=_RESEND,
            )
        self.listed = stated_list(segment.value(1), segment.value(2), segment.value(3))
        if self.listed.scope is ListScope.UNKNOWN:
            sentence = f"The {segment.where()} has a code for what the message lists that is not known."
            self.notes.find("list_unknown", segment.number, segment.position, sentence)
        return True

    def _leg(self, segment: Segment) -> bool:
        if self.people:
            raise DocumentError(
                "manifest.order", f"The {segment.where()} names a movement after the people.", remedy=_RESEND
            )
        self.legs.append(LegDraft(segment.value(2), segment.value(5)))
        self.inside, self.call = "leg", None
        return True

    def _party(self, segment: Segment) -> bool:
        kind = _KINDS.get(segment.value(1))
        self.inside = "person" if kind else "other"
        if kind is None:
            return False
        self.notes.one_more(self.already + len(self.people), segment.where())
        names = segment.elements[_NAMES][:_NAME_PARTS] if len(segment.elements) > _NAMES else ("",)
        given = " ".join(name for name in names[1:] if name)
        self.people.append(Person(kind, names[0], given, segment.number))
        if any(any(element) for element in segment.elements[_NAMES + 1 :]):
            self.notes.drop("NAD address")
        return True

    def _place(self, segment: Segment) -> bool:
        function, port = segment.value(1), segment.value(2)
        if self.inside == "leg" and function in _PORTS:
            self.call = Call(function, port)
            self.legs[-1].calls.append(self.call)
            return True
        self.call = None  # a time behind it is that place's, not the port's before
        if self.inside == "person" and function in {"178", "179"}:
            self.people[-1].ports[function] = port
            return True
        if self.inside == "person" and function == "91" and self.people[-1].papers:
            self.people[-1].papers[-1].issuer = port
            return True
        return False

    def _time(self, segment: Segment) -> bool:
        what, text = segment.value(1), segment.value(1, 1)
        if self.inside == "leg" and what in {"189", "232"} and self.call is not None:
            call = self.call
            told = self._read(segment, lambda: local_time(text, self.today), "")
            call.leaves, call.reaches = (told, call.reaches) if what == "189" else (call.leaves, told)
            return True
        if self.inside == "person" and what == "329":
            self.people[-1].birth = self._read(segment, lambda: day(text, self.today, birth=True), UNKNOWN_DATE)
            return True
        if self.inside == "person" and what == "36" and self.people[-1].papers:
            paper = self.people[-1].papers[-1]
            paper.expiry = self._read(segment, lambda: day(text, self.today, birth=False), UNKNOWN_DATE)
            return True
        return False

    def _read(self, segment: Segment, reader: Callable[[], Told], otherwise: Told) -> Told:
        """Return what a date or time says, or ``otherwise`` with a finding."""
        try:
            return reader()
        except ValueError:
            sentence = f"The {segment.where()} holds no date or time that can be read."
            self.notes.find("date", segment.number, segment.position, sentence)
            return otherwise

    def _nationality(self, segment: Segment) -> bool:
        if self.inside != "person":
            return False
        self.people[-1].nationality = segment.value(2)
        return True

    def _document(self, segment: Segment) -> bool:
        if self.inside != "person":
            return False
        self.people[-1].papers.append(Paper(segment.value(1), segment.value(2)))
        return True

    def _count(self, segment: Segment) -> bool:
        self.inside = "summary"
        kind = _COUNTED.get(segment.value(1))
        if kind is None:
            return False
        counted = sum(one.kind is kind for one in self.people)
        said = segment.value(1, 1)
        if said.lstrip("0") != (str(counted) if counted else ""):
            told = said if said.isascii() and said.isdigit() and len(said) <= 6 else "no number"  # noqa: PLR2004 - n..6
            sentence = f"The {segment.where()} says {told} for {kind} in all, listed are {counted}."
            self.notes.find("people_count", segment.number, segment.position, sentence)
        return True


def _named(segment: Segment) -> str:
    """Return what a dropped segment is counted as: its tag, with the qualifier where it has one that can be told."""
    if segment.tag not in TAGS:
        return "unknown segment"
    qualifier = segment.value(1)
    number = segment.tag in {"LOC", "DTM", "CNT"} and _NUMBER.fullmatch(qualifier)
    told = number or qualifier in _QUALIFIERS.get(segment.tag, ())
    return f"{segment.tag} {qualifier}" if told else segment.tag
