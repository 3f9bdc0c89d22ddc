"""Referrals: a comparison did not settle the matter, so a human looks. Nearly always at an innocent person.

    state        event      next state   who
    WAITING      clear      CLEARED      operator, supervisor
    WAITING      send_on    SECONDARY    operator, supervisor
    SECONDARY    clear      CLEARED      supervisor who had no part in it
    SECONDARY    find       ADVERSE      supervisor who had no part in it; a second fact and a named person
    CLEARED, ADVERSE, LAPSED
                 contest    CONTESTED    operator, supervisor, auditor, for the person; until the contest clock ends
    CONTESTED    uphold     UPHELD       supervisor who had no part in it
    CONTESTED    correct    CORRECTED    the same

Everything else is refused with its reason. A part in it had whoever opened the encounter, sent its photographs or
referred the person, and whoever took a step before, a contest too (:func:`had_part`); looking at a referral, or at what
was told of it, is none. A no-match of somebody of 14 or over, or of unknown age, begins in
SECONDARY: the officer at the checkpoint cannot override it (CBP-21), nor can a new encounter (``earlier_referral``).
Whoever was not compared gets the ordinary manual
check and no case at all. WAITING and SECONDARY become LAPSED when the referral's clock runs out undecided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from countenance.errors import AccessError, CaseError
from countenance.terms import (
    DAY_MS,
    EARLIER_REFERRAL,
    Actor,
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Compared,
    Encounter,
    Instant,
    Mode,
    Referral,
    Role,
    SecondFact,
)

NO_OVERRIDE_AGE = 14
"""From this age on nobody at the checkpoint overrides a no-match (CBP-21)."""
NO_MATCH = "no_match"

_STAFF = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_FOR_THE_PERSON = frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.AUDITOR})
_S, _E = CaseState, CaseEvent

TRANSITIONS: Mapping[tuple[CaseState, CaseEvent], tuple[CaseState, frozenset[Role]]] = MappingProxyType({
    (_S.WAITING, _E.CLEAR): (_S.CLEARED, _STAFF),
    (_S.WAITING, _E.SEND_ON): (_S.SECONDARY, _STAFF),
    (_S.SECONDARY, _E.CLEAR): (_S.CLEARED, _SUPERVISOR),
    (_S.SECONDARY, _E.FIND): (_S.ADVERSE, _SUPERVISOR),
    (_S.CLEARED, _E.CONTEST): (_S.CONTESTED, _FOR_THE_PERSON),
    (_S.ADVERSE, _E.CONTEST): (_S.CONTESTED, _FOR_THE_PERSON),
    (_S.LAPSED, _E.CONTEST): (_S.CONTESTED, _FOR_THE_PERSON),
    (_S.CONTESTED, _E.UPHOLD): (_S.UPHELD, _SUPERVISOR),
    (_S.CONTESTED, _E.CORRECT): (_S.CORRECTED, _SUPERVISOR),
})  # fmt: skip
"""Everything that may happen to a case; the table in this module's docstring."""


def begins(reason: str, age: int) -> CaseState:
    """Return where a case begins: in secondary for a no-match from 14 on, or of unknown age (-1), or beside another."""
    no_override = reason == NO_MATCH and not 0 <= age < NO_OVERRIDE_AGE
    return CaseState.SECONDARY if no_override or reason == EARLIER_REFERRAL else CaseState.WAITING


def make_referral(
    *,
    referral_id: str,
    encounter: Encounter,
    reason: str,
    now: Instant,
    expires_at: Instant,
    contest_days: int,
    probe_item: str,
    reference_item: str,
    entry: str,
    referred_by: str,
    earlier: str = "",
    compared: bool = True,
) -> Referral:
    """Return the referral of an encounter at which a human must look.

    ``reason`` is a stable code (``no_match``, ``ambiguous``, ``already_boarded``, or an officer's); ``expires_at`` is
    ``now`` plus the charter's ``referred`` clock and never earlier; the items are vault item ids, "" where nothing was
    kept. Carries neither claim, class nor age: those stay sealed with the encounter.
    """
    against = Compared.GALLERY if encounter.mode is Mode.IDENTIFY else Compared.PORTRAIT
    return Referral(
        referral_id=referral_id,
        encounter_id=encounter.encounter_id,
        checkpoint_id=encounter.checkpoint_id,
        charter=encounter.charter,
        reason=reason,
        compared=against if compared else Compared.NOTHING,
        begins=begins(reason, encounter.eligibility.age),
        opened_by=encounter.opened_by,
        opened_at=now,
        expires_at=max(now, expires_at),
        contest_by=Instant(now + contest_days * DAY_MS),
        probe_item=probe_item,
        reference_item=reference_item,
        entry=entry,
        referred_by=referred_by,
        earlier=earlier,
    )


def had_part(case: Case) -> frozenset[str]:
    """Return everybody who had a part in what a case is about, and who therefore neither inspects nor reviews it."""
    referral = case.referral
    return frozenset({referral.opened_by, referral.referred_by, *(step.by for step in case.steps)} - {""})


def state_at(case: Case, now: Instant) -> CaseState:
    """Return where a case stands at ``now``: undecided past its clock it has lapsed."""
    state = case.steps[-1].state if case.steps else case.referral.begins
    undecided = state in {CaseState.WAITING, CaseState.SECONDARY}
    return CaseState.LAPSED if undecided and now >= case.referral.expires_at else state


def kept_until(case: Case) -> Instant:
    """Return when what is kept of the case must be gone: its clock, or while it is contested the contest's."""
    last = case.steps[-1] if case.steps else None
    contested = last is not None and last.state is CaseState.CONTESTED
    return max(case.referral.expires_at, last.until) if last and contested else case.referral.expires_at


def take_step(
    case: Case,
    event: CaseEvent,
    actor: Actor,
    *,
    second_facts: Sequence[SecondFact],
    named: str,
    contest_days: int,
    now: Instant,
    entry: str = "",
) -> CaseStep:
    """Return the step that ``actor`` takes, or refuse it; tried in this order.

    (1) the table knows the event in this state, and the contest's clock runs; (2) the role may; an officer's attempt to
    override a no-match has a code of its own (CBP-21); (3) secondary inspection and review are another human's; (4) an
    adverse outcome has a second fact independent of appearance, and a named person (W-5).

    Raises:
        CaseError: ``case.not_now``, ``case.contest_too_late`` (1); ``case.no_override`` (2); ``case.same_person`` (3);
            ``case.second_fact``, ``case.named_person`` (4).
        AccessError: ``access.case_role`` (2).
    """
    state = state_at(case, now)
    found = TRANSITIONS.get((state, event))
    if found is None:  # (1)
        known = ", ".join(one for at, one in TRANSITIONS if at is state) or "nothing more"
        raise CaseError(
            "case.not_now",
            f"A referral that is {state} does not take: {event}.",
            remedy=f"What it takes now: {known}.",
        )
    if event is CaseEvent.CONTEST and now >= case.referral.contest_by:
        raise CaseError(
            "case.contest_too_late",
            "The time in which this referral could be contested is over.",
            remedy="Write to the charter's contact; the record still shows what happened.",
        )
    becomes, roles = found
    _check_role(state, event, actor, roles)  # (2)
    if state in {CaseState.SECONDARY, CaseState.CONTESTED}:
        _check_other_person(case, actor)  # (3)
    if event is CaseEvent.FIND:
        _check_basis(second_facts, named)  # (4)
    return CaseStep(
        referral_id=case.referral.referral_id,
        number=len(case.steps) + 1,
        event=event,
        state=becomes,
        by=actor.actor_id,
        role=actor.role,
        at=now,
        second_facts=tuple(sorted(set(second_facts))),
        until=Instant(now + contest_days * DAY_MS) if event is CaseEvent.CONTEST else Instant(0),
        entry=entry,
    )


def _check_role(state: CaseState, event: CaseEvent, actor: Actor, roles: frozenset[Role]) -> None:
    if actor.role in roles:
        return
    if state is CaseState.SECONDARY and event is CaseEvent.CLEAR and actor.role is Role.OPERATOR:
        raise CaseError(
            "case.no_override",
            "The officer at the checkpoint cannot override this: the person is in secondary inspection (CBP-21).",
            remedy="Bring the person to secondary inspection; a supervisor, who has been told, decides.",
        )
    raise AccessError(
        "access.case_role",
        f"The role {actor.role} may not {event.replace('_', ' ')} a referral that is {state}.",
        remedy=f"Ask for this: {', '.join(sorted(roles))}.",
    )


def _check_other_person(case: Case, actor: Actor) -> None:
    if actor.actor_id in had_part(case):
        raise CaseError(
            "case.same_person",
            f"{actor.actor_id!r} had a part in this encounter or its referral: somebody else must look now.",
            remedy="Hand it to another supervisor, who acts with a key of their own.",
        )


def _check_basis(second_facts: Sequence[SecondFact], named: str) -> None:
    if not second_facts:
        raise CaseError(
            "case.second_fact",
            "Nobody is decided against on a face alone (W-5).",
            remedy="State a fact that is independent of looks: document_fault, statement, biographic_mismatch or "
            "independent_record; if there is none, clear the person.",
        )
    if not named.strip():
        raise CaseError(
            "case.named_person",
            "An adverse outcome is somebody's: nobody is named.",
            remedy="Name the officer who decides; it is kept sealed beside the record's entry.",
        )
