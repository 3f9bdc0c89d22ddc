"""Request bodies in bounded memory: counted while they stream in, never on a disk, never believed about length."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request

from countenance.errors import RequestTooLarge

SMALL_BYTES = 65_536
"""Bound of every body that holds no photograph."""
CAPTURE_BYTES = 54_000_000
"""Bound of a capture: two photographs of 20 MB in base64, and their JSON."""
LINE_BYTES = 27_000_000
"""Bound of one line of a bulk enrolment: one photograph of 20 MB in base64, and its JSON."""
PATIENCE_S = 60.0
"""How long a whole capture, or one line of an enrolment, may take to arrive."""
_DIGITS = 12
"""A declared length with more digits is over any bound here, and not worth converting."""


class Budget:
    """Bytes that all buffered bodies may hold together. Used on the event loop only, so it needs no lock."""

    def __init__(self, total: int) -> None:
        self.left = total

    def take(self, count: int) -> None:
        """Reserve ``count`` bytes, or answer 503: try again in a second."""
        if count > self.left:
            raise HTTPException(503)
        self.left -= count

    def give(self, count: int) -> None:
        """Return ``count`` bytes."""
        self.left += count


@asynccontextmanager
async def whole_body(
    request: Request, limit: int, budget: Budget, seconds: float = PATIENCE_S
) -> AsyncIterator[bytearray]:
    """Yield the body exactly as sent, at most ``limit`` bytes, accounted for until the block ends.

    Raises:
        RequestTooLarge: a declared length over ``limit`` (nothing is read) or more bytes than that (reading stops).
        HTTPException: 408 when it takes longer than ``seconds``, 503 when memory for bodies is used up.
    """
    check_declared(request, limit)
    body = bytearray()
    held = 0
    try:
        with patience(seconds):
            async for chunk in request.stream():
                if len(body) + len(chunk) > limit:
                    raise too_large(limit)
                budget.take(len(chunk))
                held += len(chunk)
                body += chunk
        yield body
    finally:
        budget.give(held)


def check_declared(request: Request, limit: int) -> None:
    """Return only if the declared length, where there is one, is within ``limit``.

    Raises:
        RequestTooLarge: ``request.too_large``, nothing was read.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > _DIGITS or int(declared) > limit):
        raise too_large(limit)


def too_large(limit: int) -> RequestTooLarge:
    """Return the error for a body or line over ``limit`` bytes."""
    return RequestTooLarge(
        "request.too_large", f"The body is larger than the {limit:,} bytes that this address takes.",
        remedy="Send a smaller file, smaller photographs (at most 20 MB each) or fewer fields.",
    )  # fmt: skip


async def body_lines(request: Request, limit: int = LINE_BYTES) -> AsyncIterator[bytes]:
    """Yield the body's lines as they arrive, without newlines, blank ones left out, each at most ``limit`` bytes.

    Raises:
        RequestTooLarge: a line is longer; nothing after it is read.
        ClientDisconnect: the sender went away.
    """
    line = bytearray()
    async for chunk in request.stream():
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            line += end
            if len(line) > limit:
                raise too_large(limit)
            if line.strip():
                yield bytes(line)
            line.clear()
        line += rest
        if len(line) > limit:
            raise too_large(limit)
    if line.strip():
        yield bytes(line)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Give what is awaited inside ``seconds`` seconds.

    Raises:
        HTTPException: 408, it took longer.
    """
    try:
        with anyio.fail_after(seconds):
            yield
    except TimeoutError:
        raise HTTPException(408) from None
