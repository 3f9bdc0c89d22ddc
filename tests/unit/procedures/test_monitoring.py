"""A site watches itself: what crossings and staff add up to, what goes into the record, what never does."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from countenance.bootstrap import Service
from countenance.errors import AccessError, CountError, NotFound
from countenance.evaluate.drift import CheckpointReport, Rate, Waiting
from countenance.procedures.transparency.kinds import PUBLIC
from countenance.terms import (
    DAY_MS,
    UNSTATED,
    Actor,
    Clearance,
    ClearanceReason,
    Count,
    Eligibility,
    Enrolment,
    Instant,
    Monitor,
    Opened,
    OpenRequest,
    Role,
    Sex,
    Stated,
    Tally,
    TallySource,
)
from fakes.extractor import face
from fakes.world import ADMINISTRATOR, ADULT, AUDITOR, OPERATOR, START, SUPERVISOR, World, opened, submission

TODAY = START // DAY_MS
DEVICE = Actor("device:1", Role.DEVICE, "local")


PORTRAITS = count(2)
"""Everybody has a document of their own: the same portrait twice is the same person."""


def cross(service: Service, person: str = "ann", document: str = "ann", stated: Stated = UNSTATED) -> str:
    """Let one adult cross lane-1 and return the encounter's id."""
    answer = service.crossing.open_encounter(OpenRequest("lane-1", ADULT, "", "", stated), OPERATOR)
    assert isinstance(answer, Opened)
    frames = submission(service, answer.token, face(person, 1), face(document, next(PORTRAITS)))
    service.crossing.verify(frames, OPERATOR)
    return answer.encounter_id


def refuse(service: Service) -> str:
    """Let one adult refuse and return the encounter's id."""
    answer = opened(service)
    service.crossing.opt_out(answer.token, OPERATOR)
    return answer.encounter_id


def tally(presented: int, **changes: Any) -> Tally:
    """Return a tally at lane-1, today."""
    return replace(Tally("lane-1", TODAY, presented, 0, TallySource.OFFICER_TALLY, replaces=False), **changes)


def cleared(reason: ClearanceReason, people: int = 1, encounter: str = "", words: str = "") -> Clearance:
    """Return a clearance at lane-1."""
    return Clearance("lane-1", reason, people, encounter, words)


def at(service: Service, checkpoint: str = "lane-1") -> CheckpointReport:
    """Return one checkpoint's report."""
    return next(one for one in service.watching.report(None, AUDITOR).checkpoints if one.checkpoint_id == checkpoint)


def facts(service: Service, event: str) -> list[dict[str, Any]]:
    """Return the facts of every entry of an event."""
    bundle = service.desk.export_record(AUDITOR)
    every = [json.loads(entry["facts"]) for entry in bundle["entries"] if "facts" in entry]
    return [one for one in every if one["event"] == event]


def rows(service: Service) -> dict[tuple[str, str], int]:
    """Return every stored cell by kind and cell, over all days, but for those that are counted for the public."""
    with service.transactions.read() as tx:
        found = tx.aggregates.counts(0, TODAY + 4000)
    return {(row.kind, row.cell): row.number for row in found if row.kind != PUBLIC}


# --- denominators -----------------------------------------------------------------------------------------------------
def test_twenty_skipped_of_a_hundred_is_eighty_percent(service: Service) -> None:
    """Eighty people cross, twenty are led past the camera: capture and confirmation are 80 %, the matcher 100 %."""
    for _ in range(80):
        cross(service)
    service.noting.note_tally(tally(100), SUPERVISOR)
    found = at(service).denominators
    assert isinstance(found.capture_rate, Rate)
    assert isinstance(found.match_rate, Rate)
    assert (found.capture_rate.value, found.match_rate.value, found.unexplained) == (0.8, 1.0, 20)
    service.noting.note_clearance(cleared(ClearanceReason.SKIPPED_FAMILY, 20), OPERATOR)
    found = at(service).denominators
    assert (found.cleared, found.unexplained) == ({"skipped-family": 20}, 0)


def test_each_way_is_counted_once_a_person(service: Service) -> None:
    """Match, no match, refusal, three bad photographs, a broken part, a child: one count each, attempts none."""
    cross(service)
    cross(service, "ann", "bob")
    refuse(service)
    answer = opened(service)
    for attempt in (1, 2, 3):
        service.crossing.verify(submission(service, answer.token, b"blurred", face("ann"), attempt), OPERATOR)
    service.crossing.verify(submission(service, opened(service).token, b"crash", face("ann")), OPERATOR)
    service.crossing.verify(submission(service, opened(service).token, face("ann"), b"blurred"), OPERATOR)
    child = Eligibility("traveller", 9, 2, refusal_offered=True)
    service.crossing.open_encounter(OpenRequest("lane-1", child, "", ""), OPERATOR)
    assert {cell: number for (kind, cell), number in rows(service).items() if kind == "ended"} == {
        "matched": 1, "matching": 1, "opted-out": 1, "capture": 1, "unavailable": 1, "exempt": 1,
    }  # fmt: skip
    assert {cell for kind, cell in rows(service) if kind == "missed"} == {"quality.blurred", "unavailable.inference"}


def test_a_resend_is_counted_once(service: Service) -> None:
    """The same body sent again is answered from storage and counted no second time."""
    frames = submission(service, opened(service).token, face("ann", 1), face("ann", 2))
    for _ in range(3):
        service.crossing.verify(frames, OPERATOR)
    assert rows(service)["ended", "matched"] == 1


def test_tallies_add_up_or_are_corrected(service: Service) -> None:
    """Two boardings of a day add up; a correction replaces them; both are in the record with who noted them."""
    service.noting.note_tally(tally(40, exempt=2), OPERATOR)
    service.noting.note_tally(tally(60), OPERATOR)
    assert (at(service).denominators.presented, at(service).denominators.exempt) == (100, 2)
    service.noting.note_tally(tally(90, replaces=True), SUPERVISOR)
    assert (at(service).denominators.presented, at(service).denominators.exempt) == (90, 0)
    noted = facts(service, "tally.noted")
    assert {(one["presented"], one["replaces"], one["by"]) for one in noted} == {
        (40, False, "operator:1"), (60, False, "operator:1"), (90, True, "supervisor:1"),
    }  # fmt: skip


@pytest.mark.parametrize("bad, code", [
    (tally(-1), "count.tally"), (tally(5, exempt=6), "count.tally"), (tally(5, exempt=-1), "count.tally"),
    (tally(1_000_001), "count.tally"), (tally(5, day=TODAY + 1), "count.day"), (tally(5, day=TODAY - 367), "count.day"),
])  # fmt: skip
def test_a_tally_that_cannot_be_is_refused(service: Service, bad: Tally, code: str) -> None:
    """Nobody is counted by a tally that contradicts itself or the calendar."""
    with pytest.raises(CountError) as caught:
        service.noting.note_tally(bad, OPERATOR)
    assert caught.value.code == code
    assert rows(service) == {}


# --- clearances -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("bad, code", [
    (cleared(ClearanceReason.LIGHTING, 0), "count.people"),
    (cleared(ClearanceReason.LIGHTING, 2, "ab" * 16), "count.people"),
    (cleared(ClearanceReason.OTHER), "count.words"),
    (cleared(ClearanceReason.OTHER, words="  "), "count.words"),
    (cleared(ClearanceReason.LIGHTING, words="dark"), "count.words"),
    (cleared(ClearanceReason.REFUSED, 1, "ab" * 16), "count.encounter"),
])  # fmt: skip
def test_a_clearance_that_cannot_be_is_refused(service: Service, bad: Clearance, code: str) -> None:
    """A reason without its words, words without their reason, nobody, or nobody's encounter are refused."""
    with pytest.raises(CountError) as caught:
        service.noting.note_clearance(bad, OPERATOR)
    assert caught.value.code == code
    assert rows(service) == {}


def test_a_clearance_says_what_the_encounter_says(service: Service) -> None:
    """REFUSED fits an opt-out, ANSWERED an answer, anything else an encounter without either; each once."""
    unanswered = opened(service)
    service.crossing.verify(submission(service, unanswered.token, b"crash", face("ann")), OPERATOR)
    refused, answered, open_ = refuse(service), unanswered.encounter_id, opened(service).encounter_id
    right = {refused: ClearanceReason.REFUSED, answered: ClearanceReason.ANSWERED, open_: ClearanceReason.CAMERA_OUTAGE}
    for encounter, fits in right.items():
        for reason in {*right.values()} - {fits}:
            with pytest.raises(CountError) as caught:
                service.noting.note_clearance(cleared(reason, 1, encounter), OPERATOR)
            assert caught.value.code == "count.reason"
        service.noting.note_clearance(cleared(fits, 1, encounter), OPERATOR)
        with pytest.raises(CountError) as again:
            service.noting.note_clearance(cleared(fits, 1, encounter), OPERATOR)
        assert again.value.code == "count.cleared"
    elsewhere = replace(cleared(ClearanceReason.REFUSED, 1, refuse(service)), checkpoint_id="lane-2")
    with pytest.raises(CountError, match="no such encounter"):
        service.noting.note_clearance(elsewhere, OPERATOR)


def test_words_are_in_the_personal_part_alone(service: Service, world: World) -> None:
    """What an officer wrote is sealed, goes with the personal clock, and stands in no fact and no aggregate."""
    service.noting.note_clearance(cleared(ClearanceReason.OTHER, words="a dog before the lens"), OPERATOR)
    entries = service.desk.export_record(AUDITOR)["entries"]
    assert isinstance(entries, list)
    assert any("dog" in entry.get("personal", "") for entry in entries)
    assert not any("dog" in entry["facts"] for entry in entries)
    world.clock.advance(12 * 3600 + 1)
    service.tick()
    assert "dog" not in json.dumps(service.desk.export_record(AUDITOR))


def test_refusers_who_wait_longer_raise_a_signal(service: Service, world: World) -> None:
    """Forty people who refuse wait four minutes for their check, forty others cross at once: over the limit of 60."""
    for _ in range(40):
        cross(service)
        encounter = refuse(service)
        world.clock.advance(240)
        service.noting.note_clearance(cleared(ClearanceReason.REFUSED, 1, encounter), OPERATOR)
    waiting = at(service).waiting
    assert isinstance(waiting, Waiting)
    assert (waiting.refused_median, waiting.others_median, waiting.limit, waiting.exceeds) == (240, 5, 60, True)
    assert [one["monitor"] for one in facts(service, "monitoring.signal")] == ["refusal-wait"]
    cross(service)
    assert len(service.watching.report(None, AUDITOR).signals) == 1


# --- signals ----------------------------------------------------------------------------------------------------------
def seed(service: Service, *cells: tuple[str, str, int], checkpoint: str = "lane-1") -> None:
    """Count as crossings would have."""
    with service.transactions.write() as tx:
        counts = [Count(kind, cell, number) for kind, cell, number in cells]
        day = service.clock.now() // DAY_MS
        tx.aggregates.add(day, checkpoint, counts, expires_at=Instant(service.clock.now() + 10**9))
        tx.commit()


def test_a_falling_match_rate_signals_into_the_record(service: Service, world: World) -> None:
    """98 % is silent, 93 % signals: in the record with facts only, in the report, and once for what was seen."""
    for _ in range(30):
        seed(service, ("ended", "matched", 1960), ("ended", "matching", 40))
        world.clock.advance(86_400)
        service.tick()
    assert facts(service, "monitoring.signal") == []
    seed(service, ("ended", "matched", 930), ("ended", "matching", 70))
    world.clock.advance(61)
    service.tick()
    service.tick()
    (signal,) = facts(service, "monitoring.signal")
    assert (signal["monitor"], signal["checkpoint"]) == ("match-rate", "lane-1")
    (shown,) = service.watching.report(None, AUDITOR).signals
    assert (shown.monitor, shown.detail) == (Monitor.MATCH_RATE, signal["detail"])


def test_evidence_survives_a_restart(world: World) -> None:
    """What a test had gathered before a restart is what it has after it, and nothing is taken twice."""
    with world.open() as service:
        seed(service, ("ended", "matching", 5))
        before = at(service).match_rate.total
    with world.open() as service:
        assert at(service).match_rate.total == before > 0
        service.watching.evaluate(service.clock.now())
        assert at(service).match_rate.total == before
        seed(service, ("ended", "matching", 5))
        assert at(service).match_rate.total == 0
        assert [one["monitor"] for one in facts(service, "monitoring.signal")] == ["match-rate"]


def test_tests_are_evaluated_once_a_minute(service: Service, world: World) -> None:
    """Ticks come every second; a write to the database for them, at most every minute."""
    service.tick()
    seed(service, ("ended", "matching", 5))
    world.clock.advance(59)
    service.tick()
    assert service.watching.standing()[1]["lane-1", Monitor.MATCH_RATE] == 0
    world.clock.advance(1)
    service.tick()
    assert service.watching.standing()[1]["lane-1", Monitor.MATCH_RATE] > 0


# --- the tail, in real searches ---------------------------------------------------------------------------------------
def board(service: Service, *people: str) -> None:
    """Stage a flight of twelve, one of them with two references, and let people board."""
    service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
    names = [f"p{number}" for number in range(12)]
    enrolments = [Enrolment(f"ref-{name}", name, 30, 5, face(name)) for name in names] + [
        Enrolment("x", "p0", 30, 5, face("p0", 9))
    ]
    list(service.staging.enrol("flight", enrolments, ADMINISTRATOR))
    for person in people:
        token = opened(service, "gate-1", "flight", "").token
        service.crossing.identify(submission(service, token, face(person, 7)), OPERATOR)


def test_a_search_leaves_strangers_scores_and_no_id(service: Service) -> None:
    """p0 is found by two references: ten candidates show eight strangers of eleven; no cell names anybody."""
    board(service, "p0")
    cells = rows(service)
    assert (cells["tail.searches", "all"], cells["tail.comparisons", "all"]) == (1, 11)
    assert sum(number for (kind, _), number in cells.items() if kind == "tail.strangers") == 8
    assert sum(number for (kind, _), number in cells.items() if kind == "tail.best") == 1
    assert not any("p1" in cell or "ref" in cell for _, cell in cells)


def test_a_search_that_finds_nobody_is_left_out(service: Service) -> None:
    """Its best may be the person or a stranger, so the whole search says nothing about strangers."""
    board(service, "stranger")
    assert not any(kind.startswith("tail.") for kind, _ in rows(service))
    assert rows(service)["ended", "matching"] == 1


def test_other_weights_or_another_point_learn_anew(service: Service) -> None:
    """A baseline belongs to the weights and the operating point it was learnt with."""
    board(service, "p1")
    assert at(service, "gate-1").tail_state.searches == 1
    watching = replace(service.watching, recorder=replace(service.watching.recorder, weights="0" * 64))
    state = next(one for one in watching.report(None, AUDITOR).checkpoints if one.checkpoint_id == "gate-1").tail_state
    assert (state.searches, state.level) == (0, None)


# --- groups -----------------------------------------------------------------------------------------------------------
def test_groups_come_from_documents_and_small_ones_stay_in(service: Service) -> None:
    """Forty women and thirty men are shown with their referrals; three people of one state and what hides them, not."""
    for number in range(40):
        document = "bob" if number < 4 else "ann"
        cross(service, "ann", document, Stated(Sex.FEMALE, "UTO" if number > 2 else "XXA"))
    for _ in range(30):
        cross(service, stated=Stated(Sex.MALE, "UTO"))
    sex, age, state = at(service).groups
    assert [(row.cell, row.people) for row in sex.rows] == [("female", 40), ("male", 30)]
    assert isinstance(sex.rows[0].referred, Rate)
    assert sex.rows[0].referred.value == 0.1
    assert [(row.cell, row.people) for row in age.rows] == [("30-39", 70)]
    assert (state.rows, state.hidden) == ((), 2)


def test_what_is_not_stated_is_unstated(service: Service) -> None:
    """Nothing is guessed: without a document's word the cell is "unstated" (invariant 12)."""
    cross(service)
    assert rows(service)["group.sex.people", "unstated"] == rows(service)["group.state.people", "unstated"] == 1


def test_what_documents_state_is_stored_nowhere_else(service: Service, world: World) -> None:
    """While the encounter is open, sex and state are in no file; after it, only as counts; not in the record."""
    stated = Stated(Sex.FEMALE, "QZX")
    answer = service.crossing.open_encounter(OpenRequest("lane-1", ADULT, "", "", stated), OPERATOR)
    assert isinstance(answer, Opened)
    for path in world.path.rglob("*"):
        assert not path.is_file() or b"QZX" not in path.read_bytes(), path
    service.crossing.verify(submission(service, answer.token, face("ann", 1), face("ann", 2)), OPERATOR)
    assert rows(service)["group.state.people", "QZX"] == 1
    assert "QZX" not in json.dumps(service.desk.export_record(AUDITOR))


def test_who_refuses_leaves_no_group(service: Service) -> None:
    """A refusal raises no flag: it is one count, and what the document stated is forgotten at once."""
    answer = service.crossing.open_encounter(OpenRequest("lane-1", ADULT, "", "", Stated(Sex.MALE, "UTO")), OPERATOR)
    assert isinstance(answer, Opened)
    service.crossing.opt_out(answer.token, OPERATOR)
    assert rows(service) == {("ended", "opted-out"): 1}
    assert service.crossing.counting.documents.forget(answer.encounter_id) == UNSTATED


def test_documents_are_forgotten_with_their_token(service: Service, world: World) -> None:
    """What was stated for an encounter that nobody ended is gone from memory with the next opening after its time."""
    stated = Stated(Sex.MALE, "UTO")
    first = service.crossing.open_encounter(OpenRequest("lane-1", ADULT, "", "", stated), OPERATOR)
    assert isinstance(first, Opened)
    world.clock.advance(121)
    service.crossing.open_encounter(OpenRequest("lane-1", ADULT, "", "", stated), OPERATOR)
    assert service.crossing.counting.documents.forget(first.encounter_id) == UNSTATED


# --- clocks and roles -------------------------------------------------------------------------------------------------
def test_aggregates_go_with_the_records_clock(service: Service, world: World) -> None:
    """After the charter's ten years for facts, counts, states and signals are gone, and an entry says how many."""
    cross(service)
    at(service)
    world.clock.advance(10 * 365 * 86_400 - 1)
    service.erasure.sweep()
    assert rows(service)
    world.clock.advance(2)
    service.erasure.sweep()
    assert rows(service) == {}
    service.erasure.sweep(finish=True)
    assert any(one["counts"] for one in facts(service, "erasure.receipt"))


@pytest.mark.parametrize("actor", [OPERATOR, SUPERVISOR, DEVICE])
def test_who_reviews_people_reads_no_rates(service: Service, actor: Actor) -> None:
    """Rates are for auditors and administrators: nobody sees one before their own verdict (invariant 4)."""
    with pytest.raises(AccessError):
        service.watching.report(None, actor)
    assert service.watching.report(None, ADMINISTRATOR).signals == ()


@pytest.mark.parametrize("actor", [AUDITOR, ADMINISTRATOR, DEVICE])
def test_who_sees_the_people_counts_them(service: Service, actor: Actor) -> None:
    """Tallies and clearances are noted by staff at the checkpoint, and by nobody who reads the figures."""
    with pytest.raises(AccessError):
        service.noting.note_tally(tally(5), actor)
    with pytest.raises(AccessError):
        service.noting.note_clearance(cleared(ClearanceReason.LIGHTING), actor)
    with pytest.raises(NotFound):
        service.noting.note_tally(tally(5, checkpoint_id="nowhere"), OPERATOR)
