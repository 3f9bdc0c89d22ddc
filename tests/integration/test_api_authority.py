"""Why something is allowed, over HTTP: the same rules as on the command line, for everybody who is known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from countenance.bootstrap.explaining import explain_at_site
from countenance.interfaces.api.app import openapi_document
from countenance.interfaces.explained import explanation_data
from countenance.terms import Action, Actor, Role
from fakes.http import Counter, assert_problem, counter_at

ASKED = "/explanations?as=operator:17&action=verify&at=lane-1"


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site."""
    with counter_at(tmp_path_factory.mktemp("why") / "site") as counter:
        yield counter


@pytest.mark.parametrize("role", list(Role))
def test_everybody_who_is_known_may_ask_why(counter: Counter, role: Role) -> None:
    """An explanation holds nothing about a person, so every role may read it; strangers may not."""
    assert counter.get(ASKED, role).json()["allowed"]
    assert_problem(counter.client.get(ASKED), 401, "access.no_key")


def test_http_says_what_the_site_says(counter: Counter) -> None:
    """The service and the command line that reads the folder give the same explanation, field by field."""
    actor, now = Actor("operator:17", Role.OPERATOR, ""), counter.world.clock.now()
    local = explain_at_site(counter.world.path, actor, Action.VERIFY, "lane-1", now, None)
    assert counter.get(ASKED).json() == explanation_data(local)


def test_before_its_charter_a_checkpoint_tells_what_would_hold(counter: Counter) -> None:
    """On a day before the charter, it is named with its dates, and every other rule is answered as if it held."""
    asked = "/explanations?as=operator:17&action=identify&at=lane-1&on=2025-12-25&person_class=noncitizen&age=80"
    answer = counter.get(asked).json()
    rules = {rule["rule"]: rule for rule in answer["rules"]}
    assert list(rules) == [
        "charter/in-force", "charter/mode", "charter/camera", "builtin/operator-identify", "eligibility/exempt",
    ]  # fmt: skip
    assert "land-test version 1 begins there from 2026-11-21" in rules["charter/in-force"]["sentence"]
    assert (answer["allowed"], answer["charter"]) == (False, "")
    after = counter.get(asked.replace("12-25", "12-26")).json()["rules"][-1]
    assert "may not refuse" in after["sentence"]
    gone = counter.get(asked.replace("2025-12-25", "2019-12-25")).json()["rules"][-1]
    assert (gone["rule"], gone["passes"]) == ("eligibility/unknown", False)


def test_an_unknown_checkpoint_tells_the_known_ones(counter: Counter) -> None:
    """Whoever asks about a checkpoint that no charter names hears which ones there are."""
    rule = counter.get(ASKED.replace("lane-1", "lane-3")).json()["rules"][0]
    assert rule["sentence"] == "No charter names a checkpoint 'lane-3'; they name: gate-1, lane-1, lane-2."


def test_a_misspelt_class_is_told(counter: Counter) -> None:
    """A class that the charter names nowhere is named with the nearest one, and loses nothing."""
    rules = counter.get(f"{ASKED}&person_class=noncitizn&age=30").json()["rules"]
    assert rules[-2]["rule"] == "eligibility/unknown-class"
    assert "'noncitizen'" in rules[-2]["sentence"]
    assert "may refuse" in rules[-1]["sentence"]


def test_a_charter_can_be_asked_as_if_it_held(counter: Counter) -> None:
    """Named by its hash, a charter of the site answers for any day; a hash that is none of its own is told."""
    sha256 = counter.get(ASKED).json()["charter"]
    answer = counter.get(f"{ASKED}&on=2025-12-26&charter={sha256}").json()
    assert (answer["allowed"], answer["charter"], answer["rules"][0]["rule"]) == (True, sha256, "charter/as-if")
    assert_problem(counter.get(f"{ASKED}&charter={'0' * 64}"), 404, "charter.unknown")


def test_it_names_the_policy_and_the_charter(counter: Counter) -> None:
    """The rules come in the order in which a crossing asks them, each with its answer."""
    answer = counter.get(ASKED).json()
    assert [(rule["rule"], rule["passes"]) for rule in answer["rules"]] == [
        ("charter/in-force", True), ("charter/mode", True), ("charter/camera", True), ("builtin/operator-verify", True),
    ]  # fmt: skip
    assert len(answer["charter"]) == 64


@pytest.mark.parametrize("query, denying", [
    ("as=operator:17&action=identify&at=lane-1", "charter/mode"),
    ("as=operator:17&action=identify&at=lane-3&on=2025-12-26", "charter/names-checkpoint"),
    ("as=operator:17&action=verify&at=lane-1&on=2025-12-26", "charter/in-force"),
    ("as=auditor:1&action=verify&at=lane-1", "builtin/deny"),
    ("as=operator:17&action=export-record", "builtin/deny"),
    ("as=supervisor:1&action=screen&at=lane-1", "builtin/deny-screen"),
    ("as=device:&action=verify&at=lane-1", "builtin/deny-device"),
    ("as=operator:17&action=opt_out&at=lane-1&person_class=noncitizen&age=30", "eligibility/refusal"),
])  # fmt: skip
def test_a_denial_tells_which_rule_denied(counter: Counter, query: str, denying: str) -> None:
    """Each way of not being allowed names the rule that says so."""
    answer = counter.get(f"/explanations?{query}").json()
    assert not answer["allowed"]
    assert denying in [rule["rule"] for rule in answer["rules"] if not rule["passes"]]


def test_the_law_of_the_day_is_told(counter: Counter) -> None:
    """What holds for a class of people comes with the law and the date since which it holds (CBP-30)."""
    asked = f"{ASKED}&person_class=noncitizen&age=80"
    (told,) = [rule for rule in counter.get(asked).json()["rules"] if rule["rule"].startswith("eligibility/")]
    assert told["passes"]
    assert "90 FR 48604" in told["sentence"]
    assert "offered nothing" in told["sentence"]


@pytest.mark.parametrize("query, field", [
    ("as=nobody:1&action=verify", "as"), ("as=operator:1&action=fly", "action"),
    ("as=operator:1&action=verify&on=yesterday", "on"), ("as=operator:1&action=verify&age=-2", "age"),
    ("action=verify", "as"),
])  # fmt: skip
def test_a_question_that_cannot_be_read_is_told(counter: Counter, query: str, field: str) -> None:
    """An unknown role, action or day is 422 and names the field."""
    assert field in str(assert_problem(counter.get(f"/explanations?{query}"), 422, "request.invalid"))


def test_no_parameter_turns_screening_on() -> None:
    """No call takes a mode, a setting or anything else by which a public space could be looked at (W-2)."""
    document = openapi_document()
    named = {parameter["name"] for path in document["paths"].values() for call in path.values()
             for parameter in call.get("parameters", [])}  # fmt: skip
    asked = {name for schema in document["components"]["schemas"].values() for name in schema.get("properties", {})
             if schema.get("additionalProperties") is False}  # fmt: skip
    assert not {name for name in named | asked if "screen" in name or "public_space" in name}
    assert not any("screen" in path for path in document["paths"])
