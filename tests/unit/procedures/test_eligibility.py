"""At the checkpoint: the law of the day, no offer to whom none is due, no frame from where no camera is."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from countenance.authority import notice_sha256, parse_charter
from countenance.bootstrap import open_site
from countenance.config import read_settings
from countenance.custody import save_latest
from countenance.errors import EncounterError, SiteError
from countenance.site import Site
from countenance.storage import open_database
from countenance.terms import Device, Eligibility, Instant, Opened, OpenRequest, Outcome, Reply, parse_iso
from fakes.extractor import face
from fakes.points import UNMEASURED, point_file
from fakes.world import ADMINISTRATOR, AUDITOR, OPERATOR, World, land_charter, look, opened, submission, trust

EARLIER = point_file(**UNMEASURED, issued="2025-11-21T00:00:00Z", expires="2028-11-20T00:00:00Z")
DAY_BEFORE, DAY_AFTER = parse_iso("2025-12-25T18:00:00Z"), parse_iso("2025-12-26T18:00:00Z")


def told(text: str) -> bytes:
    """Return the charter with a sentence about ages in its notices, and their new hashes."""
    ages = {
        "en": "No picture is taken of people under 14 or over 79.",
        "es": "No se toma a menores de 14 o mayores de 79.",
    }
    for notice in parse_charter(text.encode()).notices:
        text = text.replace(notice.sha256, "HASH-" + notice.language)
    text = text.replace("      Questions and complaints:", f"      {ages['en']}\n      Questions and complaints:")
    text = text.replace("      Preguntas y quejas:", f"      {ages['es']}\n      Preguntas y quejas:")
    for language, block in re.findall(r"language: (\w\w)\n    sha256: \S+\n    text: \|\n((?:      .*\n|\n)+)", text):
        whole = "".join(line.removeprefix("      ") for line in block.splitlines(keepends=True))
        text = re.sub(rf'"?HASH-{language}"?', notice_sha256(whole.rstrip("\n") + "\n"), text)
    return text.encode()


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Make a site whose charter holds over the change of law."""
    charter = told(land_charter(review_signed_on="2025-11-20", operating_point=sha256(EARLIER).hexdigest()).decode())
    for now, then in ((b"2026-11-21T", b"2025-12-01T"), (b"2027-11-21T", b"2026-06-01T")):
        charter = charter.replace(now, then)
    world = World.at(tmp_path_factory.mktemp("bridge") / "site", charter)
    trust(Site.open(world.path), EARLIER)
    look(Site.open(world.path), charter, at="2025-12-01T00:00:00Z")
    world.clock.instant = DAY_BEFORE
    return world


def ask(world: World, person: Eligibility, at: Instant, checkpoint: str = "lane-1") -> Opened | Reply:
    """Open an encounter for this person at this moment."""
    world.clock.instant = at
    with world.open() as service:
        return service.crossing.open_encounter(OpenRequest(checkpoint, person, "", "someone"), OPERATOR)


# --- CBP-30 -----------------------------------------------------------------------------------------------------------
def test_the_same_person_gets_two_answers(bridge: World) -> None:
    """A noncitizen of 80: exempt on 2025-12-25, and not asked; on 2025-12-26 compared, and not offered a refusal."""
    somebody = Eligibility("noncitizen", 80, 5, refusal_offered=False)
    bridge.extractor.frames_decoded = 0
    before = ask(bridge, somebody, DAY_BEFORE)
    assert isinstance(before, Reply)
    assert (before.outcome, before.reason) == (Outcome.NOT_COMPARED, "eligibility.exempt")
    assert "90 FR 48604" in before.advice
    after = ask(bridge, somebody, DAY_AFTER)
    assert isinstance(after, Opened)
    assert not after.may_refuse
    assert bridge.extractor.frames_decoded == 0


@pytest.mark.parametrize("at", [DAY_BEFORE, DAY_AFTER])
def test_a_citizen_is_told_on_both_days(bridge: World, at: Instant) -> None:
    """Citizens had the choice before and have it after; without the offer no camera is opened (CBP-16)."""
    answer = ask(bridge, Eligibility("citizen", 30, 5, refusal_offered=True), at)
    assert isinstance(answer, Opened)
    assert answer.may_refuse
    with pytest.raises(EncounterError) as caught:
        ask(bridge, Eligibility("citizen", 30, 5, refusal_offered=False), at)
    assert caught.value.code == "encounter.refusal_not_offered"


def test_whoever_has_no_right_is_not_offered_one(bridge: World) -> None:
    """An offer to somebody without the right opens nothing, and a refusal by such a person changes nothing."""
    with pytest.raises(EncounterError) as caught:
        ask(bridge, Eligibility("noncitizen", 30, 5, refusal_offered=True), DAY_AFTER)
    assert caught.value.code == "encounter.refusal_not_due"
    answer = ask(bridge, Eligibility("noncitizen", 30, 5, refusal_offered=False), DAY_AFTER)
    assert isinstance(answer, Opened)
    with bridge.open() as service, pytest.raises(EncounterError, match="90 FR 48604") as refused:
        service.crossing.opt_out(answer.token, OPERATOR)
    assert refused.value.code == "encounter.no_right_to_refuse"


def test_unknown_people_may_refuse(bridge: World) -> None:
    """A class that no rule knows is entitled to refuse, and gets what it asks for."""
    answer = ask(bridge, Eligibility("of no known class", 30, 5, refusal_offered=True), DAY_AFTER)
    assert isinstance(answer, Opened)
    with bridge.open() as service:
        assert service.crossing.opt_out(answer.token, OPERATOR).outcome is Outcome.OPTED_OUT


# --- clocks of a class ------------------------------------------------------------------------------------------------
def test_each_class_has_its_clock(tmp_path: Path) -> None:
    """What is kept of a citizen goes by the citizens' clock, of somebody unknown by the shortest (CBP-14, CBP-15)."""
    clocks = "retention_by_class: {citizen: {personal: 10 minutes}, noncitizen: {personal: 10 years}}"
    text = land_charter().decode().replace("retention_by_class: {}", clocks)
    world = World.at(tmp_path / "site", text.encode())
    with world.open() as service:
        for person_class in ("citizen", "noncitizen", "unknown"):
            person = Eligibility(person_class, 30, 5, refusal_offered=person_class != "noncitizen")
            service.crossing.open_encounter(OpenRequest("lane-1", person, "", f"claim-{person_class}"), OPERATOR)
        world.clock.advance(601)
        service.erasure.sweep()
        left = str(service.desk.export_record(AUDITOR))
    assert "claim-noncitizen" in left
    assert "claim-citizen" not in left
    assert "claim-unknown" not in left


# --- lanes without a camera -------------------------------------------------------------------------------------------
@pytest.fixture
def two_lanes(tmp_path: Path) -> World:
    """Make a site whose second lane has no camera."""
    first, second = land_charter().decode().split("  - id: lane-2")
    charter = first + "  - id: lane-2" + second.replace("biometric: true", "biometric: false", 1)
    return World.at(tmp_path / "site", charter.encode())


def test_a_lane_without_a_camera_compares_nobody(two_lanes: World) -> None:
    """Whoever goes there gets the ordinary check: no token, no frame, and the reason in the record (CBP-18)."""
    person = Eligibility("citizen", 30, 5, refusal_offered=True)
    answer = ask(two_lanes, person, two_lanes.clock.now(), "lane-2")
    assert isinstance(answer, Reply)
    assert (answer.reason, answer.next_step) == ("checkpoint.not_biometric", "manual_check")


def test_frames_from_there_are_dropped_and_counted(two_lanes: World) -> None:
    """A device that stands there only, and sends: nothing is decoded, and every frame is counted (CBP-18)."""
    with two_lanes.open() as service:
        device = Device("camera-2", bytes(32), ("lane-2",), "", two_lanes.clock.now(), revoked=False)
        service.administration.enrol_device(device, ADMINISTRATOR)
        token = opened(service).token
        sent = replace(submission(service, token, face("ann", 1), face("ann", 2)), device_id="camera-2")
        for _ in range(2):
            with pytest.raises(EncounterError) as caught:
                service.crossing.verify(sent, OPERATOR)
            assert caught.value.code == "encounter.frames_dropped"
        assert service.ingest.dropped == {"lane-2": 4}
        assert service.counters()["frames_dropped"] == 4
        assert service.counters()["frames_decoded"] == 0
        reply = service.crossing.verify(submission(service, token, face("ann", 1), face("ann", 2)), OPERATOR)
        assert reply.outcome is Outcome.MATCH


# --- the clock --------------------------------------------------------------------------------------------------------
def test_a_clock_that_jumped_back_answers_nobody(tmp_path: Path) -> None:
    """A site whose recorded time lies ahead of the machine's clock does not start, and says what to do."""
    world = World.at(tmp_path / "site", land_charter())
    engine = open_database(Site.open(world.path).db_url)
    with engine.begin() as connection:
        save_latest(connection, parse_iso("2090-01-01T00:00:00Z"))
    engine.dispose()
    with pytest.raises(SiteError) as caught:
        open_site(world.path, read_settings({}), extractor=world.extractor)
    assert caught.value.code == "clock.jumped_back"
    assert "set the clock right" in caught.value.remedy
