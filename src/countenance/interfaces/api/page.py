"""The pages: one plain form for an officer, one for a supervisor, and the calls that only the first makes.

The page's captures are signed here, with the site's local device, for a person who authenticated. A device's own key
may not use these calls: it would get a signature without making one.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from fastapi import APIRouter, Depends, Request, Response

from countenance.errors import AccessError, NotFound
from countenance.interfaces.api.captures import Signed, Token, Way, answer_capture
from countenance.interfaces.api.encounters import body_of
from countenance.interfaces.api.front import Acting, Front, Fronting
from countenance.interfaces.api.security import PAGE_HEADER
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas import IdentificationBody, ReplyBody, VerificationBody
from countenance.terms import Role

router = APIRouter(tags=["page"])

_STATIC = {
    "desk.js": "text/javascript; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "page.svg": "image/svg+xml",
    "service.js": "text/javascript; charset=utf-8",
}


async def only_the_page(request: Request, actor: Acting) -> None:
    """Let only people who use the page pass.

    Raises:
        AccessError: ``access.page_only``.
    """
    if actor.role is Role.DEVICE or request.headers.get(PAGE_HEADER) != "1":
        raise AccessError(
            "access.page_only", "Only the page may use this address, for a person who authenticated.",
            remedy="Sign the capture with an enrolled device and use /verifications or /identifications.",
        )  # fmt: skip


def signing_here(front: Front, token: str) -> Callable[[bytes, int], Signed]:
    """Return what signs a body's digest and attempt with the site's local device."""
    device = front.service.local_device

    def sign(digest: bytes, attempt: int) -> Signed:
        return Signed(token, device.device_id, attempt, device.sign(token, attempt, digest))

    return sign


@router.get("/", include_in_schema=False)
async def page(front: Fronting, _actor: Acting) -> Response:
    """Return the page."""
    return Response(await front.threads.call(_resource, "pages", "page.html"), media_type="text/html; charset=utf-8")


@router.get("/desk", include_in_schema=False)
async def desk(front: Fronting, _actor: Acting) -> Response:
    """Return the supervisor's page."""
    return Response(await front.threads.call(_resource, "pages", "desk.html"), media_type="text/html; charset=utf-8")


@router.get("/static/{name}", include_in_schema=False)
async def static(name: str, front: Fronting, _actor: Acting) -> Response:
    """Return the page's script or style."""
    media_type = _STATIC.get(name)
    if media_type is None:
        raise NotFound("request.no_such_file", "The page has no such file.", remedy="Open / instead.")
    return Response(await front.threads.call(_resource, "static", name), media_type=media_type)


@router.post(
    "/page/verifications", response_model=ReplyBody, summary="Verify from the page",
    responses=documented(401, 403, 408, 409, 413, 422, 503, 507), openapi_extra=body_of(VerificationBody),
    dependencies=[Depends(only_the_page)],
)  # fmt: skip
async def verify_from_page(request: Request, token: Token, front: Fronting, actor: Acting) -> Response:
    """Do as /verifications; the service signs with its local device. Needs `Countenance-Page: 1`."""
    way = Way(VerificationBody, signing_here(front, token), front.service.crossing.verify)
    return await answer_capture(request, front, actor, way)


@router.post(
    "/page/identifications", response_model=ReplyBody, summary="Identify from the page",
    responses=documented(401, 403, 404, 408, 409, 413, 422, 503, 507), openapi_extra=body_of(IdentificationBody),
    dependencies=[Depends(only_the_page)],
)  # fmt: skip
async def identify_from_page(request: Request, token: Token, front: Fronting, actor: Acting) -> Response:
    """Do as /identifications; the service signs with its local device. Needs `Countenance-Page: 1`."""
    way = Way(IdentificationBody, signing_here(front, token), front.service.crossing.identify)
    return await answer_capture(request, front, actor, way)


def _resource(folder: str, name: str) -> bytes:
    return (files("countenance.interfaces") / folder / name).read_bytes()
