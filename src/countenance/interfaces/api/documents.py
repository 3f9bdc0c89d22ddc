"""Documents: a zone is read and a chip is checked before an encounter; nothing is kept and nothing recorded."""

from __future__ import annotations

from fastapi import APIRouter, Request

from countenance.bootstrap.reading import read_named
from countenance.interfaces.api.bodies import whole_body
from countenance.interfaces.api.captures import read_body
from countenance.interfaces.api.encounters import body_of
from countenance.interfaces.api.front import Acting, Front, Fronting
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas_documents import (
    ChipBody,
    ChipSentBody,
    ZoneBody,
    ZoneSentBody,
    chip_body,
    zone_body,
)
from countenance.terms import Actor

CHIP_BYTES = 8_000_000
"""Bound of a chip's files in base64, and their JSON."""

router = APIRouter(tags=["documents"])


@router.post(
    "/documents/zones", response_model=ZoneBody, summary="Read a machine-readable zone",
    responses=documented(401, 403, 413, 422, 507),
)  # fmt: skip
async def read_zone(body: ZoneSentBody, front: Fronting, actor: Acting) -> ZoneBody:
    """Return what a zone says, with every repair, and the holder's age.

    For whoever may open an encounter. Nothing is kept and nothing is recorded: no encounter, no entry. What it says is
    not proved; a wrong zone is refused with the place and the digit that was expected.
    """
    return zone_body(await front.threads.call(front.service.reading.zone, body.mrz, actor))


@router.post(
    "/documents/chips", response_model=ChipBody, summary="Check a document's chip",
    responses=documented(400, 401, 403, 408, 413, 422, 503, 507), openapi_extra=body_of(ChipSentBody),
)  # fmt: skip
async def check_chip(request: Request, front: Fronting, actor: Acting) -> ChipBody:
    """Make every step of passive authentication (ICAO 9303-11, 5.1) against the site's certificates, as of now.

    For whoever may open an encounter. The answer says which steps hold and why not, and never shows the portrait.
    Nothing is kept and nothing is recorded. It does not show that the chip is no copy.
    """
    async with whole_body(request, CHIP_BYTES, front.budget) as body:
        return await front.threads.capture(_checked, front, body, actor)


def _checked(front: Front, body: bytearray, actor: Actor) -> ChipBody:
    sent = read_body(ChipSentBody, body)
    return chip_body(front.service.reading.chip(read_named(sent.files).files, actor))
