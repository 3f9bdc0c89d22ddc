"""Durations as people say them."""

from __future__ import annotations

from datetime import date, timedelta

_EPOCH = date(1970, 1, 1)

_UNITS = (("year", 365 * 86_400), ("day", 86_400), ("hour", 3_600), ("minute", 60))


def duration(seconds: int) -> str:
    """Return seconds in the largest unit that divides them: "10 years", "12 hours", "1 minute", "0 seconds"."""
    for unit, length in _UNITS:
        if seconds and seconds % length == 0:
            count = seconds // length
            return f"{count} {unit}" + ("s" if count > 1 else "")
    return f"{seconds} second" + ("" if seconds == 1 else "s")


def day_text(day: int) -> str:
    """Return a day, counted from 1970-01-01, as people write it: "2026-12-01"."""
    return (_EPOCH + timedelta(days=day)).isoformat()


def parse_day(text: str) -> int:
    """Return the day that :func:`day_text` wrote.

    Raises:
        ValueError: ``text`` is no day.
    """
    return (date.fromisoformat(text) - _EPOCH).days
