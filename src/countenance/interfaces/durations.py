"""Durations as people say them."""

from __future__ import annotations

_UNITS = (("year", 365 * 86_400), ("day", 86_400), ("hour", 3_600), ("minute", 60))


def duration(seconds: int) -> str:
    """Return seconds in the largest unit that divides them: "10 years", "12 hours", "1 minute", "0 seconds"."""
    for unit, length in _UNITS:
        if seconds and seconds % length == 0:
            count = seconds // length
            return f"{count} {unit}" + ("s" if count > 1 else "")
    return f"{seconds} second" + ("" if seconds == 1 else "s")
