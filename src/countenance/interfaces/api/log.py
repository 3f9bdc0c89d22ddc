"""The public log: what anybody may read and check, without a key.

The log's public key is not served here: a key fetched from the log it is to check proves nothing. The controller
publishes it elsewhere (``init`` shows it, ``keys/log.pub`` holds it).
"""

from __future__ import annotations

import re
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Response

from countenance.errors import NotFound
from countenance.interfaces.api.front import Fronting
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas import ProofBody, TreeHeadBody
from countenance.interfaces.shown import proof_body, tree_head_body

router = APIRouter(prefix="/log", tags=["public log"])

_TILE = re.compile(r"(entries|[0-9]|[1-5][0-9]|6[0-3])/(x[0-9]{3}/){0,6}[0-9]{3}(\.p/[1-9][0-9]{0,2})?", re.ASCII)
"""C2SP tlog-tiles, "Parameters" and "Merkle Tree": the only names below ``tile/``."""
_FRESH = {"Cache-Control": "no-cache"}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get(
    "/checkpoint", summary="The newest tree head, as C2SP signed note", response_class=Response,
    responses={200: {"description": "The signed note.", "content": {"text/plain": {}}}, **documented(404)},
)  # fmt: skip
async def checkpoint(front: Fronting) -> Response:
    """Return the file `checkpoint` of the log: origin, size, root, signature.

    (Elsewhere in this service a checkpoint is a place where people stop; C2SP calls the signed tree head so.)
    """
    data = await front.threads.call(_read, front.service.site.log, "checkpoint")
    return Response(data, headers=_FRESH, media_type="text/plain; charset=utf-8")


@router.get(
    "/tile/{path:path}", summary="A tile or entry bundle (C2SP tlog-tiles)", response_class=Response,
    responses={
        200: {"description": "The tile; it never changes.", "content": {"application/octet-stream": {}}},
        **documented(404),
    },
)  # fmt: skip
async def tile(
    path: Annotated[str, Path(description="Such as `0/000`, `entries/x001/234`, `1/000.p/64`.")], front: Fronting
) -> Response:
    """Return a file below `tile/`: hashes of level L as `L/N`, commitments as `entries/N`, partial ones with `.p/W`."""
    if not _TILE.fullmatch(path):
        raise _no_such_file()
    data = await front.threads.call(_read, front.service.site.log, f"tile/{path}")
    return Response(data, headers=_FOR_EVER, media_type="application/octet-stream")


@router.get(
    "/tree-head", response_model=TreeHeadBody, summary="The newest tree head, as JSON", responses=documented(503)
)
async def tree_head(front: Fronting, response: Response) -> TreeHeadBody:
    """Return size, root and the signed note of the newest tree head."""
    response.headers.update(_FRESH)
    return tree_head_body(await front.threads.call(front.service.log.head))


@router.get(
    "/proof/{commitment}", response_model=ProofBody, summary="The inclusion proof of a receipt's commitment",
    responses=documented(404, 422),
)  # fmt: skip
async def proof(
    commitment: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="From a receipt: 32 bytes in hex.")],
    front: Fronting,
    response: Response,
) -> ProofBody:
    """Return the path from a commitment to the newest tree head (RFC 9162, 2.1.3).

    404 with `log.pending` until the batch is published, at the latest at the receipt's `include_by`; a receipt that is
    still pending after that is evidence against the log.
    """
    response.headers.update(_FRESH)
    return proof_body(await front.threads.call(front.service.log.prove, bytes.fromhex(commitment)))


def _read(log: FilePath, name: str) -> bytes:
    """Return a file of the log; a link does not lead out of it."""
    try:
        path = (log / name).resolve(strict=True)
        if path.is_relative_to(log.resolve()):
            return path.read_bytes()
    except OSError:
        pass
    raise _no_such_file()


def _no_such_file() -> NotFound:
    return NotFound(
        "log.no_such_file", "The log has no such file.",
        remedy="Read /log/checkpoint for the log's size, and ask for tiles of that size.",
    )  # fmt: skip
