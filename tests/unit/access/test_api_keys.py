"""API keys are random, shown once, stored as a hash, and refused alike whatever is wrong."""

from __future__ import annotations

import hmac
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

import pytest

from countenance.access import authenticate, issue_key, parse_key
from countenance.errors import AccessError, NotAuthenticated
from countenance.terms import Actor, ApiKeyRecord, Instant, Role
from fakes.keys import SeededEntropy

OPERATOR = Actor("operator:17", Role.OPERATOR, "")
TEXT, RECORD = issue_key(SeededEntropy(1), OPERATOR, Instant(5))
OTHER_TEXT, OTHER = issue_key(SeededEntropy(2), replace(OPERATOR, actor_id="operator:18"), Instant(5))


def lookup(key_id: str) -> ApiKeyRecord | None:
    """Find one of the two keys."""
    return {RECORD.key_id: RECORD, OTHER.key_id: OTHER}.get(key_id)


def test_a_key_reads_as_documented() -> None:
    """The text is cnt_, 16 hex digits, and 43 characters that hold 256 random bits; the record holds neither."""
    prefix, key_id, secret = TEXT.split("_", 2)
    assert (prefix, len(key_id), len(secret)) == ("cnt", 16, 43)
    assert ApiKeyRecord(key_id, sha256(TEXT.encode()).digest(), OPERATOR, Instant(5)) == RECORD
    assert secret not in repr(RECORD)


def test_keys_differ() -> None:
    """Every call gives another id and another secret."""
    entropy = SeededEntropy()
    issued = [issue_key(entropy, OPERATOR, Instant(0)) for _ in range(500)]
    assert len({text for text, _ in issued}) == len({record.key_id for _, record in issued}) == 500


def test_a_key_authenticates_its_actor() -> None:
    """Whoever presents the key is the actor it was issued for."""
    assert authenticate(TEXT, lookup) == OPERATOR
    assert authenticate(OTHER_TEXT, lookup).actor_id == "operator:18"
    assert parse_key(TEXT) == (RECORD.key_id, RECORD.sha256)


WRONG = [
    "",
    "cnt_",
    TEXT[:-1],
    TEXT + "A",
    TEXT + "\n",
    " " + TEXT,
    TEXT.upper(),
    TEXT.replace("cnt_", "xyz_"),
    TEXT[:-1] + ("A" if TEXT[-1] != "A" else "B"),
    TEXT.replace(RECORD.key_id, OTHER.key_id),
    TEXT.replace(RECORD.key_id, "0" * 16),
    TEXT.replace(RECORD.key_id, "٣" * 16),
    TEXT[:21] + "\ud800" * 43,
    "Bearer " + TEXT,
]


@pytest.mark.parametrize("text", WRONG, ids=ascii)
def test_any_other_text_is_refused_alike(text: str) -> None:
    """Malformed, unknown, swapped and nearly right keys get one and the same answer, without the key in it."""
    with pytest.raises(NotAuthenticated) as refusal:
        authenticate(text, lookup)
    assert refusal.value.code == "access.bad_key"
    assert refusal.value.message == "No acceptable API key was presented."


def test_a_revoked_key_is_unknown() -> None:
    """A store that no longer returns the key ends it."""
    with pytest.raises(NotAuthenticated):
        authenticate(TEXT, lambda _: None)


def test_an_unknown_id_costs_the_same_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Known or not, exactly one constant-time comparison of 32 bytes is made."""
    compared: list[int] = []

    def counting(one: bytes, other: bytes) -> bool:
        compared.append(len(one) + len(other))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", counting)
    for text in (TEXT.replace(RECORD.key_id, "0" * 16), TEXT[:-2] + "xx", TEXT):
        compared.clear()
        with suppress(NotAuthenticated):
            authenticate(text, lookup)
        assert compared == [64]


def test_nobody_is_a_key_of_zeros() -> None:
    """Even a text whose hash were all zeros would not pass as a key that does not exist."""
    with pytest.raises(NotAuthenticated):
        authenticate(TEXT, lambda key_id: replace(RECORD, key_id=key_id, sha256=bytes(32)))


@pytest.mark.parametrize("role, device", [(Role.DEVICE, ""), (Role.OPERATOR, "camera-1"), (Role.AUDITOR, "camera-1")])
def test_keys_and_devices_go_together(role: Role, device: str) -> None:
    """A device's key names its device, and no person's key names one."""
    with pytest.raises(AccessError) as refusal:
        issue_key(SeededEntropy(), Actor("someone", role, device), Instant(0))
    assert refusal.value.code == "access.key_without_device"
    issue_key(SeededEntropy(), Actor("camera", Role.DEVICE, "camera-1"), Instant(0))
