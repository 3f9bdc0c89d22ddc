"""Limits over HTTP and from the command line: suspended and resumed, lanes without a camera, gates, full galleries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countenance.terms import Role
from fakes.command_line import countenance
from fakes.extractor import face
from fakes.http import ADULT, Counter, announce, assert_problem, capture_body, counter_at
from fakes.world import gate_charter, land_charter

GAUGE = "countenance_suspensions "


def metric(counter: Counter, name: str) -> float:
    """Return one number of /metrics."""
    text = counter.get("/metrics", Role.ADMINISTRATOR).text
    (line,) = [line for line in text.splitlines() if line.startswith(name)]
    return float(line.split()[-1])


def suspend(counter: Counter) -> None:
    """Let so many people in a row be referred that chance does not explain it."""
    for _ in range(17):
        counter.capture(counter.opened(), face("bob", 1), face("ann", 2))


def test_staff_go_on_where_it_is_a_duty_and_a_supervisor_resumes(tmp_path: Path) -> None:
    """Suspended: an ordinary check that is recorded, the contact told, a gauge; resumed from the command line (W-9)."""
    duty = land_charter().replace(b"\nnotices:", b"\nlegal_duty: true\nnotices:", 1)
    with counter_at(tmp_path / "site", duty, gate_charter()) as counter:
        announce(counter)
        site, body = counter.world.path, {"checkpoint": "lane-2", "eligibility": ADULT}
        assert metric(counter, GAUGE) == 0
        suspend(counter)
        assert metric(counter, GAUGE) == 1
        decoded = counter.world.extractor.frames_decoded
        answer = counter.post("/encounters", body)
        assert answer.status_code == 200
        assert (answer.json()["reason"], answer.json()["next_step"]) == ("suspended.referral_limit", "manual_check")
        assert answer.json()["receipt"]["commitment"]
        assert counter.world.extractor.frames_decoded == decoded
        told = [one for one in counter.get("/notifications", Role.SUPERVISOR).json() if one["telling"] == "suspended"]
        assert [one["contact"] for one in told] == ["privacy@example.invalid"]
        listed = countenance("suspension", "list", site)
        for part in ("land-test", "by staff", "privacy@example.invalid"):
            assert part in listed.out
        resume = ("suspension", "resume", site, "land-test", "--named", "R. Ortiz", "--reason", "lamp replaced")
        assert "works again" in countenance(*resume).out
        assert (metric(counter, GAUGE), counter.post("/encounters", body).status_code) == (0, 201)
        assert "suspended" not in counter.get("/notifications", Role.SUPERVISOR).text
        assert countenance(*resume).status == 3


def test_frames_to_a_lane_without_a_camera_are_dropped_and_counted(tmp_path: Path) -> None:
    """The lane's device sends: 409, nothing decoded, each frame in countenance_frames_dropped (CBP-18)."""
    first, second = land_charter().decode().split("  - id: lane-2")
    charter = first + "  - id: lane-2" + second.replace("biometric: true", "biometric: false", 1)
    with counter_at(tmp_path / "site", charter.encode()) as counter:
        answer = counter.post("/encounters", {"checkpoint": "lane-2", "eligibility": ADULT})
        assert (answer.status_code, answer.json()["reason"]) == (200, "checkpoint.not_biometric")
        key = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
        device = {"device": "camera-2", "public_key": key, "checkpoints": ["lane-2"]}
        assert counter.post("/devices", device, Role.ADMINISTRATOR).status_code == 201
        token = counter.opened("lane-1")
        sent = counter.capture(token, face("ann", 1), face("ann", 2), Device="camera-2")
        assert sent.json()["code"] == "encounter.frames_dropped", sent.text
        assert metric(counter, "countenance_frames_dropped_total") == 2
        assert metric(counter, "countenance_frames_decoded_total") == 0


@pytest.mark.parametrize("who, outcome", [("ann", "match"), ("bob", "no_match")])
def test_a_gate_partners_device_learns_no_more_than_match_or_not(tmp_path: Path, who: str, outcome: str) -> None:
    """An airline's camera at the gate gets the word, and neither whom nor why; boarding twice is a no-match to it."""
    with counter_at(tmp_path / "site") as counter:
        partner = {
            "partner": "airline-1", "name": "Airline One", "contact": "ops@airline.example", "obligation": "FILE-7",
            "obliged": "2026-11-01",
        }  # fmt: skip
        assert counter.post("/partners", partner, Role.ADMINISTRATOR).status_code == 201
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw().hex()
        device = {"device": "gate-cam", "public_key": public, "checkpoints": ["gate-1"], "partner": "airline-1"}
        assert counter.post("/devices", device, Role.ADMINISTRATOR).status_code == 201
        holder = {"holder": "device:gate-cam", "role": "device", "device": "gate-cam"}
        key = {"Authorization": f"Bearer {counter.post('/keys', holder, Role.ADMINISTRATOR).json()['api_key']}"}
        counter.post("/galleries", {"gallery": "flight", "checkpoint": "gate-1"}, Role.SUPERVISOR)
        counter.enrol("flight", [("r1", face("ann"))])
        for expected in (outcome, "no_match"):
            opened = counter.client.post(
                "/encounters", json={"checkpoint": "gate-1", "eligibility": ADULT, "gallery": "flight"}, headers=key
            ).json()
            body = capture_body(face(who, 1))
            headers = {**counter.signed(opened["token"], body), **key}
            told: dict[str, Any] = counter.client.post("/identifications", content=body, headers=headers).json()
            assert told["outcome"] == expected, told
            assert (told["reference_id"], told["reason"], told["rules"], told["advice"]) == ("", "", [], "")
            assert (told["receipt"]["facts"], told["operating_point"]) == ("", "")


def test_a_gallery_takes_no_more_than_the_charter_allows(tmp_path: Path) -> None:
    """With two allowed the third row is answered gallery.full, is not enrolled, and the two are searched as ever."""
    small = gate_charter().replace(b"max_gallery_size: 420", b"max_gallery_size: 2")
    with counter_at(tmp_path / "site", land_charter(), small) as counter:
        counter.post("/galleries", {"gallery": "flight", "checkpoint": "gate-1"}, Role.SUPERVISOR)
        rows = counter.enrol("flight", [(name, face(name)) for name in ("ann", "bob", "cy")])
        assert [(row["verdict"], row["reason"]) for row in rows[:3]] == [
            ("enrolled", ""), ("enrolled", ""), ("full", "gallery.full"),
        ]  # fmt: skip
        (card,) = counter.get("/galleries").json()
        assert card["size"] == 2
        token = counter.opened("gate-1", gallery="flight", claim="")
        assert counter.capture(token, face("bob", 1)).json()["outcome"] == "match"
        assert_problem(counter.post("/galleries", {"gallery": "x", "checkpoint": "lane-1"}, Role.SUPERVISOR), 409,
                       "gallery.not_allowed")  # fmt: skip
