"""The EncounterStore port: encounters and attempts as they were, nothing about a person outside the vault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from countenance.errors import StorageError, VaultError
from countenance.ports import UnitOfWork
from countenance.terms import Attempt, Eligibility, Encounter, EncounterState, Instant, Mode
from fakes.record_site import START, VAULTS, RecordSite
from fakes.vault import FakeVault

KEEP_UNTIL = Instant(START + 1000)
ENCOUNTER = Encounter(
    encounter_id="0123456789abcdef0123456789abcdef",
    token_sha256=bytes(range(32)),
    checkpoint_id="lane-1",
    charter="c" * 64,
    mode=Mode.VERIFY,
    gallery_id="",
    claim="Traveller Ä",
    eligibility=Eligibility("citizen", 34, 5, refusal_offered=True),
    opened_by="operator:1",
    opened_at=START,
    expires_at=Instant(START + 60_000),
    state=EncounterState.OPEN,
    attempts_used=0,
)
ATTEMPT = Attempt(ENCOUNTER.encounter_id, 1, bytes(32), "camera-1", "reply-1")


@pytest.fixture(params=VAULTS)
def tx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[UnitOfWork]:
    """Return a writing transaction over each vault."""
    with RecordSite(tmp_path, VAULTS[request.param]()).transactions.write() as unit:
        yield unit


@pytest.mark.parametrize(
    "encounter",
    [
        ENCOUNTER,
        replace(ENCOUNTER, mode=Mode.IDENTIFY, gallery_id="flight-1", claim=""),
        replace(ENCOUNTER, eligibility=Eligibility("unknown", -1, -1, refusal_offered=False)),
        replace(ENCOUNTER, state=EncounterState.OPTED_OUT, attempts_used=3),
    ],
)
def test_an_encounter_comes_back_as_it_went_in(tx: UnitOfWork, encounter: Encounter) -> None:
    """Every field survives, and only the token or the id finds it."""
    tx.encounters.insert(encounter, retention="personal", keep_until=KEEP_UNTIL)
    assert tx.encounters.by_token(encounter.token_sha256) == encounter
    assert tx.encounters.by_token(bytes(32)) is None
    assert tx.encounters.by_id(encounter.encounter_id) == encounter
    assert tx.encounters.by_id("nobody") is None


def test_claims_of_many_are_told_at_once(tx: UnitOfWork) -> None:
    """Each known encounter's claim, "" once it was destroyed or where none was stated; others are not there."""
    made = {name: replace(ENCOUNTER, encounter_id=name * 32, token_sha256=name.encode() * 32) for name in "abc"}
    for name, claim in (("a", "p-1"), ("b", ""), ("c", "p-3")):
        tx.encounters.insert(replace(made[name], claim=claim), retention="personal", keep_until=KEEP_UNTIL)
    tx.vault.destroy(tx.encounters.personal_item("c" * 32))
    assert tx.encounters.claims(["c" * 32, "a" * 32, "d" * 32]) == {"a" * 32: "p-1", "c" * 32: ""}
    assert tx.encounters.claims(["b" * 32]) == {"b" * 32: ""}
    assert tx.encounters.claims([]) == {}


def test_an_encounter_advances(tx: UnitOfWork) -> None:
    """State and attempts change, and nothing else."""
    tx.encounters.insert(ENCOUNTER, retention="personal", keep_until=KEEP_UNTIL)
    tx.encounters.advance(ENCOUNTER.encounter_id, EncounterState.DECIDED, 2)
    advanced = replace(ENCOUNTER, state=EncounterState.DECIDED, attempts_used=2)
    assert tx.encounters.by_token(ENCOUNTER.token_sha256) == advanced


def test_an_unknown_encounter_cannot_advance(tx: UnitOfWork) -> None:
    """Nothing is made up on the way."""
    with pytest.raises(StorageError) as caught:
        tx.encounters.advance("nobody", EncounterState.DECIDED, 1)
    assert caught.value.code == "storage.no_encounter"


@pytest.mark.parametrize("change", [{"token_sha256": bytes(32)}, {"encounter_id": "f" * 32}])
def test_tokens_and_ids_are_never_used_twice(tx: UnitOfWork, change: dict[str, object]) -> None:
    """The same id, or the same token, is refused."""
    tx.encounters.insert(ENCOUNTER, retention="personal", keep_until=KEEP_UNTIL)
    with pytest.raises(StorageError):
        tx.encounters.insert(replace(ENCOUNTER, **change), retention="personal", keep_until=KEEP_UNTIL)


def test_attempts_are_kept_by_number(tx: UnitOfWork) -> None:
    """Each number has one stored answer, found again for an identical resend."""
    tx.encounters.insert(ENCOUNTER, retention="personal", keep_until=KEEP_UNTIL)
    second = replace(ATTEMPT, number=2, reply_item="reply-2")
    tx.encounters.save_attempt(ATTEMPT)
    tx.encounters.save_attempt(second)
    assert tx.encounters.attempt(ENCOUNTER.encounter_id, 1) == ATTEMPT
    assert tx.encounters.attempt(ENCOUNTER.encounter_id, 2) == second
    assert tx.encounters.attempt(ENCOUNTER.encounter_id, 3) is None
    assert tx.encounters.attempt("nobody", 1) is None


def test_an_answered_attempt_stays_answered(tx: UnitOfWork) -> None:
    """A second answer under the same number is refused and the first stands."""
    tx.encounters.insert(ENCOUNTER, retention="personal", keep_until=KEEP_UNTIL)
    tx.encounters.save_attempt(ATTEMPT)
    with pytest.raises(StorageError) as caught:
        tx.encounters.save_attempt(replace(ATTEMPT, body_sha256=bytes([1]) * 32))
    assert caught.value.code == "storage.attempt_exists"
    assert tx.encounters.attempt(ENCOUNTER.encounter_id, 1) == ATTEMPT


def test_after_erasure_an_encounter_names_nobody(tx: UnitOfWork) -> None:
    """With the personal part gone, the encounter is still known and says nothing about the person."""
    tx.encounters.insert(ENCOUNTER, retention="personal", keep_until=KEEP_UNTIL)
    assert tx.vault.destroy(f"encounter-{ENCOUNTER.encounter_id}")
    left = tx.encounters.by_token(ENCOUNTER.token_sha256)
    assert left == replace(ENCOUNTER, claim="", eligibility=Eligibility("unknown", -1, -1, refusal_offered=True))


def test_an_encounter_of_the_alpha_knows_no_portrait_s_age(tmp_path: Path) -> None:
    """0.1.0 did not ask how old the portrait is: such an encounter says that it is unknown."""
    vault = FakeVault()
    with RecordSite(tmp_path, lambda _: vault).transactions.write() as tx:
        tx.encounters.insert(ENCOUNTER, retention="personal", keep_until=KEEP_UNTIL)
        (name,) = vault.items
        vault.items[name] = b'{"age":34,"claim":"x","person_class":"citizen"}'
        left = tx.encounters.by_token(ENCOUNTER.token_sha256)
    assert left == replace(ENCOUNTER, claim="x", eligibility=Eligibility("citizen", 34, -1, refusal_offered=True))


def test_what_says_something_about_the_person_is_only_in_the_vault(tmp_path: Path) -> None:
    """Claim, class and age stand in no column; the sealed item carries the retention that was asked for."""
    vault = FakeVault()
    with RecordSite(tmp_path, lambda _: vault).transactions.write() as tx:
        tx.encounters.insert(ENCOUNTER, retention="referred", keep_until=KEEP_UNTIL)
        (row,) = tx.encounters._connection.execute(text("SELECT * FROM encounters"))
    assert not {"citizen", 34, ENCOUNTER.claim}.intersection(row)
    (label,) = vault.labels.values()
    assert (label.subject, label.purpose, label.schema) == (
        f"encounter/{ENCOUNTER.encounter_id}", "encounter", "encounter/v1",
    )  # fmt: skip
    assert (label.retention, label.expires_at) == ("referred", KEEP_UNTIL)
    (item,) = vault.items.values()
    assert item == '{"age":34,"claim":"Traveller Ä","person_class":"citizen","reference_years":5}'.encode()


def test_tampering_is_not_erasure(tmp_path: Path) -> None:
    """A personal part that was changed is an error."""
    vault = FakeVault()
    with RecordSite(tmp_path, lambda _: vault).transactions.write() as tx:
        tx.encounters.insert(ENCOUNTER, retention="personal", keep_until=KEEP_UNTIL)
        vault.changed.update(vault.items)
        with pytest.raises(VaultError):
            tx.encounters.by_token(ENCOUNTER.token_sha256)


def test_what_is_sealed_can_be_held(tx: UnitOfWork) -> None:
    """The vault item with claim, class and ages is named, so that a contest can hold it; nobody else's is."""
    tx.encounters.insert(ENCOUNTER, retention="personal", keep_until=KEEP_UNTIL)
    item = tx.encounters.personal_item(ENCOUNTER.encounter_id)
    assert tx.vault.hold([item], Instant(KEEP_UNTIL + 1)) == 1
    assert tx.encounters.by_id(ENCOUNTER.encounter_id) == ENCOUNTER
    assert tx.encounters.personal_item("nobody") == ""
