"""Monitoring over HTTP and from the command line of a served site: the same figures, roles apart, no small cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from countenance.interfaces.cli.commands.monitoring import REASONS
from countenance.interfaces.client import Client
from countenance.interfaces.doors import LocalDoors
from countenance.terms import DAY_MS, ClearanceReason, Role
from fakes.command_line import countenance
from fakes.extractor import face
from fakes.http import Counter, announce, assert_problem, counter_at
from fakes.world import START

TODAY = "2026-12-01"
TALLY = {"checkpoint": "lane-1", "day": TODAY, "presented": 100, "source": "officer-tally"}
CLEARANCE = {"checkpoint": "lane-1", "reason": "skipped-family", "people": 12}


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Stand at the counter of a new site."""
    with counter_at(tmp_path / "site") as counter:
        yield counter


def cross(counter: Counter, document: str = "ann", **fields: Any) -> dict[str, Any]:
    """Let one person cross lane-1 and return the reply."""
    reply: dict[str, Any] = counter.capture(counter.opened(**fields), face("ann", 1), face(document, 2)).json()
    return reply


def lane(report: dict[str, Any]) -> dict[str, Any]:
    """Return lane-1's part of a report."""
    return next(one for one in report["checkpoints"] if one["checkpoint"] == "lane-1")


def test_twenty_of_a_hundred_skipped_by_way_of_the_command_line(counter: Counter, tmp_path: Path) -> None:
    """Eighty people cross a served site, a hundred are tallied, twelve noted as skipped: drift says 80 %, 8 unknown."""
    for _ in range(80):
        cross(counter)
    announce(counter)
    site, key = counter.world.path, tmp_path / "auditor.key"
    key.write_text(counter.world.created.api_keys[Role.AUDITOR])
    noted = countenance("tally", site, "--checkpoint", "lane-1", "--presented", "100", "--day", TODAY)
    assert noted.status == 0, noted.err
    why = ("--reason", "skipped-wheelchair-user", "--people", "12")
    assert countenance("clearance", site, "--checkpoint", "lane-1", *why).status == 0
    shown = countenance("drift", site, "--key-file", key)
    assert shown.status == 0, shown.err
    assert "80.0 % (95 %: 71.1 to 86.7; of 100 people)" in shown.out
    assert "skipped-wheelchair-user 12" in shown.out
    assert "99 of 100 times within 726" in shown.out
    assert "No signal." in shown.out
    data = lane(countenance("drift", site, "--since", TODAY, "--key-file", key, "--json").data)
    assert (data["capture_rate"]["per_million"], data["match_rate"]["per_million"]) == (800_000, 1_000_000)
    assert (data["denominators"]["in_scope"], data["denominators"]["unexplained"]) == (100, 8)


def test_a_wrong_command_line_counts_nobody(counter: Counter) -> None:
    """Unknown reasons, sources and days are status 2; reading rates as a supervisor is refused with 3."""
    announce(counter)
    site = counter.world.path
    for wrong in (("--source", "guess"), ("--day", "yesterday")):
        assert countenance("tally", site, "--checkpoint", "lane-1", "--presented", "1", *wrong).status == 2
    assert countenance("clearance", site, "--checkpoint", "lane-1", "--reason", "bored").status == 2
    assert countenance("drift", site, "--since", "soon").status == 2
    assert countenance("drift", site).status == 3


def test_help_names_every_reason() -> None:
    """The command line's list of reasons is the terms'."""
    assert REASONS.split(", ") == list(ClearanceReason)


def test_both_ways_to_a_site_show_the_same(counter: Counter) -> None:
    """A client of the served site and the site opened here give the same report."""
    key = counter.world.created.api_keys
    with Client(str(counter.client.base_url), key[Role.AUDITOR]) as client:
        there = client.monitoring(START // DAY_MS)
    assert there == LocalDoors(counter.service, key[Role.AUDITOR]).monitoring(START // DAY_MS)
    assert (there["since"], there["until"]) == (TODAY, TODAY)


def test_a_signal_is_in_report_metrics_and_status(counter: Counter, tmp_path: Path) -> None:
    """Twelve people who are not matched signal: in the report, as a gauge, and as status 1 of drift."""
    for _ in range(12):
        cross(counter, "bob")
    report = counter.get("/monitoring", Role.ADMINISTRATOR).json()
    assert [(one["checkpoint"], one["monitor"]) for one in report["signals"]] == [("lane-1", "match-rate")]
    metrics = counter.get("/metrics", Role.SUPERVISOR).text
    assert 'countenance_monitoring_signals{checkpoint="lane-1",monitor="match-rate"} 1.0' in metrics
    assert 'countenance_monitoring_evidence{checkpoint="gate-1",monitor="impostor-tail"} 0.0' in metrics
    announce(counter)
    key = tmp_path / "auditor.key"
    key.write_text(counter.world.created.api_keys[Role.AUDITOR])
    shown = countenance("drift", counter.world.path, "--key-file", key)
    assert (shown.status, "match-rate: Fewer of the people captured" in shown.out) == (1, True)


def test_small_numbers_do_not_leave(counter: Counter) -> None:
    """With nine people nothing is told of them: no share, no denominators, no group, no reason."""
    for _ in range(8):
        cross(counter, stated={"sex": "female", "issuing_state": "UTO"})
    counter.post("/tallies", {**TALLY, "presented": 9})
    counter.post("/clearances", {**CLEARANCE, "people": 1})
    report = lane(counter.get("/monitoring", Role.AUDITOR).json())
    assert report["denominators"] is None
    rates = [report[name] for name in ("capture_rate", "match_rate", "confirmation_rate", "refusal_rate")]
    assert rates == [{"people": None, "needed": 30, "per_million": None, "low": None, "high": None}] * 4
    assert [(group["rows"], group["hidden"]) for group in report["groups"]] == [([], 1)] * 3
    assert "UTO" not in json.dumps(report)


def test_a_wait_is_ended_by_its_encounter(counter: Counter) -> None:
    """The reply's encounter_id names whose check is done; a second time is refused."""
    reply = counter.post("/opt-outs", Token=counter.opened()).json()
    body = {"checkpoint": "lane-1", "reason": "refused", "encounter": reply["encounter_id"]}
    assert counter.post("/clearances", body).status_code == 201
    assert_problem(counter.post("/clearances", body), 409, "count.cleared")


@pytest.mark.parametrize("path, body, field", [
    ("/tallies", {**TALLY, "presented": -1}, "/presented"),
    ("/tallies", {**TALLY, "day": "2026-02-30"}, "/day"),
    ("/tallies", {**TALLY, "day": "today"}, "/day"),
    ("/tallies", {**TALLY, "source": "guess"}, "/source"),
    ("/tallies", {**TALLY, "attempts": 5}, "/attempts"),
    ("/clearances", {**CLEARANCE, "people": 0}, "/people"),
    ("/clearances", {**CLEARANCE, "reason": "bored"}, "/reason"),
    ("/clearances", {**CLEARANCE, "encounter": "abc"}, "/encounter"),
    ("/clearances", {**CLEARANCE, "words": "x" * 201}, "/words"),
])  # fmt: skip
def test_what_does_not_fit_is_named(counter: Counter, path: str, body: dict[str, Any], field: str) -> None:
    """A body that does not fit its schema is refused with the field, and nobody is counted."""
    problem = assert_problem(counter.post(path, body), 422, "request.invalid")
    assert [fault["field"] for fault in problem["errors"]] == [field]


@pytest.mark.parametrize("stated", [{"sex": "guess"}, {"issuing_state": "utopia"}, {"race": "x"}])
def test_documents_state_known_words_only(counter: Counter, stated: dict[str, str]) -> None:
    """Sex is what a document says or unstated, a state is up to three capitals, and nothing else can be stated."""
    adult = {"person_class": "unknown", "age": 30, "refusal_offered": True}
    body = {"checkpoint": "lane-1", "eligibility": adult, "stated": stated}
    assert_problem(counter.post("/encounters", body), 422, "request.invalid")


def test_who_may_read_and_who_may_count(counter: Counter) -> None:
    """Auditors and administrators read, operators and supervisors count, devices do neither; days are days."""
    reading = {role: counter.get("/monitoring", role).status_code for role in Role}
    assert [role for role, status in reading.items() if status == 200] == [Role.AUDITOR, Role.ADMINISTRATOR]
    noting = {role: counter.post("/tallies", TALLY, role).status_code for role in Role}
    assert [role for role, status in noting.items() if status == 201] == [Role.OPERATOR, Role.SUPERVISOR]
    assert_problem(counter.get("/monitoring?since=soon", Role.AUDITOR), 422, "request.invalid")
    assert_problem(counter.post("/tallies", {**TALLY, "checkpoint": "nowhere"}), 404, "checkpoint.unknown")
    assert_problem(counter.post("/tallies", {**TALLY, "exempt": 101}), 409, "count.tally")
    assert counter.client.get("/monitoring").status_code == 401
