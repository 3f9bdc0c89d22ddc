"""What everybody may read without a key: the site's charters, evidence and counts, for machines and as a page.

Nothing here touches the database: the document was made when the last day was over, and says about nobody anything.
"""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Request, Response

from countenance.interfaces.api.front import Fronting
from countenance.interfaces.transparency_page import STYLE, transparency_page

router = APIRouter(tags=["transparency"])

JSON_LD = "application/ld+json"
_FOR_MINUTES = "public, max-age=300"


@router.get(
    "/transparency", summary="What this site may do, how well it was measured, how often it acted",
    response_class=Response,
    responses={200: {"description": "JSON-LD with W3C DPV terms.", "content": {JSON_LD: {}}}},
)  # fmt: skip
async def read_transparency(request: Request, front: Fronting) -> Response:
    """Return charters in force, checkpoints, notices, clocks, operating points, partners' audits, and counts.

    No count below ten is told, and none can be computed from what is; `docs/transparency.md` says how and why.
    """
    page = await front.threads.call(front.service.transparency.page)
    return _cached(request, page.data, page.tag, JSON_LD)


@router.get("/transparency/page", include_in_schema=False)
async def read_page(request: Request, front: Fronting) -> Response:
    """Return the same for people."""
    page = await front.threads.call(front.service.transparency.page)
    return _cached(request, transparency_page(page.data), f"{page.tag}-page", "text/html; charset=utf-8")


@router.get(STYLE, include_in_schema=False)
async def read_style(front: Fronting) -> Response:
    """Return the page's style."""
    css = files("countenance.interfaces") / "static" / "transparency.css"
    data = await front.threads.call(css.read_bytes)
    return Response(data, headers={"Cache-Control": _FOR_MINUTES}, media_type="text/css; charset=utf-8")


def _cached(request: Request, data: bytes, tag: str, media_type: str) -> Response:
    """Return ``data``, or that nothing changed since the reader asked last (RFC 9110, 13.1.2)."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": _FOR_MINUTES}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type)
