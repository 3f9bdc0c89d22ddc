"""UN/EDIFACT text becomes segments (ISO 9735), each with its number and position, in bounded memory and linear time.

Around the interchange anything may stand, as teletype and e-mail leave it: it is skipped. ``UNA`` may name other
separators, blanks and line ends may stand between segments, and line ends anywhere, because teletype cuts lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from countenance.documents.manifest.limits import ManifestLimits
from countenance.errors import DocumentError

_RESEND = "Ask the sender for the message again, as it left their system."
_START = re.compile(r"UNA(?P<service>.{6})\s*+(?=U[\r\n]*+N[\r\n]*+B)|(?=UNB\s*+\+)", re.DOTALL)
_USUAL = ":+.? '"
_TAG = re.compile(r"[A-Z][A-Z0-9]{2}")
_LAST = "UNZ"
TAGS = frozenset({
    "UNB", "UNG", "UNH", "UNS", "UNT", "UNE", "UNZ", "BGM", "RFF", "DTM", "LOC", "NAD", "CTA", "COM", "TDT", "ATT",
    "MEA", "GEI", "FTX", "EMP", "NAT", "DOC", "CPI", "QTY", "AUT", "CNT",
})  # fmt: skip
"""Those of an interchange and of PAXLST. Another tag is not repeated: where a name holds a separator that was not
released (O'DEA), the rest of the name is read as a tag."""
_EMPTY = ("",)
"""Shared, so that a file of nothing but separators costs little memory."""


@dataclass(frozen=True, slots=True)
class Separators:
    """The service characters of an interchange, one character each."""

    component: str
    element: str
    release: str
    """"" where nothing releases."""
    terminator: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: a tag and elements of components, released characters resolved, blanks around values gone."""

    number: int
    """From 1; UNB is 1, UNA is none."""
    position: int
    """Of its first character in the file, from 1."""
    elements: tuple[tuple[str, ...], ...]

    @property
    def tag(self) -> str:
        """Return the three characters that name the segment."""
        return self.elements[0][0]

    def value(self, element: int, component: int = 0) -> str:
        """Return a component, element 0 being the tag; "" where the segment has none there."""
        components = self.elements[element] if element < len(self.elements) else ()
        return components[component] if component < len(components) else ""

    def where(self) -> str:
        """Return the segment's place, for people: "segment 12 (DTM) at character 345"; only a known tag is told."""
        told = f" ({self.tag})" if self.tag in TAGS else ""
        return f"segment {self.number}{told} at character {self.position}"


def segments(text: str, limits: ManifestLimits) -> Iterator[Segment]:
    """Yield the segments of the first interchange in ``text``, UNB to UNZ; what follows UNZ is not read.

    Raises:
        DocumentError: ``manifest.no_interchange``, ``.separators``, ``.unterminated``, ``.segment_length``,
            ``.too_many_segments``, ``.control_character``, ``.tag``.
    """
    begin, separators = _start(text)
    pattern = _segment_pattern(separators)
    place, number = begin, 0
    while (place := _next_text(text, place)) < len(text):
        match = pattern.match(text, place)
        number += 1
        if match is None:
            raise DocumentError(
                "manifest.unterminated",
                f"Segment {number} at character {place + 1} has no end: the file is cut short or has other separators.",
                remedy=_RESEND,
            )
        segment = _segment(match[0][:-1], number, place, separators, limits)
        yield segment
        if segment.tag == _LAST:
            return
        place = match.end()


def holds_interchange(text: str) -> bool:
    """Return whether an interchange begins anywhere in ``text``."""
    return _START.search(text) is not None


def _start(text: str) -> tuple[int, Separators]:
    """Return where UNB begins and which separators hold."""
    match = _START.search(text)
    if match is None:
        raise DocumentError(
            "manifest.no_interchange",
            "The file holds no UN/EDIFACT interchange: neither UNA with UNB behind it nor UNB+ is in it.",
            remedy="Hand in PAXLST, or CSV or JSON as docs/documents.md has them.",
        )
    service = match["service"] or _USUAL
    component, element, release, terminator = (service[at] for at in (0, 1, 3, 5))
    found = Separators(component, element, release.strip(), terminator)
    used = [one for one in (component, element, found.release, terminator) if one]
    if len(set(used)) < len(used) or any(one.isalnum() for one in used) or component == " " or element == " ":
        raise DocumentError(
            "manifest.separators",
            f"UNA at character {match.start() + 1} names separators that are alike, letters, digits or blanks.",
            remedy=_RESEND,
        )
    return match.end(), found


def _segment_pattern(separators: Separators) -> re.Pattern[str]:
    """Return what matches one segment with its terminator; possessive, so that it never goes back."""
    end, release = re.escape(separators.terminator), re.escape(separators.release)
    if not release:
        return re.compile(rf"[^{end}]*+{end}")
    return re.compile(rf"(?:[^{end}{release}]++|{release}[\r\n]*+.)*+{end}", re.DOTALL)


def _next_text(text: str, place: int) -> int:
    """Return the place of the next character that is no white space."""
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _segment(body: str, number: int, place: int, separators: Separators, limits: ManifestLimits) -> Segment:
    """Return one segment, checked against every bound."""
    where = f"Segment {number} at character {place + 1}"
    if number > limits.max_segments:
        raise DocumentError(
            "manifest.too_many_segments",
            f"{where} is one more than the {limits.max_segments} that are read.",
            remedy="Hand in the manifest of one movement at a time.",
        )
    if len(body) > limits.max_segment_characters:
        raise DocumentError(
            "manifest.segment_length",
            f"{where} has {len(body)} characters, {limits.max_segment_characters} are read.",
            remedy=_RESEND,
        )
    plain = body.replace("\r", "").replace("\n", "")
    if not plain.isprintable():
        at, bad = next((at, one) for at, one in enumerate(body) if not one.isprintable() and one not in "\r\n")
        raise DocumentError(
            "manifest.control_character",
            f"{where} holds the character U+{ord(bad):04X}, which cannot be printed, at character {place + at + 1}.",
            remedy=_RESEND,
        )
    elements = _elements(plain, separators)
    if not _TAG.fullmatch(elements[0][0]):
        raise DocumentError("manifest.tag", f"{where} begins with no segment's tag.", remedy=_RESEND)
    return Segment(number, place + 1, elements)


def _elements(body: str, separators: Separators) -> tuple[tuple[str, ...], ...]:
    """Return the elements of a segment, each its components."""
    if separators.release and separators.release in body:
        return _released(body, separators)
    return tuple(
        tuple([component.strip() for component in element.split(separators.component)]) if element else _EMPTY
        for element in body.split(separators.element)
    )


def _released(body: str, separators: Separators) -> tuple[tuple[str, ...], ...]:
    """Return the elements of a segment in which characters are released: the one after each release is only itself."""
    elements: list[list[list[str]]] = [[[]]]
    characters = iter(body)
    for one in characters:
        if one == separators.release:
            elements[-1][-1].append(next(characters, ""))
        elif one == separators.element:
            elements.append([[]])
        elif one == separators.component:
            elements[-1].append([])
        else:
            elements[-1][-1].append(one)
    return tuple(tuple("".join(component).strip() for component in element) for element in elements)
