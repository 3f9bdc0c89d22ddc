"""Claims made from documents, and photographs of earlier encounters as references where the charter says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from countenance.errors import DocumentError, EncounterError
from countenance.procedures import Basis
from countenance.terms import (
    CaseEvent,
    ErasureReason,
    NextStep,
    Opened,
    OpenRequest,
    Outcome,
    Papers,
    Reply,
)
from countenance.terms.documents import UNKNOWN_DATE, TravelDocument, Traveller, TravellerKind
from fakes.chips import EXPIRED_ZONE, KEY, OTHER_ZONE, ZONE, crossed, lane_world, sent
from fakes.extractor import face
from fakes.past import keep_cleared, remembering
from fakes.world import ADMINISTRATOR, ADULT, OPERATOR, SUPERVISOR, World, land_charter, submission

MRZ = Papers(ZONE, {})
HOLDER = Traveller(
    TravellerKind.PASSENGER, "", "", UNKNOWN_DATE, "", "", "", (TravelDocument("P", KEY, "UTO", UNKNOWN_DATE),), 1
)


def open_for(service: Service, zone: str = ZONE, claim: str = "") -> Opened | Reply:
    """Open an encounter for whoever shows this zone."""
    return service.crossing.open_encounter(OpenRequest("lane-1", ADULT, "", claim, zone=zone), OPERATOR)


def token_for(service: Service, zone: str = ZONE) -> str:
    """Return its token."""
    opened = open_for(service, zone)
    assert isinstance(opened, Opened)
    return opened.token


def crossed_again(service: Service, zone: str = ZONE) -> Reply:
    """Open an encounter for a document and send its zone with Ann's face."""
    return service.crossing.verify(sent(service, token_for(service, zone), Papers(zone, {})), OPERATOR)


def refer_and_clear(service: Service, *, clear: bool = True) -> str:
    """Let Ann not be matched with her old portrait, and let a supervisor clear her; return the encounter."""
    reply = service.crossing.verify(
        submission(service, token_for(service), face("ann", 1), face("grandmother", 1)), OPERATOR
    )
    assert reply.outcome is Outcome.NO_MATCH
    if clear:
        service.casework.take(reply.encounter_id, CaseEvent.CLEAR, Basis((), "", ""), SUPERVISOR)
    return reply.encounter_id


def site(path: Path, charter: bytes) -> World:
    """Make a site."""
    return lane_world(path / "site", charter)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a site whose charter lets photographs of earlier encounters serve."""
    return site(tmp_path, remembering(land_charter()))


def test_an_earlier_photograph_is_the_reference(world: World) -> None:
    """Referred because of an old portrait, cleared by a human: the next time the kept photograph is compared."""
    with world.open() as service:
        refer_and_clear(service)
        reply = crossed_again(service)
    assert (reply.outcome, json.loads(reply.receipt.facts)["reference_from"]) == (Outcome.MATCH, "past_encounter")


def test_without_the_charters_word_nothing_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A charter that does not say so: no case is looked at, no photograph opened, and a human looks."""
    with site(tmp_path, land_charter()).open() as service:
        refer_and_clear(service)
        monkeypatch.setattr("countenance.bootstrap.past_encounters.photograph", None)
        assert crossed_again(service).reason == "reference.none"
        asked = service.crossing.querying.past("land-test", service.clock.now())
        with service.transactions.read() as tx:
            assert len(tx.cases.cleared(service.clock.now())) == 1
        assert asked.of(HOLDER) == []


def test_what_nobody_cleared_is_not_used(world: World) -> None:
    """While the case waits in secondary the person goes there; nothing is compared with the photograph."""
    with world.open() as service:
        refer_and_clear(service, clear=False)
        opened = open_for(service)
        assert isinstance(opened, Reply)
        assert opened.reason == "earlier_referral"


def test_anothers_document_and_another_charter_find_nothing(world: World) -> None:
    """Kept under another document's claim, or made under another charter's id: none is found."""
    with world.open() as service:
        claim = service.crossing.querying.claim
        keep_cleared(service, "a", claim("land-test", "UTO", "L898902D4"), face("ann", 2))
        keep_cleared(service, "b", claim("other-charter", "UTO", KEY), face("ann", 2))
        keep_cleared(service, "c", claim("land-test", "XXX", KEY), face("ann", 2))
        assert crossed_again(service).reason == "reference.none"


def test_an_erased_photograph_is_gone(world: World) -> None:
    """After an erasure of the person, and after the clock, there is nothing to compare with."""
    with world.open() as service:
        claim = service.crossing.querying.claim("land-test", "UTO", KEY)
        refer_and_clear(service)
        service.persons.erase(claim, ErasureReason.REQUEST, ADMINISTRATOR)
        assert crossed_again(service).reason == "reference.none"


def test_a_photograph_past_its_clock_is_gone(world: World) -> None:
    """The referral's own clock ends it; nothing is kept longer to be a reference."""
    with world.open() as service:
        refer_and_clear(service)
        world.clock.advance(400 * 86_400 / 2)
        service.erasure.sweep()
        assert crossed_again(service).reason == "reference.none"


def test_a_claim_from_a_document_hides_its_number(world: World) -> None:
    """The claim is 64 hexadecimal digits of a key that the site alone has; another charter's is another."""
    with world.open() as service:
        claim = service.crossing.querying.claim
        assert claim("land-test", "UTO", KEY) == claim("land-test", "UTO", f" {KEY.lower()} ")
        assert (
            len({claim("land-test", "UTO", KEY), claim("land-tes", "tUTO", KEY), claim("land-test", "UT", f"O{KEY}")})
            == 3
        )
        token = token_for(service)
        service.crossing.opt_out(token, OPERATOR)
    kept = b"".join(path.read_bytes() for path in world.path.rglob("*") if path.is_file())
    assert KEY.encode() not in kept


def test_another_sites_claim_is_another(tmp_path: Path) -> None:
    """Two sites cannot tell that they saw the same document."""
    claims = set()
    for name in ("one", "two"):
        with site(tmp_path / name, land_charter()).open() as service:
            claims.add(service.crossing.querying.claim("land-test", "UTO", KEY))
    assert len(claims) == 2


def test_an_encounter_for_a_document_takes_no_other(world: World) -> None:
    """Opened by one zone, verified with another: refused, zero frames."""
    with world.open() as service:
        token = token_for(service)
        with pytest.raises(EncounterError) as refused:
            service.crossing.verify(sent(service, token, Papers(OTHER_ZONE, {})), OPERATOR)
    assert (refused.value.code, world.extractor.frames_decoded) == ("encounter.other_document", 0)


def test_an_expired_document_opens_no_camera(world: World) -> None:
    """Opened with an expired document's zone: answered at once, an ordinary manual check with its reason."""
    with world.open() as service:
        reply = open_for(service, EXPIRED_ZONE)
    assert isinstance(reply, Reply)
    assert (reply.outcome, reply.reason, reply.next_step) == (
        Outcome.NOT_COMPARED, "document.expired", NextStep.MANUAL_CHECK,
    )  # fmt: skip


def test_a_claim_and_a_document_are_one_too_many(world: World) -> None:
    """Both, or a zone that cannot be read: nothing is opened."""
    with world.open() as service:
        with pytest.raises(EncounterError) as both:
            open_for(service, claim="traveller-1")
        with pytest.raises(DocumentError):
            open_for(service, ZONE[:-1] + "1")
    assert both.value.code == "encounter.two_claims"


def test_a_no_match_is_linked_by_the_document(world: World) -> None:
    """Whoever shows the same document again goes to secondary, though nobody stated a claim (CBP-21)."""
    with world.open() as service:
        first = refer_and_clear(service, clear=False)
        again = open_for(service)
        assert isinstance(again, Reply)
        case = service.casework.redress(again.encounter_id, OPERATOR).case
        assert case.referral.earlier == service.casework.redress(first, OPERATOR).case.referral.referral_id
        assert isinstance(open_for(service, OTHER_ZONE), Opened)


def test_a_controllers_own_pseudonym_is_no_document(world: World) -> None:
    """A claim that only begins alike is a claim: papers of any document go with it."""
    with world.open() as service:
        assert crossed(service, MRZ, claim="d-17").reason == "reference.none"
