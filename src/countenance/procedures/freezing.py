"""A contested encounter is frozen: its clock cannot erase it before the contest ends, and the contest's clock can.

Frozen are the photographs, what is sealed of the encounter (claim, class, ages), and the personal parts of the
referral's entries: what a reviewer needs, and nothing else of the person. What is gone already stays gone, and what
lives longer anyway is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from countenance.ports import UnitOfWork
from countenance.terms import Case, CaseEvent, Instant


def freeze(tx: UnitOfWork, case: Case, *, until: Instant) -> None:
    """Keep what is left of a contested encounter until ``until``, and no longer."""
    tx.vault.hold(list(_items(tx, case)), until)


def release(tx: UnitOfWork, case: Case, now: Instant) -> None:
    """Give everything that a contest froze the referral's clock again; past it, it goes with the next sweep."""
    for step in case.steps:
        if step.event is CaseEvent.CONTEST:
            tx.vault.release(list(_items(tx, case)), step.until, max(case.referral.expires_at, now))


def _items(tx: UnitOfWork, case: Case) -> Iterator[str]:
    referral = case.referral
    yield from filter(None, (referral.probe_item, referral.reference_item))
    yield from filter(None, [tx.encounters.personal_item(referral.encounter_id)])
    for commitment in (referral.entry, *(step.entry for step in case.steps)):
        if commitment:
            yield tx.record.personal_item(bytes.fromhex(commitment))
