"""The OpenAPI document is complete and true to the models, and docs/api.md is made from it."""

from __future__ import annotations

import json
from typing import Any

import pytest

import make_api_docs
from countenance import errors
from countenance.interfaces import schemas, schemas_cases, schemas_documents, schemas_galleries
from countenance.interfaces.api import openapi_document
from countenance.interfaces.api.examples import EXAMPLES as ALL_OTHERS
from countenance.interfaces.api.examples_cases import CASE_EXAMPLES
from countenance.interfaces.problems import MEANINGS, TRANSPORT_PROBLEMS, invalid_problem, problem_of

EXAMPLES = {**ALL_OTHERS, **CASE_EXAMPLES}
DOCUMENT = openapi_document()
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def references(node: Any) -> set[str]:
    """Return every $ref in a document."""
    if isinstance(node, dict):
        here = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return here.union(*(references(value) for value in node.values()))
    return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()


@pytest.mark.parametrize("name, operation", OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_every_operation_teaches(name: str, operation: dict[str, Any]) -> None:
    """Each has a summary and a description, says what its replies mean, and answers problems as problem+json."""
    assert operation["summary"]
    assert len(operation["description"]) > 40
    assert operation["tags"]
    for status, response in operation["responses"].items():
        assert response["description"] not in {"", "Successful Response"}
        if status >= "400":
            assert set(response["content"]) == {"application/problem+json"}
    if operation["security"]:
        assert "401" in operation["responses"]


def test_every_reference_leads_somewhere() -> None:
    """Each $ref names a schema of the document."""
    names = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert references(DOCUMENT) <= names


def test_every_body_is_described() -> None:
    """Each schema has a description of its own."""
    assert [name for name, schema in DOCUMENT["components"]["schemas"].items() if not schema.get("description")] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_what_they_say(name: str) -> None:
    """Each example passes its own schema, and stands in the document."""
    modules = (schemas, schemas_galleries, schemas_cases, schemas_documents)
    model = next(getattr(module, name) for module in modules if hasattr(module, name))
    example = json.dumps(EXAMPLES[name])
    assert json.loads(model.model_validate_json(example).model_dump_json(exclude_none=True)) == EXAMPLES[name]
    assert DOCUMENT["components"]["schemas"][name]["examples"] == [EXAMPLES[name]]


def test_no_body_has_a_place_for_a_score() -> None:
    """No schema has a field with score, similarity, distance or threshold in its name, nor any fraction."""
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for field, kind in schema.get("properties", {}).items():
            assert not any(word in field for word in ("score", "similar", "distance", "threshold", "template")), name
            assert kind.get("type") != "number", f"{name}.{field}"


def test_the_page_in_docs_is_current() -> None:
    """docs/api.md is what scripts/make_api_docs.py writes."""
    assert make_api_docs.PAGE.read_text("utf-8") == make_api_docs.page()


@pytest.mark.parametrize(
    "kind",
    [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CountenanceError)],
)
def test_every_boundary_has_its_problem(kind: type[errors.CountenanceError]) -> None:
    """Any error of ours becomes a problem with its own code, sentence, remedy and status, and a title for people."""
    problem = problem_of(kind("boundary.fault", "It is so.", remedy="Do this."))
    assert (problem.code, problem.detail, problem.remedy, problem.status) == (
        "boundary.fault", "It is so.", "Do this.", kind.http_status,
    )  # fmt: skip
    assert problem.title


def test_instances_are_never_the_same() -> None:
    """Two problems of one kind can be told apart in the log."""
    error = errors.NotFound("boundary.fault", "It is so.", remedy="Do this.")
    assert problem_of(error).instance != problem_of(error).instance


def test_faults_never_repeat_what_was_sent() -> None:
    """A validator's own words, which may quote the input, are not passed on."""
    fault = {"type": "value_error", "loc": ("body", "claim"), "msg": "Value error, secret is bad", "input": "secret"}
    problem = invalid_problem([fault])
    assert "secret" not in problem.model_dump_json()
    assert [one.field for one in problem.errors or ()] == ["/claim"]


def test_statuses_have_meanings() -> None:
    """Every status that an operation documents, and every one of the transport that routes answer, is explained."""
    documented = {int(status) for _, operation in OPERATIONS for status in operation["responses"] if status >= "400"}
    assert documented <= set(MEANINGS)
    assert set(TRANSPORT_PROBLEMS) - {405} <= set(MEANINGS)
