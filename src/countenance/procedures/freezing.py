"""A contested encounter is frozen: its clock cannot erase it before the contest ends, and the contest's clock can.

Frozen are the photographs, what is sealed of the encounter (claim, class, ages), and the personal parts of the
referral's entries: what a reviewer needs, and nothing else of the person. What is gone already stays gone.
"""

from __future__ import annotations

from countenance.ports import UnitOfWork
from countenance.procedures.lanes import Lane
from countenance.procedures.recording import expiry
from countenance.terms import Case, Instant


def freeze(tx: UnitOfWork, case: Case, lane: Lane, *, until: Instant) -> None:
    """Keep what is left of a contested encounter until ``until``, and no longer; nothing is shortened."""
    _reclock(tx, case, lane, at_least=until)


def release(tx: UnitOfWork, case: Case, lane: Lane, now: Instant) -> None:
    """Give everything its own clock again; what is past it goes with the next sweep."""
    _reclock(tx, case, lane, at_least=now)


def _reclock(tx: UnitOfWork, case: Case, lane: Lane, *, at_least: Instant) -> None:
    referral, personal = case.referral, expiry(lane.charter, "personal", case.referral.opened_at)
    pictures = [item for item in (referral.probe_item, referral.reference_item) if item]
    tx.vault.reclock(pictures, max(referral.expires_at, at_least))
    tx.encounters.reclock(referral.encounter_id, max(personal, at_least))
    entries = {referral.entry: referral.opened_at} | {step.entry: step.at for step in case.steps}
    for commitment, at in entries.items():
        if commitment:
            own = expiry(lane.charter, "personal", at)
            tx.record.reclock(bytes.fromhex(commitment), max(own, at_least))
