"""The OpenAPI document: what FastAPI finds in the routes, plus who may call, how to authenticate, and how to begin."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from countenance.interfaces.api.examples import EXAMPLES
from countenance.interfaces.api.examples_cases import CASE_EXAMPLES
from countenance.interfaces.api.security import is_anonymous
from countenance.interfaces.schemas import IdentificationBody, Problem, VerificationBody
from countenance.interfaces.schemas_custody import SelfieBody
from countenance.interfaces.schemas_documents import ChipSentBody
from countenance.interfaces.schemas_galleries import EnrolmentRow
from countenance.interfaces.schemas_health import NotReady
from countenance.interfaces.schemas_staging import PortraitLine

INTRODUCTION = """Compare a face at a checkpoint that a published charter allows; recorded before it is answered.

**The order of a crossing.** Read the document. `POST /encounters` with what it says about the person, and that the
person was told that they may refuse. If they refuse: `POST /opt-outs`, and no camera is used. If not: take the
photograph, sign it with an enrolled device, `POST /verifications` (1:1) or `POST /identifications` (1:N in a closed
gallery). Follow `next_step`. Whatever is not an answer (a problem, or no reply at all) means the **ordinary manual
check**.

**Who may call.** Send an API key as `Authorization: Bearer cnt_…`, or as the password of HTTP Basic with any user name.
Calls with Basic that change something need `Countenance-Page: 1`. Only `/health/…`, the public log `/log/…` and
`/transparency` are anonymous.

| role | may |
|---|---|
| operator | open encounters, note refusals, verify, identify, list galleries, note people and contests, refer |
| supervisor | the same, keep galleries, decide referrals, review contests, resume charters, read metrics |
| auditor | export the record, read metrics and monitoring, note contests, audit partners |
| administrator | keep galleries, read metrics and monitoring, enrol devices, issue keys, record training and partners |
| device | open encounters, note refusals, verify, identify; never learns whom a search matched |

A device that a partner runs is answered `match` or `no_match`, `retry` with its advice, or to check by hand.

**Errors** are `application/problem+json` (RFC 9457) with a stable `code` and a `remedy` that says what to do.

**No score** is in any answer: outcome, reason, the rules that fired, and a receipt that anybody can check offline.
"""

_TAGS = [
    {"name": "encounters", "description": "One passage of one person."},
    {"name": "documents", "description": "Read and checked before an encounter; nothing is kept or recorded."},
    {"name": "page", "description": "For the service's own page; the site's local device signs."},
    {"name": "galleries", "description": "Closed sets of references, one checkpoint each, destroyed when closed."},
    {"name": "cases", "description": "What waits for a human, the person's receipt, what stopped by itself."},
    {"name": "desk", "description": "The record, charters, counters."},
    {"name": "monitoring", "description": "People counted, rates, tests and signals; nothing about any person."},
    {"name": "administration", "description": "Keys, devices, training, partners."},
    {"name": "transparency", "description": "Anonymous: charters, evidence, counts of which none is small."},
    {"name": "public log", "description": "Anonymous: tree heads, tiles and proofs. Its key is published elsewhere."},
    {"name": "health", "description": "Anonymous."},
]

_SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "bearerFormat": "cnt_…", "description": "An API key."},
    "browser": {"type": "http", "scheme": "basic", "description": "Any user name, the API key as password."},
}
_READ_BY_ROUTES: tuple[type[BaseModel], ...] = (
    VerificationBody, IdentificationBody, SelfieBody, ChipSentBody, EnrolmentRow, PortraitLine, Problem, NotReady,
)  # fmt: skip
"""Models that FastAPI does not find, because routes read those bodies themselves."""


def describe(app: FastAPI) -> None:
    """Make ``app.openapi()`` return the whole document, made once."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI documents replacing it as the way to extend


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=INTRODUCTION, routes=app.routes, tags=_TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )  # fmt: skip
    components = document.setdefault("components", {})
    components["securitySchemes"] = _SCHEMES
    schemas = components.setdefault("schemas", {})
    _, more = models_json_schema(
        [(model, "validation") for model in _READ_BY_ROUTES], ref_template="#/components/schemas/{model}"
    )
    schemas.update(more["$defs"])
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for name, example in {**EXAMPLES, **CASE_EXAMPLES}.items():
        schemas[name]["examples"] = [example]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["security"] = [] if is_anonymous(path) else [{"key": []}, {"browser": []}]
            _polish(operation["responses"])
    return document


def _polish(responses: dict[str, Any]) -> None:
    """Take out what FastAPI says by itself: a 422 of another shape, and that success is successful."""
    schema = responses.get("422", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "HTTPValidationError" in schema.get("$ref", ""):
        del responses["422"]
    for response in responses.values():
        if response["description"] == "Successful Response":
            response["description"] = "The answer."
