"""A no-match is not undone by asking again: a new encounter of the person goes to the same secondary inspection."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from countenance.bootstrap import Service
from countenance.ports import UnitOfWork
from countenance.procedures import Basis
from countenance.terms import (
    EARLIER_REFERRAL,
    Actor,
    CaseEvent,
    CaseState,
    Compared,
    Counted,
    Eligibility,
    NextStep,
    Opened,
    OpenRequest,
    Outcome,
    Reply,
    Role,
    Telling,
)
from fakes.extractor import face
from fakes.world import ADULT, AUDITOR, OPERATOR, SUPERVISOR, World, land_charter, opened, submission

CLAIM = "p-77"
OTHER = Actor("supervisor:2", Role.SUPERVISOR, "")
NOTHING = Basis((), "", "")


def begin(service: Service, lane: str = "lane-1", claim: str = CLAIM, person: Eligibility = ADULT) -> Opened | Reply:
    """Open an encounter."""
    return service.crossing.open_encounter(OpenRequest(lane, person, "", claim), OPERATOR)


def no_match(service: Service, claim: str = CLAIM) -> str:
    """Let somebody show another person's document; return the referral."""
    token = opened(service, claim=claim).token
    reply = service.crossing.verify(submission(service, token, face("ann", 1), face("bob", 2)), OPERATOR)
    return service.casework.redress(reply.encounter_id, OPERATOR).case.referral.referral_id


def facts(service: Service, event: str) -> list[dict[str, Any]]:
    """Return the facts of every entry of this event."""
    entries: Any = service.desk.export_record(AUDITOR)["entries"]
    return [one for entry in entries if (one := json.loads(entry["facts"]))["event"] == event]


@pytest.mark.parametrize("lane", ["lane-1", "lane-2"])
@pytest.mark.parametrize("age", [30, 9, -1], ids=lambda age: f"age {age}")
def test_a_no_match_is_not_undone_by_asking_again(service: Service, world: World, lane: str, age: int) -> None:
    """At any lane, of any age that is said: no frame is decoded, the person goes to secondary, linked and told."""
    first = no_match(service)
    decoded = world.extractor.frames_decoded
    reply = begin(service, lane, person=Eligibility("traveller", age, 5, refusal_offered=True))
    assert isinstance(reply, Reply)
    assert (reply.outcome, reply.next_step) == (Outcome.REFERRED, NextStep.REFER_TO_OFFICER)
    assert reply.reason == "earlier_referral"
    assert "still in secondary inspection" in reply.advice
    assert world.extractor.frames_decoded == decoded
    standing = service.casework.redress(reply.encounter_id, OPERATOR)
    second = standing.case.referral
    assert (standing.state, second.earlier, second.compared) == (CaseState.SECONDARY, first, Compared.NOTHING)
    assert "still open" in standing.text
    assert {one["earlier"] for one in facts(service, "referral.raised")} == {"", first}
    assert [one.telling for one in service.casework.told(SUPERVISOR)].count(Telling.CAME_BACK) == 1


def test_two_encounters_open_at_once_are_no_way_round(service: Service) -> None:
    """An encounter opened before the no-match is not answered "match" after it, nor "ordinary check" by refusing."""
    compared, refused = opened(service, claim=CLAIM), opened(service, claim=CLAIM)
    first = no_match_of(service, opened(service, claim=CLAIM))
    reply = service.crossing.verify(submission(service, compared.token, face("ann", 1), face("ann", 2)), OPERATOR)
    assert (reply.outcome, reply.reason) == (Outcome.REFERRED, "earlier_referral")
    opted = service.crossing.opt_out(refused.token, OPERATOR)
    assert (opted.outcome, opted.next_step) == (Outcome.OPTED_OUT, NextStep.REFER_TO_OFFICER)
    for encounter in (compared.encounter_id, refused.encounter_id):
        referral = service.casework.redress(encounter, OPERATOR).case.referral
        assert (referral.earlier, referral.probe_item, referral.reference_item) == (first, "", "")


def no_match_of(service: Service, answer: Opened) -> str:
    """Answer an encounter with a no-match; return the referral."""
    service.crossing.verify(submission(service, answer.token, face("ann", 1), face("bob", 2)), OPERATOR)
    return service.casework.redress(answer.encounter_id, OPERATOR).case.referral.referral_id


def test_once_settled_the_person_is_compared_again(service: Service) -> None:
    """Cleared by a supervisor, the person crosses; the referral that only said "still open" holds nobody back."""
    first = no_match(service)
    assert isinstance(begin(service), Reply)
    service.casework.take(first, CaseEvent.CLEAR, NOTHING, SUPERVISOR)
    assert isinstance(begin(service), Opened)


def test_past_its_clock_nothing_is_linked(service: Service, world: World) -> None:
    """A referral that lapsed undecided does not follow the person; neither does one that an officer may still clear."""
    no_match(service)
    world.clock.advance(13 * 3600)
    service.tick()
    assert isinstance(begin(service), Opened)


def test_nobody_else_and_no_other_charter_is_linked(tmp_path: Path) -> None:
    """Another pseudonym, nobody claimed, and the same pseudonym under another charter are compared as ever."""
    other = land_charter(charter_id="land-other").replace(b"id: lane-", b"id: annex-")
    with World.at(tmp_path / "site", land_charter(), other).open() as service:
        no_match(service)
        for lane, claim in (("lane-1", "p-78"), ("lane-1", ""), ("annex-1", CLAIM)):
            assert isinstance(begin(service, lane, claim), Opened)


def monitored(tx: UnitOfWork) -> list[Counted]:
    """Return the counts that monitors watch."""
    return [one for one in tx.aggregates.counts(0, 10**6) if one.kind != "public"]


def test_coming_back_is_not_counted_twice(service: Service) -> None:
    """Who comes back again and again neither suspends the charter nor enters what monitors watch."""
    no_match(service)
    with service.transactions.read() as tx:
        before = monitored(tx)
    for _ in range(30):
        assert isinstance(begin(service), Reply)
    with service.transactions.read() as tx:
        assert monitored(tx) == before
    assert service.casework.suspensions(SUPERVISOR) == ()


def verified(service: Service, claim: str, portrait: bytes) -> Reply:
    """Let somebody show a document whose portrait is theirs."""
    token = opened(service, claim=claim).token
    return service.crossing.verify(submission(service, token, face("bob", 1), portrait), OPERATOR)


@pytest.mark.parametrize("first, second", [("", ""), (CLAIM, ""), ("", CLAIM)])
def test_the_same_portrait_links_where_nothing_is_claimed(service: Service, first: str, second: str) -> None:
    """Leaving the claim out undoes no no-match: the document's portrait is the same file, and a supervisor is told."""
    no_match(service, first)
    again = verified(service, second, face("bob", 2))
    assert (again.outcome, again.reason) == (Outcome.REFERRED, EARLIER_REFERRAL)
    raised, linked = sorted(facts(service, "referral.raised"), key=lambda one: bool(one["earlier"]))
    assert linked["earlier"] == raised["referral"]


def test_another_portrait_or_claim_is_another_person(service: Service) -> None:
    """Where nothing is claimed another file links nothing; where both claim, the claims decide."""
    no_match(service, "")
    assert verified(service, "", face("bob", 3)).outcome is Outcome.MATCH
    no_match(service, CLAIM)
    assert verified(service, "p-78", face("bob", 4)).outcome is Outcome.MATCH
