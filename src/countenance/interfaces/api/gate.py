"""The gate around every route: known host, known key, no cross-site call, safe headers, and no fault told to strangers.

A plain ASGI layer, so that it sees every reply, also those that no route made. Whatever is not on the list of anonymous
addresses needs a key, whether or not there is a route behind it.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Collection

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from countenance.errors import CountenanceError
from countenance.interfaces.api import security
from countenance.interfaces.api.bodies import SMALL_BYTES, check_declared
from countenance.interfaces.api.front import Front
from countenance.interfaces.problems import problem_of, problem_response, transport_problem, unexpected_problem
from countenance.interfaces.schemas import Problem

_LOG = logging.getLogger("countenance.http")

REQUESTS_AT_ONCE = 256
"""Requests beyond this are answered 503 at once."""
_READS_ITS_OWN_BODY = re.compile(
    r"POST ((/page)?/(verifications|identifications)|/galleries/[^/]+/(references|portraits)|/manifests"
    r"|/documents/chips)"
    r"|PUT /galleries/[^/]+/manifest",
    re.ASCII,
)


class Gate:
    """Stands around the app; ``hosts`` are the names it answers to besides loopback."""

    def __init__(self, app: ASGIApp, front: Front, hosts: Collection[str]) -> None:
        self._app = app
        self._front = front
        self._hosts = security.LOOPBACK | {security.as_named(host) for host in hosts}
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request that may pass; answer every other with a problem. There are no websockets."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            self._inside += 1
            try:
                await self._answer(Request(scope, receive), _Reply(send, self._front, scope["path"]))
            finally:
                self._inside -= 1

    async def _answer(self, request: Request, reply: _Reply) -> None:
        try:
            problem = await self._refusal(request)
            if problem is None:
                await self._app(request.scope, _bounded(request), reply)
            else:
                await problem_response(problem)(request.scope, request.receive, reply)
        except Exception as error:  # noqa: BLE001 - the outermost edge: nothing of a fault may reach a stranger
            await _answer_fault(request, reply, error)

    async def _refusal(self, request: Request) -> Problem | None:
        """Return why the request may not pass, or None once it is known who is asking."""
        if self._inside > REQUESTS_AT_ONCE:
            return transport_problem(503)
        try:
            security.check_host(request.headers.get("host", ""), self._hosts)
            if not security.is_anonymous(request.url.path):
                credentials = security.read_credentials(request.headers.get("authorization", ""))
                security.check_same_site(request, credentials)
                actor = await self._front.threads.call(self._front.service.authenticate, credentials.key)
                request.scope["countenance.actor"] = actor
            if _is_small(request):
                check_declared(request, SMALL_BYTES)
        except CountenanceError as error:
            return problem_of(error)
        return None


class _Reply:
    """Sends what the app sends, with safe headers; remembers whether it has begun."""

    def __init__(self, send: Send, front: Front, path: str) -> None:
        self._send = send
        self._front = front
        self._public = security.is_public(path)
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            self._front.metrics.count_response(message["status"])
            headers = MutableHeaders(scope=message)
            for name, value in security.SAFE_HEADERS.items():
                headers.setdefault(name, value)
            if not self._public or "cache-control" not in headers:
                headers["Cache-Control"] = "no-store"
        await self._send(message)


def _is_small(request: Request) -> bool:
    return not _READS_ITS_OWN_BODY.fullmatch(f"{request.method} {request.url.path}")


def _bounded(request: Request) -> Receive:
    """Return the request's receive, which stops an undeclared body past the small bound where routes set no other."""
    if not _is_small(request):
        return request.receive
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > SMALL_BYTES:
            raise HTTPException(413)
        return message

    return receive


async def _answer_fault(request: Request, reply: _Reply, error: Exception) -> None:
    """Log where a fault happened, without its message (which may hold what was sent), and answer 500."""
    problem = unexpected_problem()
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{frame.name} {frame.lineno}" for frame in reversed(frames))
    _LOG.error("fault %s: %s at %s", problem.instance, type(error).__name__, where)
    if reply.begun:
        raise ConnectionAbortedError(f"reply broken off, fault {problem.instance}") from None
    await problem_response(problem)(request.scope, request.receive, reply)
