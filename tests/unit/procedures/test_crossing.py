"""A person crosses: authority before encounter, refusal before camera, device before decoding, record before reply."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from countenance.errors import AccessError, CharterError, EncounterError, GalleryError, NotFound
from countenance.procedures import encode_reply
from countenance.terms import (
    Eligibility,
    Enrolment,
    EnrolmentVerdict,
    NextStep,
    Opened,
    OpenRequest,
    Outcome,
    Reply,
)
from fakes.extractor import face
from fakes.points import point_file
from fakes.world import (
    ADMINISTRATOR,
    ADULT,
    AUDITOR,
    OPERATOR,
    SUPERVISOR,
    World,
    gate_charter,
    land_charter,
    opened,
    submission,
    trust,
)


def stage(service: Service, *people: str) -> None:
    """Open gallery "flight-1" at the gate with one reference per person."""
    service.staging.open_gallery("flight-1", "gate-1", ADMINISTRATOR)
    rows = [Enrolment(f"ref-{name}", name, 30, 5, face(name)) for name in people]
    verdicts = list(service.staging.enrol("flight-1", rows, ADMINISTRATOR))
    assert all(verdict.verdict is EnrolmentVerdict.ENROLLED for verdict in verdicts)


def test_same_person_proceeds(service: Service) -> None:
    """A mated pair is a match, with every rule and a receipt, and leaves no photograph behind."""
    reply = service.crossing.verify(
        submission(service, opened(service).token, face("ann", 1), face("ann", 2)), OPERATOR
    )
    assert (reply.outcome, reply.next_step) == (Outcome.MATCH, NextStep.PROCEED)
    assert reply.rules
    assert len(reply.receipt.commitment) == 64
    assert service.desk.waiting(SUPERVISOR) == ()


def test_other_person_is_referred_to_an_officer(service: Service) -> None:
    """A no-match ends comparison and keeps probe and reference for somebody else to review."""
    token = opened(service).token
    reply = service.crossing.verify(submission(service, token, face("ann"), face("bob")), OPERATOR)
    assert (reply.outcome, reply.next_step) == (Outcome.NO_MATCH, NextStep.REFER_TO_OFFICER)
    (referral,) = (one.case.referral for one in service.desk.waiting(SUPERVISOR))
    kept = service.desk.open_referral(referral.referral_id, SUPERVISOR)
    assert (kept.probe, kept.reference) == (face("ann"), face("bob"))
    with pytest.raises(EncounterError) as caught:
        service.crossing.verify(submission(service, token, face("bob"), face("bob"), 2), OPERATOR)
    assert caught.value.code == "encounter.closed"


def test_referral_is_gone_after_its_clock(service: Service, world: World) -> None:
    """Twelve hours after a no-match nobody can open the photographs, and the vault no longer holds them (CBP-14)."""
    service.crossing.verify(submission(service, opened(service).token, face("ann"), face("bob")), OPERATOR)
    (referral,) = (one.case.referral for one in service.desk.waiting(SUPERVISOR))
    world.clock.advance(12 * 3600 + 1)
    service.tick()
    assert service.desk.waiting(SUPERVISOR) == ()
    with pytest.raises(NotFound):
        service.desk.open_referral(referral.referral_id, SUPERVISOR)


def test_no_reply_holds_a_score(service: Service) -> None:
    """Neither a match nor a no-match tells anybody a number (invariant 4)."""
    for person in ("ann", "bob"):
        reply = service.crossing.verify(
            submission(service, opened(service).token, face("ann", 1), face(person, 2)), OPERATOR
        )
        assert b'score":' not in encode_reply(reply)
        assert b'personal":' not in encode_reply(reply)


def test_identical_resend_gets_the_stored_reply(service: Service, world: World) -> None:
    """The same token, attempt and body are answered from storage, byte for byte, with no frame decoded again."""
    frames = submission(service, opened(service).token, face("ann", 1), face("ann", 2))
    first = service.crossing.verify(frames, OPERATOR)
    decoded = world.extractor.frames_decoded
    assert encode_reply(service.crossing.verify(frames, OPERATOR)) == encode_reply(first)
    assert world.extractor.frames_decoded == decoded


def test_three_quality_refusals_end_as_manual_check(service: Service, world: World) -> None:
    """Only quality refusals allow another attempt; the third ends as not compared, and a fourth decodes nothing."""
    token = opened(service).token
    for attempt, left in ((1, 2), (2, 1)):
        reply = service.crossing.verify(submission(service, token, b"blurred", face("ann"), attempt), OPERATOR)
        assert (reply.outcome, reply.attempts_left) == (Outcome.RETRY, left)
        assert reply.reason == "quality.blurred"
    reply = service.crossing.verify(submission(service, token, b"blurred", face("ann"), 3), OPERATOR)
    assert (reply.outcome, reply.next_step) == (Outcome.NOT_COMPARED, NextStep.MANUAL_CHECK)
    decoded = world.extractor.frames_decoded
    with pytest.raises(EncounterError):
        service.crossing.verify(submission(service, token, face("ann"), face("ann"), 4), OPERATOR)
    assert world.extractor.frames_decoded == decoded


def test_broken_inference_is_a_manual_check(service: Service) -> None:
    """When no inference process answers, the person gets an ordinary manual check, recorded."""
    reply = service.crossing.verify(submission(service, opened(service).token, b"crash", face("ann")), OPERATOR)
    assert (reply.outcome, reply.reason) == (Outcome.NOT_COMPARED, "unavailable.inference")
    assert reply.next_step is NextStep.MANUAL_CHECK


def test_opt_out_decodes_nothing(service: Service, world: World) -> None:
    """Whoever refuses gets a manual check without a reason, and the token then accepts no frame (CBP-16)."""
    token = opened(service).token
    reply = service.crossing.opt_out(token, OPERATOR)
    assert (reply.outcome, reply.next_step, reply.reason) == (Outcome.OPTED_OUT, NextStep.MANUAL_CHECK, "")
    with pytest.raises(EncounterError):
        service.crossing.verify(submission(service, token, face("ann"), face("ann")), OPERATOR)
    assert world.extractor.frames_decoded == 0


def test_refusal_must_be_offered(service: Service) -> None:
    """No encounter opens for a person who may refuse and was not told so (CBP-17)."""
    silent = replace(ADULT, refusal_offered=False)
    with pytest.raises(EncounterError) as caught:
        service.crossing.open_encounter(OpenRequest("lane-1", silent, "", ""), OPERATOR)
    assert caught.value.code == "encounter.refusal_not_offered"


@pytest.mark.parametrize("age", [13, 5, -1])
def test_under_fourteen_is_not_compared(service: Service, world: World, age: int) -> None:
    """People under 14, or of unknown age, are answered "manual check" before any camera."""
    reply = service.crossing.open_encounter(
        OpenRequest("lane-1", Eligibility("traveller", age, 5, refusal_offered=True), "", ""), OPERATOR
    )
    assert isinstance(reply, Reply)
    assert (reply.outcome, reply.next_step) == (Outcome.NOT_COMPARED, NextStep.MANUAL_CHECK)
    assert world.extractor.frames_decoded == 0


def measured_world(path: Path) -> World:
    """Return a site whose charters decide with a fully measured point."""
    data = point_file()
    name = hashlib.sha256(data).hexdigest()
    world = World.at(path, land_charter(operating_point=name), gate_charter(operating_point=name))
    trust(world.created.site, data)
    return world


@pytest.mark.parametrize(
    "years, reason",
    [(-1, "outside_envelope.reference_age_unknown"), (11, "outside_envelope.reference_age"), (10, ""), (0, "")],
)
def test_portraits_outside_the_evidence_are_not_compared(tmp_path: Path, years: int, reason: str) -> None:
    """A portrait older than any measured, or of unknown age, is answered "manual check" before any camera."""
    world = measured_world(tmp_path / "measured")
    with world.open() as service:
        answer = service.crossing.open_encounter(
            OpenRequest("lane-1", Eligibility("traveller", 30, years, refusal_offered=True), "", ""), OPERATOR
        )
        assert isinstance(answer, Reply) is bool(reason)
        if isinstance(answer, Reply):
            assert (answer.outcome, answer.reason) == (Outcome.NOT_COMPARED, reason)
        else:
            reply = service.crossing.verify(submission(service, answer.token, face("ann"), face("ann", 2)), OPERATOR)
            assert reply.outcome is Outcome.MATCH
    assert world.extractor.frames_decoded == (0 if reason else 2)


STAGED = [
    (13, 5, "outside_envelope.minimum_age"),
    (14, 5, "outside_envelope.age"),
    (15, 5, "outside_envelope.age"),
    (80, 5, "outside_envelope.age"),
    (-1, 5, "outside_envelope.age_unknown"),
    (30, -1, "outside_envelope.reference_age_unknown"),
    (30, 11, "outside_envelope.reference_age"),
    (16, 0, ""),
    (79, 10, ""),
]


def test_rows_outside_the_evidence_are_refused_undecoded(tmp_path: Path) -> None:
    """Each row outside a bound has its verdict and advice, its photograph unseen; the rows beside it are enrolled."""
    world = measured_world(tmp_path / "measured")
    with world.open() as service:
        service.staging.open_gallery("flight-1", "gate-1", ADMINISTRATOR)
        rows = [
            Enrolment(f"r{number}", f"p{number}", age, years, b"crash" if reason else face(f"p{number}"))
            for number, (age, years, reason) in enumerate(STAGED)
        ]
        verdicts = list(service.staging.enrol("flight-1", rows, ADMINISTRATOR))
        bundle = service.desk.export_record(AUDITOR)
    assert [verdict.reason for verdict in verdicts] == [reason for _, _, reason in STAGED]
    assert [verdict.row for verdict in verdicts] == [*range(1, len(STAGED) + 1)]
    for verdict in verdicts:
        assert verdict.verdict is (EnrolmentVerdict.REFUSED if verdict.reason else EnrolmentVerdict.ENROLLED)
        assert verdict.advice.endswith("ordinary manual check.") is bool(verdict.reason)
    assert world.extractor.frames_decoded == 2
    offered = [json.loads(entry["facts"]) for entry in bundle["entries"]]
    recorded = sorted(fact["reason"] for fact in offered if fact["event"] == "reference.offered")
    assert recorded == sorted(reason for _, _, reason in STAGED)


@pytest.mark.parametrize("age, verdict", [(-1, "refused"), (13, "refused"), (14, "enrolled")])
def test_a_trial_s_gallery_holds_nobody_under_fourteen(service: Service, age: int, verdict: str) -> None:
    """Nobody whom the lane would not compare waits in a gallery, though all else is unmeasured."""
    service.staging.open_gallery("flight-1", "gate-1", ADMINISTRATOR)
    (told,) = service.staging.enrol("flight-1", [Enrolment("r1", "ann", age, -1, face("ann"))], ADMINISTRATOR)
    assert told.verdict == verdict


def test_refused_without_decoding(service: Service, world: World, tmp_path: Path) -> None:
    """Foreign tokens, unknown devices, bad signatures, late and repeated attempts never reach a decoder."""
    good = submission(service, opened(service).token, face("ann"), face("ann"))
    cases = {
        "encounter.unknown_token": replace(good, token="nobody"),
        "access.unknown_device": replace(good, device_id="camera-9"),
        "access.bad_signature": replace(good, body_sha256=bytes(32)),
        "encounter.attempt_out_of_order": submission(service, good.token, face("ann"), face("ann"), 2),
    }
    for code, bad in cases.items():
        with pytest.raises((EncounterError, AccessError)) as caught:
            service.crossing.verify(bad, OPERATOR)
        assert caught.value.code == code
    world.clock.advance(121)
    with pytest.raises(EncounterError) as caught:
        service.crossing.verify(good, OPERATOR)
    assert caught.value.code == "encounter.expired"
    assert world.extractor.frames_decoded == 0


def test_charter_governs_place_mode_and_time(service: Service, world: World) -> None:
    """An unknown checkpoint, another mode or a charter out of date opens nothing (W-1)."""
    with pytest.raises(NotFound) as unknown:
        service.crossing.open_encounter(OpenRequest("lane-99", ADULT, "", ""), OPERATOR)
    assert unknown.value.code == "checkpoint.unknown"
    token = opened(service).token
    with pytest.raises(CharterError) as mode:
        service.crossing.identify(submission(service, token, face("ann")), OPERATOR)
    assert mode.value.code == "charter.other_mode"
    world.clock.advance(400 * 86400)
    with pytest.raises(CharterError) as expired:
        service.crossing.open_encounter(OpenRequest("lane-1", ADULT, "", ""), OPERATOR)
    assert expired.value.code == "charter.not_in_force"
    assert world.extractor.frames_decoded == 0


def test_auditor_may_not_open(service: Service) -> None:
    """The policy denies by default: an auditor opens no encounter."""
    with pytest.raises(AccessError) as caught:
        service.crossing.open_encounter(OpenRequest("lane-1", ADULT, "", ""), AUDITOR)
    assert caught.value.code == "access.denied"


def test_gate_matches_boards_and_refers_a_second_boarding(service: Service) -> None:
    """In a closed gallery the expected person proceeds once; the second time an officer looks."""
    stage(service, "ann", "bob", "cleo")
    outcomes = []
    for _ in range(2):
        token = opened(service, "gate-1", "flight-1", "").token
        reply = service.crossing.identify(submission(service, token, face("ann", 7)), OPERATOR)
        outcomes.append((reply.outcome, reply.reason, reply.reference_id))
    assert outcomes == [(Outcome.MATCH, "", "ref-ann"), (Outcome.REFERRED, "already_boarded", "ref-ann")]


def test_stranger_at_the_gate_is_no_match(service: Service) -> None:
    """A person who is not expected is referred to an officer; nobody's reference is named."""
    stage(service, "ann", "bob")
    token = opened(service, "gate-1", "flight-1", "").token
    reply = service.crossing.identify(submission(service, token, face("dora")), OPERATOR)
    assert (reply.outcome, reply.reference_id) == (Outcome.NO_MATCH, "")


def test_gallery_search_budget_and_closing(service: Service) -> None:
    """Searches above three times a gallery's size are refused; so is a closed or unknown gallery."""
    stage(service, "ann", "bob")
    for number in range(6):
        token = opened(service, "gate-1", "flight-1", "").token
        service.crossing.identify(submission(service, token, face(f"stranger{number}")), OPERATOR)
    request = OpenRequest("gate-1", ADULT, "flight-1", "")
    with pytest.raises(GalleryError) as spent:
        service.crossing.open_encounter(request, OPERATOR)
    assert spent.value.code == "gallery.search_limit"
    service.staging.close_gallery("flight-1", ADMINISTRATOR)
    with pytest.raises(GalleryError) as closed:
        service.crossing.open_encounter(request, OPERATOR)
    assert closed.value.code == "gallery.closed"
    with pytest.raises(NotFound):
        service.crossing.open_encounter(replace(request, gallery_id="flight-2"), OPERATOR)


def test_enrolment_tells_each_row(service: Service) -> None:
    """Bulk enrolment answers per row: enrolled, duplicate, refused with advice."""
    service.staging.open_gallery("flight-1", "gate-1", ADMINISTRATOR)
    rows = [
        Enrolment("r1", "ann", 30, 5, face("ann")),
        Enrolment("r1", "ann", 30, 5, face("ann")),
        Enrolment("r2", "bob", 30, 5, b"blur"),
    ]
    verdicts = list(service.staging.enrol("flight-1", rows, ADMINISTRATOR))
    assert [(v.row, v.verdict, v.reason) for v in verdicts] == [
        (1, EnrolmentVerdict.ENROLLED, ""),
        (2, EnrolmentVerdict.DUPLICATE, "gallery.duplicate"),
        (3, EnrolmentVerdict.REFUSED, "quality.blurred"),
    ]


def test_gallery_survives_a_restart(world: World) -> None:
    """After a restart the same gallery gives the same answer; a removed reference stays away."""
    with world.open() as service:
        stage(service, "ann", "bob")
        service.staging.remove("flight-1", "ref-bob", ADMINISTRATOR)
    with world.open() as service:
        outcomes = []
        for person in ("ann", "bob"):
            token = opened(service, "gate-1", "flight-1", "").token
            outcomes.append(service.crossing.identify(submission(service, token, face(person, 3)), OPERATOR).outcome)
    assert outcomes == [Outcome.MATCH, Outcome.NO_MATCH]


def test_every_receipt_is_in_the_log(service: Service) -> None:
    """What was answered is what was recorded: each receipt's commitment is proved once its batch is out."""
    replies = [
        service.crossing.verify(submission(service, opened(service).token, face("ann", 1), face(who, 2)), OPERATOR)
        for who in ("ann", "bob")
    ]
    service.log.publish(service.clock.now())
    for reply in replies:
        proof = service.log.prove(bytes.fromhex(reply.receipt.commitment))
        assert proof.tree_head.size % 64 == 0


def test_opened_tells_the_right_to_refuse(service: Service) -> None:
    """The opening says whether the person may refuse and which notice they must have seen."""
    answer = opened(service)
    assert isinstance(answer, Opened)
    assert answer.may_refuse
    assert answer.notice_id
