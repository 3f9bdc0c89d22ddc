"""What every case store promises about cases, notifications and suspensions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from countenance.cases import SqlCaseStore
from countenance.errors import StorageError
from countenance.ports import CaseStore
from countenance.storage import open_database
from countenance.storage.tables import encounters, metadata
from countenance.terms import (
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Compared,
    Instant,
    Notification,
    Referral,
    Role,
    SecondFact,
    Suspension,
    Telling,
)
from fakes.desk_stores import MemoryCaseStore

ENCOUNTER = {
    "encounter_id": "e" * 32, "token_sha256": bytes(32), "checkpoint_id": "lane-1", "charter": "c" * 64,
    "mode": "verify", "gallery_id": "", "personal_item": "p", "refusal_offered": True, "opened_by": "operator:1",
    "opened_at": 1, "expires_at": 2, "state": "decided", "attempts_used": 1,
}  # fmt: skip
REFERRAL = Referral(
    "1" * 32, "e" * 32, "lane-1", "c" * 64, "no_match", Compared.PORTRAIT, CaseState.SECONDARY, "operator:1",
    Instant(2**45), Instant(2**45 + 1), Instant(2**46), "probe", "reference", "f" * 64, "operator:2", "",
)  # fmt: skip
STEP = CaseStep(
    "1" * 32, 1, CaseEvent.FIND, CaseState.ADVERSE, "supervisor:1", Role.SUPERVISOR, Instant(2**45),
    (SecondFact.STATEMENT, SecondFact.DOCUMENT_FAULT), Instant(0), "d" * 64,
)  # fmt: skip
TOLD = Notification("9" * 32, Instant(5), Telling.NO_MATCH, "lane-1", "1" * 32, "a contact", "")
STOPPED = Suspension("land", "lane-1", Instant(7), "Too many.", "c" * 64)
BEFORE = Instant(2**45)


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CaseStore]:
    """Return an empty store of each kind, with the encounter that the referrals belong to."""
    if request.param == "memory":
        yield MemoryCaseStore()
        return
    engine = open_database(f"sqlite:///{tmp_path / 'site.db'}")
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(insert(encounters).values(ENCOUNTER))
        yield SqlCaseStore(connection)
    engine.dispose()


def test_nothing_waits_at_first(store: CaseStore) -> None:
    """An empty store has nothing waiting, told or stopped, and knows no id."""
    assert store.unsettled(BEFORE) == ()
    assert store.get(REFERRAL.referral_id) is None
    assert (store.told(), store.suspensions(), store.suspension("land")) == ((), (), None)


@pytest.mark.parametrize("referral", [REFERRAL, replace(REFERRAL, probe_item="", reference_item="", entry="")])
def test_a_referral_comes_back_as_it_was(store: CaseStore, referral: Referral) -> None:
    """A stored referral is returned field by field, by its own id and by its encounter's."""
    store.add(referral)
    assert store.get(referral.referral_id) == store.get(referral.encounter_id) == Case(referral, ())
    assert store.unsettled(BEFORE) == (Case(referral, ()),)


def test_a_referral_id_is_used_once(store: CaseStore) -> None:
    """A second referral with the same id is refused."""
    store.add(REFERRAL)
    with pytest.raises(StorageError):
        store.add(replace(REFERRAL, reason="ambiguous"))


def test_the_oldest_waits_first(store: CaseStore) -> None:
    """Referrals come in the order in which they were opened, those of one instant by id; an encounter's newest last."""
    second = replace(REFERRAL, referral_id="9" * 32, opened_at=Instant(5))
    third = replace(REFERRAL, referral_id="2" * 32, opened_at=Instant(7))
    fourth = replace(REFERRAL, referral_id="3" * 32, opened_at=Instant(7))
    first = replace(REFERRAL, referral_id="5" * 32, opened_at=Instant(1))
    for referral in (fourth, second, first, third):
        store.add(referral)
    assert [case.referral for case in store.unsettled(BEFORE)] == [first, second, third, fourth]
    assert store.get("e" * 32) == Case(fourth, ())


def test_steps_come_back_in_order(store: CaseStore) -> None:
    """A case has its steps, first to last, as they were; a number is used once, and an unknown case has none."""
    store.add(REFERRAL)
    contest = replace(STEP, number=2, event=CaseEvent.CONTEST, state=CaseState.CONTESTED, second_facts=())
    for step in (STEP, contest):
        store.add_step(step)
    assert store.get("1" * 32) == Case(REFERRAL, (STEP, contest))


def test_a_step_is_taken_once(store: CaseStore) -> None:
    """A second step of one number is refused."""
    store.add(REFERRAL)
    store.add_step(STEP)
    with pytest.raises(StorageError):
        store.add_step(replace(STEP, by="supervisor:2"))


@pytest.mark.parametrize("state", CaseState)
def test_what_is_ended_or_past_its_clock_waits_for_nobody(store: CaseStore, state: CaseState) -> None:
    """Only undecided cases within their clock, and contests whatever their clock, are unsettled."""
    store.add(REFERRAL)
    store.add_step(replace(STEP, state=state))
    open_states = {CaseState.WAITING, CaseState.SECONDARY, CaseState.LAPSED}
    assert bool(store.unsettled(BEFORE)) is (state in open_states | {CaseState.CONTESTED})
    assert bool(store.unsettled(REFERRAL.expires_at)) is (state is CaseState.CONTESTED)


@pytest.mark.parametrize("state", CaseState)
def test_cleared_is_what_somebody_cleared_last(store: CaseStore, state: CaseState) -> None:
    """A cleared case with a photograph counts until its clock ends; contested since, it does not."""
    store.add(REFERRAL)
    assert store.cleared(BEFORE) == ()
    store.add_step(STEP)
    store.add_step(replace(STEP, number=2, state=state))
    assert bool(store.cleared(BEFORE)) is (state is CaseState.CLEARED)
    assert store.cleared(REFERRAL.expires_at) == ()


def test_what_is_told_stays_until_it_is_seen(store: CaseStore) -> None:
    """A notification waits, oldest first, until somebody acknowledges it, once."""
    later = replace(TOLD, notification_id="8" * 32, at=Instant(6), telling=Telling.SUSPENDED)
    for one in (later, TOLD):
        store.tell(one)
    assert store.told() == (TOLD, later)
    assert store.see(TOLD.notification_id, "supervisor:1")
    assert not store.see(TOLD.notification_id, "supervisor:2")
    assert not store.see("0" * 32, "supervisor:2")
    assert store.told() == (later,)


def test_all_about_one_referral_is_seen_at_once(store: CaseStore) -> None:
    """Acknowledging a referral acknowledges everything about it, and nothing about others."""
    more = replace(TOLD, notification_id="8" * 32, telling=Telling.OVERRIDE_REFUSED)
    other = replace(TOLD, notification_id="7" * 32, about="2" * 32)
    for one in (TOLD, more, other):
        store.tell(one)
    assert store.see(TOLD.about, "supervisor:1")
    assert store.told() == (other,)


def test_a_charter_is_suspended_once_and_resumed_once(store: CaseStore) -> None:
    """A suspension lasts until it is lifted; a second one changes nothing; lifting says whether there was one."""
    assert store.suspend(STOPPED)
    assert not store.suspend(replace(STOPPED, at=Instant(9)))
    assert store.suspension("land") == STOPPED
    assert store.suspensions() == (STOPPED,)
    assert store.resume("land")
    assert not store.resume("land")
    assert store.suspension("land") is None
