"""What every case store promises about referrals."""

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
from countenance.terms import Instant, Referral
from fakes.desk_stores import MemoryCaseStore

ENCOUNTER = {
    "encounter_id": "e" * 32, "token_sha256": bytes(32), "checkpoint_id": "lane-1", "charter": "c" * 64,
    "mode": "verify", "gallery_id": "", "personal_item": "p", "refusal_offered": True, "opened_by": "operator:1",
    "opened_at": 1, "expires_at": 2, "state": "decided", "attempts_used": 1,
}  # fmt: skip
REFERRAL = Referral("1" * 32, "e" * 32, "lane-1", "no_match", Instant(2**45), Instant(2**45 + 1), "probe", "reference")


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
    """An empty store has nothing waiting and knows no id."""
    assert store.waiting() == ()
    assert store.get(REFERRAL.referral_id) is None


@pytest.mark.parametrize("referral", [REFERRAL, replace(REFERRAL, probe_item="", reference_item="")])
def test_a_referral_comes_back_as_it_was(store: CaseStore, referral: Referral) -> None:
    """A stored referral is returned field by field."""
    store.add(referral)
    assert store.get(referral.referral_id) == referral
    assert store.waiting() == (referral,)


def test_a_referral_id_is_used_once(store: CaseStore) -> None:
    """A second referral with the same id is refused."""
    store.add(REFERRAL)
    with pytest.raises(StorageError):
        store.add(replace(REFERRAL, reason="ambiguous"))


def test_the_oldest_waits_first(store: CaseStore) -> None:
    """Referrals come in the order in which they were opened, those of one instant by id."""
    second = replace(REFERRAL, referral_id="9" * 32, opened_at=Instant(5))
    third = replace(REFERRAL, referral_id="2" * 32, opened_at=Instant(7))
    fourth = replace(REFERRAL, referral_id="3" * 32, opened_at=Instant(7))
    first = replace(REFERRAL, referral_id="5" * 32, opened_at=Instant(1))
    for referral in (fourth, second, first, third):
        store.add(referral)
    assert store.waiting() == (first, second, third, fourth)
