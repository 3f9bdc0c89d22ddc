"""Time as the record writes it: one integer, read once per encounter and passed down."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NewType

Instant = NewType("Instant", int)
"""Milliseconds since 1970-01-01T00:00:00Z. An integer, so that canonical JSON has no floats and no zones."""


def iso(instant: Instant) -> str:
    """Return ``instant`` as RFC 3339 in UTC with milliseconds, such as ``2026-11-21T22:48:00.000Z``."""
    seconds, millis = divmod(instant, 1000)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{millis:03d}Z"


def utc_day(instant: Instant) -> date:
    """Return the day that ``instant`` lies in, in UTC."""
    return datetime.fromtimestamp(instant / 1000, UTC).date()


def parse_iso(text: str) -> Instant:
    """Return the instant that an RFC 3339 ``text`` with a zone names.

    Raises:
        ValueError: ``text`` is not RFC 3339 or has no zone.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        message = f"{text!r} names no time zone"
        raise ValueError(message)
    return Instant(round(moment.timestamp() * 1000))
