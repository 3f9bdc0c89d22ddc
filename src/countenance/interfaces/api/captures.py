"""A capture over HTTP: four headers and a body read into bounded memory become a Submission; nothing touches a disk."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, TypeVar

from fastapi import Depends, Header
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from countenance.bootstrap.reading import read_named
from countenance.interfaces.api.bodies import CAPTURE_BYTES, whole_body
from countenance.interfaces.api.front import Front
from countenance.interfaces.schemas import IdentificationBody, Sent, VerificationBody
from countenance.interfaces.shown import reply_body, server_timing
from countenance.procedures import for_device, for_partner
from countenance.terms import NO_PAPERS, Actor, Papers, Reply, Role, Submission

Body = TypeVar("Body", bound=Sent)

Token = Annotated[
    str,
    Header(
        alias="Countenance-Token",
        max_length=100,
        description="The encounter's token. Never part of an address: addresses are logged.",
    ),
]


@dataclass(frozen=True, slots=True)
class Signed:
    """What a capture device says beside the body it signed."""

    token: str
    device_id: str
    attempt: int
    signature: bytes


async def signed_headers(
    token: Token,
    device: Annotated[str, Header(alias="Countenance-Device", max_length=120, description="The enrolled device's id.")],
    attempt: Annotated[int, Header(alias="Countenance-Attempt", ge=1, le=99, description="As in the body: 1, 2 or 3.")],
    signature: Annotated[
        str,
        Header(
            alias="Countenance-Signature",
            max_length=100,
            description="Base64 of the device's 64-byte Ed25519 signature over four lines, each ended by a newline: "
            "`countenance/capture/v1`, the token, the attempt, and the SHA-256 of the body exactly as sent, in hex.",
        ),
    ],
) -> Signed:
    """Return the headers of a signed capture; a signature that is not base64 signs nothing."""
    try:
        raw = b64decode(signature, validate=True)
    except (Base64Error, ValueError):
        raw = b""
    return Signed(token, device, attempt, raw)


Signing = Annotated[Signed, Depends(signed_headers)]


@dataclass(frozen=True, slots=True)
class Way:
    """How one kind of capture is read, signed and answered."""

    schema: type[IdentificationBody]
    sign: Callable[[bytes, int], Signed]
    """From the body's SHA-256 and the attempt in it."""
    answer: Callable[[Submission, Actor], Reply]


async def answer_capture(request: Request, front: Front, actor: Actor, way: Way) -> Response:
    """Read one attempt into bounded memory, answer it in a thread, and show the reply.

    Raises:
        RequestTooLarge, RequestValidationError, CountenanceError: zero frames were decoded.
    """
    async with whole_body(request, CAPTURE_BYTES, front.budget) as body:
        reply = await front.threads.capture(_answer, body, actor, way)
    front.metrics.count_reply(reply)
    return await shown(front, reply, actor)


def _answer(body: bytearray, actor: Actor, way: Way) -> Reply:
    digest = sha256(body).digest()
    sent = read_body(way.schema, body)
    signed = way.sign(digest, sent.attempt)
    if signed.attempt != sent.attempt:
        raise invalid("attempt", "The same attempt as in the header Countenance-Attempt")
    submission = Submission(
        token=signed.token, attempt=sent.attempt, device_id=signed.device_id, signature=signed.signature,
        body_sha256=digest, live=decode_photo("live", sent.live),
        portrait=decode_photo("portrait", sent.portrait) if isinstance(sent, VerificationBody) else b"",
        papers=_papers(sent) if isinstance(sent, VerificationBody) else NO_PAPERS,
    )  # fmt: skip
    return way.answer(submission, actor)


def read_body(schema: type[Body], body: bytearray) -> Body:
    """Return a body that its route has read itself.

    Raises:
        RequestValidationError: what does not fit, as FastAPI says it.
    """
    try:
        return schema.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]) from None


def _papers(sent: VerificationBody) -> Papers:
    return Papers(sent.mrz, read_named(sent.chip).files if sent.chip else {})


def decode_photo(field: str, text: str) -> bytes:
    """Return the photograph's file; only plain base64 is taken (RFC 4648 §4, no line breaks).

    Raises:
        RequestValidationError: it is not base64.
    """
    try:
        return a2b_base64(text, strict_mode=True)
    except ValueError:
        raise invalid(field, "Base64 (RFC 4648 section 4) without line breaks") from None


def invalid(field: str, expected: str) -> RequestValidationError:
    """Return the error for a body whose ``field`` does not hold what is expected."""
    return RequestValidationError([{"type": "mismatch", "loc": ("body", field), "msg": expected}])


async def shown(front: Front, reply: Reply, actor: Actor) -> Response:
    """Return ``reply`` as this actor may see it: devices never learn whom a search matched, a partner's even less."""
    seen = reply
    if actor.role is Role.DEVICE:
        partner = await front.threads.call(front.service.ledger.partner_of, actor)
        seen = for_partner(reply) if partner else for_device(reply)
    headers = {"Server-Timing": server_timing(seen.millis)} if seen.millis else None
    return Response(reply_body(seen).model_dump_json(), 200, headers, "application/json")
