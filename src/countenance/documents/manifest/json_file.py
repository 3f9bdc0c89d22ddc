"""A manifest as JSON: ``{"carrier", "count", "legs": […], "travellers": […]}``, as docs/documents.md has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from countenance.documents.manifest.notes import Notes
from countenance.documents.manifest.rows import PERSON, cell, document_of, dropped, leg_of, person_of
from countenance.errors import DocumentError
from countenance.terms.documents import Leg, TravelDocument, Traveller

_MEND = "Mend the file as docs/documents.md describes it, and hand it in again."
_TOP = ("carrier", "count", "legs", "travellers")
_LEG = ("flight", "departure_port", "departure_time", "arrival_port", "arrival_time")
_PAPER = ("kind", "number", "issuer", "expiry_date")
_MOST_LEGS = 20
_MOST_PAPERS = 10
_MOST_STATED = 1_000_000
"""A count beyond this is not repeated: it counts nobody, and may say something."""


def read_json(text: str, notes: Notes) -> tuple[str, tuple[Leg, ...], tuple[Traveller, ...]]:
    """Return carrier, legs and travellers; items count from 1.

    Raises:
        DocumentError: ``manifest.json_items``, ``.json``, ``.json_unsafe``, ``.json_shape``, ``.text``, ``.kind``,
            ``.no_movement``, ``.too_many_travellers``.
    """
    opened = text.count("{") + text.count("[")
    if opened > notes.limits.max_segments:
        raise DocumentError(
            "manifest.json_items",
            f"The file opens {opened} objects and lists, {notes.limits.max_segments} are read.",
            remedy="Hand in the manifest of one movement at a time.",
        )
    whole = _parsed(text)
    top = _members(whole, _TOP, "the file", notes)
    legs = tuple(
        leg_of(_texts(one, _LEG, f"leg {place}", notes), place, notes)
        for place, one in _items(top.get("legs"), "legs", _MOST_LEGS)
    )
    if not legs or not legs[0].flight:
        raise DocumentError("manifest.no_movement", "The file names no leg with a flight or voyage.", remedy=_MEND)
    travellers: list[Traveller] = []
    for place, one in _items(top.get("travellers"), "travellers", notes.limits.max_travellers + 1):
        notes.one_more(len(travellers), f"traveller {place}")
        travellers.append(_traveller(one, place, notes))
    count = top.get("count", len(travellers))
    if type(count) is not int or count != len(travellers):
        stated = f"{count:,}" if type(count) is int and 0 <= count <= _MOST_STATED else "something else"
        notes.find("people_count", 0, 0, f"The file says {stated} for its people, listed are {len(travellers):,}.")
    return _text(top.get("carrier", ""), "carrier", notes), legs, tuple(travellers)


def _traveller(one: Any, place: int, notes: Notes) -> Traveller:
    where = f"traveller {place}"
    members = _members(one, (*PERSON, "documents"), where, notes)
    papers: list[TravelDocument] = []
    for number, paper in _items(members.pop("documents", []), f"documents of {where}", _MOST_PAPERS):
        told = _texts(paper, _PAPER, f"document {number} of {where}", notes)
        papers.append(document_of([told.get(name, "") for name in _PAPER], place, notes))
    row = {name: _text(value, f"{name} of {where}", notes) for name, value in members.items()}
    return person_of(row, tuple(papers), place, notes)


def _parsed(text: str) -> Any:
    """Return what the text holds: no number that JSON does not have, no key twice, no depth that costs the stack."""
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
    except json.JSONDecodeError as no:
        raise DocumentError(
            "manifest.json", f"The file is no JSON: {no.msg} at character {no.pos + 1}.", remedy=_MEND
        ) from no
    except (ValueError, RecursionError) as no:
        raise DocumentError(
            "manifest.json_unsafe", "The file nests too deeply, has a key twice or a number that JSON has not.",
            remedy=_MEND,
        ) from no  # fmt: skip


def _refuse(_text: str) -> NoReturn:
    raise ValueError


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _shape(where: str, wanted: str) -> DocumentError:
    return DocumentError("manifest.json_shape", f"In {where} stands something other than {wanted}.", remedy=_MEND)


def _members(value: Any, names: tuple[str, ...], where: str, notes: Notes) -> dict[str, Any]:
    """Return the members of an object that are known by name; others are counted as dropped."""
    if not isinstance(value, dict):
        raise _shape(where, "an object")
    for name in value.keys() - set(names):
        notes.drop(dropped("key", cell(name, where, 100)))
    return {name: value[name] for name in names if name in value}


def _items(value: Any, where: str, most: int) -> Iterator[tuple[int, Any]]:
    """Return (number from 1, item) of a list that is not longer than ``most``."""
    if not isinstance(value, list) or len(value) > most:
        raise _shape(where, f"a list of at most {most}")
    return enumerate(value, 1)


def _text(value: Any, where: str, notes: Notes) -> str:
    if not isinstance(value, str):
        raise _shape(where, "a text")
    return cell(value, where, notes.limits.max_segment_characters)


def _texts(value: Any, names: tuple[str, ...], where: str, notes: Notes) -> dict[str, str]:
    members = _members(value, names, where, notes)
    return {name: _text(member, f"{name} of {where}", notes) for name, member in members.items()}
