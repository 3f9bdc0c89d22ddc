"""A clock moves by an order with reason, person and end, or shortens with the class; never silently, never for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from countenance.errors import AccessError, CustodyError, NotFound
from countenance.terms import Actor, Eligibility, HoldReason, Opened, OpenRequest
from fakes.extractor import face
from fakes.world import ADMINISTRATOR, AUDITOR, OPERATOR, SUPERVISOR, World, land_charter, opened, submission

HOUR = 3600


def referred(service: Service, claim: str = "traveller-a") -> str:
    """Let somebody be referred and return the encounter."""
    answer = opened(service, claim=claim)
    service.crossing.verify(submission(service, answer.token, face("ann"), face("bob")), OPERATOR)
    return answer.encounter_id


def left(service: Service, encounter_id: str) -> int:
    """Return how many items of an encounter are there."""
    with service.transactions.read() as tx:
        return len(tx.vault.of_subjects([f"encounter/{encounter_id}"]))


def facts(service: Service, event: str) -> list[dict[str, object]]:
    """Return the facts of every such entry."""
    entries = (json.loads(one["facts"]) for one in service.desk.export_record(AUDITOR)["entries"])
    return [one for one in entries if one["event"] == event]


def test_a_hold_outlives_the_clock_and_ends(service: Service, world: World) -> None:
    """What is held is there after its clock and gone at the hold's end, one second sharp; reason and end are facts."""
    encounter = referred(service)
    whole = left(service, encounter)
    service.holding.place(encounter, HoldReason.INVESTIGATION, "Inspector B", 30, SUPERVISOR)
    world.clock.advance(30 * 24 * HOUR - 1)
    service.erasure.sweep()
    assert left(service, encounter) == whole
    world.clock.advance(1)
    service.erasure.sweep()
    assert left(service, encounter) == 0
    (placed,) = facts(service, "hold.placed")
    assert (placed["reason"], placed["by"], placed["until"]) == (
        "investigation", "supervisor:1", "2026-12-31T08:00:00.000Z",
    )  # fmt: skip
    assert service.holding.holds(SUPERVISOR) == ()


def test_a_released_hold_gives_every_item_its_own_clock_back(service: Service, world: World) -> None:
    """Released before the clocks ran out, items go when they would have gone; after, with the next sweep."""
    encounter = referred(service)
    with service.transactions.read() as tx:
        before = {one.item_id: one.expires_at for one in tx.vault.of_subjects([f"encounter/{encounter}"])}
    hold = service.holding.place(encounter, HoldReason.COURT, "Judge A", 60, SUPERVISOR)
    assert service.holding.holds(SUPERVISOR) == (hold,)
    service.holding.release(hold.hold_id, SUPERVISOR)
    with service.transactions.read() as tx:
        after = {one.item_id: one.expires_at for one in tx.vault.of_subjects([f"encounter/{encounter}"])}
    assert after == before
    again = service.holding.place(encounter, HoldReason.COURT, "Judge A", 60, SUPERVISOR)
    world.clock.advance(59 * 24 * HOUR)
    service.holding.release(again.hold_id, SUPERVISOR)
    service.erasure.sweep()
    assert left(service, encounter) == 0


@pytest.mark.parametrize(
    "named, days", [("", 30), ("  ", 30), ("a\nb", 30), ("Judge A", 0), ("Judge A", -1), ("Judge A", 367)]
)
def test_a_hold_without_person_or_end_is_refused(service: Service, named: str, days: int) -> None:
    """No evidence lock without a named human, none for no time or for more than a year; nothing changes."""
    encounter = referred(service)
    with pytest.raises(CustodyError) as refused:
        service.holding.place(encounter, HoldReason.COURT, named, days, SUPERVISOR)
    assert refused.value.code == "custody.hold"
    assert facts(service, "hold.placed") == []


def test_holds_do_not_pile_up_and_hold_something(service: Service, world: World) -> None:
    """A second hold on an encounter is refused, and one on what is gone already."""
    encounter = referred(service)
    service.holding.place(encounter, HoldReason.COURT, "Judge A", 30, SUPERVISOR)
    with pytest.raises(CustodyError):
        service.holding.place(encounter, HoldReason.COURT, "Judge A", 60, SUPERVISOR)
    gone = referred(service, "traveller-b")
    world.clock.advance(20 * 24 * HOUR)
    service.erasure.sweep()
    with pytest.raises(CustodyError):
        service.holding.place(gone, HoldReason.COURT, "Judge A", 30, SUPERVISOR)


@pytest.mark.parametrize("actor", [OPERATOR, AUDITOR])
def test_who_runs_lanes_or_audits_moves_no_clock(service: Service, actor: Actor) -> None:
    """Operators and auditors place no hold and change no class."""
    encounter = referred(service)
    with pytest.raises(AccessError):
        service.holding.place(encounter, HoldReason.COURT, "Judge A", 30, actor)
    with pytest.raises(AccessError):
        service.holding.change_class(encounter, "us_citizen", actor)
    with pytest.raises(NotFound):
        service.holding.release("0" * 32, SUPERVISOR)


def test_a_class_change_shortens_and_never_lengthens(tmp_path: Path) -> None:
    """Somebody found to be a citizen goes by the citizens' clock; the other way round nothing is kept longer."""
    clocks = "retention_by_class: {citizen: {personal: 10 minutes}, noncitizen: {personal: 10 years}}"
    world = World.at(tmp_path / "site", land_charter().decode().replace("retention_by_class: {}", clocks).encode())
    with world.open() as service:
        person = Eligibility("noncitizen", 30, 5, refusal_offered=False)
        answer = service.crossing.open_encounter(OpenRequest("lane-1", person, "", "v"), OPERATOR)
        assert isinstance(answer, Opened)
        shortened, receipt = service.holding.change_class(answer.encounter_id, "citizen", ADMINISTRATOR)
        assert shortened == json.loads(receipt.facts)["shortened"] == 2
        assert service.holding.change_class(answer.encounter_id, "noncitizen", ADMINISTRATOR)[0] == 0
        with service.transactions.read() as tx:
            clock = {one.expires_at for one in tx.vault.of_subjects([f"encounter/{answer.encounter_id}"])}
        assert min(clock) == world.clock.instant + 600_000
        world.clock.advance(599)
        service.erasure.sweep()
        assert "v" in {one.person for one in [service.persons.access("v", SUPERVISOR)]}
        world.clock.advance(1)
        service.erasure.sweep()
        with pytest.raises(NotFound):
            service.persons.access("v", SUPERVISOR)


def test_a_held_encounter_keeps_its_class(service: Service) -> None:
    """While an evidence lock rules the clocks, a class change is refused."""
    encounter = referred(service)
    service.holding.place(encounter, HoldReason.COURT, "Judge A", 30, SUPERVISOR)
    with pytest.raises(CustodyError) as refused:
        service.holding.change_class(encounter, "citizen", ADMINISTRATOR)
    assert refused.value.code == "custody.held"
