"""A site served for real: its own process, real networks, photographs and signals; and the documented examples."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from countenance.audit import audit
from countenance.config import read_settings
from countenance.errors import ConfigurationError
from countenance.interfaces.client import served as reached
from countenance.interfaces.loops import serve
from countenance.site import Site
from countenance.terms import Eligibility, Enrolment, Mode, Opened, OpenRequest, Outcome, Role
from fakes.served import Served, served_at, start

ROOT = Path(__file__).resolve().parents[2]
ADULT = Eligibility("unknown", 40, 5, refusal_offered=True)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a site."""
    with served_at(tmp_path_factory.mktemp("serving") / "site") as served:
        yield served


def verified(served: Served, live: Path, portrait: Path) -> Outcome:
    """Let somebody cross lane 1 through the client that the command line uses."""
    with reached(Site.open(served.path), served.keys[Role.OPERATOR]) as door:
        opened = door.open_encounter(OpenRequest("lane-1", ADULT, "", ""))
        assert isinstance(opened, Opened)
        return door.answer(Mode.VERIFY, opened.token, 1, live.read_bytes(), portrait.read_bytes()).outcome


def test_it_says_where_it_is_and_only_to_its_owner(served: Served) -> None:
    """While it is served, run.json names address and process and is readable by its owner alone."""
    info = Site.open(served.path).run_info
    assert json.loads(info.read_text()) == {"address": served.address, "pid": served.process.pid}
    assert stat.S_IMODE(info.stat().st_mode) == 0o600
    assert httpx.get(f"{served.address}/health/ready").json() == {"ready": True}


def test_one_person_twice_matches(served: Served, photos: Path) -> None:
    """Two photographs of one person, years apart, are a match."""
    assert verified(served, photos / "person_a_1.jpg", photos / "person_a_2.jpg") is Outcome.MATCH


def test_two_people_do_not_match(served: Served, photos: Path) -> None:
    """Photographs of two people are no match."""
    assert verified(served, photos / "person_a_1.jpg", photos / "person_b_1.jpg") is Outcome.NO_MATCH


def test_what_is_no_photograph_may_be_repeated(served: Served, photos: Path) -> None:
    """A text file instead of a photograph is answered with advice."""
    assert verified(served, photos / "CREDITS.md", photos / "person_a_1.jpg") is Outcome.RETRY


def test_a_gate_finds_who_is_expected(served: Served, photos: Path) -> None:
    """Two people are enrolled; one of them is found by another photograph, a stranger is not."""
    site = Site.open(served.path)
    with reached(site, served.keys[Role.SUPERVISOR]) as door:
        door.open_gallery("flight", "gate-1")
        rows = [Enrolment(name, name, 30, 5, (photos / f"person_{name}_1.jpg").read_bytes()) for name in ("a", "b")]
        assert [verdict.verdict for verdict in door.enrol("flight", rows)] == ["enrolled", "enrolled"]
        outcomes = []
        for photograph in ("person_b_2.jpg", "impostor_1.jpg"):
            opened = door.open_encounter(OpenRequest("gate-1", ADULT, "flight", ""))
            assert isinstance(opened, Opened)
            reply = door.answer(Mode.IDENTIFY, opened.token, 1, (photos / photograph).read_bytes(), b"")
            outcomes.append((reply.outcome, reply.reference_id))
    assert outcomes == [(Outcome.MATCH, "b"), (Outcome.NO_MATCH, "")]


# --- the documented examples ------------------------------------------------------------------------------------------
def example_environment(served: Served) -> dict[str, str]:
    """Return what the examples read from the environment."""
    return {
        "PATH": os.environ["PATH"], "ADDRESS": served.address, "OPERATOR_KEY": served.keys[Role.OPERATOR],
        "ADMINISTRATOR_KEY": served.keys[Role.ADMINISTRATOR],
    }  # fmt: skip


def test_the_python_example_runs(served: Served, photos: Path) -> None:
    """The capture device of docs/api.md enrols itself, gets a match, and an identical answer to a resend."""
    done = subprocess.run(
        [sys.executable, "-W", "error", ROOT / "scripts" / "api_example.py", urlsplit(served.address).netloc,
         photos / "person_b_1.jpg", photos / "person_b_2.jpg"],
        env=example_environment(served), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first.startswith("match proceed ")
    assert second == "resend identical"


def test_the_curl_example_runs(served: Served, tmp_path: Path) -> None:
    """The refusal of docs/api.md ends in a manual check without a frame, and the tree head is there for anybody."""
    environment = example_environment(served)
    if shutil.which("curl") is None:  # a machine with Python and make only: the same requests by a stand-in
        stand_in = tmp_path / "curl"
        stand_in.write_text(f'#!/bin/sh\nexec {sys.executable} {ROOT / "tests" / "fakes" / "curl.py"} "$@"\n')
        stand_in.chmod(0o755)
        environment["PATH"] = f"{tmp_path}:{environment['PATH']}"
    frames = served.frames_decoded()
    script = ["sh", ROOT / "scripts" / "api_example.sh"]
    done = subprocess.run(script, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"outcome":"opted_out"' in done.stdout
    assert "\n— " in done.stdout
    assert served.frames_decoded() == frames


# --- when parts go away -----------------------------------------------------------------------------------------------
def inference_processes(served: Served) -> list[int]:
    """Return the ids of the service's child processes that infer."""
    children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text().split()
    return [int(child) for child in children if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_a_killed_inference_process_is_told_and_replaced(served: Served, photos: Path) -> None:
    """Without one of its processes it is not ready and says so; the person gets a manual check; then all is well."""
    for process in inference_processes(served):
        os.kill(process, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while (problem := httpx.get(f"{served.address}/health/ready")).status_code != 503:
        assert time.monotonic() < deadline, "nobody noticed that the inference processes died"
    assert problem.json()["reasons"] == ["inference_process_missing"]
    assert verified(served, photos / "person_a_1.jpg", photos / "person_a_2.jpg") is Outcome.NOT_COMPARED
    while httpx.get(f"{served.address}/health/ready").status_code != 200:
        assert time.monotonic() < deadline, "the inference processes did not come back"
    assert verified(served, photos / "person_a_1.jpg", photos / "person_a_2.jpg") is Outcome.MATCH


def test_a_second_service_is_refused(served: Served, tmp_path: Path) -> None:
    """A second service on the same site ends at once with a sentence that names the first."""
    with (tmp_path / "stderr.txt").open("w") as log, start(served.path, log.fileno()) as second:
        assert second.wait(60) != 0
    assert f"in use by another process (pid {served.process.pid})" in (tmp_path / "stderr.txt").read_text()


def test_a_taken_port_is_told_before_anything_starts(served: Served, tmp_path: Path) -> None:
    """Where something else listens, serving is refused before the site is touched."""
    port = urlsplit(served.address).port or 0
    with pytest.raises(ConfigurationError) as caught:
        serve(tmp_path / "no-site", read_settings({}), host="127.0.0.1", port=port)
    assert caught.value.code == "serve.cannot_listen"


def test_a_clean_stop_publishes(served: Served, photos: Path) -> None:
    """On SIGTERM it ends with 0, run.json is gone, what was pending is in the log, and it logged no secret."""
    receipts = []
    with served.client() as client:
        body = {"checkpoint": "lane-1", "eligibility": {"person_class": "unknown", "age": 40, "refusal_offered": True}}
        opened = client.post("/encounters", json=body).json()
        receipts.append(json.dumps(opened["receipt"]).encode())
        pending = client.get(f"/log/proof/{opened['receipt']['commitment']}")
    assert pending.json()["code"] == "log.pending"
    assert served.stop() == 0
    assert not Site.open(served.path).run_info.exists()
    key = (served.path / "keys" / "log.pub").read_text().strip()
    findings = audit(served.path / "log", key, bodies=None, receipts=receipts, now_ms=time.time_ns() // 1_000_000)
    assert not findings.faults, findings.faults
    said = served.errors.read_text()
    assert not [secret for secret in (opened["token"], *served.keys.values()) if secret in said], said
