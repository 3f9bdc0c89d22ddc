"""Custody over HTTP: a person sees and erases what is kept, evidence is locked; nobody is named in an address."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import pytest

from countenance.terms import Role
from fakes.extractor import face
from fakes.http import Counter, assert_problem, counter_at


@pytest.fixture
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site."""
    with counter_at(tmp_path_factory.mktemp("custody") / "site") as counter:
        yield counter


def referred(counter: Counter, claim: str) -> str:
    """Let somebody be referred after a no-match and cleared by a supervisor; return the encounter."""
    answer = counter.capture(counter.opened(claim=claim), face("somebody", 1), face("ann", 2)).json()
    encounter = str(answer["encounter_id"])
    step = counter.post(f"/referrals/{encounter}/steps", {"event": "clear"}, Role.SUPERVISOR)
    assert step.status_code == 201, step.text
    return encounter


def test_a_person_is_shown_and_erased(counter: Counter) -> None:
    """What is kept comes with its photographs; after the erasure nothing is known, and a second order says so."""
    referred(counter, "ann")
    shown = counter.post("/persons/access", {"person": "ann"}, Role.SUPERVISOR)
    assert shown.status_code == 200
    photographs = {one["photograph"] for one in shown.json()["kept"]} - {""}
    assert photographs == {b64encode(face("somebody", 1)).decode(), b64encode(face("ann", 2)).decode()}
    erased = counter.post("/persons/erasure", {"person": "ann", "reason": "request"}, Role.SUPERVISOR)
    assert erased.status_code == 200, erased.text
    assert erased.json()["encounters"] == 1
    again = counter.post("/persons/erasure", {"person": "ann", "reason": "request"}, Role.SUPERVISOR)
    assert_problem(again, 404, "person.unknown")
    assert "ann" not in counter.get("/record/bodies", Role.AUDITOR).text


def test_a_selfie_of_a_stranger_finds_nobody(counter: Counter) -> None:
    """A photograph that matches nobody is 404, one without a face 409, a body that is no JSON 422; nothing is kept."""
    for photograph, status, code in ((face("x"), 404, "person.unknown"), (b"blurred", 409, "custody.selfie")):
        body = {"photograph": b64encode(photograph).decode()}
        assert_problem(counter.post("/persons/selfie", body, Role.SUPERVISOR), status, code)
    assert counter.post("/persons/selfie", {"image": "x"}, Role.SUPERVISOR).status_code == 422
    assert counter.post("/persons/selfie", {"photograph": "no base64!"}, Role.SUPERVISOR).status_code == 422


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.DEVICE])
def test_who_runs_lanes_sees_and_erases_nobody(counter: Counter, role: Role) -> None:
    """Operators, auditors and devices are refused, whoever they ask about."""
    for path, body in (
        ("/persons/access", {"person": "ann"}), ("/persons/erasure", {"person": "ann", "reason": "request"}),
        ("/persons/selfie", {"photograph": ""}),
    ):  # fmt: skip
        assert_problem(counter.post(path, body, role), 403, "access.denied")
    assert_problem(counter.get("/holds", role), 403, "access.denied")


def test_evidence_is_locked_and_released(counter: Counter) -> None:
    """A hold is listed with reason, person and end, stops an erasure, and ends when it is released."""
    encounter = referred(counter, "ann")
    order = {"encounter": encounter, "reason": "court", "named": "Judge A", "days": 30}
    placed = counter.post("/holds", order, Role.SUPERVISOR)
    assert placed.status_code == 201
    (listed,) = counter.get("/holds", Role.SUPERVISOR).json()
    assert (listed["named"], listed["reason"], listed["encounter"]) == ("Judge A", "court", encounter)
    erasing = {"person": "ann", "reason": "request"}
    assert_problem(counter.post("/persons/erasure", erasing, Role.SUPERVISOR), 409, "custody.held")
    released = counter.client.delete(f"/holds/{listed['hold']}", headers=counter.key(Role.SUPERVISOR))
    assert released.status_code == 200
    assert counter.get("/holds", Role.SUPERVISOR).json() == []
    assert counter.post("/holds", {**order, "days": 400}, Role.SUPERVISOR).status_code == 422
    assert counter.post("/persons/erasure", erasing, Role.SUPERVISOR).status_code == 200


def test_a_class_change_tells_how_many_clocks_it_shortened(counter: Counter) -> None:
    """The answer counts, and is recorded; an unknown encounter is 404."""
    encounter = referred(counter, "bob")
    changed = counter.post(f"/encounters/{encounter}/class", {"person_class": "citizen"}, Role.SUPERVISOR)
    assert changed.json()["shortened"] == 0
    assert changed.json()["receipt"]["signature"]
    nobody = counter.post(f"/encounters/{'0' * 32}/class", {"person_class": "citizen"}, Role.SUPERVISOR)
    assert_problem(nobody, 404, "encounter.unknown")
