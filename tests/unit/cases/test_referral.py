"""The table of cases, every state by every event by every role; and what a referral says about a person: nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from countenance.cases import kept_until, make_referral, state_at, take_step
from countenance.errors import AccessError, CaseError, CountenanceError
from countenance.terms import (
    DAY_MS,
    Actor,
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Compared,
    Eligibility,
    Instant,
    Mode,
    Referral,
    Role,
    SecondFact,
)
from fakes.papers import NOW, encounter

SECRET = encounter(claim="traveller-secret", eligibility=Eligibility("class-secret", 97, 5, refusal_offered=True))
FACT = SecondFact.DOCUMENT_FAULT
ALLOWED = {
    ("waiting", "clear"): ("cleared", "operator supervisor"),
    ("waiting", "send_on"): ("secondary", "operator supervisor"),
    ("secondary", "clear"): ("cleared", "supervisor"),
    ("secondary", "find"): ("adverse", "supervisor"),
    ("cleared", "contest"): ("contested", "operator supervisor auditor"),
    ("adverse", "contest"): ("contested", "operator supervisor auditor"),
    ("lapsed", "contest"): ("contested", "operator supervisor auditor"),
    ("contested", "uphold"): ("upheld", "supervisor"),
    ("contested", "correct"): ("corrected", "supervisor"),
}
"""Written out here a second time on purpose: whoever changes the table changes a promise."""


def refer(reason: str = "no_match", age: int = 30, expires_at: int = NOW + 1000, **changes: object) -> Referral:
    """Return a referral that the person with secrets gave rise to."""
    about = replace(SECRET, eligibility=replace(SECRET.eligibility, age=age))
    made = make_referral(
        referral_id="1" * 32, encounter=about, reason=reason, now=NOW, expires_at=Instant(expires_at),
        contest_days=30, probe_item="referral/1/probe", reference_item="", entry="e" * 64, referred_by="operator:7",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type] # fields by name


def step(event: CaseEvent, state: CaseState, by: str = "supervisor:9", until: int = 0) -> CaseStep:
    """Return a step that somebody took."""
    return CaseStep("1" * 32, 1, event, state, by, Role.SUPERVISOR, NOW, (), Instant(until), "")


def case_in(state: CaseState) -> tuple[Case, Instant]:
    """Return a case that stands so, and when."""
    if state in {CaseState.WAITING, CaseState.SECONDARY}:
        return Case(refer(begins=state), ()), NOW
    if state is CaseState.LAPSED:
        return Case(refer(begins=CaseState.SECONDARY), ()), Instant(NOW + 1000)
    until = NOW + DAY_MS if state is CaseState.CONTESTED else 0
    return Case(refer(), (step(CaseEvent.CLEAR, state, until=until),)), NOW


def taken(case: Case, event: CaseEvent, actor: Actor, now: Instant = NOW, **changes: object) -> CaseStep:
    """Take a step with everything an adverse outcome needs, or without what ``changes`` takes away."""
    basis: dict[str, object] = {"second_facts": (FACT,), "named": "R. Ortiz, 412", "contest_days": 30, "now": now}
    return take_step(case, event, actor, **(basis | changes))  # type: ignore[arg-type] # the same


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("event", CaseEvent)
@pytest.mark.parametrize("state", CaseState)
def test_every_state_by_every_event_by_every_role(state: CaseState, event: CaseEvent, role: Role) -> None:
    """Exactly the table's transitions happen; everything else is refused with a code and what to do (CBP-21, W-5)."""
    case, now = case_in(state)
    assert state_at(case, now) is state
    becomes, roles = ALLOWED.get((state.value, event.value), ("", ""))
    actor = Actor("somebody:else", role, "camera-1" if role is Role.DEVICE else "")
    if role.value in roles.split():
        assert taken(case, event, actor, now).state == becomes
        return
    with pytest.raises(CountenanceError) as refused:
        taken(case, event, actor, now)
    assert refused.value.remedy
    assert "<" not in refused.value.message
    if not becomes:
        assert refused.value.code == "case.not_now"
    elif (state, event, role) == (CaseState.SECONDARY, CaseEvent.CLEAR, Role.OPERATOR):
        assert refused.value.code == "case.no_override"
    else:
        assert isinstance(refused.value, AccessError)
        assert refused.value.code == "access.case_role"


@pytest.mark.parametrize(
    "reason, age, begins",
    [
        ("no_match", 14, "secondary"), ("no_match", 79, "secondary"), ("no_match", -1, "secondary"),
        ("no_match", 13, "waiting"), ("no_match", 0, "waiting"),
        ("already_boarded", 40, "waiting"), ("ambiguous", 40, "waiting"), ("document_fault", 40, "waiting"),
        ("officers_judgement", 40, "waiting"),
    ],
)  # fmt: skip
def test_a_no_match_from_fourteen_on_begins_in_secondary(reason: str, age: int, begins: str) -> None:
    """No officer meets a no-match of somebody of 14 or over, or of unknown age, with the power to wave it through."""
    assert refer(reason, age).begins == begins


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"second_facts": ()}, "case.second_fact"),
        ({"named": ""}, "case.named_person"),
        ({"named": "  "}, "case.named_person"),
    ],
)
def test_nobody_is_decided_against_on_a_face_alone(changes: dict[str, object], code: str) -> None:
    """An adverse outcome without a fact independent of looks, or without a named human, is refused (W-5)."""
    case, _ = case_in(CaseState.SECONDARY)
    with pytest.raises(CaseError) as refused:
        taken(case, CaseEvent.FIND, Actor("supervisor:2", Role.SUPERVISOR, ""), **changes)
    assert refused.value.code == code


@pytest.mark.parametrize("fact", SecondFact)
def test_each_second_fact_is_enough(fact: SecondFact) -> None:
    """Each of the four facts carries an adverse outcome; the step keeps which."""
    case, _ = case_in(CaseState.SECONDARY)
    done = taken(case, CaseEvent.FIND, Actor("supervisor:2", Role.SUPERVISOR, ""), second_facts=(fact,))
    assert (done.state, done.second_facts) == (CaseState.ADVERSE, (fact,))


def test_facts_about_looks_are_not_in_the_list() -> None:
    """The list of second facts is closed, and none of it is about a face."""
    assert list(SecondFact) == ["document_fault", "statement", "biographic_mismatch", "independent_record"]


@pytest.mark.parametrize("by", [SECRET.opened_by, "operator:7", "supervisor:5"])
@pytest.mark.parametrize("event", [CaseEvent.CLEAR, CaseEvent.FIND])
def test_who_had_a_part_does_not_decide_in_secondary(event: CaseEvent, by: str) -> None:
    """Secondary inspection is another human's: not of who opened the encounter, referred, or sent the person on."""
    sent_on = step(CaseEvent.SEND_ON, CaseState.SECONDARY, by="supervisor:5")
    case = Case(refer("statement"), (sent_on,))
    with pytest.raises(CaseError) as refused:
        taken(case, event, Actor(by, Role.SUPERVISOR, ""))
    assert refused.value.code == "case.same_person"
    assert taken(case, event, Actor("supervisor:6", Role.SUPERVISOR, "")).number == 2


@pytest.mark.parametrize("by", ["supervisor:9", SECRET.opened_by, "operator:7", "operator:3"])
@pytest.mark.parametrize("event", [CaseEvent.UPHOLD, CaseEvent.CORRECT])
def test_a_contest_is_reviewed_by_somebody_who_had_no_part(event: CaseEvent, by: str) -> None:
    """Not by who decided, opened the encounter, sent its photographs or referred, nor by who took the contest down."""
    decided = step(CaseEvent.FIND, CaseState.ADVERSE, by="supervisor:9")
    contested = replace(step(CaseEvent.CONTEST, CaseState.CONTESTED, by="operator:3", until=NOW + 9), number=2)
    case = Case(refer(), (decided, contested))
    with pytest.raises(CaseError) as refused:
        taken(case, event, Actor(by, Role.SUPERVISOR, ""))
    assert refused.value.code == "case.same_person"
    assert taken(case, event, Actor("supervisor:4", Role.SUPERVISOR, "")).number == 3


def test_a_contest_has_a_clock_at_both_ends() -> None:
    """Until 30 days after the referral it can be contested; a contest freezes for 30 days and not longer."""
    person = Actor("operator:3", Role.OPERATOR, "")
    case, _ = case_in(CaseState.CLEARED)
    last = Instant(NOW + 30 * DAY_MS - 1)
    frozen = taken(case, CaseEvent.CONTEST, person, last)
    assert frozen.until == last + 30 * DAY_MS
    assert kept_until(Case(case.referral, (*case.steps, frozen))) == frozen.until
    with pytest.raises(CaseError) as late:
        taken(case, CaseEvent.CONTEST, person, Instant(last + 1))
    assert late.value.code == "case.contest_too_late"


def test_without_a_contest_nothing_is_kept_longer() -> None:
    """Clearing, finding and review leave the referral's own clock."""
    for state in (CaseState.CLEARED, CaseState.ADVERSE, CaseState.UPHELD, CaseState.CORRECTED):
        case, _ = case_in(state)
        assert kept_until(case) == case.referral.expires_at


def test_a_referral_carries_what_an_officer_needs_to_find_it() -> None:
    """It names encounter, checkpoint, charter, reason, what was compared, its clocks and its sealed photographs."""
    made = refer()
    assert (made.encounter_id, made.checkpoint_id, made.charter) == (SECRET.encounter_id, "gate-1", SECRET.charter)
    assert (made.compared, made.probe_item, made.entry) == (Compared.GALLERY, "referral/1/probe", "e" * 64)
    assert (made.opened_at, made.expires_at, made.contest_by) == (NOW, NOW + 1000, NOW + 30 * DAY_MS)
    lane = make_referral(
        referral_id="2" * 32, encounter=replace(SECRET, mode=Mode.VERIFY), reason="statement", now=NOW,
        expires_at=NOW, contest_days=1, probe_item="", reference_item="", entry="", referred_by="", compared=False,
    )  # fmt: skip
    assert lane.compared is Compared.NOTHING


def test_a_referral_says_nothing_about_the_person() -> None:
    """Claim, class and age stay sealed with the encounter."""
    told = repr(refer(age=97))
    for secret in ("traveller-secret", "class-secret", "97"):
        assert secret not in told


@pytest.mark.parametrize("expires_at", [NOW - 1, NOW, 0])
def test_a_clock_never_ends_before_it_begins(expires_at: int) -> None:
    """A charter that keeps nothing gives a referral that is over at once, not one in the past."""
    assert refer(expires_at=expires_at).expires_at == NOW
