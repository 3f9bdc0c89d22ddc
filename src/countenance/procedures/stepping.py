"""On what a human acts in a case, and what the entry of that act says: facts, and the words beside them."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.terms import CaseStep, JsonObject, Referral, SecondFact, iso


@dataclass(frozen=True, slots=True)
class Basis:
    """On what somebody acts."""

    second_facts: tuple[SecondFact, ...]
    """For an adverse outcome: at least one."""
    named: str
    """Which human decides; "" unless the outcome is adverse."""
    words: str
    """Why, in a few words; may be ""."""


def step_facts(referral: Referral, step: CaseStep, policy_id: str) -> JsonObject:
    """Return the facts of one step; a contest's say until when it keeps what is left."""
    kept: JsonObject = {"kept_until": iso(step.until)} if step.until else {}
    return {
        "event": "referral.stepped", "referral": step.referral_id, "encounter": referral.encounter_id,
        "step": step.event, "state": step.state, "by": step.by, "policy": policy_id,
        "second_facts": list(step.second_facts), **kept,
    }  # fmt: skip


def in_words(basis: Basis) -> JsonObject:
    """Return the personal part of a step's entry: the named person and the words, where there are any."""
    return {name: said for name, said in (("named", basis.named), ("words", basis.words)) if said}
