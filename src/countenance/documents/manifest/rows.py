"""Manifests without EDIFACT: CSV for one leg, JSON for any. The same fields, the same findings, nothing guessed.

Dates are whole years (``1974-08-12``, ``1974-08`` or ``1974``), so no century pivots. Unknown columns and keys are
counted and dropped, so that a carrier's export can be handed in as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from countenance.documents.dates import whole_date
from countenance.documents.manifest.notes import Notes
from countenance.errors import DocumentError
from countenance.terms.documents import (
    UNKNOWN_DATE,
    DocumentDate,
    Leg,
    PortCall,
    TravelDocument,
    Traveller,
    TravellerKind,
)

_MEND = "Mend the file as docs/documents.md describes it, and hand it in again."
MOVEMENT = ("carrier", "flight", "departure_port", "departure_time", "arrival_port", "arrival_time")
"""Columns that are the same in every row."""
PERSON = ("kind", "surname", "given_names", "birth_date", "nationality", "embarks", "debarks")
"""Columns about a person; ``surname`` alone must be there."""
DOCUMENT = ("document_kind", "document_number", "document_issuer", "document_expiry")
"""Columns about the person's document."""

_DROPPED = frozenset({
    "address", "bag_count", "bag_tag", "bags", "baggage", "birth_country", "birth_place", "boarding", "booking",
    "cabin", "city", "class", "comment", "country", "country_of_birth", "country_of_residence", "crew_position",
    "email", "frequent_flyer", "fare", "gate", "gender", "infant", "issue_date", "locator", "meal", "mobile", "number",
    "payment", "phone", "place_of_birth", "pnr", "postcode", "record_locator", "reference", "remark", "remarks",
    "residence", "row", "seat", "sequence", "sex", "special_service", "status", "street", "telephone", "ticket",
    "ticket_number", "title", "visa", "visa_number", "weight", "zip",
})  # fmt: skip
"""Names of columns and keys that are dropped by name. Any other is dropped too, but not repeated: it may be a person's,
as in a table whose first row is a traveller."""
Told = TypeVar("Told")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]([01]\d|2[0-3]):([0-5]\d))?", re.ASCII)
Row = Mapping[str, str]


def cell(text: str, where: str, limit: int) -> str:
    """Return a text without blanks around it, if it is short and printable: no controls, no marks that reorder it.

    Raises:
        DocumentError: ``manifest.text``.
    """
    if len(text) > limit or not text.isprintable():
        raise DocumentError(
            "manifest.text", f"The text in {where} cannot be printed or has more than {limit} characters.",
            remedy=_MEND,
        )  # fmt: skip
    return text.strip()


def dropped(kind: str, name: str) -> str:
    """Return what a column or key that is not read is counted as: by name only if the name can be nobody's."""
    known = re.sub(r"[ -]", "_", name.lower())
    return f"{kind} {known}" if known in _DROPPED else f"{kind} of another name"


def leg_of(row: Row, place: int, notes: Notes) -> Leg:
    """Return the leg that the movement columns of a row tell."""
    departure, arrival = (
        PortCall(row.get(f"{end}_port", ""), _read(_local_time, row.get(f"{end}_time", ""), "", place, notes))
        for end in ("departure", "arrival")
    )
    return Leg(row.get("flight", ""), departure, arrival)


def person_of(row: Row, documents: tuple[TravelDocument, ...], place: int, notes: Notes) -> Traveller:
    """Return the traveller that the person columns of a row tell.

    Raises:
        DocumentError: ``manifest.kind``.
    """
    kind = row.get("kind", "") or TravellerKind.PASSENGER
    if kind not in set(TravellerKind):
        raise DocumentError(
            "manifest.kind",
            f"Number {place} has a kind that is none of {', '.join(TravellerKind)}.",
            remedy=_MEND,
        )
    birth = _read(whole_date, row.get("birth_date", ""), UNKNOWN_DATE, place, notes)
    return Traveller(
        TravellerKind(kind), row.get("surname", ""), row.get("given_names", ""), birth, row.get("nationality", ""),
        row.get("embarks", ""), row.get("debarks", ""), documents, place,
    )  # fmt: skip


def document_of(told: Sequence[str], place: int, notes: Notes) -> TravelDocument:
    """Return a document of a person from kind, number, issuer and expiry; one that cannot be read is a finding."""
    kind, number, issuer, expiry = told
    day: DocumentDate = _read(whole_date, expiry, UNKNOWN_DATE, place, notes)
    return TravelDocument(kind, number, issuer, day)


def _local_time(text: str) -> str:
    match = _TIME.fullmatch(text)
    if not text:
        return ""
    if match is None:
        message = "not a time like 2026-11-25T18:40"
        raise ValueError(message)
    whole_date(match[1])
    return match[1] if match[2] is None else f"{match[1]}T{match[2]}:{match[3]}"


def _read(reader: Callable[[str], Told], text: str, otherwise: Told, place: int, notes: Notes) -> Told:
    try:
        return reader(text)
    except ValueError:
        notes.find("date", place, 0, f"Number {place} holds a date or time that cannot be read.")
        return otherwise
