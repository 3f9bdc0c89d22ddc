"""Training and partners of a whole site: recorded, enforced at the key, and a partner's device told match or not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from countenance.bootstrap import Service
from countenance.errors import AccessError, NotFound
from countenance.procedures import encode_reply, for_partner
from countenance.site import SiteProfile
from countenance.terms import DAY_MS, Actor, Device, Enrolment, Instant, NextStep, Partner, Role
from fakes.extractor import face
from fakes.world import ADMINISTRATOR, AUDITOR, OPERATOR, START, SUPERVISOR, World, opened, submission

AIRLINE = Partner("airline-1", "Airline One", "ops@airline.example", "FILE-7", Instant(START), 365)


def recorded(service: Service) -> set[str]:
    """Return the events in the record."""
    entries: Any = service.desk.export_record(AUDITOR)["entries"]
    return {json.loads(entry["facts"])["event"] for entry in entries}


@pytest.mark.parametrize("changes, code", [
    ({"obliged_at": Instant(START + 1)}, "partner.obliged_ahead"),
    *(({field: text}, "partner.not_stated") for field in ("partner_id", "name", "contact", "obligation")
      for text in ("", "  ", "a\nb", "x" * 201, "--")),
])  # fmt: skip
def test_a_partner_says_who_it_is_and_promised_already(service: Service, changes: dict[str, Any], code: str) -> None:
    """Nobody is bound by a promise of tomorrow, or by an empty line; nothing is recorded then (CBP-20)."""
    with pytest.raises(AccessError) as refused:
        service.ledger.add_partner(replace(AIRLINE, **changes), ADMINISTRATOR)
    assert (refused.value.code, bool(refused.value.remedy)) == (code, True)
    assert service.ledger.ledger(AUDITOR) == ()
    assert "partner.recorded" not in recorded(service)


def test_trainings_and_audits_say_something(service: Service) -> None:
    """A training of nobody, in nothing, or an audit without a reference, is not recorded."""
    until = Instant(START + DAY_MS)
    service.ledger.add_partner(AIRLINE, ADMINISTRATOR)
    for holder, course in (("", "Lane course"), ("operator:1", " ")):
        with pytest.raises(AccessError, match="empty"):
            service.ledger.record_training(holder, course, until, ADMINISTRATOR)
    with pytest.raises(AccessError, match="empty"):
        service.ledger.note_audit("airline-1", passed=True, reference="", actor=AUDITOR)


def test_an_expired_training_shuts_the_key(service: Service, world: World) -> None:
    """The operator's key opens until the training's day, and again after a new one; others' keys never noticed."""
    key, other = (world.created.api_keys[role] for role in (Role.OPERATOR, Role.AUDITOR))
    until = Instant(world.clock.now() + DAY_MS)
    service.ledger.record_training("operator:1", "Lane course", until, ADMINISTRATOR)
    assert service.authenticate(key) == OPERATOR
    world.clock.advance(86_400)
    with pytest.raises(AccessError) as expired:
        service.authenticate(key)
    assert expired.value.code == "access.training_expired"
    assert "Lane course" in expired.value.message
    assert service.authenticate(other) == AUDITOR
    assert [in_date for _, in_date in service.ledger.trainings(AUDITOR)] == [False]
    service.ledger.record_training("operator:1", "Lane course", Instant(until + DAY_MS), ADMINISTRATOR)
    assert service.authenticate(key) == OPERATOR
    assert "training.recorded" in recorded(service)


def test_a_training_that_is_over_is_not_recorded(service: Service) -> None:
    """A day that has passed is refused; so is everybody but an administrator."""
    with pytest.raises(AccessError) as over:
        service.ledger.record_training("operator:1", "x", Instant(START), ADMINISTRATOR)
    assert over.value.code == "access.training_over"
    for actor in (OPERATOR, SUPERVISOR, AUDITOR):
        with pytest.raises(AccessError, match="administer"):
            service.ledger.record_training("operator:1", "x", Instant(START + DAY_MS), actor)


def test_in_production_nobody_works_untrained(service: Service, world: World) -> None:
    """A site in production refuses an operator without any training, and no auditor; a trial lets them work."""
    production = replace(service, site=replace(service.site, profile=SiteProfile.PRODUCTION))
    keys = world.created.api_keys
    assert service.authenticate(keys[Role.OPERATOR]) == OPERATOR
    with pytest.raises(AccessError) as untrained:
        production.authenticate(keys[Role.OPERATOR])
    assert untrained.value.code == "access.training_missing"
    assert production.authenticate(keys[Role.AUDITOR]) == AUDITOR
    service.ledger.record_training("operator:1", "Lane course", Instant(START + DAY_MS), ADMINISTRATOR)
    assert production.authenticate(keys[Role.OPERATOR]) == OPERATOR


def test_partners_promise_before_their_devices_are_enrolled(service: Service, world: World) -> None:
    """Obligation first, then devices; the ledger shows them and says when an audit is overdue (CBP-20)."""
    camera = Device("camera-9", bytes(32), ("gate-1",), "airline-1", world.clock.now(), revoked=False)
    with pytest.raises(AccessError) as unbound:
        service.administration.enrol_device(camera, ADMINISTRATOR)
    assert unbound.value.code == "access.unknown_partner"
    service.ledger.add_partner(AIRLINE, ADMINISTRATOR)
    service.administration.enrol_device(camera, ADMINISTRATOR)
    (line,) = service.ledger.ledger(AUDITOR)
    assert (line.devices, line.audits, line.overdue) == (("camera-9",), (), False)
    world.clock.advance(365 * 86_400)
    assert service.ledger.ledger(ADMINISTRATOR)[0].overdue
    service.ledger.note_audit("airline-1", passed=True, reference="REPORT-1", actor=AUDITOR)
    (line,) = service.ledger.ledger(AUDITOR)
    assert (line.overdue, line.audits[0].by) == (False, "auditor:1")
    assert {"partner.recorded", "partner.audited"} <= recorded(service)


def test_who_records_does_not_audit(service: Service) -> None:
    """An administrator records partners, an auditor audits them; neither does the other's work."""
    service.ledger.add_partner(AIRLINE, ADMINISTRATOR)
    with pytest.raises(AccessError):
        service.ledger.note_audit("airline-1", passed=True, reference="x", actor=ADMINISTRATOR)
    with pytest.raises(AccessError):
        service.ledger.add_partner(AIRLINE, AUDITOR)
    with pytest.raises(AccessError):
        service.ledger.ledger(OPERATOR)
    with pytest.raises(NotFound) as unknown:
        service.ledger.note_audit("airline-2", passed=True, reference="x", actor=AUDITOR)
    assert unknown.value.code == "partner.unknown"


def test_a_partners_device_learns_match_or_no_match(service: Service) -> None:
    """Somebody who boarded before looks to a partner like any other no-match, receipt included; advice stays."""
    service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
    rows = [Enrolment(f"r{name}", name, 30, 5, face(name)) for name in ("ann", "cid")]
    list(service.staging.enrol("flight", rows, ADMINISTRATOR))

    def ask(image: bytes) -> Any:
        token = opened(service, "gate-1", "flight", "").token
        return service.crossing.identify(submission(service, token, image), OPERATOR)

    seen = {name: for_partner(ask(image)) for name, image in (
        ("match", face("ann", 1)), ("again", face("ann", 1)), ("stranger", face("bob", 1)), ("blurred", b"blurred"),
    )}  # fmt: skip
    assert [one.outcome for one in seen.values()] == ["match", "no_match", "no_match", "retry"]
    assert seen["again"].next_step is NextStep.REFER_TO_OFFICER
    alike = ("reason", "advice", "reference_id", "rules", "operating_point", "millis", "attempts_left", "next_step")
    for field in alike:
        assert getattr(seen["again"], field) == getattr(seen["stranger"], field)
    for one in seen.values():
        told = encode_reply(one)
        for word in (b"boarded", b"rann", b"threshold", b'"facts":"{'):
            assert word not in told
    assert seen["blurred"].advice
    assert seen["match"].receipt.commitment


def test_whose_device_it_is(service: Service, world: World) -> None:
    """People and the controller's own devices have no partner; a partner's device has."""
    service.ledger.add_partner(AIRLINE, ADMINISTRATOR)
    camera = Device("camera-9", bytes(32), ("gate-1",), "airline-1", world.clock.now(), revoked=False)
    service.administration.enrol_device(camera, ADMINISTRATOR)
    assert service.ledger.partner_of(Actor("device:9", Role.DEVICE, "camera-9")) == "airline-1"
    assert service.ledger.partner_of(Actor("device:1", Role.DEVICE, service.local_device.device_id)) == ""
    assert service.ledger.partner_of(OPERATOR) == ""
