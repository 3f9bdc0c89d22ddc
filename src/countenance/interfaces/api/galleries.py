"""Closed galleries: opened for one checkpoint, filled in bulk, closed and destroyed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from countenance.interfaces.api.bodies import body_lines
from countenance.interfaces.api.enrolment import (
    MEDIA_TYPE,
    Rows,
    VerdictStream,
    enrolment_slot,
    lines_of,
    read_enrolment,
)
from countenance.interfaces.api.front import Acting, Fronting
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas import ReceiptReply
from countenance.interfaces.schemas_galleries import EnrolmentRow, GalleryBody, GalleryOpenBody
from countenance.interfaces.shown import gallery_body, receipt_body

router = APIRouter(tags=["galleries"])

GalleryId = Annotated[str, Path(max_length=80, description="The gallery's id.", examples=["flight-17"])]

_VERDICTS: dict[str, Any] = {
    "description": "One line per row, in order, each sent once the row is durable: `row` (from 1), `reference_id`, "
    "`verdict` (`enrolled`, `duplicate`, `refused`, `full`), `reason`, `advice`. The last line is `summary` with the "
    "counts, or `problem` with what ended the stream; a row without a verdict was not enrolled.",
    "content": {
        MEDIA_TYPE: {
            "schema": {"type": "string"},
            "example": '{"row":1,"reference_id":"r-1","verdict":"enrolled","reason":"","advice":""}\n'
            '{"summary":{"enrolled":1,"duplicate":0,"refused":0,"full":0}}\n',
        }
    },
}


@router.get("/galleries", response_model=list[GalleryBody], summary="List galleries", responses=documented(401, 403))
async def list_galleries(front: Fronting, actor: Acting) -> list[GalleryBody]:
    """Return every gallery's card, open or closed: sizes and states, nobody's identity."""
    return [gallery_body(info) for info in await front.threads.call(front.service.staging.list_galleries, actor)]


@router.post(
    "/galleries", status_code=201, response_model=ReceiptReply, summary="Open a gallery",
    responses=documented(401, 403, 404, 409, 413, 422, 507),
)  # fmt: skip
async def open_gallery(body: GalleryOpenBody, front: Fronting, actor: Acting) -> ReceiptReply:
    """Open an empty gallery at a checkpoint whose charter's mode is `identify`; only that checkpoint may search it."""
    staging = front.service.staging
    receipt = await front.threads.call(staging.open_gallery, body.gallery, body.checkpoint, actor)
    return ReceiptReply(receipt=receipt_body(receipt))


@router.post(
    "/galleries/{gallery}/references",
    summary="Enrol references in bulk, with a verdict per row",
    responses={200: _VERDICTS, **documented(401, 403, 404, 409, 503)},
    response_class=Response,
    openapi_extra=lines_of(EnrolmentRow),
    dependencies=[Depends(enrolment_slot)],
)
async def enrol(gallery: GalleryId, request: Request, front: Fronting, actor: Acting) -> Response:
    """Stream rows in as newline-delimited JSON and read verdicts while you send.

    Rows are made durable eight at a time and only then told; the next eight are read before, so that the networks never
    wait. Photographs are discarded as soon as their template exists. Read the verdicts while sending (curl does), or
    send at most some hundred rows per request: a client that only sends can fill both directions of its connection and
    wait for ever.
    """
    rows = Rows(body_lines(request), read_enrolment)
    verdicts = await front.threads.call(front.service.staging.enrol, gallery, rows, actor)
    return VerdictStream(verdicts, rows=rows)


@router.delete(
    "/galleries/{gallery}/references/{reference:path}", response_model=ReceiptReply, summary="Remove a reference",
    responses=documented(401, 403, 404, 409, 507),
)  # fmt: skip
async def remove_reference(
    gallery: GalleryId, reference: Annotated[str, Path(max_length=120)], front: Fronting, actor: Acting
) -> ReceiptReply:
    """Destroy one reference: its row, its key and its place in memory. The removal is in the record."""
    receipt = await front.threads.call(front.service.staging.remove, gallery, reference, actor)
    return ReceiptReply(receipt=receipt_body(receipt))


@router.post(
    "/galleries/{gallery}/close", response_model=ReceiptReply, summary="Close a gallery and destroy its references",
    responses=documented(401, 403, 404, 409, 507),
)  # fmt: skip
async def close_gallery(gallery: GalleryId, front: Fronting, actor: Acting) -> ReceiptReply:
    """End a gallery when its event is over: rows, keys and memory are destroyed at once, and the record says so."""
    receipt = await front.threads.call(front.service.staging.close_gallery, gallery, actor)
    return ReceiptReply(receipt=receipt_body(receipt))
