"""Which key wraps a subject's key: that of the event it is kept for, or of the day on which it must be gone.

An epoch key is destroyed once its event is over or its day has ended, after what lives on was wrapped under another.
So a copy of the database that somebody kept is noise from then on, whatever rows it still has.
"""

from __future__ import annotations

import hashlib

from countenance.terms import DAY_MS, Instant, iso

SITE = "site"
"""The epoch of ``vault.key``: it has no end, and proves that keys and database are one site's."""


def period_of(expires_at: Instant, event: str) -> tuple[str, Instant | None]:
    """Return the period's name and its end: that of ``event``, or the day (UTC) in which ``expires_at`` falls.

    An event's name is hashed, because it becomes the name of a file.
    """
    if event:
        return f"event-{hashlib.sha256(event.encode()).hexdigest()[:32]}", None
    start = expires_at // DAY_MS * DAY_MS
    return f"day-{iso(Instant(start))[:10]}", Instant(start + DAY_MS)
