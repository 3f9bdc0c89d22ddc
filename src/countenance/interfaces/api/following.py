"""Boarding followed as server-sent events (WHATWG HTML, 9.2): counts at once, at each change, and a last word."""

from __future__ import annotations

import json
from asyncio import Event
from collections import Counter
from collections.abc import AsyncIterator

from anyio import CancelScope, create_task_group, move_on_after
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from countenance.errors import CountenanceError
from countenance.interfaces.api.front import Front, Fronting, place
from countenance.interfaces.problems import problem_of
from countenance.interfaces.schemas_staging import followed_body
from countenance.terms import Actor
from countenance.terms.staging import Boarding

EVENTS_TYPE = "text/event-stream"
POLL_S = 1.0
"""Seconds between two looks at the gallery."""
QUIET_LOOKS = 15
"""Looks without a change after which a comment says that the stream is alive."""


async def follower_slot(front: Fronting) -> AsyncIterator[None]:
    """Hold one of the few places for followers while the reply streams; 503 when all are taken."""
    with place(front.threads.followers):
        yield


class BoardingEvents(Response):
    """Sends an event whenever the counts change, until the gallery closes, the reader goes or the service stops."""

    media_type = EVENTS_TYPE

    def __init__(self, front: Front, gallery_id: str, actor: Actor, first: Boarding) -> None:
        super().__init__()
        del self.headers["content-length"]
        self.headers["X-Accel-Buffering"] = "no"
        self._front = front
        self._gallery_id = gallery_id
        self._actor = actor
        self._first = first

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send events; whoever goes away ends the looking too."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with create_task_group() as tasks:
            tasks.start_soon(_until_gone, receive, tasks.cancel_scope)
            async for text in self._events(self._front.stopping):
                await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
            tasks.cancel_scope.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _events(self, stopping: Event) -> AsyncIterator[str]:
        stands, told, number, quiet = self._first, "", 0, 0
        while not stopping.is_set():
            data = followed_body(stands, Counter(one.state for one in stands.travellers)).model_dump_json()
            if data != told:
                told, number, quiet = data, number + 1, 0
                yield _event("boarding" if stands.open else "closed", data, number)
            if not stands.open:
                return
            with move_on_after(POLL_S):
                await stopping.wait()
            quiet += 1
            if quiet % QUIET_LOOKS == 0:
                yield ": nothing changed\n\n"
            try:
                stands = await self._front.threads.call(
                    self._front.service.boarding.status, self._gallery_id, self._actor
                )
            except CountenanceError as error:
                yield _event("problem", json.dumps(problem_of(error).model_dump(exclude_none=True)), number + 1)
                return


async def _until_gone(receive: Receive, scope: CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def _event(kind: str, data: str, number: int) -> str:
    return f"id: {number}\nevent: {kind}\ndata: {data}\n\n"
