"""An open case lives on under the charter it began under: in the queue, on its receipt, in its contest, suspended."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from countenance.authority import parse_charter
from countenance.bootstrap import Service
from countenance.interfaces.shown_cases import suspension_body
from countenance.procedures import Basis
from countenance.site import Site
from countenance.terms import Actor, CaseEvent, CaseState, OfficerReason, Role
from fakes.extractor import face
from fakes.world import OPERATOR, SUPERVISOR, World, land_charter, look, opened, put, submission

NOTHING = Basis((), "", "")
OTHER = Actor("supervisor:2", Role.SUPERVISOR, "")
OLD_LAW, NEW_LAW = "8 CFR 235.1 (test)", "Another Act, section 7"
CHANGES = [
    pytest.param((b"id: lane-1", b"id: lane-9"), id="renamed"),
    pytest.param((b"version: 1", b"version: 2"), id="same checkpoints"),
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a site with two lanes."""
    return World.at(tmp_path / "site", land_charter())


PORTRAITS = count(2)
"""Everybody has a document of their own: the same portrait twice is the same person."""


def no_match(service: Service, claim: str = "") -> str:
    """Let somebody show another person's document; return the encounter."""
    answer = opened(service, claim=claim)
    service.crossing.verify(submission(service, answer.token, face("ann"), face("bob", next(PORTRAITS))), OPERATOR)
    return answer.encounter_id


def renew(world: World, change: tuple[bytes, bytes]) -> str:
    """Sign the next version, under another law, in place of the one there is; return the hash of the one before."""
    path = world.path / "charters" / "land-test.yaml"
    before = path.read_bytes()
    assert change[0] in before
    data = before.replace(*change).replace(
        f'\nlegal_basis: "{OLD_LAW}"'.encode(), f'\nlegal_basis: "{NEW_LAW}"'.encode()
    )
    assert NEW_LAW.encode() in data
    site = Site.open(world.path)
    put(site, path, data)
    look(site, data)
    return parse_charter(before).sha256


@pytest.mark.parametrize("change", CHANGES)
def test_an_open_case_lives_on_under_its_charter(world: World, change: tuple[bytes, bytes]) -> None:
    """Listed, opened, contested and reviewed under the old law and hash after the next version took its place."""
    with world.open() as service:
        encounter = no_match(service)
    old = renew(world, change)
    with world.open() as service:
        (waiting,) = service.desk.waiting(SUPERVISOR)
        assert (waiting.redress.charter, waiting.redress.legal_basis) == (old, OLD_LAW)
        assert service.desk.open_referral(encounter, SUPERVISOR).probe == face("ann")
        standing = service.casework.redress(encounter, OPERATOR)
        assert old in standing.text
        assert OLD_LAW in standing.text
        assert NEW_LAW not in standing.text
        for event, actor in ((CaseEvent.CLEAR, SUPERVISOR), (CaseEvent.CONTEST, OPERATOR), (CaseEvent.UPHOLD, OTHER)):
            standing = service.casework.take(encounter, event, NOTHING, actor)[0]
        assert standing.state is CaseState.UPHELD
        again = service.lanes.governing("lane-1", old)
        assert (again.charter.sha256, again.checkpoint.checkpoint_id) == (old, "lane-1")


@pytest.mark.parametrize("change", CHANGES)
def test_a_match_is_referred_under_the_charter_it_was_made_under(world: World, change: tuple[bytes, bytes]) -> None:
    """An officer who refers after the change gives the receipt of the rules under which the person was compared."""
    with world.open() as service:
        answer = opened(service)
        service.crossing.verify(submission(service, answer.token, face("ann", 1), face("ann", 2)), OPERATOR)
    old = renew(world, change)
    with world.open() as service:
        standing = service.casework.refer(answer.encounter_id, OfficerReason.STATEMENT, "", OPERATOR)
    assert (standing.redress.charter, standing.redress.legal_basis) == (old, OLD_LAW)


@pytest.mark.parametrize("change", CHANGES)
def test_a_suspension_is_listed_and_lifted_under_the_next_version(world: World, change: tuple[bytes, bytes]) -> None:
    """It names the contact still, and a supervisor resumes the charter; the renamed lane begins anew."""
    with world.open() as service:
        for _ in range(17):
            no_match(service)
    renew(world, change)
    with world.open() as service:
        (stopped,) = service.casework.suspensions(SUPERVISOR)
        assert suspension_body(stopped, service.lanes).contact == "privacy@example.invalid"
        service.casework.resume("land-test", "R. Ortiz", "camera replaced", SUPERVISOR)
        assert service.casework.suspensions(SUPERVISOR) == ()


def test_a_text_that_was_changed_afterwards_governs_nothing(world: World) -> None:
    """The hash that the record names decides: a changed copy is not taken for the charter of that hash."""
    with world.open() as service:
        encounter = no_match(service)
    old = renew(world, (b"version: 1", b"version: 2"))
    kept = world.path / "charters" / "signed" / f"{old}.yaml"
    kept.write_bytes(kept.read_bytes().replace(OLD_LAW.encode(), b"No law"))
    with world.open() as service:
        assert service.casework.redress(encounter, OPERATOR).redress.legal_basis.startswith(
            "The law that this charter names"
        )
