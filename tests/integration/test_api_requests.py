"""What is wrong with a request as HTTP is a problem like any other, and a fault of ours tells nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from countenance.interfaces.api import create_app
from countenance.interfaces.api.gate import REQUESTS_AT_ONCE
from fakes.http import ADULT, Counter, assert_problem, capture_body, counter_at, serving


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site."""
    with counter_at(tmp_path_factory.mktemp("requests") / "site") as counter:
        yield counter


def test_another_method_is_a_problem(counter: Counter) -> None:
    """A wrong method says which ones are taken."""
    response = counter.client.request("DELETE", "/galleries", headers=counter.key())
    assert_problem(response, 405, "request.method")
    assert response.headers["allow"]


@pytest.mark.parametrize(
    "body, status, code, field",
    [
        (b"{", 400, "request.malformed", ""),
        (b"\xff", 400, "request.malformed", ""),
        (b"[]", 422, "request.invalid", "/"),
        (b"{}", 422, "request.invalid", "/checkpoint"),
        (b'{"checkpoint":"lane-1","eligibility":{"person_class":"x","age":"1","refusal_offered":true}}', 422,
         "request.invalid", "/eligibility/age"),
        (b'{"checkpoint":"lane-1","eligibility":{"person_class":"x","age":1.5,"refusal_offered":true}}', 422,
         "request.invalid", "/eligibility/age"),
        (b'{"checkpoint":"lane-1","eligibility":{"person_class":"x","age":1,"refusal_offered":1}}', 422,
         "request.invalid", "/eligibility/refusal_offered"),
        (b'{"checkpoint":"lane-1","eligibility":{"person_class":"x","age":1,"refusal_offered":true},"x~/y":1}', 422,
         "request.invalid", "/x~0~1y"),
        (b'{"checkpoint":"' + b"a" * 70_000 + b'"}', 413, "request.too_large", ""),
    ],
)  # fmt: skip
def test_a_body_that_does_not_fit_names_the_field(
    counter: Counter, body: bytes, status: int, code: str, field: str
) -> None:
    """The problem points at the field and says what is expected there, and repeats nothing that was sent."""
    headers = {**counter.key(), "Content-Type": "application/json"}
    problem = assert_problem(counter.client.post("/encounters", content=body, headers=headers), status, code)
    assert not field or field in [fault["field"] for fault in problem["errors"]]
    assert "aaaa" not in str(problem)


def test_an_unknown_checkpoint_names_the_known_ones(counter: Counter) -> None:
    """A checkpoint that no charter names is 404 with what to use instead."""
    problem = assert_problem(
        counter.post("/encounters", {"checkpoint": "lane-9", "eligibility": ADULT}), 404, "checkpoint.unknown"
    )
    assert "lane-1" in problem["remedy"]


def test_a_fault_of_ours_tells_nothing(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    """An unexpected error is 500 with an instance; neither reply nor log repeats its message, the log says where."""
    app = create_app(counter.service)

    def broken() -> None:
        raise RuntimeError("the face of somebody")

    app.add_api_route("/broken", broken)
    with serving(app) as address, caplog.at_level(logging.ERROR):
        response = httpx.get(f"{address}/broken", headers=counter.key())
    problem = assert_problem(response, 500, "service.fault")
    assert "somebody" not in response.text + caplog.text
    assert problem["instance"] in caplog.text
    assert "RuntimeError at broken" in caplog.text
    assert "nosniff" in response.headers["x-content-type-options"]


def test_too_many_requests_at_once_are_told_so(counter: Counter) -> None:
    """Beyond the bound the answer is 503 at once with Retry-After, as a problem."""
    app = create_app(counter.service)
    with serving(app) as address:
        httpx.get(f"{address}/health/live")
        (gate,) = (layer for layer in layers(app) if type(layer).__name__ == "Gate")
        gate._inside = REQUESTS_AT_ONCE + 1
        response = httpx.get(f"{address}/health/live")
    assert_problem(response, 503, "request.busy")
    assert response.headers["retry-after"] == "1"


def layers(app: FastAPI) -> Iterator[object]:
    """Yield the app's ASGI layers from the outside in."""
    layer: object = app.middleware_stack
    while layer is not None:
        yield layer
        layer = getattr(layer, "app", None) or getattr(layer, "_app", None)


def test_photographs_have_two_addresses(counter: Counter) -> None:
    """A capture body sent anywhere else than to its two addresses is bounded as any other."""
    response = counter.client.post("/charters", content=capture_body(b"x" * 80_000), headers=counter.key())
    assert_problem(response, 413, "request.too_large")
