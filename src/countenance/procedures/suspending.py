"""Limits act: more referrals than the charter allows suspend it, and only a named supervisor resumes (W-9).

Every answer moves a sequential test (``evaluate.drift.Cusum``, one whole number for each checkpoint) in its own
transaction, so that nobody is compared after the person with whom the limit was passed.
"""

from __future__ import annotations

from countenance.decision import suspended as not_compared
from countenance.errors import CharterError
from countenance.ports import UnitOfWork
from countenance.procedures.lanes import Lane, Lanes
from countenance.procedures.monitoring import passes_limit, reset_limit
from countenance.procedures.recording import Recorder, expiry
from countenance.procedures.referring import telling
from countenance.terms import Decision, Instant, JsonObject, NotCompared, Refused, Suspension, Telling


def check_limit(tx: UnitOfWork, recorder: Recorder, lane: Lane, decision: Decision | Refused, now: Instant) -> None:
    """Count one answer against the charter's limit inside ``tx``; passing it suspends, is recorded, and is told."""
    charter, checkpoint_id = lane.charter, lane.checkpoint.checkpoint_id
    if not passes_limit(tx, lane, decision, expires_at=expiry(charter, "facts", now)):
        return
    detail = (
        f"More people are referred than {charter.referral_limit_per_thousand} of 1,000, and chance does not explain it."
    )
    if not tx.cases.suspend(Suspension(charter.charter_id, checkpoint_id, now, detail, charter.sha256)):
        return
    facts: JsonObject = {
        "event": "charter.suspended", "charter_id": charter.charter_id, "detail": detail,
        "staffed_checks": charter.legal_duty, "told": charter.contact,
    }  # fmt: skip
    entry = recorder.append_entry(tx, lane, facts, {}, subject="site", now=now)
    tx.cases.tell(telling(Telling.SUSPENDED, lane, entry, about=charter.charter_id, now=now))


def check_not_suspended(tx: UnitOfWork, lane: Lane) -> NotCompared | None:
    """Return None while the charter works; suspended, "not compared" where the check is a legal duty.

    Raises:
        CharterError: ``charter.suspended``, the charter is suspended and no law demands that the check goes on.
    """
    suspension = tx.cases.suspension(lane.charter.charter_id)
    if suspension is None:
        return None
    if lane.charter.legal_duty:
        return not_compared()
    raise CharterError(
        "charter.suspended",
        f"The charter {lane.charter.charter_id!r} is suspended: {suspension.detail}",
        remedy=f"Do ordinary manual checks. Tell {lane.charter.contact}; a supervisor finds out why and resumes it.",
    )


def suspended_lanes(tx: UnitOfWork, lanes: Lanes, charter_id: str) -> tuple[Lane, ...]:
    """Return the lanes of a suspended charter, first the one where its limit acted, under the text that governed."""
    suspension = tx.cases.suspension(charter_id)
    if suspension is None:
        return ()
    now_there = tuple(lane for lane in lanes.by_checkpoint.values() if lane.charter.charter_id == charter_id)
    return (lanes.governing(suspension.checkpoint_id, suspension.charter), *now_there)


def lift(tx: UnitOfWork, lanes: tuple[Lane, ...], now: Instant) -> bool:
    """End a suspension inside ``tx``, the tests of the charter's checkpoints beginning anew; return whether it was."""
    if not tx.cases.resume(lanes[0].charter.charter_id):
        return False
    for lane in lanes:
        reset_limit(tx, lane, expires_at=expiry(lane.charter, "facts", now))
    return True
