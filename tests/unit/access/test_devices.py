"""A device's signature binds token, attempt and body, and holds at its own checkpoints only."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.access import check_device, check_place, new_token, sign, signed_message
from countenance.errors import AccessError, CountenanceError, EncounterError, NotAuthenticated
from countenance.terms import Device, Submission
from fakes.keys import DeviceKey, SeededEntropy

KEY = DeviceKey(1)
TOKEN, OTHER_TOKEN = (new_token(SeededEntropy(seed)) for seed in (1, 2))
BODY = b"a photograph, perhaps"
DIGEST = sha256(BODY).digest()
DEVICE = KEY.device("lane-1", "lane-2")
SUBMISSION = Submission(TOKEN, 1, "camera-1", sign(KEY, TOKEN, 1, DIGEST), DIGEST, BODY, b"")


def test_the_signed_message_is_four_lines() -> None:
    """The message is readable ASCII that a device maker can build without our code."""
    expected = f"countenance/capture/v1\n{TOKEN}\n2\n{DIGEST.hex()}\n"
    assert signed_message(TOKEN, 2, DIGEST) == expected.encode("ascii")


@pytest.mark.parametrize("checkpoint", ["lane-1", "lane-2"])
def test_a_device_s_own_signature_passes(checkpoint: str) -> None:
    """An enrolled device passes at each of its checkpoints."""
    check_device(DEVICE, SUBMISSION, checkpoint)


TAMPERED: list[tuple[Device | None, dict[str, Any], str, str]] = [
    (None, {}, "lane-1", "access.unknown_device"),
    (DEVICE, {"device_id": "camera-2"}, "lane-1", "access.unknown_device"),
    (DEVICE, {"token": OTHER_TOKEN}, "lane-1", "access.bad_signature"),
    (DEVICE, {"token": "short"}, "lane-1", "encounter.unknown_token"),
    (DEVICE, {"attempt": 2}, "lane-1", "access.bad_signature"),
    (DEVICE, {"attempt": 11}, "lane-1", "access.bad_signature"),
    (DEVICE, {"body_sha256": sha256(b"another").digest()}, "lane-1", "access.bad_signature"),
    (DEVICE, {"body_sha256": b""}, "lane-1", "access.bad_signature"),
    (DEVICE, {"signature": b""}, "lane-1", "access.bad_signature"),
    (DEVICE, {"signature": bytes(64)}, "lane-1", "access.bad_signature"),
    (DEVICE, {"signature": SUBMISSION.signature + b"\0"}, "lane-1", "access.bad_signature"),
    (DEVICE, {"signature": sign(DeviceKey(2), TOKEN, 1, DIGEST)}, "lane-1", "access.bad_signature"),
    (DEVICE, {"signature": KEY.sign(DIGEST)}, "lane-1", "access.bad_signature"),
    (DeviceKey(2).device("lane-1"), {}, "lane-1", "access.bad_signature"),
    (replace(DEVICE, public_key=b"short"), {}, "lane-1", "access.bad_signature"),
    (replace(DEVICE, public_key=bytes(32)), {}, "lane-1", "access.bad_signature"),
    (replace(DEVICE, revoked=True), {}, "lane-1", "access.revoked_device"),
    (replace(DEVICE, revoked=True), {"signature": bytes(64)}, "lane-1", "access.bad_signature"),
    (DEVICE, {}, "lane-3", "access.other_checkpoint"),
    (DEVICE, {}, "", "access.other_checkpoint"),
    (replace(DEVICE, checkpoints=()), {}, "lane-1", "access.other_checkpoint"),
    (DEVICE, {"signature": bytes(64)}, "lane-3", "access.bad_signature"),
]


@pytest.mark.parametrize("device, changes, checkpoint, code", TAMPERED)
def test_anything_else_is_refused(device: Device | None, changes: dict[str, Any], checkpoint: str, code: str) -> None:
    """Each change to device, token, attempt, body, signature or place is refused with its code."""
    with pytest.raises(CountenanceError) as refusal:
        check_device(device, replace(SUBMISSION, **changes), checkpoint)
    assert refusal.value.code == code
    unauthenticated = code in {"access.unknown_device", "access.bad_signature"}
    assert isinstance(refusal.value, NotAuthenticated) == unauthenticated
    assert isinstance(refusal.value, AccessError | EncounterError)


@pytest.mark.parametrize(
    "device, checkpoint, code",
    [
        (None, "lane-1", "access.unknown_device"),
        (replace(DEVICE, revoked=True), "lane-1", "access.revoked_device"),
        (DEVICE, "lane-9", "access.other_checkpoint"),
    ],
)
def test_a_device_acts_at_its_place_only(device: Device | None, checkpoint: str, code: str) -> None:
    """What a device asks without a signed body is held to the same enrolment, revocation and place."""
    with pytest.raises(AccessError) as refusal:
        check_place(device, checkpoint)
    assert refusal.value.code == code
    check_place(DEVICE, "lane-2")


ATTEMPTS = st.integers(-3, 1000)
TOKENS = st.sampled_from([TOKEN, OTHER_TOKEN])
DIGESTS = st.binary(min_size=32, max_size=32)


@given(st.tuples(TOKENS, ATTEMPTS, DIGESTS), st.tuples(TOKENS, ATTEMPTS, DIGESTS))
def test_no_two_submissions_share_a_message(one: tuple[str, int, bytes], other: tuple[str, int, bytes]) -> None:
    """The message is unambiguous: equal messages come from equal token, attempt and body."""
    assert (signed_message(*one) == signed_message(*other)) == (one == other)


@pytest.mark.parametrize("token", [TOKEN[:42] + "\n", "a\n1\nb", ""])
def test_a_token_cannot_bring_lines_along(token: str) -> None:
    """A token with a newline would blur the message's lines; nothing is signed for it."""
    with pytest.raises(EncounterError):
        sign(KEY, token, 1, DIGEST)
