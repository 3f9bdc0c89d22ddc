"""At a gate a document that is shown must be the one of the person found; its holder's age counts anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from countenance.errors import NotFound
from countenance.terms import NotCompared, Opened, OpenRequest, Outcome, Papers, Reply
from countenance.terms.staging import EventTerms
from fakes.extractor import face
from fakes.flights import manifest, portraits
from fakes.papers import encounter
from fakes.world import ADULT, OPERATOR, SUPERVISOR, World, gate_charter, land_charter, submission
from fakes.zones import passport_zone

FLIGHT = "ut100"
PEOPLE = ("ann", "bob")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """Open a site with a gate."""
    with World.at(tmp_path / "site", gate_charter()).open() as service:
        yield service


def stage(service: Service, file: bytes) -> None:
    """Stage Ann and Bob."""
    told = service.announcing.announce(FLIGHT, "gate-1", file, EventTerms(), SUPERVISOR)
    list(service.boarding.portray(FLIGHT, portraits(PEOPLE, told.wanted), SUPERVISOR))


def crossed(service: Service, zone: str, person: str = "ann") -> Reply:
    """Let somebody who shows a document step before the camera."""
    opened = service.crossing.open_encounter(OpenRequest("gate-1", ADULT, FLIGHT, "", zone=zone), OPERATOR)
    assert isinstance(opened, Opened)
    return service.crossing.identify(submission(service, opened.token, face(person, 3)), OPERATOR)


def aboard(service: Service) -> list[int]:
    """Return who went through."""
    return [one.number for one in service.boarding.status(FLIGHT, SUPERVISOR).travellers if one.aboard]


@pytest.mark.parametrize("number", ["XANN", "XZOE"])
def test_anothers_document_is_referred(service: Service, number: str) -> None:
    """Bob's face with Ann's passport, or with one that nobody on the list has: an officer looks, nobody is aboard."""
    stage(service, manifest(PEOPLE))
    reply = crossed(service, passport_zone(number), "bob")
    assert (reply.outcome, reply.reason) == (Outcome.REFERRED, "other_traveller")
    assert [rule.rule_id for rule in reply.rules] == ["score-at-or-above-threshold", "other-traveller"]
    assert aboard(service) == []


def test_the_own_document_matches(service: Service) -> None:
    """The passport that the list names, and no document at all, are a match."""
    stage(service, manifest(PEOPLE))
    assert crossed(service, passport_zone("XANN")).outcome is Outcome.MATCH
    assert crossed(service, "", "bob").outcome is Outcome.MATCH
    assert aboard(service) == [1, 2]


def test_any_document_that_the_list_names_will_do(service: Service) -> None:
    """The second of a traveller's documents is theirs too, and a German one that the list writes as DEU."""
    listed = json.loads(manifest(PEOPLE))
    listed["travellers"][0]["documents"].append({"kind": "I", "number": "C01X-00 T47", "issuer": "DEU"})
    stage(service, json.dumps(listed).encode())
    assert crossed(service, passport_zone("C01X00T47", issuer="D")).outcome is Outcome.MATCH


def test_what_the_list_leaves_open_is_held_against_nobody(service: Service) -> None:
    """Where a document's issuer is not told, another number proves nothing."""
    listed = json.loads(manifest(PEOPLE))
    del listed["travellers"][0]["documents"][0]["issuer"]
    stage(service, json.dumps(listed).encode())
    assert crossed(service, passport_zone("XANN")).outcome is Outcome.MATCH


def test_the_roll_shows_no_document(service: Service, tmp_path: Path) -> None:
    """No number, and no claim that another gallery or encounter has, is on the roll or in a file."""
    stage(service, manifest(PEOPLE))
    with service.transactions.read() as tx:
        labels = tx.vault.of_event(FLIGHT, "roll")
        opened = b"".join(text for _, text in tx.vault.open_many([one.item_id for one in labels]))
    claim = service.crossing.querying.claim(service.lanes.at("gate-1").charter.charter_id, "UTO", "XANN")
    assert b"papers" in opened
    assert b"XANN" not in opened
    assert claim.removeprefix("d-").encode() not in opened


@pytest.mark.parametrize("stated", [-1, 30])
def test_a_childs_document_opens_no_camera(service: Service, stated: int) -> None:
    """Whatever age is stated: the holder of a document who was born eleven years ago is not compared."""
    asked = OpenRequest("gate-1", replace(ADULT, age=stated), FLIGHT, "", zone=passport_zone("XANN", birth="150412"))
    stage(service, manifest(PEOPLE))
    reply = service.crossing.open_encounter(asked, OPERATOR)
    assert isinstance(reply, Reply)
    assert (reply.outcome, reply.reason) == (Outcome.NOT_COMPARED, "outside_envelope.minimum_age")


def test_a_document_states_the_age(service: Service) -> None:
    """Nobody has to type what the zone says."""
    stage(service, manifest(PEOPLE))
    asked = OpenRequest("gate-1", replace(ADULT, age=-1), FLIGHT, "", zone=passport_zone("XANN"))
    assert isinstance(service.crossing.open_encounter(asked, OPERATOR), Opened)


def test_papers_of_a_child_lead_to_a_human(tmp_path: Path) -> None:
    """An encounter that was opened for a claim, of a stated age: the zone that is then shown counts."""
    with World.at(tmp_path / "land", land_charter()).open() as service:
        lane, now = service.lanes.at("lane-1"), service.clock.now()
        papers = Papers(passport_zone("XANN", birth="150412"), {})
        found = service.crossing.querying.reference(papers, encounter(), lane, now)
    assert isinstance(found, NotCompared)
    assert found.reason == "outside_envelope.minimum_age"


def test_a_gate_without_a_gallery_says_what_to_name(service: Service) -> None:
    """An opening that names no gallery is refused in words that help."""
    with pytest.raises(NotFound) as refused:
        service.crossing.open_encounter(OpenRequest("gate-1", ADULT, "", ""), OPERATOR)
    assert refused.value.code == "gallery.not_named"
    assert "--gallery" in refused.value.remedy


def test_a_gallery_that_ends_before_its_event_says_so(service: Service) -> None:
    """Announced too early, the charter's clock for references ends first: by how much, and what to do."""
    early = service.announcing.announce(
        FLIGHT, "gate-1", manifest(PEOPLE, departs="2026-12-01T20:30"), EventTerms(), SUPERVISOR
    )
    (finding,) = early.findings
    assert finding.code == "ends_early"
    assert "2026-12-01T20:00:00.000Z, 60 minutes before" in finding.sentence
    assert (
        service.announcing.announce("ut101", "gate-1", manifest(PEOPLE, "UT101"), EventTerms(), SUPERVISOR).findings
        == ()
    )


def test_a_movement_in_two_galleries_is_told(service: Service) -> None:
    """A second gallery for the same movement is allowed and told; a closed one is no matter."""
    announce, terms = service.announcing.announce, EventTerms()
    assert announce("one", "gate-1", manifest(PEOPLE), terms, SUPERVISOR).findings == ()
    (finding,) = announce("two", "gate-1", manifest(PEOPLE), terms, SUPERVISOR).findings
    assert (finding.code, "'one'" in finding.sentence) == ("also_staged", True)
    service.staging.close_gallery("one", SUPERVISOR)
    assert announce("two", "gate-1", manifest(PEOPLE), terms, SUPERVISOR).findings == ()
