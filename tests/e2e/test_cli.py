"""The command line, end to end on one site: make it, cross, serve it and go over HTTP, export, audit, tamper."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fakes.command_line import Done, countenance, environment
from fakes.points import EXTRAPOLATED, UNMEASURED, point_file
from fakes.web import static


@dataclass(frozen=True, slots=True)
class Place:
    """A site for the tests of this file, in their order."""

    site: Path
    keys: Path
    made: Done

    def key(self, role: str) -> tuple[str, Path]:
        """Return the option that lets a command act in this role."""
        return ("--key-file", self.keys / f"{role}.key")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return a new site with a lane and a gate, its keys saved beside it."""
    folder = tmp_path_factory.mktemp("cli")
    made = countenance(
        "init", folder / "site", "--profile", "land-pedestrian", "--profile", "air-gate", "--set", "place=A test",
        "--set", "air-gate.controller=Test Air", "--save-keys", folder / "keys", "--json",
    )  # fmt: skip
    return Place(folder / "site", folder / "keys", made)


@pytest.fixture(scope="module")
def crossed(place: Place, photos: Path) -> Done:
    """Return a verification of two photographs of one person, with nobody serving; its receipt is saved."""
    return countenance(
        "verify", place.site, "--checkpoint", "lane-1", "--portrait", photos / "person_b_1.jpg",
        "--live", photos / "person_b_2.jpg", "--age", "42", "--refusal-offered",
        "--save-receipt", place.keys / "receipt.json", "--json",
    )  # fmt: skip


@pytest.fixture(scope="module")
def served(place: Place, crossed: Done) -> Iterator[subprocess.Popen[str]]:
    """Serve the site until the tests that need it are done, then stop it as an administrator does."""
    program = [sys.executable, "-W", "error", "-m", "countenance", "serve", str(place.site), "--port", "0"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("countenance serves ")
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert not (place.site / "run.json").exists()


# --- with nobody serving ---------------------------------------------------------------------------------------------
def test_init_makes_a_site_and_shows_its_keys_once(place: Place) -> None:
    """Every role gets a key, in files that only their owner reads; the site itself keeps none of them."""
    assert place.made.status == 0, place.made.err
    keys = place.made.data["api_keys"]
    assert set(keys) == {"operator", "supervisor", "auditor", "administrator", "device"}
    for role, key in keys.items():
        assert (place.keys / f"{role}.key").read_text().strip() == key
        assert (place.keys / f"{role}.key").stat().st_mode & 0o777 == 0o600
    kept = b"".join(path.read_bytes() for path in place.site.rglob("*") if path.is_file())
    assert not [role for role, key in keys.items() if key.encode() in kept]
    assert "Test Air" in (place.site / "charters" / "air-gate.yaml").read_text("utf-8")
    assert "Test Air" not in (place.site / "charters" / "land-pedestrian.yaml").read_text("utf-8")


def test_init_never_makes_a_site_over_another(place: Place) -> None:
    """A folder that is not empty is refused with status 4, and what is in it stays."""
    done = countenance("init", place.site)
    assert (done.status, done.out) == (4, "")
    assert "[site.not_empty]" in done.err


def test_charter_check_says_what_is_allowed(place: Place) -> None:
    """A charter made by init is valid and in force; one with a fault is refused with status 3 and named."""
    charter = place.site / "charters" / "land-pedestrian.yaml"
    assert "Valid and in force." in countenance("charter", "check", charter).out
    broken = place.keys / "broken.yaml"
    broken.write_text(charter.read_text("utf-8").replace("mode: verify", "mode: guess"), "utf-8")
    done = countenance("charter", "check", broken)
    assert done.status == 3
    assert "mode" in done.err


def test_verify_answers_with_a_receipt_and_no_score(crossed: Done) -> None:
    """Two photographs of one person match: status 0, rules, operating point and receipt; a score is nowhere."""
    assert crossed.status == 0, crossed.err
    assert crossed.data["outcome"] == "match"
    assert crossed.data["receipt"]["commitment"]
    assert crossed.data["operating_point"]
    assert '"score"' not in crossed.out


# --- while it is served: the same commands, over HTTP ----------------------------------------------------------------
def test_a_second_service_is_refused(place: Place, served: subprocess.Popen[str]) -> None:
    """One process serves a site; the second is told so in a sentence that names the first, with status 4."""
    done = countenance("serve", place.site, "--port", "0")
    assert done.status == 4
    assert f"in use by another process (pid {served.pid})" in done.err


def test_no_match_is_referred_to_an_officer(place: Place, served: subprocess.Popen[str], photos: Path) -> None:
    """Two people do not match: status 1, an officer looks, and the referral waits for a supervisor."""
    done = countenance(
        "verify", place.site, "--checkpoint", "lane-2", "--portrait", photos / "person_b_1.jpg", "--live",
        photos / "impostor_2.jpg", "--age", "42", "--refusal-offered", "--json",
    )  # fmt: skip
    assert (done.status, done.data["outcome"]) == (1, "no_match"), done.err
    assert done.data["next_step"] == "refer_to_officer"
    waiting = countenance("referrals", place.site, "--json")
    assert [item["reason"] for item in waiting.data["referrals"]] == ["no_match"]
    reference = done.data["encounter_id"]
    assert "YOUR RECEIPT" in countenance("referral", "receipt", place.site, reference).out
    own = countenance("referral", "step", place.site, reference, "clear")
    assert (own.status, "[case.same_person]" in own.err) == (3, True)
    assert countenance("referral", "step", place.site, reference, "clear", *place.key("supervisor")).status == 0


def test_verify_needs_the_offer_to_refuse(place: Place, served: subprocess.Popen[str], photos: Path) -> None:
    """Who was not told that they may refuse is not compared: status 3, and nothing is decoded."""
    one = photos / "person_b_1.jpg"
    done = countenance("verify", place.site, "--checkpoint", "lane-1", "--portrait", one, "--live", one, "--age", "42")
    assert (done.status, done.out) == (3, "")
    assert "[encounter.refusal_not_offered]" in done.err


def test_opt_out_is_a_manual_check_and_no_more(place: Place, served: subprocess.Popen[str]) -> None:
    """Refusing succeeds without a reason, and leads to the ordinary manual check."""
    done = countenance("opt-out", place.site, "--checkpoint", "lane-1", "--age", "42", "--json")
    assert done.status == 0, done.err
    assert (done.data["outcome"], done.data["next_step"]) == ("opted_out", "manual_check")


def test_an_operator_keeps_no_gallery(place: Place, served: subprocess.Popen[str]) -> None:
    """Who runs a lane may not open a gallery: status 3."""
    done = countenance("gallery", "open", place.site, "other", "--checkpoint", "gate-1", *place.key("operator"))
    assert done.status == 3
    assert "[access.denied]" in done.err


def test_a_gallery_is_filled_searched_and_closed(place: Place, served: subprocess.Popen[str], photos: Path) -> None:
    """Each row has its verdict, one not enrolled makes the status 1; who is in it is found, until it closes."""
    noise = place.keys / "not-a-photograph.jpg"
    noise.write_bytes(b"\xff\xd8 no photograph")
    rows = place.keys / "rows.csv"
    rows.write_text(
        "path,reference_id,person_id,age\n"
        f"{photos / 'person_b_1.jpg'},seat-1,person-b,42\n"
        f"{photos / 'biden.jpg'},seat-2,person-c,\n"
        f"{noise},seat-3,person-x,30\n"
        f"{noise},seat-4,person-y,13\n"
    )
    assert countenance("gallery", "open", place.site, "flight", "--checkpoint", "gate-1").status == 0
    filled = countenance("gallery", "enrol", place.site, "flight", rows, "--age", "70", "--json")
    verdicts = ["enrolled", "enrolled", "refused", "refused"]
    assert [row["verdict"] for row in filled.data["rows"]] == verdicts, filled.err
    assert filled.data["rows"][3]["reason"] == "outside_envelope.minimum_age"
    assert (filled.status, bool(filled.data["rows"][2]["advice"])) == (1, True)
    found = countenance(
        "identify", place.site, "--checkpoint", "gate-1", "--gallery", "flight", "--live", photos / "person_b_2.jpg",
        "--age", "42", "--refusal-offered", *place.key("operator"), "--json",
    )  # fmt: skip
    assert (found.status, found.data["outcome"], found.data["reference_id"]) == (0, "match", "seat-1"), found.err
    assert countenance("gallery", "remove", place.site, "flight", "seat-2").status == 0
    listed = countenance("gallery", "list", place.site, "--json").data["galleries"]
    assert [(card["gallery_id"], card["size"], card["searches"]) for card in listed] == [("flight", 1, 1)]
    assert countenance("gallery", "close", place.site, "flight").status == 0
    assert "closed" in countenance("gallery", "list", place.site).out


def test_keys_and_devices_are_the_administrators(place: Place, served: subprocess.Popen[str]) -> None:
    """A device is enrolled and a key issued by an administrator; the new key works at once."""
    admin = place.key("administrator")
    enrolled = countenance(
        "device", "enrol", place.site, "cam-7", "--public-key", "ab" * 32, "--checkpoint", "lane-1", *admin
    )
    assert enrolled.status == 0, enrolled.err
    issued = countenance("key", "issue", place.site, "--role", "auditor", "--holder", "auditor:2", *admin, "--json")
    assert issued.status == 0, issued.err
    key = place.keys / "second-auditor.key"
    key.write_text(issued.data["api_key"])
    bundle = place.keys / "bundle.json"
    exported = countenance("record", "export", place.site, "--out", bundle, "--key-file", key, "--json")
    assert exported.status == 0, exported.err
    assert bundle.stat().st_mode & 0o777 == 0o600
    assert json.loads(bundle.read_text())["entries"]


def test_a_served_site_signs_nothing(place: Place, served: subprocess.Popen[str]) -> None:
    """While a service decides, no operating point is signed: status 4, and what to do."""
    done = countenance("operating-point", "sign", place.site, point_at(place))
    assert done.status == 4
    assert "[site.locked]" in done.err


def point_at(place: Place) -> Path:
    """Return an operating point file beside the site."""
    path = place.keys / "operating-point.json"
    path.write_bytes(point_file(issued="2026-01-01T00:00:00Z", expires="2028-12-31T00:00:00Z"))
    return path


# --- what outsiders do, after a clean stop ---------------------------------------------------------------------------
@pytest.fixture(scope="module")
def stopped(place: Place, served: subprocess.Popen[str]) -> Place:
    """Stop the service cleanly: what was pending is published."""
    served.send_signal(signal.SIGTERM)
    assert served.wait(30) == 0
    return place


def test_the_log_is_audited_with_bodies_and_receipt(stopped: Place) -> None:
    """The log holds, the auditor's bundle and the receipt that verify gave out included."""
    done = countenance(
        "audit", stopped.site, "--key", stopped.site / "keys" / "log.pub", "--bodies", stopped.keys / "bundle.json",
        "--receipt", stopped.keys / "receipt.json",
    )  # fmt: skip
    assert done.status == 0, done.out
    assert "No fault" in done.out
    assert "FAULT" not in done.out


def test_the_census_is_written_from_the_bundle(stopped: Place, tmp_path: Path) -> None:
    """A row for every encounter, and the same in --json; a second audit remembers the first and finds the same log."""
    arguments = (
        "audit", stopped.site, "--key", stopped.site / "keys" / "log.pub", "--bodies", stopped.keys / "bundle.json",
        "--state", tmp_path / "state",
    )  # fmt: skip
    told = countenance(*arguments, "--census", tmp_path / "census.csv", "--json").data
    lines = (tmp_path / "census.csv").read_text("utf-8").splitlines()
    assert len(lines) == len(told["census"]["rows"]) + 1 > 1
    assert told["census"]["by_decision"]["match"] > 0
    again = countenance(*arguments)
    assert again.status == 0, again.out
    assert "had at an earlier audit" in again.out
    assert "encounters" in again.out


def test_one_entry_is_shown(stopped: Place) -> None:
    """The receipt's entry opens for the auditor, and a mistyped number is a wrong command line."""
    commitment = json.loads((stopped.keys / "receipt.json").read_text("utf-8"))["commitment"]
    key = ("--key-file", stopped.keys / "auditor.key")
    shown = countenance("record", "show", stopped.site, commitment, *key, "--json").data
    assert shown["commitment"] == commitment
    assert json.loads(shown["facts"])["event"] == "attempt.answered"
    assert countenance("record", "show", stopped.site, "3f", *key).status == 2


def test_an_address_can_be_audited(stopped: Place) -> None:
    """Any web server over log/ will do; what is no address is a wrong command line."""
    key = ("--key", stopped.site / "keys" / "log.pub")
    with static(stopped.site / "log") as url:
        done = countenance("audit", url, *key)
    assert done.status == 0, done.out
    assert countenance("audit", "http://user:x@127.0.0.1/", *key).status == 2
    assert countenance("audit", stopped.site / "nowhere", *key).status == 2


def test_a_flipped_byte_is_found_and_its_file_named(stopped: Place, tmp_path: Path) -> None:
    """One changed byte in a copy of the log makes the status 1, and the file is named; --json says the same."""
    copy = shutil.copytree(stopped.site / "log", tmp_path / "log")
    tile = min(path for path in copy.glob("tile/0/**/*") if path.is_file())
    data = bytearray(tile.read_bytes())
    data[len(data) // 3] ^= 4
    tile.write_bytes(data)
    key = ("--key", stopped.site / "keys" / "log.pub")
    done = countenance("audit", copy, *key)
    assert done.status == 1
    assert tile.relative_to(copy).as_posix() in done.out
    as_json = countenance("audit", copy, *key, "--json")
    assert (as_json.status, as_json.data["ok"]) == (1, False)


# --- operating points, after a clean stop ---------------------------------------------------------------------------
def test_an_operating_point_is_looked_at_signed_and_listed(stopped: Place) -> None:
    """Unsigned, it can be read and counts for nothing; signed, it is the site's; a changed copy is nobody's."""
    file = point_at(stopped)
    alone = countenance("operating-point", "check", file, "--json")
    assert (alone.status, alone.data["trusted_by"], alone.data["threshold"]) == (0, None, 0.5), alone.err
    assert countenance("operating-point", "check", file, "--site", stopped.site).status == 1
    signed = countenance("operating-point", "sign", stopped.site, file, "--json")
    assert signed.status == 0, signed.err
    name = signed.data["operating_point"]
    looked = countenance("operating-point", "check", file, "--site", stopped.site)
    assert looked.status == 0, looked.err
    assert "this site signed it" in looked.out
    assert "at most 3e-05, measured 1e-05" in looked.out
    listed = countenance("operating-point", "list", stopped.site, "--json")
    assert listed.status == 0, listed.err
    by = {row["operating_point"]: row["trusted_by"] for row in listed.data["operating_points"]}
    assert by.pop(name) == "site"
    assert set(by.values()) == {"package"}
    assert name[:16] in countenance("operating-point", "list", stopped.site).out
    file.write_bytes(file.read_bytes().replace(b"0.5", b"0.4"))
    assert countenance("operating-point", "check", file, "--site", stopped.site).status == 1


def test_an_extrapolated_point_is_labelled_wherever_it_is_shown(stopped: Place, tmp_path: Path) -> None:
    """Checked, listed, and in the charter that names it, it says so."""
    file = tmp_path / "guess.json"
    file.write_bytes(point_file(**EXTRAPOLATED, issued="2026-01-01T00:00:00Z", expires="2028-12-31T00:00:00Z"))
    name = countenance("operating-point", "sign", stopped.site, file, "--json").data["operating_point"]
    checked = countenance("operating-point", "check", file)
    assert "EXTRAPOLATED" in checked.out
    assert "extrapolated, trials only" in " ".join(countenance("operating-point", "list", stopped.site).out.split())
    charter = stopped.site / "charters" / "air-gate.yaml"
    before = charter.read_text("utf-8")
    old = countenance("charter", "check", charter, "--json").data["operating point"]
    charter.write_text(before.replace(old, name), "utf-8")
    assert "extrapolated, trials only" in countenance("charter", "check", charter, "--json").data["evidence"]
    charter.write_text(before.replace(old, "0" * 64), "utf-8")
    assert "not here" in countenance("charter", "check", charter, "--json").data["evidence"]
    missing = countenance("operating-point", "list", stopped.site)
    assert (missing.status, "MISSING" in missing.out) == (1, True)
    charter.write_text(before, "utf-8")


@pytest.mark.parametrize(
    "content, status, told",
    [
        (b"{}", 4, "operating_point.invalid"),
        (point_file(issued="2020-01-01T00:00:00Z", expires="2022-01-01T00:00:00Z"), 1, ""),
        (point_file(**UNMEASURED), 0, ""),
    ],
)
def test_what_an_operating_point_is_not_is_told(tmp_path: Path, content: bytes, status: int, told: str) -> None:
    """Broken: status 4 and the code; out of date: status 1; unmeasured: a valid point that says so."""
    (tmp_path / "point.json").write_bytes(content)
    done = countenance("operating-point", "check", tmp_path / "point.json")
    assert (done.status, told in done.err) == (status, True), done.err
    assert ("NOT IN DATE" in done.out) is (status == 1)
