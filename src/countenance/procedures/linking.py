"""A no-match is not undone by asking again: encounters of one person are linked while a referral is in secondary.

The link is the claim, the controller's pseudonym, compared inside the transaction with what is sealed of the encounters
behind the cases in secondary inspection, under charters of the same id alone. Nothing is stored to make linking easier:
there is no index by person, and no link once the encounter's clock has run out.
Who claims nothing is linked to nothing.
"""

from __future__ import annotations

from countenance.cases import state_at
from countenance.ports import UnitOfWork
from countenance.procedures.lanes import Lane, Lanes
from countenance.terms import EARLIER_REFERRAL, Case, CaseState, Instant


def open_referral_of(tx: UnitOfWork, lanes: Lanes, lane: Lane, claim: str, now: Instant) -> Case | None:
    """Return the oldest case of this claim that is in secondary inspection under ``lane``'s charter, or None.

    A referral that only says that another was open holds nobody back once that one is settled.
    """
    for case in tx.cases.unsettled(now) if claim else ():
        referral = case.referral
        if state_at(case, now) is not CaseState.SECONDARY or referral.reason == EARLIER_REFERRAL:
            continue
        governing = lanes.governing(referral.checkpoint_id, referral.charter)
        encounter = tx.encounters.by_id(referral.encounter_id)
        if governing.charter.charter_id == lane.charter.charter_id and encounter and encounter.claim == claim:
            return case
    return None
