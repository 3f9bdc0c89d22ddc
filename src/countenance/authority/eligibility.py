"""Who may refuse, who must not be photographed, and since when: rules that are data with dates (CBP-16, 17, 30).

The same person on two dates may get two answers, because the law changed between them. Nobody's class is guessed: a
class that no rule knows may refuse, and is not photographed where any class of that age is exempt.
"""

from __future__ import annotations

from countenance.errors import CharterError, EncounterError
from countenance.terms import (
    EVERYONE,
    UNKNOWN,
    Charter,
    Checkpoint,
    ClassRule,
    Eligibility,
    EligibilityRules,
    Instant,
    NotCompared,
    Rule,
    iso,
)

NOT_BIOMETRIC = Rule("checkpoint-without-camera", "This checkpoint uses no camera: do the ordinary check (CBP-18).")


def rules_at(charter: Charter, now: Instant) -> EligibilityRules:
    """Return the rules that hold at ``now``: the latest that have begun.

    Raises:
        CharterError: ``charter.eligibility_gap``: none has begun; parsing sees to it that this is before the charter.
    """
    begun = [rules for rules in charter.eligibility if rules.valid_from <= now]
    if not begun:
        raise CharterError(
            "charter.eligibility_gap", f"The charter {charter.charter_id!r} has no rules about refusing on {iso(now)}.",
            remedy="Let its first 'eligibility' begin no later than the charter itself.",
        )  # fmt: skip
    return begun[-1]


def rule_for(charter: Charter, person_class: str, now: Instant) -> ClassRule:
    """Return what holds for ``person_class`` at ``now``; for ``unknown``, and for a class without a rule, the mildest.

    A rule for ``everyone`` holds for the classes that the charter names and has no other rule for; a class that it
    names nowhere is a typing error or a stranger's, and nobody loses a right by either. The mildest: may refuse, and is
    exempt at every age at which any class is.
    """
    rules = rules_at(charter, now).classes
    named = {rule.person_class: rule for rule in rules}
    found = named.get(person_class) or (named.get(EVERYONE) if person_class in charter.classes else None)
    if found is not None and person_class != UNKNOWN:
        return found
    oldest = [rule.exempt_over for rule in rules if rule.exempt_over >= 0]
    return ClassRule(
        UNKNOWN, may_refuse=True, exempt_under=max((rule.exempt_under for rule in rules), default=0),
        exempt_over=min(oldest, default=-1),
    )  # fmt: skip


def may_refuse(charter: Charter, person: Eligibility, now: Instant) -> bool:
    """Return whether this person may refuse now; somebody of unknown age may wherever an exemption depends on age."""
    rule = rule_for(charter, person.person_class, now)
    depends_on_age = rule.exempt_under > 0 or rule.exempt_over >= 0
    return rule.may_refuse or (person.age < 0 and depends_on_age)


def check_offer(charter: Charter, person: Eligibility, now: Instant) -> None:
    """Return only if whoever may refuse was told so, and nobody else.

    Opt-out first: document, eligibility, notice and choice, and only then the camera. Who has no right to refuse is not
    offered one, because an offer that is taken back is worse than none. Somebody exempt is asked nothing.

    Raises:
        EncounterError: ``encounter.refusal_not_offered``, ``encounter.refusal_not_due``; no token exists, so no frame
            can be sent.
    """
    if rule_for(charter, person.person_class, now).exempts(person.age):
        return
    entitled = may_refuse(charter, person, now)
    if entitled and not person.refusal_offered:
        raise EncounterError(
            "encounter.refusal_not_offered",
            "This person may refuse and was not offered it (CBP-16).",
            remedy="Show the notice, say that refusing is allowed, and open the encounter with what the person chose.",
        )
    if not entitled and person.refusal_offered:
        raise EncounterError(
            "encounter.refusal_not_due",
            f"People of class {person.person_class!r} have no right to refuse here, and this one was offered it.",
            remedy="Say which law applies and that there is no choice here; open the encounter without the offer. If "
            "the class is in doubt, state 'unknown'.",
        )


def check_refusal(charter: Charter, person: Eligibility, now: Instant) -> None:
    """Return only if this person may refuse now.

    Raises:
        EncounterError: ``encounter.no_right_to_refuse``; nothing changed.
    """
    if not may_refuse(charter, person, now):
        raise EncounterError(
            "encounter.no_right_to_refuse",
            f"People of class {person.person_class!r} may not refuse under this charter "
            f"({rules_at(charter, now).source}).",
            remedy="Call a supervisor; if the class was stated wrongly, open a new encounter with the right one.",
        )


def spare(checkpoint: Checkpoint, charter: Charter, person: Eligibility, now: Instant) -> NotCompared | None:
    """Return why no camera may be used for this person here, or None; asked before any frame.

    A checkpoint without a camera spares everybody (CBP-18), an exemption by age its people (CBP-30).
    """
    if not checkpoint.biometric:
        return NotCompared("checkpoint.not_biometric", (NOT_BIOMETRIC,))
    rule = rule_for(charter, person.person_class, now)
    if rule.exempts(person.age):
        source = rules_at(charter, now).source
        return NotCompared("eligibility.exempt", (Rule("exempt-by-age", f"Must not be photographed ({source})."),))
    return None
