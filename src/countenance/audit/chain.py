r"""Whether a bundle is whole: each entry names the one before it, in a way that only an auditor can follow.

Facts carry ``prev = HMAC-SHA-256(K, commitment of the entry before)`` in hex, or "" for the first; K is SHA-256 of the
log key's signature over "countenance/chain/v1\n", which the bundle carries and nobody else has. So an auditor can
follow every link, to entries whose facts are gone too, and whoever holds a receipt learns nothing of its neighbours.
What an entry whose facts are gone named is lost with them: as many entries as there are of those may be named by
nobody, and the last one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from .events import Erased, Event
from .findings import Report

FIELD = "prev"


def link(chain: bytes, commitment: bytes) -> str:
    """Return how the next entry names the one with this commitment; ``chain`` is the log key's signature."""
    return hmac.digest(hashlib.sha256(chain).digest(), commitment, "sha256").hex()


def check_chain(
    report: Report, chain: bytes, events: Sequence[Event], erased: Sequence[Erased], exported_at_ms: int
) -> None:
    """Name each entry whose predecessor was left out of the bundle, two that name the same one, and a missing end."""
    chained = sorted((event for event in events if FIELD in event.facts), key=lambda event: event.order)
    if not chained:
        return
    since = report.found
    if not chain:
        report.fault("bundle.incomplete", "The bundle lacks what its entries' links are followed with.")
    everything: list[Event | Erased] = [*events, *erased]
    known = {link(chain, entry.commitment) for entry in everything}
    followed: dict[str, Event] = {}
    for event in chained:
        named = event.text(FIELD)
        other = followed.setdefault(named, event)
        if other is not event:
            report.fault("bundle.branched", f"{event.called} and {other.called} both follow the same entry.")
        elif chain and named and named not in known:
            report.fault("bundle.incomplete", f"The entry before {event.called} was left out of the bundle.")
    newer: list[Event | Erased] = [*chained, *erased]
    unnamed = [entry for entry in newer if link(chain, entry.commitment) not in followed]
    if report.found == since and len(unnamed) > len(erased) + 1:
        report.fault("bundle.incomplete", f"Entries after {unnamed[0].called} were left out of the bundle.")
    if chained[-1].time("time") < exported_at_ms:
        report.fault(
            "bundle.incomplete", f"The entries after {chained[-1].called} were left out, the export's own among them."
        )
    report.checked(
        "bundle whole", f"Each entry ({len(chained)}) names the one before it, none is left out.", since=since
    )
