"""A manifest's file becomes one typed ``Manifest``: UN/EDIFACT PAXLST, or CSV or JSON for those who have none.

Nothing but what staging a gallery needs is built (data minimisation at import); what was left out is counted. What
contradicts itself is found and told, not fatal; what is damaged is refused with segment, position and reason.
"""

from __future__ import annotations

import re
from datetime import date

from countenance.documents.manifest.csv_file import is_csv, is_table, read_csv
from countenance.documents.manifest.edifact import holds_interchange, segments
from countenance.documents.manifest.envelope import Message, messages
from countenance.documents.manifest.json_file import read_json
from countenance.documents.manifest.limits import ManifestLimits
from countenance.documents.manifest.notes import LOST, Notes
from countenance.documents.manifest.paxlst import Movement, carrier_of, read_message
from countenance.documents.states import STATES
from countenance.errors import DocumentError
from countenance.terms.documents import Leg, ListScope, Manifest, StatedList, Traveller

_UNSTATED = StatedList("unstated", "", ListScope.UNSTATED)
_SIXTEEN = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16."""
_WORDS = re.compile(r"(?:\w[\w ./-]{0,34})?")
"""What a carrier, flight or port can be (UN/EDIFACT 3127, 8028, 3225): they are shown and recorded, so no free text."""
_MOST_LEGS = 25
_LOST = dict.fromkeys(range(0x80, 0xA0), LOST)


def read_manifest(data: bytes, *, today: date, limits: ManifestLimits | None = None) -> Manifest:
    """Return the manifest that ``data`` holds.

    (1) size; (2) text: UTF-8, else Latin-1, what is neither being lost; (3) format, by content: JSON begins with a
    brace, CSV names a column ``surname`` in its first line, all else must hold an interchange; (4) reading, two-digit
    years around ``today``; (5) what people lack, and who is there twice. Time is linear in the
    size, memory a small multiple of it.

    Raises:
        DocumentError: ``manifest.too_many_bytes``, ``.encoding``, ``.no_header``, ``.too_many_legs``,
            ``.movement_text``, or what the format's reader refuses.
    """
    bounds = limits or ManifestLimits()
    if len(data) > bounds.max_bytes:  # (1)
        raise DocumentError(
            "manifest.too_many_bytes",
            f"The file has {len(data)} bytes, {bounds.max_bytes} are read.",
            remedy="Hand in the manifest of one movement at a time.",
        )
    text = _text(data)  # (2)
    notes = Notes(bounds)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):  # (3)
        return _plain("JSON", *read_json(text.lstrip("\ufeff"), notes), notes)  # (4)
    if is_csv(text):
        return _plain("CSV", *read_csv(text, notes), notes)
    if is_table(text) and not holds_interchange(text):
        raise DocumentError(
            "manifest.no_header",
            "Line 1 names no column surname, and the file holds no UN/EDIFACT interchange.",
            remedy="Begin a table with a row of column names, as docs/documents.md has them.",
        )
    return _paxlst(text, notes, today)


def _text(data: bytes) -> str:
    """Return the text; control codes of Latin-1 are letters of some other code page, so what they meant is lost.

    Raises:
        DocumentError: ``manifest.encoding``.
    """
    if b"\0" in data[:4] or data[:2] in _SIXTEEN:
        raise DocumentError(
            "manifest.encoding",
            "The file begins with bytes of UTF-16, UTF-32 or of no text at all.",
            remedy="Save it as UTF-8 and hand it in again.",
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(_LOST)


def _plain(source: str, carrier: str, legs: tuple[Leg, ...], people: tuple[Traveller, ...], notes: Notes) -> Manifest:
    notes.people(people, STATES, "row" if source == "CSV" else "item")  # (5)
    carrier = carrier or carrier_of(legs[0].flight)
    _check_movement(carrier, legs)
    return Manifest(source, (_UNSTATED,), carrier, legs, people, notes.dropped, notes.findings)


def _paxlst(text: str, notes: Notes, today: date) -> Manifest:
    """Return one manifest from all messages of an interchange; they must be about one movement."""
    found = messages(segments(text, notes.limits), notes)
    people: list[Traveller] = []
    movements: list[Movement] = []
    for message in found:
        movements.append(read_message(message, notes, today=today, already=len(people)))
        people += movements[-1].travellers
        if movements[-1].legs != movements[0].legs:
            raise DocumentError(
                "manifest.several_movements",
                f"The message in {message.header.where()} is about another movement than the first.",
                remedy="Hand in the manifest of one movement at a time.",
            )
    if not movements:
        raise DocumentError("manifest.no_message", "The interchange holds no message.", remedy="Ask the sender for it.")
    _series(found, notes)
    lists = _lists(found, movements, notes)
    travellers = tuple(people)
    notes.people(travellers, STATES, "segment")  # (5)
    first = movements[0]
    _check_movement(first.carrier, first.legs)
    source = f"PAXLST {first.version}"
    return Manifest(source, lists, first.carrier, first.legs, travellers, notes.dropped, notes.findings)


def _check_movement(carrier: str, legs: tuple[Leg, ...]) -> None:
    """Refuse a movement that could not be one: it is shown to people and goes onto the record."""
    if len(legs) > _MOST_LEGS:
        raise DocumentError(
            "manifest.too_many_legs", f"The movement has {len(legs)} legs, {_MOST_LEGS} are read.",
            remedy="Hand in the manifest of one movement at a time.",
        )  # fmt: skip
    for number, leg in enumerate(legs, 1):
        for text in (carrier, leg.flight, leg.departure.port, leg.arrival.port):
            if not _WORDS.fullmatch(text):
                raise DocumentError(
                    "manifest.movement_text",
                    f"Leg {number} has a carrier, flight or port that is too long or holds other characters.",
                    remedy="Hand in a manifest with the codes of carrier, flight and ports.",
                )


def _lists(found: list[Message], movements: list[Movement], notes: Notes) -> tuple[StatedList, ...]:
    """Return what the messages list, each different answer once, noting where one contradicts the first."""
    first = movements[0].listed
    for message, movement in zip(found, movements, strict=True):
        other_word = movement.listed.kind == first.kind and movement.listed.word != first.word
        if other_word or movement.listed.scope is not first.scope:
            header = message.header
            sentence = f"The message in {header.where()} lists other people than the first: whole, part or leaving."
            notes.find("lists", header.number, header.position, sentence)
    return tuple(dict.fromkeys(movement.listed for movement in movements))


def _series(found: list[Message], notes: Notes) -> None:
    """Note a message that is one of a series whose other parts are not here (UN/EDIFACT S010: number, C or F)."""
    parts = [(one.header, one.header.value(4), one.header.value(4, 1)) for one in found if one.header.value(4)]
    numbers = [int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0  # noqa: PLR2004 - n..2
               for _, number, _ in parts]  # fmt: skip
    if not parts:
        return
    header, _, flag = parts[-1]
    if sorted(numbers) != list(range(1, len(numbers) + 1)) or flag == "C":
        sentence = f"The message in {header.where()} is part of a series whose other parts are not in the file."
        notes.find("series", header.number, header.position, sentence)
