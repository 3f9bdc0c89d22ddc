"""Attempts to end a case that were refused: they are in the record, and a supervisor is told (CBP-21)."""

from __future__ import annotations

from collections.abc import Mapping

from countenance.cases import state_at
from countenance.errors import CountenanceError
from countenance.ports import UnitOfWork
from countenance.procedures.lanes import Lane
from countenance.procedures.recording import Recorder
from countenance.procedures.referring import telling
from countenance.terms import Actor, Case, CaseEvent, CaseState, Instant, JsonObject, Role, Telling

_STAFF = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_NOT_YOURS = frozenset({
    "access.case_role", "access.denied", "case.already_referred", "case.no_override", "case.same_person",
    "count.referred",
})  # fmt: skip
"""Refusals that say: this is another human's. Whoever forgets a fact, or comes too late, tries nothing."""
_ENDS: Mapping[CaseState, frozenset[str]] = {
    CaseState.SECONDARY: frozenset({CaseEvent.CLEAR, CaseEvent.FIND, "refer", "note_clearance"}),
    CaseState.CONTESTED: frozenset({CaseEvent.UPHOLD, CaseEvent.CORRECT}),
}  # fmt: skip


def record_attempt(
    tx: UnitOfWork,
    recorder: Recorder,
    lane: Lane,
    case: Case,
    *,
    what: str,
    actor: Actor,
    refused: CountenanceError,
    now: Instant,
) -> None:
    """Record and tell that staff tried to end what is another human's, and commit; else do nothing.

    ``what`` is a :class:`~countenance.terms.CaseEvent`, "refer" (begin a second case that could be cleared) or
    "note_clearance" (note the person as gone on); ``refused`` is the error that the caller raises afterwards.
    """
    ends = _ENDS.get(state_at(case, now), frozenset())
    if actor.role not in _STAFF or refused.code not in _NOT_YOURS or what not in ends:
        return
    referral = case.referral
    facts: JsonObject = {
        "event": "referral.override_refused", "referral": referral.referral_id, "encounter": referral.encounter_id,
        "by": actor.actor_id, "step": what, "refused": refused.code,
    }  # fmt: skip
    subject = f"encounter/{referral.encounter_id}"
    entry = recorder.append_entry(tx, lane, facts, {}, subject=subject, now=now)
    tx.cases.tell(telling(Telling.OVERRIDE_REFUSED, lane, entry, about=referral.referral_id, now=now))
    tx.commit()
