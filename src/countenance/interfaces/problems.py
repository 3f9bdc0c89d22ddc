"""Every error as an RFC 9457 problem reply: what was wrong, a stable code, and what to do now.

A problem holds the error's two sentences and nothing else: no image, template, name or score, no input echoed back,
no internals. ``instance`` is random, so that a person can quote it and an administrator can find it in the service's
own log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi.encoders import jsonable_encoder
from starlette.responses import Response

from countenance import errors
from countenance.interfaces.schemas import FieldFault, Problem
from countenance.interfaces.schemas_health import NotReady

MEDIA_TYPE = "application/problem+json"

_TITLES: tuple[tuple[type[errors.CountenanceError], str], ...] = (
    (errors.NotAuthenticated, "Who is asking is not known"),
    (errors.AccessError, "Who is asking may not do this"),
    (errors.CharterError, "The charter does not allow this"),
    (errors.EncounterError, "The encounter does not allow this"),
    (errors.GalleryError, "The gallery does not allow this"),
    (errors.DocumentError, "The document cannot be used"),
    (errors.CaseError, "The referral, contest or suspension does not allow this"),
    (errors.CountError, "These people cannot be counted so"),
    (errors.NotFound, "There is no such thing here"),
    (errors.RequestTooLarge, "The request is too large"),
    (errors.StorageError, "Nothing could be recorded, so nothing is answered"),
    (errors.RecordError, "The record cannot be written or proved"),
    (errors.InferenceError, "The comparison is not available now"),
)

TRANSPORT_PROBLEMS: Mapping[int, tuple[str, str, str]] = {
    400: ("request.malformed", "The request cannot be read.", "Send valid JSON in UTF-8."),
    404: ("request.no_such_address", "There is nothing at this address.", "See docs/api.md for every address."),
    405: ("request.method", "This address does not take this method.", "See the Allow header for what it takes."),
    408: ("request.too_slow", "The body did not arrive in time.", "Send it again, over a faster connection."),
    413: ("request.too_large", "The body is larger than this address takes.", "Send a smaller body; see docs/api.md."),
    503: ("request.busy", "The service is answering as many requests as it can.",
          "Try again in a second; until then do an ordinary manual check."),
}  # fmt: skip


def problem_of(error: errors.CountenanceError) -> Problem:
    """Return the problem that says what ``error`` says."""
    title = next((text for kind, text in _TITLES if isinstance(error, kind)), "The service cannot answer")
    return _problem(error.http_status, error.code, title, error.message, error.remedy)


def transport_problem(status: int) -> Problem:
    """Return the problem for something wrong with the request as HTTP (no such address, too large, too slow)."""
    phrase = HTTPStatus(status).phrase
    code, detail, remedy = TRANSPORT_PROBLEMS.get(
        status, (f"request.http_{status}", f"{phrase}.", "See docs/api.md for how to call this service.")
    )
    return _problem(status, code, phrase, detail, remedy)


def invalid_problem(faults: Iterable[Mapping[str, Any]]) -> Problem:
    """Return the problem for a request that does not fit its schema; ``faults`` as pydantic lists them.

    Names each field as a JSON pointer (RFC 6901) and what is expected there, never what was sent.
    """
    fields = [FieldFault(field=_pointer(fault["loc"]), expected=_expected(fault)) for fault in faults]
    detail = "; ".join(f"{fault.field}: {fault.expected}" for fault in fields[:3]) or "The request does not fit."
    problem = _problem(422, "request.invalid", "The request does not fit its schema", detail + ".",
                       "Correct the fields named in 'errors'; docs/api.md has an example of each request.")  # fmt: skip
    return problem.model_copy(update={"errors": fields})


def unexpected_problem() -> Problem:
    """Return the problem for a fault of ours: nothing of it is told but the instance to look for in the log."""
    return _problem(
        500, "service.fault", "The service has a fault", "Something went wrong that should not have.",
        "Do an ordinary manual check, and tell the administrator the instance.",
    )  # fmt: skip


def not_ready_problem(reasons: list[str]) -> NotReady:
    """Return the problem that says what the service lacks."""
    problem = _problem(
        503, "service.not_ready", "The service is not ready", "Missing: " + ", ".join(reasons) + ".",
        "Wait some seconds; do ordinary manual checks until it is ready.",
    )  # fmt: skip
    return NotReady(**problem.model_dump(), reasons=reasons)


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the reply that carries ``problem``; a body that was not read to its end closes the connection."""
    extra = dict(headers or {})
    if problem.status == HTTPStatus.UNAUTHORIZED:
        extra["WWW-Authenticate"] = 'Basic realm="countenance", charset="UTF-8"'
    if problem.status in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}:
        extra["Connection"] = "close"
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra["Retry-After"] = "1"
    return Response(problem.model_dump_json(exclude_none=True), problem.status, extra, MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI ``responses`` for the problems an operation may answer with."""
    return {
        status: {
            "description": MEANINGS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


MEANINGS: Mapping[int, str] = {
    400: "The request cannot be read as HTTP or JSON.",
    401: "No acceptable key was presented (or, with a capture, no acceptable signature).",
    403: "The key's role may not do this here, or no charter in force allows it.",
    404: "What the request names does not exist here.",
    408: "The body did not arrive in time.",
    409: "What the request names is not in a state that allows this; zero frames were decoded.",
    413: "The body is larger than the bound; it was not read to its end.",
    422: "The request does not fit its schema.",
    503: "A part is missing or busy: there is no automated answer, do an ordinary manual check.",
    507: "Nothing could be recorded (disk full or damaged), so nothing is answered.",
}
"""What each problem status means here, wherever it is answered."""


def _problem(status: int, code: str, title: str, detail: str, remedy: str) -> Problem:
    return Problem(
        type=f"urn:countenance:problem:{code}", title=title, status=status, detail=detail, code=code, remedy=remedy,
        instance=f"urn:uuid:{uuid4()}",
    )  # fmt: skip


def _pointer(location: Iterable[str | int]) -> str:
    where, *path = (str(jsonable_encoder(part)) for part in location)
    inside = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
    return inside or "/" if where == "body" else f"{where}{inside}"


def _expected(fault: Mapping[str, Any]) -> str:
    """Return pydantic's sentence, which names what is expected; those that quote the input are replaced."""
    kind = str(fault["type"])
    if kind == "value_error":
        return "does not fit its description"
    return str(fault["msg"])
