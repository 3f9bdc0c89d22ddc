"""Whoever may not send a photograph gets a problem of their own, and not one frame is decoded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countenance.terms import Device, Role
from fakes.extractor import face
from fakes.http import Counter, assert_problem, capture_body, counter_at, text
from fakes.world import ADMINISTRATOR

ANN = face("ann", 1), face("ann", 2)
BOB_AS_ANN = face("bob", 1), face("ann", 2)
UNUSABLE = b"a wall"


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site with two lanes and a gate with one open gallery."""
    with counter_at(tmp_path_factory.mktemp("frames") / "site") as counter:
        counter.post("/galleries", {"gallery": "flight", "checkpoint": "gate-1"}, Role.SUPERVISOR)
        counter.enrol("flight", [("ref-ann", face("ann", 9))])
        yield counter


@dataclass(frozen=True)
class Refusal:
    """A capture that must not decode anything: how it is made and what is answered."""

    status: int
    code: str
    send: Callable[[Counter], httpx.Response]


def expired(counter: Counter) -> httpx.Response:
    """Send a capture when its token's time is over."""
    token = counter.opened()
    counter.world.clock.advance(121)
    return counter.capture(token, *ANN)


def by_a_foreign_device(counter: Counter) -> httpx.Response:
    """Send a capture signed by a device that stands at another checkpoint."""
    key = Ed25519PrivateKey.generate()
    device = Device(
        "camera-2", key.public_key().public_bytes_raw(), ("lane-2",), "", counter.world.clock.now(), revoked=False
    )
    counter.service.administration.enrol_device(device, ADMINISTRATOR)
    return signed_by(counter, key, "camera-2")


def signed_by(counter: Counter, key: Ed25519PrivateKey, device: str) -> httpx.Response:
    """Send a capture that ``key`` signs in the name of ``device``."""
    token, body = counter.opened(), capture_body(*ANN)
    message = f"countenance/capture/v1\n{token}\n1\n{hashlib.sha256(body).hexdigest()}\n".encode()
    return send_raw(counter, body, counter.signed(token, body, Device=device, Signature=text(key.sign(message))))


def send_raw(counter: Counter, body: bytes, headers: dict[str, str]) -> httpx.Response:
    """Send a verification's bytes with these headers."""
    return counter.client.post("/verifications", content=body, headers={**counter.key(), **headers})


def changed_after_signing(counter: Counter) -> httpx.Response:
    """Send another body than the one that was signed."""
    token = counter.opened()
    return send_raw(counter, capture_body(*BOB_AS_ANN), counter.signed(token, capture_body(*ANN)))


def fourth_attempt(counter: Counter) -> httpx.Response:
    """Send a fourth attempt where two were answered "again" and the third was never sent."""
    token = counter.opened()
    counter.capture(token, UNUSABLE, ANN[1], attempt=1)
    counter.capture(token, UNUSABLE, ANN[1], attempt=2)
    counter.world.extractor.frames_decoded = 0
    return counter.capture(token, *ANN, attempt=4)


def after_three(counter: Counter) -> httpx.Response:
    """Send a fourth attempt after three."""
    token = counter.opened()
    for attempt in (1, 2, 3):
        counter.capture(token, UNUSABLE, ANN[1], attempt=attempt)
    counter.world.extractor.frames_decoded = 0
    return counter.capture(token, *ANN, attempt=4)


def other_attempt_in_body(counter: Counter) -> httpx.Response:
    """Send a body whose attempt is not the one in the header."""
    token, body = counter.opened(), capture_body(*ANN, attempt=2)
    return send_raw(counter, body, counter.signed(token, body, 1))


REFUSALS = {
    "unknown token": Refusal(409, "encounter.unknown_token", lambda c: c.capture("A" * 43, *ANN)),
    "no token at all": Refusal(409, "encounter.unknown_token", lambda c: c.capture("token", *ANN)),
    "expired token": Refusal(409, "encounter.expired", expired),
    "token of another mode": Refusal(
        403, "charter.other_mode", lambda c: c.capture(c.opened("gate-1", gallery="flight"), *ANN)
    ),
    "unknown device": Refusal(401, "access.unknown_device", lambda c: c.capture(c.opened(), *ANN, Device="camera-x")),
    "foreign device": Refusal(403, "access.other_checkpoint", by_a_foreign_device),
    "another's key": Refusal(
        401, "access.bad_signature", lambda c: signed_by(c, Ed25519PrivateKey.generate(), "device-local")
    ),
    "bad signature": Refusal(
        401, "access.bad_signature", lambda c: c.capture(c.opened(), *ANN, Signature=text(bytes(64)))
    ),
    "signature is no base64": Refusal(
        401, "access.bad_signature", lambda c: c.capture(c.opened(), *ANN, Signature="?")
    ),
    "changed after signing": Refusal(401, "access.bad_signature", changed_after_signing),
    "fourth attempt": Refusal(409, "encounter.no_attempts_left", fourth_attempt),
    "fourth after three": Refusal(409, "encounter.closed", after_three),
    "second before first": Refusal(
        409, "encounter.attempt_out_of_order", lambda c: c.capture(c.opened(), *ANN, attempt=2)
    ),
    "other attempt in the body": Refusal(422, "request.invalid", other_attempt_in_body),
    "arbitrary upload": Refusal(
        422, "request.invalid",
        lambda c: c.client.post("/verifications", content=ANN[0], headers={**c.key(), "Content-Type": "image/jpeg"}),
    ),
    "arbitrary upload with a token": Refusal(
        400, "request.malformed", lambda c: send_raw(c, ANN[0], c.signed(c.opened(), ANN[0]))
    ),
    "photograph is no base64": Refusal(
        422, "request.invalid",
        lambda c: send_raw(c, (body := b'{"attempt":1,"live":"!","portrait":"AAAA"}'), c.signed(c.opened(), body)),
    ),
    "without a portrait": Refusal(
        422, "request.invalid", lambda c: send_raw(c, (body := capture_body(ANN[0])), c.signed(c.opened(), body))
    ),
    "an upload form": Refusal(
        400, "request.malformed",
        lambda c: c.client.post(
            "/verifications", files={"live": ANN[0]},
            headers={**c.key(), "Countenance-Token": c.opened(), "Countenance-Device": "device-local",
                     "Countenance-Attempt": "1", "Countenance-Signature": text(bytes(64))},
        ),
    ),
    "page call without the page": Refusal(
        403, "access.page_only",
        lambda c: c.post("/page/verifications", {"attempt": 1, "live": "AAAA", "portrait": "AAAA"}, Token="A" * 43),
    ),
    "page call by a device": Refusal(
        403, "access.page_only",
        lambda c: c.post(
            "/page/verifications", {"attempt": 1, "live": "AAAA", "portrait": "AAAA"}, Role.DEVICE,
            Token=c.opened(), Page="1",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_nothing_is_decoded_for_whoever_may_not(counter: Counter, refusal: Refusal) -> None:
    """Each is answered with its own problem, and the decoded-frame counter stays at 0."""
    counter.world.extractor.frames_decoded = 0
    assert_problem(refusal.send(counter), refusal.status, refusal.code)
    assert counter.world.extractor.frames_decoded == 0
