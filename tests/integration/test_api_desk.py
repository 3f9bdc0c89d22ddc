"""The desk over HTTP: the auditor's bundle, charters, metrics, keys, devices, health."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countenance.interfaces.api import create_app
from countenance.terms import Role
from fakes.extractor import face
from fakes.http import Counter, assert_problem, counter_at, serving
from fakes.points import EXTRAPOLATED, UNMEASURED, point_file
from fakes.world import gate_charter, land_charter


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site."""
    with counter_at(tmp_path_factory.mktemp("desk") / "site") as counter:
        yield counter


# --- auditor ----------------------------------------------------------------------------------------------------------
def test_the_export_opens_every_entry_and_is_recorded(counter: Counter) -> None:
    """The bundle holds an entry for what was just done, and the next one holds the export itself."""
    receipt = counter.capture(counter.opened(), face("ann", 1), face("ann", 2)).json()["receipt"]
    assert receipt["commitment"] in counter.get("/record/bodies", Role.AUDITOR).text
    assert "record.exported" in counter.get("/record/bodies", Role.AUDITOR).text


def test_one_entry_is_opened_at_a_time_and_each_opening_recorded(counter: Counter) -> None:
    """The auditor gets exactly what the bundle holds of it, and the record says who opened which entry."""
    receipt = counter.capture(counter.opened(), face("ann", 1), face("ann", 2)).json()["receipt"]
    answer = counter.get(f"/record/bodies/{receipt['commitment']}", Role.AUDITOR)
    assert answer.status_code == 200
    bundle = counter.get("/record/bodies", Role.AUDITOR).json()
    held = {body["commitment"]: body for body in bundle["entries"]}
    assert answer.json() == held[receipt["commitment"]]
    (opening,) = [facts for facts in map(facts_of, held.values()) if facts["event"] == "body.opened"]
    assert (opening["commitment"], opening["by"]) == (receipt["commitment"], "auditor:1")


def facts_of(body: dict[str, str]) -> dict[str, Any]:
    """Return a body's facts."""
    return dict(json.loads(body["facts"]))


def test_what_was_never_recorded_cannot_be_opened(counter: Counter) -> None:
    """Dummies and other numbers are 404, whatever else is said of them; nothing is recorded then."""
    before = counter.get("/record/bodies", Role.AUDITOR).text.count("body.opened")
    assert_problem(counter.get(f"/record/bodies/{'0' * 64}", Role.AUDITOR), 404, "record.no_such_entry")
    assert_problem(counter.get("/record/bodies/xyz", Role.AUDITOR), 422, "request.invalid")
    assert counter.get("/record/bodies", Role.AUDITOR).text.count("body.opened") == before


# --- charters ---------------------------------------------------------------------------------------------------------
def test_charters_say_why_and_by_which_law(counter: Counter) -> None:
    """Each charter is shown once with its checkpoints and the notices whose hashes it states."""
    charters = counter.get("/charters", Role.DEVICE).json()
    assert {one["charter_id"]: len(one["checkpoints"]) for one in charters} == {"land-test": 2, "gate-test": 1}
    for charter in charters:
        assert charter["in_force"] is True
        assert charter["legal_basis"]
        assert {one["notice_id"] for one in charter["checkpoints"]} <= {one["notice_id"] for one in charter["notices"]}
        assert "threshold" not in json.dumps(charter["operating_point"])
        assert charter["evidence"] == "unmeasured"


@pytest.mark.parametrize(
    "changes, word", [({}, "measured"), (EXTRAPOLATED, "extrapolated"), (UNMEASURED, "unmeasured")]
)
def test_what_stands_behind_a_charter_is_said_in_a_word(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, Any], word: str
) -> None:
    """Measured, unmeasured or extrapolated: readers learn it, without any rate or threshold."""
    data = point_file(**changes)
    path = tmp_path_factory.mktemp("evidence") / "site"
    charter = gate_charter(operating_point=sha256(data).hexdigest())
    with counter_at(path, charter, points=(data,)) as counter:
        (shown,) = counter.get("/charters").json()
    assert shown["evidence"] == word


def test_a_charter_out_of_date_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Past its end a charter is not in force: encounters are refused and the page can tell."""
    charter = land_charter(valid_until="2026-12-02T00:00:00Z")
    with counter_at(tmp_path_factory.mktemp("old") / "site", charter) as counter:
        token = counter.opened()
        counter.world.clock.advance(86_400)
        assert [one["in_force"] for one in counter.get("/charters").json()] == [False]
        body = {"checkpoint": "lane-1", "eligibility": {"person_class": "unknown", "age": 30, "refusal_offered": True}}
        assert_problem(counter.post("/encounters", body), 403, "charter.not_in_force")
        assert_problem(counter.capture(token, face("a", 1), face("a", 2)), 403, "charter.not_in_force")
        assert counter.world.extractor.frames_decoded == 0


# --- metrics ----------------------------------------------------------------------------------------------------------
def test_metrics_count_and_name_nobody(counter: Counter) -> None:
    """Outcomes are counted by checkpoint and reason, with stages, frames and the log; no id, claim or score."""
    token = counter.opened("lane-2", claim="pseudonym-q")
    reply = counter.capture(token, face("ann", 1), face("ann", 2)).json()
    counter.client.get("/galleries")
    metrics = counter.get("/metrics", Role.AUDITOR).text
    assert 'countenance_replies_total{checkpoint="lane-2",outcome="match",reason=""} 1.0' in metrics
    assert re.search(r'countenance_stage_seconds_count\{stage="live.decode"\} [1-9]', metrics)
    assert re.search(r'countenance_http_responses_total\{status="401"\} [1-9]', metrics)
    assert re.search(r"countenance_frames_decoded_total [1-9]", metrics)
    assert re.search(r"countenance_log_pending [1-9]", metrics)
    assert "countenance_log_head_age_seconds" in metrics
    for secret in (token, reply["encounter_id"], "pseudonym-q", "score", reply["receipt"]["commitment"]):
        assert secret not in metrics


# --- administration ---------------------------------------------------------------------------------------------------
def test_a_new_device_and_its_key_may_cross(counter: Counter) -> None:
    """An administrator enrols a device and issues its key; the device then opens encounters at its checkpoint alone."""
    key = Ed25519PrivateKey.generate()
    body = {"device": "camera-7", "public_key": key.public_key().public_bytes_raw().hex(), "checkpoints": ["lane-1"]}
    assert counter.post("/devices", body, Role.ADMINISTRATOR).status_code == 201
    holder = {"holder": "device:camera-7", "role": "device", "device": "camera-7"}
    issued = counter.post("/keys", holder, Role.ADMINISTRATOR).json()["api_key"]
    eligibility = {"person_class": "unknown", "age": 30, "refusal_offered": True}
    with httpx.Client(base_url=counter.client.base_url, headers={"Authorization": f"Bearer {issued}"}) as device:
        opened = device.post("/encounters", json={"checkpoint": "lane-1", "eligibility": eligibility})
        elsewhere = device.post("/encounters", json={"checkpoint": "lane-2", "eligibility": eligibility})
    assert opened.status_code == 201
    assert_problem(elsewhere, 403, "access.other_checkpoint")


@pytest.mark.parametrize(
    "path, body, status, code",
    [
        ("/keys", {"holder": "x", "role": "king"}, 422, "request.invalid"),
        ("/keys", {"holder": "x", "role": "device"}, 403, "access.key_without_device"),
        ("/keys", {"holder": "x", "role": "operator", "device": "d"}, 403, "access.key_without_device"),
        ("/devices", {"device": "d", "public_key": "00", "checkpoints": ["lane-1"]}, 422, "request.invalid"),
        ("/devices", {"device": "d", "public_key": "0" * 64, "checkpoints": []}, 422, "request.invalid"),
        ("/devices", {"device": "d", "public_key": "0" * 64, "checkpoints": ["nowhere"]}, 404, "checkpoint.unknown"),
    ],
)
def test_keys_and_devices_must_make_sense(
    counter: Counter, path: str, body: dict[str, object], status: int, code: str
) -> None:
    """Unknown roles, device keys without devices and devices without checkpoints are refused."""
    assert_problem(counter.post(path, body, Role.ADMINISTRATOR), status, code)


# --- health -----------------------------------------------------------------------------------------------------------
def test_health_says_what_is_missing(counter: Counter) -> None:
    """Ready while everything runs; 503 with the reason while the ticker does not; alive in both cases."""
    assert counter.client.get("/health/ready").json() == {"ready": True}
    front = counter.app.state.front
    front.ticker.failing = True
    try:
        problem = assert_problem(counter.client.get("/health/ready"), 503, "service.not_ready")
        assert (problem["ready"], problem["reasons"]) == (False, ["sweeper_or_log_failing"])
        assert counter.client.get("/health/live").json() == {"status": "live"}
    finally:
        front.ticker.failing = False


def test_before_and_after_serving_it_is_not_ready(counter: Counter) -> None:
    """Only while the ticker runs is the service ready."""
    app = create_app(counter.service)
    with serving(app) as address:
        assert httpx.get(f"{address}/health/ready").status_code == 200
        app.state.front.ticker.stop()
        problem = assert_problem(httpx.get(f"{address}/health/ready"), 503, "service.not_ready")
    assert problem["reasons"] == ["starting_or_stopping"]
