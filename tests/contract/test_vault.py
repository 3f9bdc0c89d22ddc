"""What every ``Vault`` promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from countenance.custody import SqlVault, SystemEntropy, period_of
from countenance.errors import VaultError
from countenance.ports import Vault
from countenance.terms import Instant, ItemLabel
from fakes.database import database, wrapping_keys


@pytest.fixture(params=["sql"])
def vault(tmp_path: Path) -> Iterator[Vault]:
    """Give each implementation, empty."""
    engine = database(tmp_path)
    with engine.connect() as connection:
        yield SqlVault(connection, wrapping_keys(tmp_path), SystemEntropy())
    engine.dispose()


NAMES = ("apersonal", "afacts", "bpersonal", "bfacts", "cpersonal")
"""Item ids: a letter for the subject, then the purpose."""


def label(item_id: str, subject: str = "person/1", purpose: str = "personal", expires_at: int = 100) -> ItemLabel:
    """Return a label."""
    return ItemLabel(item_id, subject, purpose, "bytes/v1", "personal", Instant(expires_at))


@pytest.mark.parametrize("plaintext", [b"", b"x", bytes(range(256)), bytes(1_000_000)], ids=len)
def test_sealed_item_opens(vault: Vault, plaintext: bytes) -> None:
    """What was sealed comes back, byte for byte, whatever its size."""
    vault.seal(label("a"), plaintext)
    assert vault.open("a") == plaintext


def test_unknown_item_is_refused(vault: Vault) -> None:
    """An item that is not there is named as such, alone or among many."""
    vault.seal(label("a"), b"x")
    for attempt in (lambda: vault.open("b"), lambda: list(vault.open_many(["a", "b"]))):
        with pytest.raises(VaultError) as refused:
            attempt()
        assert refused.value.code == "vault.unknown_item"


def test_many_open_in_the_order_asked_for(vault: Vault) -> None:
    """Many items come in the caller's order, each with its id; none asked for, none given; twice asked, twice given."""
    for name in "abc":
        vault.seal(label(name, subject=f"person/{name}"), name.encode())
    assert list(vault.open_many([])) == []
    assert list(vault.open_many(["c", "a", "b", "a"])) == [("c", b"c"), ("a", b"a"), ("b", b"b"), ("a", b"a")]


def test_many_are_sealed_as_each_alone(vault: Vault) -> None:
    """Items sealed together, of old and new subjects and several purposes, open; a subject's key goes with its last."""
    vault.seal_many([])
    vault.seal(label("old", subject="person/a"), b"old")
    vault.seal_many([(label(name, subject=f"person/{name[0]}", purpose=name[1:]), name.encode()) for name in NAMES])
    assert [text for _, text in vault.open_many(["old", *NAMES])] == [b"old", *(name.encode() for name in NAMES)]
    assert len(vault.destroy_many(["old", *NAMES]).keys) == 5


def test_items_are_found_by_subject_purpose_and_event(vault: Vault) -> None:
    """Labels are told by item id, of exactly what was asked for; another event's items are nobody's business."""
    places = (("d", "f1", "roll"), ("a", "f1", "roll"), ("b", "f1", "personal"), ("c", "f2", "roll"))
    made = [
        replace(label(name, subject=f"{event}/{name}", purpose=purpose), event=event) for name, event, purpose in places
    ]
    vault.seal_many([(one, b"x") for one in made])
    ids = {one.item_id: one for one in made}
    assert vault.of_event("f1", "roll") == (ids["a"], ids["d"])
    assert vault.of_event("f3", "roll") == vault.of_event("f2", "personal") == ()
    assert vault.of_purpose("roll") == (ids["a"], ids["c"], ids["d"])
    assert vault.of_subjects(["f2/c", "f1/b", "f1/none"]) == (ids["b"], ids["c"])


def test_destroyed_item_is_gone(vault: Vault) -> None:
    """Destroying says whether the item was there, and leaves the subject's other items."""
    vault.seal(label("a"), b"a")
    vault.seal(label("b"), b"b")
    assert vault.destroy("a")
    assert not vault.destroy("a")
    assert not vault.destroy("never")
    with pytest.raises(VaultError):
        vault.open("a")
    assert vault.open("b") == b"b"


def test_subject_begins_anew_after_its_last_item(vault: Vault) -> None:
    """A subject whose last item was destroyed can have items again, and other purposes never noticed."""
    vault.seal(label("a"), b"a")
    vault.seal(label("r", purpose="referral"), b"r")
    vault.destroy("a")
    vault.seal(label("a"), b"again")
    assert vault.open("a") == b"again"
    assert vault.open("r") == b"r"


def test_expired_names_what_is_overdue(vault: Vault) -> None:
    """Items are due at their instant, the longest overdue first."""
    for name, due in (("late", 30), ("later", 40), ("first", 10), ("second", 30)):
        vault.seal(label(name, expires_at=due), b"x")
    assert vault.expired(Instant(9), 99) == ()
    assert vault.expired(Instant(30), 99) == ("first", "late", "second")


def test_what_is_held_outlives_its_clock_and_is_released(vault: Vault) -> None:
    """Held items outlive their clock and open, longer ones are left, gone ones stay gone; only held ones go back."""
    for name, due in (("short", 10), ("long", 90)):
        vault.seal(label(name, expires_at=due), name.encode())
    assert vault.hold(["short", "long", "never"], Instant(50)) == 1
    assert vault.expired(Instant(49), 99) == ()
    assert vault.open("short") == b"short"
    assert vault.release(["short", "long", "never"], Instant(50), Instant(20)) == 1
    assert vault.expired(Instant(20), 99) == ("short",)
    assert (vault.open("short"), vault.open("long")) == (b"short", b"long")
    assert vault.release(["short"], Instant(50), Instant(5)) == 0
    assert vault.hold([], Instant(99)) == 0


def test_keys_of_ended_periods_are_lost(vault: Vault) -> None:
    """The keys of an event that ended are named, those of days and of other events are not."""
    vault.seal(label("a", subject="flight/a"), b"x")
    vault.seal(replace(label("b", subject="flight/b"), event="flight"), b"x")
    vault.seal(replace(label("c", subject="venue/c"), event="venue"), b"x")
    lost = vault.lost_keys([period_of(Instant(0), "flight")[0]])
    assert len(lost) == 1
    assert vault.destroy_keys([*lost, "unknown"]).items == ("b",)
    assert vault.lost_keys([]) == ()
