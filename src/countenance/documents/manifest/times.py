"""Dates and times as UN/EDIFACT writes them: told by their length, two-digit years around a reference day."""

from __future__ import annotations

import re
from datetime import date

from countenance.documents.dates import birth_date, expiry_date, near_year, whole_date
from countenance.terms.documents import DocumentDate

_TIME = re.compile(r"(?P<day>\d{6}|\d{8})(?P<time>\d{4})?", re.ASCII)
_SHORT_DAY, _LONG_DAY = 6, 8
_HOURS, _MINUTES = 24, 60


def day(text: str, today: date, *, birth: bool) -> DocumentDate:
    """Return the day that YYMMDD (UN/EDIFACT 2379: 101) or CCYYMMDD (102) means.

    Raises:
        ValueError: it is neither, or there is no such day.
    """
    if len(text) == _LONG_DAY:
        return whole_date(text)
    return birth_date(text, today) if birth else expiry_date(text, today)


def local_time(text: str, today: date) -> str:
    """Return "2026-11-25T18:40", or "2026-11-25" where no time is stated, for (CC)YYMMDD(HHMM): 101, 102, 201, 203.

    Raises:
        ValueError: it is none of these, or there is no such time.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        message = "not a time of the forms 101, 102, 201, 203"
        raise ValueError(message)
    digits = match["day"]
    year = near_year(int(digits[:2]), today) if len(digits) == _SHORT_DAY else int(digits[:4])
    there = date(year, int(digits[-4:-2]), int(digits[-2:])).isoformat()
    clock = match["time"]
    if clock is None:
        return there
    if int(clock[:2]) >= _HOURS or int(clock[2:]) >= _MINUTES:
        message = "no such time of day"
        raise ValueError(message)
    return f"{there}T{clock[:2]}:{clock[2:]}"
