"""Erasure, administration and the auditor's export: each change is permitted, recorded, and durable."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from countenance.errors import AccessError, EncounterError, GalleryError, NotAuthenticated, NotFound
from countenance.terms import (
    Actor,
    Device,
    Enrolment,
    EnrolmentVerdict,
    OpenRequest,
    Outcome,
    Role,
)
from fakes.extractor import face
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
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a new site with a lane and two gates of two charters."""
    second = gate_charter(charter_id="gate-two").replace(b"id: gate-1", b"id: gate-2")
    return World.at(tmp_path / "site", land_charter(), gate_charter(), second)


def events(service: Service) -> list[str]:
    """Return the names of every event the auditor can read, this export left out."""
    bundle = service.desk.export_record(AUDITOR)
    facts = [json.loads(entry["facts"]) for entry in bundle["entries"]]
    return sorted(fact["event"] for fact in facts)


def test_clocks_that_ran_out_are_recorded(service: Service, world: World) -> None:
    """What went by its clock is gone from rows and search, and an entry says how many went (CBP-14)."""
    service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
    list(service.staging.enrol("flight", [Enrolment("r1", "ann", 30, 5, face("ann"))], ADMINISTRATOR))
    assert service.galleries.size("flight") == 1
    world.clock.advance(12 * 3600 - 1)
    assert service.erasure.sweep() == 0
    assert service.galleries.size("flight") == 1
    world.clock.advance(2)
    assert service.erasure.sweep() > 0
    assert service.galleries.size("flight") == 0
    assert service.erasure.sweep() == 0
    with service.transactions.read() as tx:
        assert len(tx.erasures.unfinished()) == 1
    world.clock.advance(61)
    service.erasure.sweep()
    with service.transactions.read() as tx:
        assert tx.erasures.unfinished() == ()
    assert "erasure.receipt" in events(service)


def test_an_export_waits_for_no_receipt(service: Service, world: World) -> None:
    """A bundle taken right after a clock ran out holds the receipt already, so that its census finds it."""
    opened(service)
    world.clock.advance(13 * 3600)
    service.erasure.sweep()
    assert "erasure.receipt" in events(service)


def test_overdue_items_go_before_the_first_answer(world: World) -> None:
    """Items that fell due while the service was down are gone when it opens again."""
    with world.open() as service:
        service.crossing.verify(submission(service, opened(service).token, face("ann"), face("bob")), OPERATOR)
        (referral,) = (one.case.referral for one in service.desk.waiting(SUPERVISOR))
    world.clock.advance(13 * 3600)
    with world.open() as service, service.transactions.read() as tx:
        assert tx.vault.expired(world.clock.now(), 1) == ()
    with world.open() as service, pytest.raises(NotFound):
        service.desk.open_referral(referral.referral_id, SUPERVISOR)


def test_keys_are_issued_by_administrators_only(service: Service) -> None:
    """A new key works for its holder and its issue is recorded; nobody else may issue one."""
    holder = Actor("operator:17", Role.OPERATOR, "")
    key = service.administration.issue_key(holder, ADMINISTRATOR)
    assert service.authenticate(key) == holder
    assert "key.issued" in events(service)
    with pytest.raises(AccessError):
        service.administration.issue_key(holder, SUPERVISOR)
    with pytest.raises(NotAuthenticated):
        service.authenticate(key[:-1] + ("A" if key[-1] != "A" else "B"))


def test_devices_act_only_where_they_stand(service: Service) -> None:
    """A device enrolled for one lane cannot open at another, and one for an unknown checkpoint is not enrolled."""
    device = Device("camera-2", bytes(32), ("lane-2",), "", service.clock.now(), revoked=False)
    service.administration.enrol_device(device, ADMINISTRATOR)
    actor = Actor("device:camera-2", Role.DEVICE, "camera-2")
    service.crossing.open_encounter(OpenRequest("lane-2", ADULT, "", ""), actor)
    with pytest.raises(AccessError) as elsewhere:
        service.crossing.open_encounter(OpenRequest("lane-1", ADULT, "", ""), actor)
    assert elsewhere.value.code == "access.other_checkpoint"
    with pytest.raises(NotFound):
        service.administration.enrol_device(
            Device("camera-3", bytes(32), ("lane-9",), "", service.clock.now(), revoked=False), ADMINISTRATOR
        )


def test_foreign_galleries_are_never_searched(service: Service, world: World) -> None:
    """A gallery staged at one gate is refused at another, before any frame (CBP-1)."""
    service.staging.open_gallery("flight-1", "gate-1", ADMINISTRATOR)
    list(service.staging.enrol("flight-1", [Enrolment("r1", "ann", 30, 5, face("ann"))], ADMINISTRATOR))
    decoded = world.extractor.frames_decoded
    with pytest.raises(GalleryError) as caught:
        service.crossing.open_encounter(OpenRequest("gate-2", ADULT, "flight-1", ""), OPERATOR)
    assert caught.value.code == "gallery.foreign"
    assert world.extractor.frames_decoded == decoded


def test_lanes_have_no_galleries(service: Service) -> None:
    """A charter whose mode is verify opens no gallery; an empty gallery is an ordinary manual check."""
    with pytest.raises(GalleryError) as caught:
        service.staging.open_gallery("flight", "lane-1", ADMINISTRATOR)
    assert caught.value.code == "gallery.not_allowed"
    service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
    reply = service.crossing.open_encounter(OpenRequest("gate-1", ADULT, "flight", ""), OPERATOR)
    assert reply.outcome is Outcome.NOT_COMPARED


def test_galleries_are_full_at_the_charters_size(tmp_path: Path) -> None:
    """The charter's largest size is the last reference taken; the next is told so (W-9)."""
    small = gate_charter().replace(b"max_gallery_size: 420", b"max_gallery_size: 2")
    with World.at(tmp_path / "small", small).open() as service:
        service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
        rows = [Enrolment(f"r{number}", f"p{number}", 30, 5, face(f"p{number}")) for number in range(3)]
        verdicts = [verdict.verdict for verdict in service.staging.enrol("flight", rows, ADMINISTRATOR)]
    assert verdicts == [EnrolmentVerdict.ENROLLED, EnrolmentVerdict.ENROLLED, EnrolmentVerdict.FULL]


def test_one_submission_at_a_time(service: Service, world: World) -> None:
    """While a submission is answered, another with the same token is refused and decodes nothing."""
    frames = submission(service, opened(service).token, face("ann", 1), face("ann", 2))
    entered, leave = threading.Event(), threading.Event()
    answer = world.extractor.extract_many

    def wait(images: list[bytes]) -> object:
        entered.set()
        leave.wait(10)
        return answer(images)

    world.extractor.extract_many = wait  # type: ignore[method-assign] - the fake waits so that two overlap
    first = threading.Thread(target=service.crossing.verify, args=(frames, OPERATOR))
    first.start()
    entered.wait(10)
    with pytest.raises(EncounterError) as caught:
        service.crossing.verify(frames, OPERATOR)
    leave.set()
    first.join()
    assert caught.value.code == "encounter.busy"
    assert world.extractor.frames_decoded == 2


def test_the_export_contains_its_own_opening(service: Service) -> None:
    """Who reads the record is in the record: the export's own entry is part of the bundle."""
    assert "record.exported" in events(service)
    with pytest.raises(AccessError):
        service.desk.export_record(ADMINISTRATOR)
