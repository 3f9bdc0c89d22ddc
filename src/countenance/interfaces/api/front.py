"""What every handler may use: the opened site, bounded threads, bounded memory, counters. One per app, no globals."""

from __future__ import annotations

from asyncio import Event
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Annotated, ParamSpec, TypeVar, cast

from anyio import CapacityLimiter, WouldBlock, to_thread
from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from countenance.bootstrap import Service
from countenance.interfaces.api.bodies import Budget
from countenance.interfaces.metrics import Metrics
from countenance.interfaces.ticker import Ticker
from countenance.terms import Actor

P = ParamSpec("P")
T = TypeVar("T")

BODIES_BYTES = 216_000_000
"""What all bodies being received or answered may hold together: four of the largest captures, hundreds of usual."""
ENROLMENTS = 2
"""Bulk enrolments at once; each holds a thread for as long as it streams."""
FOLLOWERS = 8
"""Streams of events at once; each looks at its gallery once a second."""
SHORT_CALLS = 16
"""Threads for everything that touches no photograph."""


@dataclass(frozen=True, slots=True)
class Threads:
    """Bounded pools, so that photographs never wait for paperwork nor the other way round."""

    captures: CapacityLimiter
    short: CapacityLimiter
    enrolments: CapacityLimiter
    followers: CapacityLimiter

    async def capture(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a call that waits for inference, off the event loop."""
        return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=self.captures)

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a short call, off the event loop."""
        return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=self.short)


@dataclass(frozen=True, slots=True)
class Front:
    """The service behind the counter, and what the counter itself needs."""

    service: Service
    threads: Threads
    budget: Budget
    metrics: Metrics
    ticker: Ticker
    stopping: Event
    """Set when the server stops: streams that would go on end."""

    @classmethod
    def of(cls, service: Service) -> Front:
        """Return the front of an opened site; two captures wait while each inference process has one."""
        threads = Threads(
            captures=CapacityLimiter(service.settings.workers + 2), short=CapacityLimiter(SHORT_CALLS),
            enrolments=CapacityLimiter(ENROLMENTS), followers=CapacityLimiter(FOLLOWERS),
        )  # fmt: skip
        return cls(service, threads, Budget(BODIES_BYTES), Metrics(service), Ticker(service.tick), Event())


@contextmanager
def place(limiter: CapacityLimiter) -> Iterator[None]:
    """Hold one of a limiter's places for as long as a reply streams.

    Raises:
        HTTPException: 503, all are taken.
    """
    borrower = object()
    try:
        limiter.acquire_on_behalf_of_nowait(borrower)
    except WouldBlock:
        raise HTTPException(503) from None
    try:
        yield
    finally:
        limiter.release_on_behalf_of(borrower)


async def front_of(request: Request) -> Front:
    """Return this app's front. Dependencies here are async, because FastAPI sends others through a thread each."""
    return cast("Front", request.app.state.front)


async def actor_of(request: Request) -> Actor:
    """Return who is asking; the gate has authenticated them before any route is reached."""
    return cast("Actor", request.scope["countenance.actor"])


Fronting = Annotated[Front, Depends(front_of)]
Acting = Annotated[Actor, Depends(actor_of)]
