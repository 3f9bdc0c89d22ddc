"""One app per opened site: routes, problems, the gate, and the ticker that runs while it serves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from countenance import __version__
from countenance.bootstrap import Service
from countenance.errors import CountenanceError
from countenance.interfaces.api import (
    administration,
    authority,
    cases,
    custody,
    desk,
    documents,
    encounters,
    galleries,
    health,
    ledger,
    log,
    manifests,
    monitoring,
    page,
    transparency,
)
from countenance.interfaces.api.front import Front
from countenance.interfaces.api.gate import Gate
from countenance.interfaces.api.openapi import describe
from countenance.interfaces.problems import invalid_problem, problem_of, problem_response, transport_problem

_ROUTERS = (
    encounters.router,
    page.router,
    galleries.router,
    manifests.router,
    cases.router,
    custody.router,
    desk.router,
    documents.router,
    authority.router,
    monitoring.router,
    administration.router,
    ledger.router,
    log.router,
    transparency.router,
    health.router,
)


def create_app(service: Service, *, hosts: Collection[str] = ()) -> FastAPI:
    """Return the HTTP service over an opened site; the caller keeps the site open while it serves.

    It answers to loopback names, to the host that ``site.toml`` names, and to ``hosts``.
    """
    front = Front.of(service)
    app = _routes(front)
    app.state.front = front
    app.add_middleware(Gate, front=front, hosts=[service.site.host, *hosts])
    return app


def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document without a site; what ``docs/api.md`` is made from."""
    return _routes(None).openapi()


def _routes(front: Front | None) -> FastAPI:
    @asynccontextmanager
    async def ticking(_app: FastAPI) -> AsyncIterator[None]:
        if front is None:
            yield
            return
        front.ticker.start()
        try:
            yield
        finally:
            front.ticker.stop()

    app = FastAPI(
        title="countenance", version=__version__, lifespan=ticking, openapi_url=None, docs_url=None, redoc_url=None,
        redirect_slashes=False, generate_unique_id_function=lambda route: route.name,
    )  # fmt: skip
    for router in _ROUTERS:
        app.include_router(router)
    app.add_api_route("/openapi.json", _document, include_in_schema=False)
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
    describe(app)
    return app


async def _document(request: Request) -> dict[str, Any]:
    """Return the OpenAPI document; there is no browser for it, because those come from elsewhere (CDN)."""
    return cast("FastAPI", request.app).openapi()


async def _known(_request: Request, error: Exception) -> Response:
    return problem_response(problem_of(cast("CountenanceError", error)))


async def _invalid(_request: Request, error: Exception) -> Response:
    faults = cast("RequestValidationError", error).errors()
    unreadable = any(fault["type"] == "json_invalid" for fault in faults)
    return problem_response(transport_problem(400) if unreadable else invalid_problem(faults))


async def _http(_request: Request, error: Exception) -> Response:
    fault = cast("HTTPException", error)
    return problem_response(transport_problem(fault.status_code), fault.headers)


_HANDLERS: Mapping[type[Exception], Any] = {
    CountenanceError: _known,
    RequestValidationError: _invalid,
    HTTPException: _http,
}
