"""Manifests over HTTP: looked at, announced to a gallery, their portraits staged in a stream, and boarding followed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from countenance.bootstrap.reading import ManifestLimits
from countenance.interfaces.api.bodies import body_lines, whole_body
from countenance.interfaces.api.enrolment import (
    MEDIA_TYPE,
    Rows,
    VerdictStream,
    enrolment_slot,
    lines_of,
    read_portrait,
)
from countenance.interfaces.api.following import EVENTS_TYPE, BoardingEvents, follower_slot
from countenance.interfaces.api.front import Acting, Fronting
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas_staging import (
    AnnouncedBody,
    BoardingBody,
    ManifestBody,
    PortraitLine,
    announced_body,
    boarding_body,
    manifest_body,
)
from countenance.terms.staging import EventTerms, Listed, Moment, PortraitsFrom

router = APIRouter(tags=["manifests"])

GalleryId = Annotated[str, Path(max_length=80, description="The gallery's id.", examples=["ut100"])]

_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": f"The file as it is: PAXLST, CSV or JSON, at most {ManifestLimits().max_bytes:,} bytes.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_VERDICTS: dict[str, Any] = {
    "description": "One line per portrait, in order, each sent once it is durable: `row` (from 1), `number` (the "
    "traveller's), `verdict` (`enrolled`, `duplicate`, `refused`, `full`), `reason`, `advice`. The last line is "
    "`summary` with the counts, or `problem` with what ended the stream.",
    "content": {
        MEDIA_TYPE: {
            "schema": {"type": "string"},
            "example": '{"row":1,"number":1,"verdict":"enrolled","reason":"","advice":""}\n'
            '{"summary":{"enrolled":1,"duplicate":0,"refused":0,"full":0}}\n',
        }
    },
}
_STAGED: dict[str, Any] = {
    "description": "First a line `announced`, as `PUT /galleries/{gallery}/manifest` answers, then the lines of "
    "`POST /galleries/{gallery}/portraits`.",
    "content": {
        MEDIA_TYPE: {
            "schema": {"type": "string"},
            "example": '{"announced":{"gallery":"ut100","expected":1,"wanted":[1]}}\n'
            '{"row":1,"number":1,"verdict":"enrolled","reason":"","advice":""}\n'
            '{"summary":{"enrolled":1,"duplicate":0,"refused":0,"full":0}}\n',
        }
    },
}
_EVENTS: dict[str, Any] = {
    "description": "Server-sent events: `boarding` at once and whenever the counts change, `closed` as the last.",
    "content": {
        EVENTS_TYPE: {
            "schema": {"type": "string"},
            "example": 'id: 1\nevent: boarding\ndata: {"gallery":"ut100","open":true,'
            '"closes_at":"2026-12-01T10:30:00.000Z","expected":2,"references":2,"aboard":1,'
            '"states":{"wanted":0,"excluded":0,"poor":0,"staged":2}}\n\n',
        }
    },
}


async def event_terms(
    zone: Annotated[str, Query(max_length=60, description="The port's zone: Australia/Adelaide, +10:30.")] = "UTC",
    at: Annotated[Moment, Query(description="What ends the event.")] = Moment.DEPARTURE,
    port: Annotated[str, Query(max_length=10, description="Where the checkpoint stands; empty: everybody.")] = "",
    lists: Annotated[Listed, Query(description="Who is in the file.")] = Listed.WHOLE,
) -> EventTerms:
    """Return how a manifest becomes an event, from the query."""
    return EventTerms(zone=zone, moment=at, port=port, listed=lists)


Terms = Annotated[EventTerms, Depends(event_terms)]
PortraitsOf = Annotated[PortraitsFrom, Query(description="The site's `portraits`, or those of earlier encounters.")]
Years = Annotated[int, Query(ge=-1, le=150, description="Age of portraits that state none; -1: unknown.")]
Checkpoint = Annotated[str, Query(max_length=80, description="Where the gallery will be searched.")]


@router.post(
    "/manifests", response_model=ManifestBody, summary="Look at a manifest", openapi_extra=_FILE,
    responses=documented(400, 401, 403, 408, 413, 422, 503),
)  # fmt: skip
async def look(request: Request, front: Fronting, actor: Acting) -> ManifestBody:
    """Return what a manifest says of its movement, and what contradicts itself in it. Nobody is staged, nothing kept.

    For whoever may manage galleries. It is no event of the site: nothing is recorded.
    """
    async with whole_body(request, ManifestLimits().max_bytes, front.budget) as body:
        return manifest_body(await front.threads.call(front.service.announcing.look, bytes(body), actor))


@router.put(
    "/galleries/{gallery}/manifest", response_model=AnnouncedBody, summary="Announce a manifest to a gallery",
    openapi_extra=_FILE, responses=documented(400, 401, 403, 404, 408, 409, 413, 422, 503, 507),
)  # fmt: skip
async def announce(  # noqa: PLR0917 - a dependency each
    gallery: GalleryId, checkpoint: Checkpoint, terms: Terms, request: Request, front: Fronting, actor: Acting
) -> AnnouncedBody:
    """Open a gallery for a manifest's event, or bring it to what a re-issued manifest says.

    Who is new is wanted, who is gone is destroyed with a receipt, others stay; the same file again changes nothing. The
    answer has the numbers of those whose portraits are to be sent to `/galleries/{gallery}/portraits`.
    """
    async with whole_body(request, ManifestLimits().max_bytes, front.budget) as body:
        announcing = front.service.announcing
        told = await front.threads.call(announcing.announce, gallery, checkpoint, bytes(body), terms, actor)
    return announced_body(told)


@router.post(
    "/galleries/{gallery}/portraits", summary="Stage the portraits of a manifest's travellers, a verdict for each",
    responses={200: _VERDICTS, **documented(401, 403, 404, 409, 503)}, response_class=Response,
    openapi_extra=lines_of(PortraitLine), dependencies=[Depends(enrolment_slot)],
)  # fmt: skip
async def portray(gallery: GalleryId, request: Request, front: Fronting, actor: Acting) -> Response:
    """Stream portraits in as newline-delimited JSON and read verdicts while you send, as with `/references`.

    Interrupted, send everything again: what is staged comes back as a duplicate. Photographs are discarded as soon as
    their template exists; those of people outside the evidence are not even decoded.
    """
    rows = Rows(body_lines(request), read_portrait)
    verdicts = await front.threads.call(front.service.boarding.portray, gallery, rows, actor)
    return VerdictStream(verdicts, rows=rows)


@router.post(
    "/galleries/{gallery}/staging", summary="Stage a manifest with portraits that the site has",
    responses={200: _STAGED, **documented(400, 401, 403, 404, 408, 409, 413, 422, 503, 507)}, response_class=Response,
    openapi_extra=_FILE, dependencies=[Depends(enrolment_slot)],
)  # fmt: skip
async def fill(  # noqa: PLR0917 - a dependency each
    gallery: GalleryId, checkpoint: Checkpoint, terms: Terms, request: Request, front: Fronting, actor: Acting,
    portraits: PortraitsOf = PortraitsFrom.SITE, reference_years: Years = -1,
) -> Response:  # fmt: skip
    """Announce a manifest, as `PUT /galleries/{gallery}/manifest` does, and stage whoever is wanted.

    The portraits are the site's: nobody sends a photograph, and none is sent out. The first line has what was
    announced, then comes a verdict for each portrait. Interrupted, send the file again: what is staged stays.
    """
    async with whole_body(request, ManifestLimits().max_bytes, front.budget) as body:
        told, verdicts = await front.threads.call(
            front.service.filling.fill, gallery, checkpoint, bytes(body), terms, portraits, reference_years, actor
        )
    return VerdictStream(verdicts, rows=None, head={"announced": announced_body(told).model_dump()})


@router.get(
    "/galleries/{gallery}/manifest", response_model=BoardingBody, summary="Show where a manifest's travellers stand",
    responses=documented(401, 403, 404, 409),
)  # fmt: skip
async def boarding(gallery: GalleryId, front: Fronting, actor: Acting) -> BoardingBody:
    """Return who is staged, poor, wanted and aboard in a gallery that a manifest made: by number, never by name."""
    return boarding_body(await front.threads.call(front.service.boarding.status, gallery, actor))


@router.get(
    "/galleries/{gallery}/manifest/events", summary="Follow a manifest's travellers as they are staged and board",
    responses={200: _EVENTS, **documented(401, 403, 404, 409, 503)}, response_class=Response,
    dependencies=[Depends(follower_slot)],
)  # fmt: skip
async def follow(gallery: GalleryId, front: Fronting, actor: Acting) -> Response:
    """Stream counts until the gallery is closed: how many are staged and aboard, nobody's name."""
    first = await front.threads.call(front.service.boarding.status, gallery, actor)
    return BoardingEvents(front, gallery, actor, first)
