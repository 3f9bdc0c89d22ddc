"""A no-match is not undone by asking again: encounters of one person are linked while a referral is in secondary.

The link is the claim, the controller's pseudonym, compared inside the transaction with what is sealed of the encounters
behind the cases in secondary inspection, under charters of the same id alone. Nothing is stored to make linking easier:
there is no index by person, and no link once the encounter's clock has run out.
Where one of the two claims nothing, the document's portrait links them: the same file, byte for byte, as a chip hands
it out each time. Who claims nothing and shows no portrait, as at a gate, is linked to nothing.
"""

from __future__ import annotations

from countenance.cases import state_at
from countenance.ports import UnitOfWork
from countenance.procedures.lanes import Lane, Lanes
from countenance.procedures.referring import photograph
from countenance.terms import EARLIER_REFERRAL, Case, CaseState, Instant


def open_referral_of(  # noqa: PLR0917 - whom, where and when
    tx: UnitOfWork, lanes: Lanes, lane: Lane, claim: str, now: Instant, portrait: bytes = b""
) -> Case | None:
    """Return the oldest case of this claim that is in secondary inspection under ``lane``'s charter, or None.

    ``portrait`` is the document's portrait as sent, b"" before any was.

    A referral that only says that another was open holds nobody back once that one is settled.
    """
    waiting = [
        case for case in (tx.cases.unsettled(now) if claim or portrait else ())
        if state_at(case, now) is CaseState.SECONDARY and case.referral.reason != EARLIER_REFERRAL
        and lanes.governing(case.referral.checkpoint_id, case.referral.charter).charter.charter_id
        == lane.charter.charter_id
    ]  # fmt: skip
    claims = tx.encounters.claims([case.referral.encounter_id for case in waiting])
    for case in waiting:
        other = claims.get(case.referral.encounter_id)
        if claim and other:
            linked = other == claim
        else:
            linked = other is not None and bool(portrait) and photograph(tx, case.referral.reference_item) == portrait
        if linked:
            return case
    return None
