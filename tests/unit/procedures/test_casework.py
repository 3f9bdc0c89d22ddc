"""Referrals through a whole site: no override, no adverse outcome on a face, contests that freeze, receipts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from countenance.bootstrap import Service
from countenance.errors import (
    AccessError,
    CaseError,
    CountenanceError,
    CountError,
    EncounterError,
    NotFound,
    VaultError,
)
from countenance.procedures import Basis, Standing
from countenance.terms import (
    DAY_MS,
    Actor,
    CaseEvent,
    CaseState,
    Clearance,
    ClearanceReason,
    Eligibility,
    Enrolment,
    OfficerReason,
    Opened,
    OpenRequest,
    Outcome,
    Role,
    SecondFact,
    Telling,
)
from fakes.extractor import face
from fakes.world import ADMINISTRATOR, ADULT, AUDITOR, OPERATOR, SUPERVISOR, World, opened, submission

NOTHING = Basis((), "", "")
AGAINST = Basis((SecondFact.DOCUMENT_FAULT,), "R. Ortiz, badge 412", "hologram missing")
OTHER = Actor("supervisor:2", Role.SUPERVISOR, "")
OPENER = Actor("supervisor:3", Role.SUPERVISOR, "")


def no_match(service: Service, claim: str = "traveller-a") -> Standing:
    """Let somebody of 30 show another person's document."""
    answer = opened(service, claim=claim)
    service.crossing.verify(submission(service, answer.token, face("ann"), face("bob")), OPERATOR)
    return service.casework.redress(answer.encounter_id, OPERATOR)


def match(service: Service) -> str:
    """Let a person cross and return the encounter."""
    answer = opened(service)
    service.crossing.verify(submission(service, answer.token, face("ann", 1), face("ann", 2)), OPERATOR)
    return answer.encounter_id


def take(service: Service, reference: str, event: str, actor: Actor, basis: Basis = NOTHING) -> CaseState:
    """Do something with a referral and return where it stands."""
    return service.casework.take(reference, CaseEvent(event), basis, actor)[0].state


def facts(service: Service, event: str) -> list[dict[str, Any]]:
    """Return the facts of every entry of this event."""
    entries: Any = service.desk.export_record(AUDITOR)["entries"]
    told = (json.loads(entry["facts"]) for entry in entries)
    return [one for one in told if one["event"] == event]


# --- no override (CBP-21) -------------------------------------------------------------------------------------------
def test_no_officer_overrides_a_no_match(service: Service) -> None:
    """From 14 on a no-match is in secondary at once; an officer's attempt is refused, recorded, told; nothing moved."""
    case = no_match(service).case
    reference = case.referral.referral_id
    for _ in range(2):
        with pytest.raises(CaseError) as refused:
            take(service, reference, "clear", OPERATOR)
        assert refused.value.code == "case.no_override"
    note = Clearance("lane-1", ClearanceReason.ANSWERED, 1, case.referral.encounter_id, "")
    with pytest.raises(CountError) as by_the_back_door:
        service.noting.note_clearance(note, OPERATOR)
    assert by_the_back_door.value.code == "count.referred"
    assert service.casework.redress(reference, OPERATOR).state is CaseState.SECONDARY
    attempts = facts(service, "referral.override_refused")
    assert sorted((one["by"], one["step"]) for one in attempts) == [
        ("operator:1", "clear"), ("operator:1", "clear"), ("operator:1", "note_clearance"),
    ]  # fmt: skip
    assert take(service, reference, "clear", SUPERVISOR) is CaseState.CLEARED


@pytest.mark.parametrize(
    "event, actor, code",
    [
        ("clear", OPERATOR, "case.no_override"), ("find", OPERATOR, "access.denied"),
        ("clear", OPENER, "case.same_person"), ("find", OPENER, "case.same_person"),
        ("refer", OPENER, "case.already_referred"),
    ],
)  # fmt: skip
def test_every_attempt_to_end_what_is_anothers_is_recorded(
    service: Service, event: str, actor: Actor, code: str
) -> None:
    """By an officer or by the supervisor whose encounter it was: refused, in the record with its code, and told."""
    answer = service.crossing.open_encounter(OpenRequest("lane-1", ADULT, "", ""), OPENER)
    assert isinstance(answer, Opened)
    service.crossing.verify(submission(service, answer.token, face("ann"), face("bob")), OPERATOR)
    tried: Callable[[], object] = lambda: take(service, answer.encounter_id, event, actor, AGAINST)  # noqa: E731
    if event == "refer":
        tried = lambda: service.casework.refer(answer.encounter_id, OfficerReason.STATEMENT, "", actor)  # noqa: E731
    with pytest.raises(CountenanceError) as refused:
        tried()
    assert refused.value.code == code
    (attempt,) = facts(service, "referral.override_refused")
    assert (attempt["by"], attempt["step"], attempt["refused"]) == (actor.actor_id, event, code)
    assert Telling.OVERRIDE_REFUSED in {one.telling for one in service.casework.told(SUPERVISOR)}


@pytest.mark.parametrize(
    "event, actor, basis", [("contest", OPERATOR, NOTHING), ("find", SUPERVISOR, NOTHING), ("clear", AUDITOR, NOTHING)]
)
def test_what_is_no_attempt_is_not_recorded_as_one(service: Service, event: str, actor: Actor, basis: Basis) -> None:
    """Asking too early, forgetting the second fact, or a key that settles nothing anywhere is no attempt."""
    reference = no_match(service).case.referral.referral_id
    with pytest.raises(CountenanceError):
        take(service, reference, event, actor, basis)
    assert facts(service, "referral.override_refused") == []


def test_nobody_dismisses_what_was_told_of_their_own_no_match(service: Service) -> None:
    """A supervisor who opened the encounter cannot acknowledge it, by notification or by referral; another can."""
    answer = service.crossing.open_encounter(OpenRequest("lane-1", ADULT, "", ""), OPENER)
    assert isinstance(answer, Opened)
    service.crossing.verify(submission(service, answer.token, face("ann"), face("bob")), OPERATOR)
    (told,) = service.casework.told(OPENER)
    for reference in (told.notification_id, told.about):
        with pytest.raises(CaseError) as own:
            service.casework.see(reference, OPENER)
        assert own.value.code == "case.own_notification"
    assert service.casework.told(SUPERVISOR) == (told,)
    service.casework.see(told.notification_id, SUPERVISOR)
    assert service.casework.told(SUPERVISOR) == ()


def test_acting_on_ones_own_referral_dismisses_nothing(service: Service) -> None:
    """Whoever decided and takes the contest down leaves what was told of it to somebody else."""
    reference = no_match(service).case.referral.referral_id
    take(service, reference, "clear", SUPERVISOR)
    take(service, reference, "contest", SUPERVISOR)
    with pytest.raises(CaseError) as own:
        service.casework.see(reference, SUPERVISOR)
    assert own.value.code == "case.own_notification"
    take(service, reference, "uphold", OTHER)
    assert service.casework.told(OTHER) == ()


def test_a_supervisor_is_told_of_each_no_match(service: Service, world: World) -> None:
    """Each no-match leaves one notification in the transaction of its answer; it stays until somebody acknowledges."""
    first = no_match(service)
    world.clock.advance(1)
    second = no_match(service, "traveller-b")
    told = service.casework.told(SUPERVISOR)
    assert [(one.telling, one.about) for one in told] == [
        (Telling.NO_MATCH, first.case.referral.referral_id), (Telling.NO_MATCH, second.case.referral.referral_id),
    ]  # fmt: skip
    service.casework.see(told[0].notification_id, SUPERVISOR)
    assert service.casework.told(SUPERVISOR) == told[1:]
    with pytest.raises(NotFound) as again:
        service.casework.see(told[0].notification_id, SUPERVISOR)
    assert again.value.code == "case.not_told"
    assert {one["supervisor_told"] for one in facts(service, "referral.raised")} == {True}
    assert facts(service, "notification.seen")[0]["by"] == "supervisor:1"


def test_refused_photographs_are_an_ordinary_manual_check(service: Service) -> None:
    """Three unusable photographs, a broken part and a child's age begin no case and tell nobody."""
    answer = opened(service)
    for attempt in (1, 2, 3):
        service.crossing.verify(submission(service, answer.token, b"blurred", face("ann"), attempt), OPERATOR)
    service.crossing.verify(submission(service, opened(service).token, b"crash", face("ann")), OPERATOR)
    child = Eligibility("traveller", 9, 2, refusal_offered=True)
    service.crossing.open_encounter(OpenRequest("lane-1", child, "", ""), OPERATOR)
    assert service.desk.waiting(SUPERVISOR) == ()
    assert service.casework.told(SUPERVISOR) == ()
    with pytest.raises(NotFound):
        service.casework.redress(answer.encounter_id, OPERATOR)


def test_a_second_boarding_is_the_officers(service: Service) -> None:
    """Somebody who went through before waits with the officer, who may clear them; their wait is counted then."""
    service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
    list(service.staging.enrol("flight", [Enrolment("r1", "ann", 30, 5, face("ann"))], ADMINISTRATOR))
    for _ in range(2):
        token = opened(service, "gate-1", "flight", "").token
        reply = service.crossing.identify(submission(service, token, face("ann", 1)), OPERATOR)
    assert reply.outcome is Outcome.REFERRED
    (waiting,) = service.desk.waiting(SUPERVISOR)
    assert (waiting.state, waiting.case.referral.reason) == (CaseState.WAITING, "already_boarded")
    assert "people expected here" in waiting.redress.compared
    assert service.casework.told(SUPERVISOR) == ()
    assert take(service, reply.encounter_id, "clear", OPERATOR) is CaseState.CLEARED
    with service.transactions.read() as tx:
        encounter = tx.encounters.by_id(reply.encounter_id)
        counted = {one.kind for one in tx.aggregates.counts(0, 10**6)}
    assert encounter is not None
    assert encounter.state == "cleared"
    assert "cleared-after" in counted


def test_a_lapsed_no_match_is_not_begun_anew(service: Service, world: World) -> None:
    """An officer cannot wait for the clock, refer again and clear that: a second referral needs a cleared first one."""
    encounter = no_match(service).case.referral.encounter_id
    world.clock.advance(13 * 3600)
    service.tick()
    with pytest.raises(CaseError) as again:
        service.casework.refer(encounter, OfficerReason.OFFICERS_JUDGEMENT, "", OPERATOR)
    assert again.value.code == "case.already_referred"


def test_a_refuser_who_is_cleared_has_waited_too(service: Service) -> None:
    """Somebody who refused, was referred for the document and cleared: their wait counts among the refusers'."""
    answer = opened(service)
    service.crossing.opt_out(answer.token, OPERATOR)
    service.casework.refer(answer.encounter_id, OfficerReason.DOCUMENT_FAULT, "", OPERATOR)
    take(service, answer.encounter_id, "clear", OPERATOR)
    with service.transactions.read() as tx:
        counted = {(one.kind, one.cell) for one in tx.aggregates.counts(0, 10**6)}
    assert ("cleared-after", "refused") in counted
    assert any(kind == "wait.refused" for kind, _ in counted)


def test_a_supervisor_who_acts_has_seen_it(service: Service) -> None:
    """Deciding a referral acknowledges what was told about it; other referrals' notifications stay."""
    first = no_match(service).case.referral
    no_match(service, "traveller-b")
    take(service, first.referral_id, "clear", SUPERVISOR)
    assert [one.about for one in service.casework.told(SUPERVISOR)] != [first.referral_id]
    assert len(service.casework.told(SUPERVISOR)) == 1


def test_whoever_was_cleared_can_be_referred_again(service: Service) -> None:
    """A new reason after a clearance begins a case of its own."""
    encounter = match(service)
    service.casework.refer(encounter, OfficerReason.STATEMENT, "", OPERATOR)
    take(service, encounter, "clear", OPERATOR)
    again = service.casework.refer(encounter, OfficerReason.DOCUMENT_FAULT, "", OPERATOR)
    assert (again.state, again.case.referral.reason) == (CaseState.WAITING, "document_fault")


# --- an officer may always refer ------------------------------------------------------------------------------------
def test_a_match_never_binds_an_officer(service: Service) -> None:
    """After a match an officer refers all the same, for a document fault or for nothing that is said; once."""
    encounter = match(service)
    standing = service.casework.refer(encounter, OfficerReason.DOCUMENT_FAULT, "laminate lifted", OPERATOR)
    assert standing.state is CaseState.WAITING
    assert "question about the document" in standing.redress.why
    assert "portrait" in standing.redress.compared
    with pytest.raises(CaseError) as twice:
        service.casework.refer(encounter, OfficerReason.STATEMENT, "", OPERATOR)
    assert twice.value.code == "case.already_referred"
    assert take(service, encounter, "send_on", OPERATOR) is CaseState.SECONDARY
    (raised,) = facts(service, "referral.raised")
    assert (raised["by"], raised["reason"]) == ("operator:1", "document_fault")
    assert "laminate" not in json.dumps(raised)


def test_referring_before_a_photograph_spends_the_token(service: Service, world: World) -> None:
    """Whoever is referred while the encounter is open is not compared any more; the receipt says nothing was."""
    answer = opened(service)
    standing = service.casework.refer(answer.encounter_id, OfficerReason.OFFICERS_JUDGEMENT, "", OPERATOR)
    assert standing.redress.compared.startswith("Nothing")
    with pytest.raises(EncounterError):
        service.crossing.verify(submission(service, answer.token, face("ann"), face("ann")), OPERATOR)
    assert world.extractor.frames_decoded == 0
    with pytest.raises(NotFound) as unknown:
        service.casework.refer("0" * 32, OfficerReason.STATEMENT, "", OPERATOR)
    assert unknown.value.code == "encounter.unknown"


@pytest.mark.parametrize("actor", [AUDITOR, ADMINISTRATOR, Actor("device:x", Role.DEVICE, "camera-1")])
def test_only_staff_refer_and_settle(service: Service, actor: Actor) -> None:
    """Auditors, administrators and devices neither refer nor clear, find or review."""
    case = no_match(service).case
    with pytest.raises(AccessError):
        service.casework.refer(case.referral.encounter_id, OfficerReason.STATEMENT, "", actor)
    for event in ("clear", "find", "uphold"):
        with pytest.raises(AccessError):
            take(service, case.referral.referral_id, event, actor, AGAINST)


# --- never on a face alone (W-5) ------------------------------------------------------------------------------------
def test_an_adverse_outcome_is_recorded_with_its_fact_and_its_human(service: Service) -> None:
    """Fact and post are in the facts, name and words in the personal part alone; the encounter is not cleared."""
    reference = no_match(service).case.referral.referral_id
    with pytest.raises(CaseError) as no_fact:
        take(service, reference, "find", SUPERVISOR, Basis((), "R. Ortiz", ""))
    assert no_fact.value.code == "case.second_fact"
    assert take(service, reference, "find", SUPERVISOR, AGAINST) is CaseState.ADVERSE
    (found,) = facts(service, "referral.stepped")
    assert (found["state"], found["second_facts"], found["by"]) == ("adverse", ["document_fault"], "supervisor:1")
    entries: Any = service.desk.export_record(AUDITOR)["entries"]
    assert any("R. Ortiz" in entry.get("personal", "") for entry in entries)
    assert not any("Ortiz" in entry["facts"] or "hologram" in entry["facts"] for entry in entries)
    assert "nothing to do with your looks" in service.casework.redress(reference, OPERATOR).text


def test_one_supervisor_alone_never_finds_against_anybody(service: Service) -> None:
    """Who referred a matched person and sent them on cannot find against them, whatever the second fact (W-5)."""
    encounter = match(service)
    service.casework.refer(encounter, OfficerReason.STATEMENT, "", SUPERVISOR)
    take(service, encounter, "send_on", OPERATOR)
    with pytest.raises(CaseError) as alone:
        take(service, encounter, "find", SUPERVISOR, AGAINST)
    assert alone.value.code == "case.same_person"
    assert take(service, encounter, "find", OTHER, AGAINST) is CaseState.ADVERSE


def test_who_sent_the_photographs_does_not_inspect(service: Service) -> None:
    """Whoever answered the encounter's verification had a part in it, though somebody else opened it."""
    answer = opened(service)
    service.crossing.verify(
        submission(service, answer.token, face("ann"), face("bob")), Actor("supervisor:7", Role.OPERATOR, "")
    )
    with pytest.raises(CaseError) as same:
        take(service, answer.encounter_id, "clear", Actor("supervisor:7", Role.SUPERVISOR, ""))
    assert same.value.code == "case.same_person"


# --- contests -------------------------------------------------------------------------------------------------------
def test_a_contested_encounter_is_frozen_and_then_released(service: Service, world: World) -> None:
    """Past its clock a contested encounter can still be looked at; after the review everything goes at once."""
    reference = no_match(service).case.referral.referral_id
    take(service, reference, "find", SUPERVISOR, AGAINST)
    assert take(service, reference, "contest", AUDITOR) is CaseState.CONTESTED
    (told,) = [one for one in service.casework.told(SUPERVISOR) if one.telling is Telling.CONTESTED]
    assert told.contact == "privacy@example.invalid"
    world.clock.advance(13 * 3600)
    service.tick()
    kept = service.desk.open_referral(reference, OTHER)
    assert (kept.probe, kept.reference) == (face("ann"), face("bob"))
    with service.transactions.read() as tx:
        encounter = tx.encounters.by_id(kept.standing.case.referral.encounter_id)
    assert encounter is not None
    assert encounter.claim == "traveller-a"
    assert any("score" in entry.get("personal", "") for entry in _entries(service))
    with pytest.raises(CaseError) as same:
        take(service, reference, "correct", SUPERVISOR)
    assert same.value.code == "case.same_person"
    assert take(service, reference, "correct", OTHER) is CaseState.CORRECTED
    service.tick()
    _nothing_left(service, reference)
    assert "you were right" in service.casework.redress(reference, OPERATOR).text


def test_a_freeze_ends_with_its_own_clock(service: Service, world: World) -> None:
    """Thirty days after the contest what was frozen is gone, reviewed or not; the contest itself still waits, late."""
    reference = no_match(service).case.referral.referral_id
    take(service, reference, "clear", SUPERVISOR)
    take(service, reference, "contest", OPERATOR)
    world.clock.advance(30 * DAY_MS / 1000 - 1)
    service.tick()
    assert service.desk.open_referral(reference, OTHER).probe == face("ann")
    world.clock.advance(1)
    service.tick()
    _nothing_left(service, reference)
    (late,) = service.desk.waiting(SUPERVISOR)
    assert late.state is CaseState.CONTESTED
    assert take(service, reference, "uphold", OTHER) is CaseState.UPHELD


def test_a_contest_after_the_clock_freezes_nothing(service: Service, world: World) -> None:
    """What is gone stays gone: a late contest is reviewed on the record alone."""
    reference = no_match(service).case.referral.referral_id
    world.clock.advance(13 * 3600)
    service.tick()
    assert service.casework.redress(reference, OPERATOR).state is CaseState.LAPSED
    assert take(service, reference, "contest", OPERATOR) is CaseState.CONTESTED
    opened_again = service.desk.open_referral(reference, OTHER)
    assert (opened_again.probe, opened_again.reference) == (b"", b"")
    world.clock.advance(31 * 86_400)
    with pytest.raises(NotFound):
        service.desk.open_referral(reference, OTHER)


def _entries(service: Service) -> list[dict[str, Any]]:
    entries: Any = service.desk.export_record(AUDITOR)["entries"]
    return list(entries)


def _nothing_left(service: Service, reference: str) -> None:
    """Check that neither photographs nor the personal parts of the referral can be had."""
    with service.transactions.read() as tx:
        case = tx.cases.get(reference)
        assert case is not None
        for item in (case.referral.probe_item, case.referral.reference_item):
            with pytest.raises(VaultError):
                tx.vault.open(item)
        encounter = tx.encounters.by_id(case.referral.encounter_id)
    assert encounter is not None
    assert encounter.claim == ""
    about = [entry for entry in _entries(service) if case.referral.encounter_id in entry["facts"]]
    assert not [entry for entry in about if "score" in entry.get("personal", "")]


# --- the receipt ----------------------------------------------------------------------------------------------------
def test_the_receipt_says_all_of_it_and_no_score(service: Service) -> None:
    """Reference, what was compared, under which charter, where and until when to contest; no score, claim or age."""
    case = no_match(service).case
    standing = service.casework.redress(case.referral.encounter_id, OPERATOR)
    text = standing.text
    lane = service.lanes.at("lane-1")
    for part in (
        case.referral.referral_id, lane.charter.sha256, "land-test", "privacy@example.invalid", "8 CFR 235.1",
        "Test controller", "portrait in the document", "2026-12-31 08:00 UTC", "2026-12-01 20:00 UTC",
        case.referral.entry,
    ):  # fmt: skip
        assert part in text
    for hidden in ("traveller-a", "score", "threshold", "30 years", "operator:1"):
        assert hidden not in text
    with service.transactions.read() as tx:
        assert tx.record.knows(bytes.fromhex(case.referral.entry))


def test_age_alone_never_opens_the_back_door(service: Service) -> None:
    """Of unknown age is as of 14: nobody at the lane waves them through."""
    answer = service.crossing.open_encounter(
        OpenRequest("lane-1", Eligibility("traveller", 14, 5, refusal_offered=True), "", ""), OPERATOR
    )
    assert isinstance(answer, Opened)
    service.crossing.verify(submission(service, answer.token, face("ann"), face("bob")), OPERATOR)
    assert service.casework.redress(answer.encounter_id, OPERATOR).state is CaseState.SECONDARY
