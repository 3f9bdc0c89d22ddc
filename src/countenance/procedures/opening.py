"""What is said of an encounter when it opens: facts and personal part of its entry, and the answer given at once."""

from __future__ import annotations

from countenance.decision import outcome_of
from countenance.procedures.lanes import Lane
from countenance.terms import Encounter, JsonObject, NextStep, NotCompared, Outcome, Receipt, Referred, Reply


def opening_facts(encounter: Encounter, policy_id: str, refused: NotCompared | Referred | None) -> JsonObject:
    """Return what an entry says of an encounter that was opened, or answered at once."""
    outcome, step = outcome_of(refused) if refused else (Outcome.OPENED, NextStep.CAPTURE)
    return {
        "event": "encounter.opened",
        "encounter": encounter.encounter_id,
        "policy": policy_id,
        "mode": encounter.mode,
        "opened_by": encounter.opened_by,
        "refusal_offered": encounter.eligibility.refusal_offered,
        "decision": outcome,
        "reason": refused.reason if refused else "",
        "rules": [rule.rule_id for rule in refused.rules] if refused else [],
        "next_step": step,
    }


def about(encounter: Encounter) -> JsonObject:
    """Return the personal part of an encounter's entries."""
    return {
        "pseudonym": encounter.claim,
        "person_class": encounter.eligibility.person_class,
        "age": encounter.eligibility.age,
    }


def at_once(encounter_id: str, refused: NotCompared | Referred, receipt: Receipt, lane: Lane) -> Reply:
    """Return the answer that nobody is compared: an ordinary check or secondary inspection, with its receipt."""
    outcome, step = outcome_of(refused)
    return Reply(
        encounter_id=encounter_id,
        outcome=outcome,
        reason=refused.reason,
        advice=refused.rules[-1].sentence if refused.rules else "Do an ordinary manual check.",
        next_step=step,
        attempts_left=0,
        reference_id="",
        rules=refused.rules,
        operating_point=lane.point.sha256,
        receipt=receipt,
        millis=(),
    )
