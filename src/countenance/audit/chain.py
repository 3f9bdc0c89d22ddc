r"""Whether a bundle is whole: each entry names the one before it, in a way that only an auditor can follow.

Facts carry ``prev = HMAC-SHA-256(s1 of the entry before, "countenance/link/v1\n" || its commitment)`` in hex. Whoever
holds the bundle has every s1; whoever holds one receipt learns nothing from it, neither which leaf is meant nor how
many there were. An entry whose facts are gone has lost its s1, so the link to it cannot be followed; as many links as
there are such entries may be loose, and one more, the first.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from .events import Erased, Event, Excuses
from .findings import Report

LINK_DOMAIN = b"countenance/link/v1\n"
FIELD = "prev"


def link(salt: bytes, commitment: bytes) -> str:
    """Return what the next entry says of the entry with this s1 and commitment."""
    return hmac.digest(salt, LINK_DOMAIN + commitment, "sha256").hex()


def check_chain(report: Report, events: Sequence[Event], erased: Sequence[Erased], exported_at_ms: int) -> None:
    """Name each entry whose predecessor was left out of the bundle, two that name the same one, and a missing end."""
    chained = [event for event in events if event.text(FIELD) or FIELD in event.facts]
    if not chained:
        return
    since = report.found
    known = {link(event.salt, event.commitment): event for event in events}
    excuses, first, followed = Excuses.of(erased), True, dict[str, Event]()
    for event in sorted(chained, key=lambda event: event.order):
        named = event.text(FIELD)
        if named in known:
            other = followed.setdefault(named, event)
            if other is not event:
                report.fault("bundle.branched", f"{event.called} and {other.called} both follow the same entry.")
        elif not named and first:
            first = False
        elif not excuses.excuse(event):
            report.fault("bundle.incomplete", f"The entry before {event.called} was left out of the bundle.")
    _check_end(report, events, followed, exported_at_ms)
    report.checked(
        "bundle whole", f"Each entry ({len(chained)}) names the one before it, none is left out.", since=since
    )


def _check_end(report: Report, events: Sequence[Event], followed: dict[str, Event], exported_at_ms: int) -> None:
    """Name the last entry when it is older than the export, which is itself recorded before the bundle is made."""
    ends = [event for event in events if FIELD in event.facts and link(event.salt, event.commitment) not in followed]
    newest = max(ends, key=lambda event: event.order, default=None)
    if newest is not None and newest.time("time") < exported_at_ms:
        report.fault(
            "bundle.incomplete", f"The entries after {newest.called} were left out, the export's own among them."
        )
