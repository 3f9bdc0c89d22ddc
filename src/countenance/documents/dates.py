"""Two digits become a year: the century pivots around a reference day that comes in, never around a clock.

A birth lies at most 99 years back and never ahead, an expiry at most 49 years back and at most 50 ahead. What is
ambiguous by nature stays so: of a person over 99 two digits tell the century wrong, and only another field could say.
A month or day of ``00``, which some issuers print for ``<<``, is an unknown one.
"""

from __future__ import annotations

import re
from datetime import date

from countenance.terms.documents import UNKNOWN_DATE, DocumentDate

CENTURY = 100
_EXPIRY_AHEAD = 50
_SHORT = re.compile(r"(\d\d|<<)(\d\d|<<)(\d\d|<<)", re.ASCII)
_WHOLE = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?", re.ASCII)


def birth_date(text: str, today: date) -> DocumentDate:
    """Return the latest day not after ``today`` that ``text`` (YYMMDD, ``<<`` for an unknown part) can mean.

    Raises:
        ValueError: a part is neither two digits nor ``<<``, or there is no such day.
    """
    year, month, day = _parts(text)
    if year is None:
        return _real(DocumentDate(0, month, day))
    full = year + today.year // CENTURY * CENTURY
    stated = (full, month, day)[: 1 if not month else 2 if not day else 3]
    if stated > (today.year, today.month, today.day)[: len(stated)]:
        full -= CENTURY
    return _real(DocumentDate(full, month, day))


def expiry_date(text: str, today: date) -> DocumentDate:
    """Return the day that ``text`` (YYMMDD, ``<<`` for an unknown part) means, 49 years back to 50 ahead of ``today``.

    Raises:
        ValueError: a part is neither two digits nor ``<<``, or there is no such day.
    """
    year, month, day = _parts(text)
    return _real(DocumentDate(0 if year is None else near_year(year, today), month, day))


def near_year(two_digits: int, today: date) -> int:
    """Return the year that ends in ``two_digits`` and lies 49 years back to 50 ahead of ``today``."""
    last = today.year + _EXPIRY_AHEAD
    return last - (last - two_digits) % CENTURY


def whole_date(text: str) -> DocumentDate:
    """Return the day that "1974-08-12", "1974-08", "1974", "19740812" or "" states; no century is guessed.

    Raises:
        ValueError: ``text`` is none of these, or there is no such day.
    """
    match = _WHOLE.fullmatch(text)
    if not text:
        return UNKNOWN_DATE
    if match is None or any(part is not None and not int(part) for part in match.groups()):
        message = "not a date like 1974-08-12"
        raise ValueError(message)
    year, month, day = (int(part or 0) for part in match.groups())
    return _real(DocumentDate(year, month, day))


def _parts(text: str) -> tuple[int | None, int, int]:
    """Return year of the century (None if unknown), month and day (0 if unknown)."""
    match = _SHORT.fullmatch(text)
    if match is None:
        message = "not a date of six digits"
        raise ValueError(message)
    year, month, day = match.groups()
    return (None if year == "<<" else int(year)), int(month.replace("<<", "0")), int(day.replace("<<", "0"))


def _real(found: DocumentDate) -> DocumentDate:
    """Return ``found`` if its parts can be one day: unknown parts are taken as kindly as possible."""
    date(found.year or 2000, found.month or 1, found.day or 1)  # raises ValueError; 2000 and January take any day
    return found
