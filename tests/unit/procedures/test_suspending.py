"""Limits act (W-9): more referrals than the charter allows stop it, a legal duty goes on by staff, a human resumes."""

from __future__ import annotations

import json
import random
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from countenance.bootstrap import Service
from countenance.errors import AccessError, CaseError, CharterError, NotFound
from countenance.procedures.monitoring.limits import limit_test
from countenance.site import Site
from countenance.terms import Actor, NextStep, Opened, OpenRequest, Outcome, Reply, Role, Telling
from fakes.extractor import face
from fakes.world import ADULT, AUDITOR, OPERATOR, SUPERVISOR, World, gate_charter, land_charter, opened, put, submission

IN_A_ROW = 17
"""People in a row who are all referred: with the 17th chance no longer explains it, at 100 of 1,000."""


def world_with(path: Path, *lines: bytes) -> World:
    """Return a site whose lanes' charter has these lines too."""
    charter = land_charter().replace(b"\nnotices:", b"\n" + b"\n".join(lines) + b"\nnotices:", 1)
    return World.at(path / "site", charter, gate_charter())


PORTRAITS = count(2)
"""Everybody has a document of their own: the same portrait twice is the same person."""


def cross(service: Service, document: str = "bob", lane: str = "lane-1") -> Reply:
    """Let a person cross whose document is theirs ("ann") or not."""
    token = opened(service, lane, claim="").token
    return service.crossing.verify(
        submission(service, token, face("ann", 1), face(document, next(PORTRAITS))), OPERATOR
    )


def open_at(service: Service, lane: str = "lane-1") -> Opened | Reply:
    """Open an encounter."""
    return service.crossing.open_encounter(OpenRequest(lane, ADULT, "", ""), OPERATOR)


def facts(service: Service, event: str) -> list[dict[str, Any]]:
    """Return the facts of every entry of this event."""
    entries: Any = service.desk.export_record(AUDITOR)["entries"]
    return [one for entry in entries if (one := json.loads(entry["facts"]))["event"] == event]


def test_over_the_limit_the_charter_stops_at_once(tmp_path: Path) -> None:
    """The person after the one with whom the limit was passed is not compared, at any lane of the charter."""
    world = world_with(tmp_path)
    with world.open() as service:
        waiting = opened(service, "lane-2").token
        for _ in range(IN_A_ROW):
            assert cross(service).outcome is Outcome.NO_MATCH
        decoded = world.extractor.frames_decoded
        for lane in ("lane-1", "lane-2"):
            with pytest.raises(CharterError) as stopped:
                open_at(service, lane)
            assert stopped.value.code == "charter.suspended"
            assert "privacy@example.invalid" in stopped.value.remedy
        with pytest.raises(CharterError):
            service.crossing.verify(submission(service, waiting, face("ann", 1), face("ann", 2)), OPERATOR)
        assert world.extractor.frames_decoded == decoded
        (entry,) = facts(service, "charter.suspended")
        assert (entry["charter_id"], entry["staffed_checks"]) == ("land-test", False)
        (told,) = [one for one in service.casework.told(SUPERVISOR) if one.telling is Telling.SUSPENDED]
        assert (told.about, told.contact) == ("land-test", "privacy@example.invalid")


def test_a_legal_duty_goes_on_by_staff(tmp_path: Path) -> None:
    """Suspended, a check that is a legal duty is an ordinary manual check, recorded, with no frame decoded."""
    world = world_with(tmp_path, b"legal_duty: true", b"referral_limit_per_thousand: 300")
    with world.open() as service:
        answer = opened(service, "lane-2")
        for _ in range(25):
            reply = open_at(service)
            if isinstance(reply, Reply):
                break
            service.crossing.verify(
                submission(service, reply.token, face("ann", 1), face("bob", next(PORTRAITS))), OPERATOR
            )
        decoded = world.extractor.frames_decoded
        assert isinstance(reply, Reply)
        assert (reply.outcome, reply.next_step) == (Outcome.NOT_COMPARED, NextStep.MANUAL_CHECK)
        assert reply.reason == "suspended.referral_limit"
        late = service.crossing.verify(submission(service, answer.token, face("ann", 1), face("ann", 2)), OPERATOR)
        assert late.outcome is Outcome.NOT_COMPARED
        assert world.extractor.frames_decoded == decoded
        assert facts(service, "charter.suspended")[0]["staffed_checks"] is True


def test_a_named_supervisor_resumes_for_a_reason(tmp_path: Path) -> None:
    """Operators and auditors cannot, nobody without name and reason; resumed, the test begins anew; both are sealed."""
    with world_with(tmp_path).open() as service:
        for _ in range(IN_A_ROW):
            cross(service)
        for actor in (OPERATOR, AUDITOR, Actor("device:x", Role.DEVICE, "camera-1")):
            with pytest.raises(AccessError):
                service.casework.resume("land-test", "R. Ortiz", "camera replaced", actor)
        for named, reason in (("", "camera replaced"), ("R. Ortiz", " ")):
            with pytest.raises(CaseError) as nobody:
                service.casework.resume("land-test", named, reason, SUPERVISOR)
            assert nobody.value.code == "case.resume_reason"
        service.casework.resume("land-test", "R. Ortiz", "camera replaced", SUPERVISOR)
        assert service.casework.suspensions(SUPERVISOR) == ()
        for _ in range(IN_A_ROW - 1):
            cross(service)
        assert service.casework.suspensions(SUPERVISOR) == ()
        (entry,) = facts(service, "charter.resumed")
        assert "Ortiz" not in json.dumps(entry)
        assert "Ortiz" in json.dumps(service.desk.export_record(AUDITOR))
        with pytest.raises(NotFound):
            service.casework.resume("land-test", "R. Ortiz", "again", SUPERVISOR)


def test_resumed_the_charters_other_lanes_begin_anew_too(tmp_path: Path) -> None:
    """What another lane of the charter had seen before the suspension does not count after it."""
    with world_with(tmp_path).open() as service:
        for lane, people in (("lane-2", IN_A_ROW - 1), ("lane-1", IN_A_ROW)):
            for _ in range(people):
                cross(service, lane=lane)
        service.casework.resume("land-test", "R. Ortiz", "camera replaced", SUPERVISOR)
        for _ in range(IN_A_ROW - 1):
            cross(service, lane="lane-2")
        assert service.casework.suspensions(SUPERVISOR) == ()


def test_a_suspension_survives_a_restart_and_another_file(tmp_path: Path) -> None:
    """Neither a new start nor another file of the same charter lifts it."""
    world = world_with(tmp_path)
    with world.open() as service:
        for _ in range(IN_A_ROW):
            cross(service)
    path = world.path / "charters" / "land-test.yaml"
    data = path.read_bytes() + b"# another hash\n"
    put(Site.open(world.path), path, data)
    with world.open() as service, pytest.raises(CharterError) as stopped:
        open_at(service)
    assert stopped.value.code == "charter.suspended"


def test_matches_and_manual_checks_do_not_suspend(tmp_path: Path) -> None:
    """One referral in ten stays within 100 of 1,000; people who were not compared count neither way."""
    with world_with(tmp_path).open() as service:
        for number in range(60):
            cross(service, "bob" if number % 10 == 0 else "ann")
            service.crossing.verify(submission(service, opened(service).token, b"crash", face("ann")), OPERATOR)
        assert service.casework.suspensions(SUPERVISOR) == ()


@pytest.mark.parametrize(
    "per_hundred, people, acts",
    [(8, 20_000, False), (10, 20_000, False), (13, 6_000, True), (15, 4_000, True), (20, 2_000, True)],
)
def test_just_under_the_limit_is_quiet_and_just_over_acts(per_hundred: int, people: int, *, acts: bool) -> None:
    """At 100 of 1,000: at or under it 20,000 people pass undisturbed; over it, by a third already, somebody is last."""
    dice = random.Random(per_hundred)  # noqa: S311 - a simulation
    tests = [limit_test(100, times) for times in (2.0, 1.25)]
    totals, passed = [0, 0], 0
    for _ in range(people):
        referred = int(dice.random() < per_hundred / 100)
        for at, test in enumerate(tests):
            totals[at], signals = test.advance(totals[at], 1 - referred, referred)
            passed += signals
    assert bool(passed) is acts


def test_just_over_the_limit_stops_a_site(tmp_path: Path) -> None:
    """Five referred of ten, where three are allowed, stop the charter; three of ten do not."""
    for referred, stops in ((3, False), (5, True)):
        with world_with(tmp_path / str(referred), b"referral_limit_per_thousand: 300").open() as service:
            for number in range(230):
                if service.casework.suspensions(SUPERVISOR):
                    break
                cross(service, "bob" if number % 10 < referred else "ann")
            assert bool(service.casework.suspensions(SUPERVISOR)) is stops


@pytest.mark.parametrize("per_thousand", [1, 20, 100, 300])
def test_the_limit_itself_is_quiet_and_twice_is_not(per_thousand: int) -> None:
    """At half the limit a false alarm takes a million people or more; at twice the limit it is 100 times sooner."""
    test, share = limit_test(per_thousand), per_thousand / 1000
    assert test.expected(1 - share / 2) > 1e6
    assert test.expected(1 - 2 * share) * 100 < test.expected(1 - share)
