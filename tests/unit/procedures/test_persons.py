"""A person may see what is kept of them and have it erased; neither leaves their name in the record."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from countenance.bootstrap import Service
from countenance.errors import AccessError, CustodyError, NotFound
from countenance.procedures import Basis
from countenance.terms import CaseEvent, Enrolment, ErasureReason, HoldReason, NextStep
from fakes.extractor import face
from fakes.world import (
    ADMINISTRATOR,
    AUDITOR,
    OPERATOR,
    SUPERVISOR,
    World,
    opened,
    submission,
)


@pytest.fixture
def known(world: World) -> Iterator[Service]:
    """Return a site where ann was referred after a no-match, flew, and bob matched."""
    with world.open() as service:
        for claim, who in (("ann", "somebody"), ("bob", "bob")):
            token = opened(service, claim=claim).token
            reply = service.crossing.verify(submission(service, token, face(who, 1), face(claim, 2)), OPERATOR)
            if reply.next_step is NextStep.REFER_TO_OFFICER:
                service.casework.take(reply.encounter_id, CaseEvent.CLEAR, Basis((), "", ""), SUPERVISOR)
        service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
        rows = [Enrolment(f"r-{who}", who, 30, 5, face(who)) for who in ("ann", "bob")]
        list(service.staging.enrol("flight", rows, ADMINISTRATOR))
        yield service


def texts(service: Service) -> str:
    """Return everything that the auditor can read."""
    return json.dumps(service.desk.export_record(AUDITOR))


def test_a_person_sees_everything_and_only_their_own(known: Service) -> None:
    """Subject access shows both photographs, the texts and the gallery; templates are named, never handed out."""
    shown = known.persons.access("ann", SUPERVISOR)
    assert shown.galleries == ("flight",)
    assert len(shown.encounters) == 1
    assert {one.media for one in shown.kept if one.media} == {face("somebody", 1), face("ann", 2)}
    assert {one.what for one in shown.kept} == {"encounter", "personal", "referral", "reference", "reply"}
    (template,) = [one for one in shown.kept if one.what == "reference"]
    assert (template.content, template.media, template.size) == ("", b"", 512)
    assert "bob" not in json.dumps([one.content for one in shown.kept])


def test_a_selfie_finds_only_who_is_on_it(known: Service) -> None:
    """A photograph finds the person of the galleries here whom it matches; a stranger's finds nobody."""
    (shown,) = known.persons.access_by_selfie(face("bob", 9), SUPERVISOR)
    assert shown.person == "bob"
    with pytest.raises(NotFound):
        known.persons.access_by_selfie(face("stranger"), SUPERVISOR)
    with pytest.raises(CustodyError) as refused:
        known.persons.access_by_selfie(b"blurred", SUPERVISOR)
    assert refused.value.code == "custody.selfie"


def test_a_selfie_is_decoded_for_nobody_without_the_right(known: Service) -> None:
    """Who may not see a person's data has no photograph decoded either."""
    before = known.extractor.frames_decoded
    for actor in (OPERATOR, AUDITOR):
        with pytest.raises(AccessError):
            known.persons.access_by_selfie(face("bob", 9), actor)
        with pytest.raises(AccessError):
            known.persons.access("bob", actor)
        with pytest.raises(AccessError):
            known.persons.erase("bob", ErasureReason.REQUEST, actor)
    assert known.extractor.frames_decoded == before


def test_an_erased_person_is_gone_everywhere(known: Service) -> None:
    """After an order nothing about the person opens, no search finds them, others stay, and the record says so."""
    erased = known.persons.erase("ann", ErasureReason.REQUEST, ADMINISTRATOR)
    assert (erased.encounters, erased.references) == (1, 1)
    with pytest.raises(NotFound):
        known.persons.access("ann", SUPERVISOR)
    assert known.galleries.size("flight") == 1
    assert known.persons.access("bob", SUPERVISOR).galleries == ("flight",)
    record = texts(known)
    assert "ann" not in record
    assert erased.commitment in record
    assert record.count("erasure.receipt") == 1


def test_who_is_unknown_cannot_be_erased(known: Service) -> None:
    """An order about nobody says so; a second order too."""
    known.persons.erase("ann", ErasureReason.REQUEST, ADMINISTRATOR)
    for person in ("nobody", "ann", ""):
        with pytest.raises(NotFound):
            known.persons.erase(person, ErasureReason.REQUEST, ADMINISTRATOR)


def test_who_was_identified_at_a_gate_is_found_without_a_claim(known: Service) -> None:
    """An encounter that nobody claimed is the matched person's: it is shown and erased with them."""
    token = opened(known, "gate-1", "flight", claim="").token
    known.crossing.identify(submission(known, token, face("bob", 3)), OPERATOR)
    assert len(known.persons.access("bob", SUPERVISOR).encounters) == 2
    assert known.persons.erase("bob", ErasureReason.COURT, SUPERVISOR).encounters == 2


def test_evidence_and_what_is_before_a_human_stays(known: Service) -> None:
    """What is held, contested or in secondary is not erased, nothing is erased by halves; afterwards it can be."""
    (encounter,) = known.persons.access("ann", SUPERVISOR).encounters
    hold = known.holding.place(encounter, HoldReason.COURT, "Judge A", 30, SUPERVISOR)
    refused_to_erase(known, "ann")
    assert known.persons.access("ann", SUPERVISOR).galleries == ("flight",)
    known.holding.release(hold.hold_id, SUPERVISOR)
    known.casework.take(encounter, CaseEvent.CONTEST, Basis((), "", ""), OPERATOR)
    refused_to_erase(known, "ann")
    token = opened(known, claim="eve").token
    known.crossing.verify(submission(known, token, face("mallory", 1), face("eve", 2)), OPERATOR)
    refused_to_erase(known, "eve")


def refused_to_erase(service: Service, person: str) -> None:
    """Check that an order is refused because somebody still needs what is kept."""
    with pytest.raises(CustodyError) as held:
        service.persons.erase(person, ErasureReason.REQUEST, SUPERVISOR)
    assert held.value.code == "custody.held"
