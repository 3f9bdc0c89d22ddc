"""Cases and the ledger over HTTP, from the command line, and by both doors: the same rules, the same words."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countenance.interfaces.cli.commands import cases as commands
from countenance.terms import CaseEvent, OfficerReason, Role, SecondFact
from fakes.command_line import countenance
from fakes.extractor import face
from fakes.http import Counter, announce, assert_problem, capture_body, counter_at

ELIGIBILITY = {"person_class": "unknown", "age": 30, "refusal_offered": True}
FIND = {"event": "find", "second_facts": ["statement"], "named": "R. Ortiz"}
PARTNER = {
    "partner": "airline-1", "name": "Airline One", "contact": "ops@airline.example", "obligation": "FILE-7",
    "obliged": "2026-11-01",
}  # fmt: skip


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Stand at the counter of a new site."""
    with counter_at(tmp_path / "site") as counter:
        yield counter


PORTRAITS = count(3)
"""Whoever claims nothing has a document of their own: the same portrait twice is the same person."""


def no_match(counter: Counter, claim: str = "traveller-z") -> str:
    """Let somebody show another person's document; return the encounter."""
    portrait = face("ann", 2 if claim else next(PORTRAITS))
    reply = counter.capture(counter.opened(claim=claim), face("bob", 1), portrait).json()
    return str(reply["encounter_id"])


def step(counter: Counter, reference: str, body: dict[str, Any], role: Role = Role.SUPERVISOR) -> httpx.Response:
    """Do something with a referral."""
    return counter.post(f"/referrals/{reference}/steps", body, role)


# --- referrals --------------------------------------------------------------------------------------------------------
def test_a_no_match_waits_for_another_human(counter: Counter) -> None:
    """A supervisor sees the referral and its two photographs, no score; opening it is in the record."""
    no_match(counter)
    (listed,) = counter.get("/referrals", Role.SUPERVISOR).json()
    assert (listed["state"], listed["compared"], listed["steps"]) == ("secondary", "portrait", [])
    opened = counter.get(f"/referrals/{listed['referral_id']}", Role.SUPERVISOR).json()
    assert (b64decode(opened["probe"]), b64decode(opened["reference"])) == (face("bob", 1), face("ann", 2))
    assert "score" not in json.dumps(opened)
    assert "referral.opened" in counter.get("/record/bodies", Role.AUDITOR).text


def test_a_referral_past_its_clock_is_gone(counter: Counter) -> None:
    """When the charter's clock has run out nothing waits, and the photographs cannot be had."""
    no_match(counter)
    referral = counter.get("/referrals", Role.SUPERVISOR).json()[-1]["referral_id"]
    counter.world.clock.advance(12 * 3600 + 1)
    assert counter.get("/referrals", Role.SUPERVISOR).json() == []
    assert_problem(counter.get(f"/referrals/{referral}", Role.SUPERVISOR), 404, "referral.unknown")


def test_an_officer_cannot_clear_a_supervisor_can(counter: Counter) -> None:
    """An operator is answered case.no_override and the supervisor told; cleared, nothing waits (CBP-21)."""
    encounter = no_match(counter)
    assert_problem(step(counter, encounter, {"event": "clear"}, Role.OPERATOR), 409, "case.no_override")
    told = counter.get("/notifications", Role.SUPERVISOR).json()
    assert {one["telling"] for one in told} == {"no_match", "override_refused"}
    seen, *others = (one["notification"] for one in told)
    assert counter.post(f"/notifications/{seen}/seen", role=Role.SUPERVISOR).status_code == 201
    assert_problem(counter.post(f"/notifications/{seen}/seen", role=Role.SUPERVISOR), 404, "case.not_told")
    assert [one["notification"] for one in counter.get("/notifications", Role.SUPERVISOR).json()] == others
    done = step(counter, encounter, {"event": "clear"})
    assert done.status_code == 201
    assert (done.json()["referral"]["state"], done.json()["redress"]["standing"]) == ("cleared", "You were cleared.")
    assert counter.get("/referrals", Role.SUPERVISOR).json() == []
    assert counter.get("/notifications", Role.SUPERVISOR).json() == []


@pytest.mark.parametrize(
    "body, role, status, code",
    [
        ({"event": "find"}, Role.SUPERVISOR, 409, "case.second_fact"),
        ({"event": "find", "second_facts": ["statement"]}, Role.SUPERVISOR, 409, "case.named_person"),
        (FIND, Role.OPERATOR, 403, "access.denied"),
        ({"event": "contest"}, Role.OPERATOR, 409, "case.not_now"),
        ({"event": "override"}, Role.SUPERVISOR, 422, "request.invalid"),
        ({"event": "find", "second_facts": ["looks"]}, Role.SUPERVISOR, 422, "request.invalid"),
        ({"event": "clear", "score": 1}, Role.SUPERVISOR, 422, "request.invalid"),
        ({"event": "clear"}, Role.DEVICE, 403, "access.denied"),
    ],
)
def test_what_may_not_be_done_is_a_problem(
    counter: Counter, body: dict[str, Any], role: Role, status: int, code: str
) -> None:
    """Without a second fact, without a name, by the wrong role, in the wrong state, or in no word of ours: refused."""
    encounter = no_match(counter)
    assert_problem(step(counter, encounter, body, role), status, code)
    assert counter.get("/referrals", Role.SUPERVISOR).json()[0]["state"] == "secondary"


def test_decided_contested_and_reviewed_by_another(counter: Counter) -> None:
    """Against the person on a statement, contested through the auditor, and not reviewed by who decided."""
    encounter = no_match(counter)
    assert step(counter, encounter, FIND).json()["referral"]["state"] == "adverse"
    contested = step(counter, encounter, {"event": "contest"}, Role.AUDITOR).json()["referral"]
    assert contested["state"] == "contested"
    assert contested["kept_until"] > contested["expires_at"]
    assert_problem(step(counter, encounter, {"event": "correct"}), 409, "case.same_person")
    holder = {"holder": "supervisor:2", "role": "supervisor"}
    key = counter.post("/keys", holder, Role.ADMINISTRATOR).json()["api_key"]
    answer = counter.client.post(
        f"/referrals/{encounter}/steps", json={"event": "correct"}, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.json()["referral"]["state"] == "corrected"
    assert [one["event"] for one in answer.json()["referral"]["steps"]] == ["find", "contest", "correct"]
    assert "Ortiz" not in answer.text


def test_the_receipt_prints(counter: Counter) -> None:
    """As JSON and as a page that fetches nothing: reference, charter, contact; no claim, no score, nothing of HTML."""
    encounter = no_match(counter)
    told = counter.get(f"/referrals/{encounter}/redress").json()
    page = counter.get(f"/referrals/{encounter}/redress/page")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for part in (told["reference"], told["charter"], told["contact"], "Test controller, 1 Test Street"):
        assert part in page.text
        assert part in told["text"]
    for hidden in ("traveller-z", "score", "<script", "http://", "https://"):
        assert hidden not in page.text
    assert_problem(counter.get("/referrals/nothing/redress"), 404, "referral.unknown")


def test_a_match_is_referred_all_the_same(counter: Counter) -> None:
    """An operator refers after a match and gets the receipt to hand over; an unknown encounter is 404."""
    reply = counter.capture(counter.opened(), face("ann", 1), face("ann", 2)).json()
    body = {"encounter": reply["encounter_id"], "reason": "document_fault", "words": "laminate"}
    referred = counter.post("/referrals", body)
    assert referred.status_code == 201
    assert referred.json()["referral"]["state"] == "waiting"
    assert_problem(counter.post("/referrals", body), 409, "case.already_referred")
    assert_problem(counter.post("/referrals", {**body, "encounter": "0" * 32}), 404, "encounter.unknown")
    assert_problem(counter.post("/referrals", {**body, "reason": "looks"}), 422, "request.invalid")


# --- limits -----------------------------------------------------------------------------------------------------------
def test_a_suspended_charter_refuses_and_is_resumed(counter: Counter) -> None:
    """After too many referrals encounters are 403 with whom to tell; a supervisor resumes by name and reason."""
    for _ in range(17):
        no_match(counter, "")
    body = {"checkpoint": "lane-1", "eligibility": ELIGIBILITY}
    problem = assert_problem(counter.post("/encounters", body), 403, "charter.suspended")
    assert "privacy@example.invalid" in problem["remedy"]
    (stopped,) = counter.get("/suspensions", Role.SUPERVISOR).json()
    assert (stopped["charter_id"], stopped["contact"]) == ("land-test", "privacy@example.invalid")
    resume = "/suspensions/land-test/resumption"
    assert_problem(counter.post(resume, {"named": "", "reason": "x"}, Role.SUPERVISOR), 422, "request.invalid")
    assert_problem(counter.post(resume, {"named": "R", "reason": "x"}, Role.OPERATOR), 403, "access.denied")
    assert counter.post(resume, {"named": "R. Ortiz", "reason": "lamp"}, Role.SUPERVISOR).status_code == 201
    assert counter.post("/encounters", body).status_code == 201


# --- people and devices -----------------------------------------------------------------------------------------------
def test_an_expired_training_is_refused_at_the_door(counter: Counter) -> None:
    """After its day an operator's key is answered 403 with what to do; before the camera and everywhere else."""
    trained = {"holder": "operator:1", "course": "Lane course", "until": "2026-12-02"}
    assert counter.post("/trainings", trained, Role.ADMINISTRATOR).status_code == 201
    assert counter.get("/charters").status_code == 200
    counter.world.clock.advance(86_400)
    body = {"checkpoint": "lane-1", "eligibility": ELIGIBILITY}
    problem = assert_problem(counter.post("/encounters", body), 403, "access.training_expired")
    assert "staff train" in problem["remedy"]
    (listed,) = counter.get("/trainings", Role.AUDITOR).json()
    assert (listed["holder"], listed["in_date"]) == ("operator:1", False)
    bad = {**trained, "until": "2026-13-01"}
    assert_problem(counter.post("/trainings", bad, Role.ADMINISTRATOR), 422, "request.invalid")


def test_a_partners_device_learns_match_or_no_match(counter: Counter) -> None:
    """A partner's device is enrolled after its obligation is on record, and is told neither reason nor facts."""
    private = Ed25519PrivateKey.generate()
    device = {
        "device": "gate-cam", "public_key": private.public_key().public_bytes_raw().hex(), "checkpoints": ["lane-1"],
        "partner": "airline-1",
    }  # fmt: skip
    assert_problem(counter.post("/devices", device, Role.ADMINISTRATOR), 403, "access.unknown_partner")
    assert counter.post("/partners", PARTNER, Role.ADMINISTRATOR).status_code == 201
    assert counter.post("/devices", device, Role.ADMINISTRATOR).status_code == 201
    holder = {"holder": "device:gate-cam", "role": "device", "device": "gate-cam"}
    key = counter.post("/keys", holder, Role.ADMINISTRATOR).json()["api_key"]
    reply = counter.capture(counter.opened(), face("bob", 1), face("ann", 2)).json()
    assert reply["receipt"]["facts"]
    body = capture_body(face("bob", 1), face("ann", 2))
    headers = {**counter.signed(counter.opened(), body), "Authorization": f"Bearer {key}"}
    told = counter.client.post("/verifications", content=body, headers=headers)
    assert "server-timing" not in told.headers
    answer = told.json()
    assert (answer["outcome"], answer["reason"], answer["rules"], answer["advice"]) == ("no_match", "", [], "")
    assert (answer["receipt"]["facts"], answer["operating_point"]) == ("", "")
    assert answer["receipt"]["commitment"]
    audit = {"passed": True, "reference": "REPORT-1"}
    assert counter.post("/partners/airline-1/audits", audit, Role.AUDITOR).status_code == 201
    (line,) = counter.get("/partners", Role.AUDITOR).json()
    assert (line["devices"], line["overdue"], line["audits"][0]["passed"]) == (["gate-cam"], False, True)


# --- the command line -------------------------------------------------------------------------------------------------
def test_a_referral_by_way_of_the_command_line(counter: Counter, tmp_path: Path) -> None:
    """Listed, printed, refused without a fact, decided, told and acknowledged: through the served site."""
    encounter = no_match(counter)
    announce(counter)
    site, page = counter.world.path, tmp_path / "receipt.html"
    assert "secondary" in countenance("referrals", site).out
    assert "YOUR RECEIPT" in countenance("referral", "receipt", site, encounter).out
    assert countenance("referral", "receipt", site, encounter, "--html", page).status == 0
    assert "<h1>A human had to look" in page.read_text()
    bare = countenance("referral", "step", site, encounter, "find", "--named", "R. Ortiz")
    assert (bare.status, "[case.second_fact]" in bare.err) == (3, True)
    assert countenance("referral", "step", site, encounter, "wave-through").status == 2
    assert countenance("referral", "step", site, encounter, "find", "--second-fact", "looks").status == 2
    assert countenance("referral", "refer", site, encounter, "--reason", "looks").status == 2
    told = countenance("referral", "told", site, "--json").data["notifications"]
    assert countenance("referral", "told", site, "--seen", told[0]["notification"]).out.strip() == "Nothing to see."
    done = countenance("referral", "step", site, encounter, "clear", "--json")
    assert done.data["referral"]["state"] == "cleared"
    assert countenance("suspension", "list", site).out.strip() == "No charter is suspended."
    assert countenance("suspension", "resume", site, "x", "--named", "R", "--reason", "y").status == 3


def test_the_ledger_by_way_of_the_command_line(counter: Counter, tmp_path: Path) -> None:
    """Trained, bound, audited and listed; an overdue audit is status 1, like a training that is over."""
    announce(counter)
    site = counter.world.path
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        (tmp_path / role).write_text(counter.world.created.api_keys[role])
    admin, auditor = ("--key-file", tmp_path / "administrator"), ("--key-file", tmp_path / "auditor")
    train = ("staff", "train", site, "operator:1", "--course", "Lane course", "--until")
    assert countenance(*train, "2026-12-24", *admin).status == 0
    assert countenance(*train, "soon", *admin).status == 2
    assert countenance("staff", "list", site, *auditor).status == 0
    add = ("partner", "add", site, "airline-1", "--name", "Airline One", "--contact", "ops", "--obligation", "FILE-7")
    assert countenance(*add, "--obliged", "2025-11-01", *admin).status == 0
    late = countenance("partner", "list", site, *auditor)
    assert (late.status, "OVERDUE" in late.out) == (1, True)
    assert countenance("partner", "audit", site, "airline-1", "--reference", "R-1", "--failed", *auditor).status == 0
    assert countenance("partner", "list", site, *auditor).status == 1
    counter.world.clock.advance(1)
    assert countenance("partner", "audit", site, "airline-1", "--reference", "R-2", *auditor).status == 0
    assert countenance("partner", "list", site, *auditor).status == 0


def test_help_names_every_word() -> None:
    """The command line's lists are the terms'."""
    assert commands.EVENTS.split(", ") == list(CaseEvent)
    assert commands.FACTS.split(", ") == list(SecondFact)
    assert commands.REASONS.split(", ") == list(OfficerReason)
