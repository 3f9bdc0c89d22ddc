"""What is said of an encounter when it opens: facts and personal part of its entry, and the answer given at once."""

from __future__ import annotations

from countenance.procedures.lanes import Lane
from countenance.terms import Encounter, JsonObject, NextStep, NotCompared, Outcome, Receipt, Reply


def opening_facts(encounter: Encounter, policy_id: str, refused: NotCompared | None) -> JsonObject:
    """Return what an entry says of an encounter that was opened, or answered at once."""
    return {
        "event": "encounter.opened",
        "encounter": encounter.encounter_id,
        "policy": policy_id,
        "mode": encounter.mode,
        "opened_by": encounter.opened_by,
        "refusal_offered": encounter.eligibility.refusal_offered,
        "decision": Outcome.NOT_COMPARED if refused else Outcome.OPENED,
        "reason": refused.reason if refused else "",
        "rules": [rule.rule_id for rule in refused.rules] if refused else [],
        "next_step": NextStep.MANUAL_CHECK if refused else NextStep.CAPTURE,
    }


def about(encounter: Encounter) -> JsonObject:
    """Return the personal part of an encounter's entries."""
    return {
        "pseudonym": encounter.claim,
        "person_class": encounter.eligibility.person_class,
        "age": encounter.eligibility.age,
    }


def manual(encounter_id: str, refused: NotCompared, receipt: Receipt, lane: Lane) -> Reply:
    """Return the answer that nobody is compared: the ordinary check, with its reason and receipt."""
    return Reply(
        encounter_id=encounter_id,
        outcome=Outcome.NOT_COMPARED,
        reason=refused.reason,
        advice=refused.rules[-1].sentence if refused.rules else "Do an ordinary manual check.",
        next_step=NextStep.MANUAL_CHECK,
        attempts_left=0,
        reference_id="",
        rules=refused.rules,
        operating_point=lane.point.sha256,
        receipt=receipt,
        millis=(),
    )
