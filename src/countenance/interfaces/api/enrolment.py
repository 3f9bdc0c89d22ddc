"""Bulk enrolment as a stream: lines come in, each row's verdict goes out once the row is durable.

The two directions are one conversation: the procedure asks for the next row when it wants one, and so nothing piles up
whatever the gallery's size. A row that cannot be read ends the stream after the rows before it were told.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from typing import Any, Generic, TypeVar

from anyio import CapacityLimiter, from_thread, to_thread
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from countenance.errors import CountenanceError
from countenance.interfaces.api.bodies import LINE_BYTES, PATIENCE_S, patience
from countenance.interfaces.api.captures import decode_photo
from countenance.interfaces.api.front import Fronting, place
from countenance.interfaces.problems import invalid_problem, problem_of, transport_problem
from countenance.interfaces.schemas import Problem, Sent
from countenance.interfaces.schemas_galleries import EnrolmentRow
from countenance.interfaces.schemas_staging import PortraitLine
from countenance.procedures import RowVerdict
from countenance.terms import Enrolment, EnrolmentVerdict
from countenance.terms.staging import PortraitRow, PortraitVerdict, SourcePortrait

MEDIA_TYPE = "application/x-ndjson"

Row = TypeVar("Row")


class Rows(Generic[Row]):
    """The body's lines as rows, read when asked for; iterated in a worker thread, read on the event loop."""

    def __init__(self, lines: AsyncIterator[bytes], read: Callable[[bytes], Row], seconds: float = PATIENCE_S) -> None:
        """Read rows from lines; ``read`` makes one of each, or says what does not fit."""
        self._lines = lines
        self._read = read
        self._seconds = seconds
        self.fault: Problem | None = None
        """Why the rows ended early, or None."""

    def __iter__(self) -> Iterator[Row]:
        number = 0
        while (line := from_thread.run(self._next)) is not None:
            number += 1
            try:
                row = self._read(line)
            except (ValidationError, RequestValidationError) as error:
                faults = [{**one, "loc": ("body", f"row {number}", *one["loc"][-1:])} for one in error.errors()]
                self.fault = invalid_problem(faults)
                return
            yield row

    async def _next(self) -> bytes | None:
        """Return the next line, or None at the end or when the sender went away, was too slow or sent too much."""
        try:
            with patience(self._seconds):
                return await anext(self._lines, None)
        except CountenanceError as error:
            self.fault = problem_of(error)
        except HTTPException as error:
            self.fault = transport_problem(error.status_code)
        except ClientDisconnect:
            self.fault = transport_problem(400)
        return None


def read_enrolment(line: bytes) -> Enrolment:
    """Return the row that a line of a bulk enrolment is.

    Raises:
        ValidationError, RequestValidationError: what does not fit.
    """
    row = EnrolmentRow.model_validate_json(line)
    image = decode_photo("image", row.image)
    return Enrolment(row.reference_id, row.person_id, row.age, row.reference_years, image)


def read_portrait(line: bytes) -> PortraitRow:
    """Return the portrait that a line of a manifest's portraits is; raises as :func:`read_enrolment`."""
    row = PortraitLine.model_validate_json(line)
    return PortraitRow(row.number, SourcePortrait(decode_photo("image", row.image), row.reference_years))


async def enrolment_slot(front: Fronting) -> AsyncIterator[None]:
    """Hold one of the few places for bulk enrolments while the reply streams; 503 when all are taken."""
    with place(front.threads.enrolments):
        yield


def lines_of(schema: type[Sent]) -> dict[str, Any]:
    """Return the OpenAPI part for a body of lines that the route reads itself."""
    return {
        "requestBody": {
            "required": True,
            "description": f"One JSON object per line, each line at most {LINE_BYTES:,} bytes; any number of lines.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{schema.__name__}"}}},
        }
    }


class VerdictStream(Response):
    """Sends each verdict as a line when there is one, then a last line: a summary, or the problem that ended it.

    Not starlette's StreamingResponse: that one reads the request's messages to notice a disconnect, and here they are
    the rows.
    """

    media_type = MEDIA_TYPE

    def __init__(
        self, verdicts: Iterator[RowVerdict | PortraitVerdict], *, rows: Rows[Any] | None, head: object = None
    ) -> None:
        """Send verdicts of the request's own ``rows``, or of none of its; before them ``head``, if there is one."""
        super().__init__()
        del self.headers["content-length"]
        self._rows = rows
        self._verdicts = verdicts
        self._head = head

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the lines."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if self._head is not None:
            await _send_line(send, self._head)
        counts = Counter(dict.fromkeys(EnrolmentVerdict, 0))
        thread = CapacityLimiter(1)
        problem = None
        try:
            while (verdict := await to_thread.run_sync(next, self._verdicts, None, limiter=thread)) is not None:
                counts[verdict.verdict] += 1
                await _send_line(send, asdict(verdict))
        except CountenanceError as error:
            problem = problem_of(error)
        problem = problem or (self._rows.fault if self._rows else None)
        await _send_line(send, {"problem": problem.model_dump(exclude_none=True)} if problem else {"summary": counts})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_line(send: Send, line: object) -> None:
    data = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    await send({"type": "http.response.body", "body": data, "more_body": True})
