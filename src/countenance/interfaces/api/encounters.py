"""One passage of one person: open the encounter, note a refusal, verify or identify."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from countenance.interfaces.api.captures import Signing, Token, Way, answer_capture, shown
from countenance.interfaces.api.front import Acting, Fronting
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas import IdentificationBody, OpenBody, OpenedBody, ReplyBody, Sent, VerificationBody
from countenance.interfaces.shown import opened_body
from countenance.terms import Eligibility, Opened, OpenRequest, Sex, Stated

router = APIRouter(tags=["encounters"])

_TIMING = {
    "Server-Timing": {
        "description": "What each stage took, in milliseconds (W3C Server Timing).", "schema": {"type": "string"},
    }
}  # fmt: skip


def body_of(schema: type[Sent]) -> dict[str, Any]:
    """Return the OpenAPI part for a body that the route reads itself, so that its exact bytes can be hashed."""
    reference = {"$ref": f"#/components/schemas/{schema.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": reference}}}}


@router.post(
    "/encounters",
    status_code=201,
    response_model=OpenedBody,
    summary="Open an encounter",
    responses={
        200: {"model": ReplyBody, "description": "Nothing may be compared: ordinary manual check."},
        **documented(401, 403, 404, 409, 413, 422, 507),
    },
)
async def open_encounter(body: OpenBody, front: Fronting, actor: Acting) -> Response:
    """Say who stands there before any camera is used, and get a token for one encounter.

    The order is fixed: document, eligibility, notice and choice, camera. `eligibility.refusal_offered` states that the
    person was told that they may refuse; where the charter gives the right to refuse, an encounter without it is not
    opened. Where nothing may be compared (too young, outside the evidence, expired operating point) the answer is
    `not_compared` at once, with status 200 and no token. Both are in the record before they are answered.
    """
    request = OpenRequest(
        checkpoint_id=body.checkpoint,
        eligibility=Eligibility(
            body.eligibility.person_class,
            body.eligibility.age,
            body.eligibility.reference_years,
            refusal_offered=body.eligibility.refusal_offered,
        ),
        gallery_id=body.gallery,
        claim=body.claim,
        zone=body.mrz,
        stated=Stated(Sex(body.stated.sex), body.stated.issuing_state),
    )
    answer = await front.threads.call(front.service.crossing.open_encounter, request, actor)
    if isinstance(answer, Opened):
        return Response(opened_body(answer).model_dump_json(), 201, media_type="application/json")
    front.metrics.count_reply(answer)
    return await shown(front, answer, actor)


@router.post(
    "/opt-outs",
    response_model=ReplyBody,
    summary="Note that the person refuses",
    responses=documented(401, 403, 404, 409, 422, 507),
)
async def opt_out(token: Token, front: Fronting, actor: Acting) -> Response:
    """End the encounter because the person does not want to be compared.

    No reason is asked, no flag is raised, no frame is decoded; the answer is the ordinary manual check. Possible at any
    moment before the encounter is decided, also between two attempts.
    """
    reply = await front.threads.call(front.service.crossing.opt_out, token, actor)
    front.metrics.count_reply(reply)
    return await shown(front, reply, actor)


@router.post(
    "/verifications",
    response_model=ReplyBody,
    summary="Compare a live photograph with the document's one reference (1:1)",
    responses={
        200: {"description": "The answer, recorded before it was sent.", "headers": _TIMING},
        **documented(400, 401, 403, 408, 409, 413, 422, 503, 507),
    },
    openapi_extra=body_of(VerificationBody),
)
async def verify(request: Request, signed: Signing, front: Fronting, actor: Acting) -> Response:
    """Send one attempt of an open encounter, signed by an enrolled capture device of its checkpoint.

    Beside the live photograph goes the document's `portrait`, or what was read from the document: `mrz`, `chip` or
    both. Then the reference is the portrait that the site has under the document's number, else the one in the chip, if
    every step of its check holds (ICAO 9303-11, 5.1); else the answer is `not_compared`, with the step that did not
    hold. No frame is decoded before that.

    A photograph that cannot be used is answered `retry` with advice, twice at most; any other outcome ends the
    encounter. Exactly the same body sent again for the same attempt gets exactly the same answer and costs nothing.
    A signature shows *which* device sent the bytes; it does not stop a virtual camera. There is no score in the answer.
    """
    way = Way(VerificationBody, lambda _digest, _attempt: signed, front.service.crossing.verify)
    return await answer_capture(request, front, actor, way)


@router.post(
    "/identifications",
    response_model=ReplyBody,
    summary="Search the encounter's closed gallery for the person before the camera (1:N)",
    responses={
        200: {"description": "The answer, recorded before it was sent.", "headers": _TIMING},
        **documented(400, 401, 403, 404, 408, 409, 413, 422, 503, 507),
    },
    openapi_extra=body_of(IdentificationBody),
)
async def identify(request: Request, signed: Signing, front: Fronting, actor: Acting) -> Response:
    """Send one attempt of an open encounter whose charter's mode is `identify`; headers and rules as /verifications.

    Only the gallery named when the encounter was opened is searched. A second match of a person who already went
    through is `referred`; more than three searches per reference are refused, so that a gallery cannot be probed.
    """
    way = Way(IdentificationBody, lambda _digest, _attempt: signed, front.service.crossing.identify)
    return await answer_capture(request, front, actor, way)
