"""Custody: what is kept about a person, erasing it, and clocks that somebody moves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request

from countenance.interfaces.api.bodies import CAPTURE_BYTES, whole_body
from countenance.interfaces.api.captures import decode_photo, read_body
from countenance.interfaces.api.front import Acting, Front, Fronting
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas import ReceiptReply
from countenance.interfaces.schemas_custody import (
    AccessBody,
    ClassBody,
    ClassChangedBody,
    EraseBody,
    ErasedBody,
    HoldBody,
    PersonBody,
    PlaceHoldBody,
    SelfieBody,
)
from countenance.interfaces.shown import receipt_body
from countenance.interfaces.shown_custody import access_body, erased_body, hold_body
from countenance.terms import Access, Actor

router = APIRouter(tags=["custody"])

HoldId = Annotated[str, Path(max_length=64, description="The evidence lock's id.")]
EncounterId = Annotated[str, Path(max_length=64, description="The encounter's id.")]


@router.post(
    "/persons/access", response_model=AccessBody, summary="Show what is kept about a person",
    responses=documented(401, 403, 404, 413, 422, 507),
)  # fmt: skip
async def show_person(body: PersonBody, front: Fronting, actor: Acting) -> AccessBody:
    """Return everything sealed about a person, for that person; that somebody looked is recorded, not whom at.

    Establish who is asking before you hand it over: this is what is kept, with the photographs.
    """
    return access_body(await front.threads.call(front.service.persons.access, body.person, actor))


@router.post(
    "/persons/selfie", response_model=list[AccessBody], summary="Show what is kept about whoever is on a photograph",
    responses=documented(401, 403, 404, 409, 413, 422, 503, 507),
    openapi_extra={"requestBody": {"required": True, "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/SelfieBody"}}}}},
)  # fmt: skip
async def show_selfie(request: Request, front: Fronting, actor: Acting) -> list[AccessBody]:
    """Compare the photograph with this controller's own open galleries and nothing else; it is gone with the answer.

    Each gallery is searched at its own operating point. Nobody matched is 404; no usable face is 409.
    """
    async with whole_body(request, CAPTURE_BYTES, front.budget) as body:
        found = await front.threads.capture(_by_selfie, body, front, actor)
    return [access_body(one) for one in found]


def _by_selfie(body: bytearray, front: Front, actor: Actor) -> tuple[Access, ...]:
    sent = read_body(SelfieBody, body)
    return front.service.persons.access_by_selfie(decode_photo("photograph", sent.photograph), actor)


@router.post(
    "/persons/erasure", response_model=ErasedBody, summary="Erase a person before the clock",
    responses=documented(401, 403, 404, 409, 413, 422, 507),
)  # fmt: skip
async def erase_person(body: EraseBody, front: Fronting, actor: Acting) -> ErasedBody:
    """Destroy everything sealed about a person, with the keys, in rows, searches and old bytes, and record that.

    What is under an evidence lock or before a human is not erased, and then nothing is (409 `custody.held`).
    """
    return erased_body(await front.threads.call(front.service.persons.erase, body.person, body.reason, actor))


@router.get(
    "/holds", response_model=list[HoldBody], summary="List evidence locks in force", responses=documented(401, 403)
)
async def list_holds(front: Fronting, actor: Acting) -> list[HoldBody]:
    """Return who keeps what beyond its clock, why and until when; the first to end first."""
    return [hold_body(one) for one in await front.threads.call(front.service.holding.holds, actor)]


@router.post(
    "/holds", status_code=201, response_model=HoldBody, summary="Keep an encounter beyond its clock",
    responses=documented(401, 403, 404, 409, 413, 422, 507),
)  # fmt: skip
async def place_hold(body: PlaceHoldBody, front: Fronting, actor: Acting) -> HoldBody:
    """Lock what is left of an encounter as evidence: with a reason, the person who ordered it, and an end."""
    placed = await front.threads.call(
        front.service.holding.place, body.encounter, body.reason, body.named, body.days, actor
    )
    return hold_body(placed)


@router.delete(
    "/holds/{hold}", response_model=ReceiptReply, summary="Release an evidence lock",
    responses=documented(401, 403, 404, 507),
)  # fmt: skip
async def release_hold(hold: HoldId, front: Fronting, actor: Acting) -> ReceiptReply:
    """Give everything that it kept its own clock back; what is past it goes with the next sweep."""
    return ReceiptReply(receipt=receipt_body(await front.threads.call(front.service.holding.release, hold, actor)))


@router.post(
    "/encounters/{encounter}/class", response_model=ClassChangedBody, summary="Correct a person's class",
    responses=documented(401, 403, 404, 409, 413, 422, 507),
)  # fmt: skip
async def change_class(encounter: EncounterId, body: ClassBody, front: Fronting, actor: Acting) -> ClassChangedBody:
    """Note of which class the person turned out to be: clocks that this shortens are shortened, none lengthens."""
    shortened, receipt = await front.threads.call(
        front.service.holding.change_class, encounter, body.person_class, actor
    )
    return ClassChangedBody(shortened=shortened, receipt=receipt_body(receipt))
