"""An evaluator measures and calibrates from the command line, with real photographs and real networks."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from countenance.evaluate.report import schema

PEOPLE = {"A": ("person_a_1.jpg", "person_a_2.jpg"), "B": ("person_b_1.jpg", "person_b_2.jpg"),
          "C": ("impostor_1.jpg",), "D": ("impostor_2.jpg",),
          "O": ("obama.jpg", "obama2.jpg", "obama3.jpg")}  # fmt: skip


@pytest.fixture
def manifest(tmp_path: Path, photos: Path) -> Path:
    """Give a manifest of the package photographs, with a damaged file and faulty rows among them."""
    (tmp_path / "damaged.jpg").write_bytes((photos / "obama.jpg").read_bytes()[:4000])
    rows = [(str(photos / name), person, "40") for person, names in PEOPLE.items() for name in names]
    rows += [("damaged.jpg", "O", ""), ("nowhere.jpg", "E", ""), (rows[0][0], "A", "40")]
    with (tmp_path / "people.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("path", "person", "age"), *rows])
    return tmp_path / "people.csv"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    command = [sys.executable, "-m", "countenance", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_photographs_become_a_report(manifest: Path, tmp_path: Path) -> None:
    """All is counted, faulty rows are told, too little data is not printed; the page is complete in itself."""
    out = tmp_path / "out"
    done = run("evaluate", manifest, "--out", out, "--resamples", 50, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads((out / "report.json").read_text("utf-8"))
    assert json.loads(done.stdout) == document
    assert list(Draft202012Validator(schema()).iter_errors(document)) == []
    counts = document["counts"]
    assert (counts["images"], counts["persons"], counts["failed_to_enrol"]) == (10, 5, 1)
    assert counts["failed_by_reason"] == {"capture.damaged": 1}
    assert (counts["mated"], counts["mated_lost"]) == (1 + 1 + 6, 3)
    assert [fault["reason"] for fault in document["faults"]] == ["missing_file", "duplicate"]
    cell = document["verification"]["fnmr_at_fmr"]["1e-4"]
    assert (cell["state"], cell["pooled"], cell["low"]) == ("insufficient data", None, None)
    assert (document["verification"]["eer"], document["verification"]["eer_state"]) == (None, "insufficient data")
    page = (out / "report.html").read_text("utf-8")
    assert "elf-evaluation" in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_what_was_computed_before_an_interruption_stays(manifest: Path, tmp_path: Path) -> None:
    """A second run computes nothing again; an interrupted one can be run again and ends the same."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "countenance", "evaluate", str(manifest), "--out", str(out), "--resamples", "50"]
    begun = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while not (out / "samples.bin").is_file():
        assert begun.poll() is None
    begun.send_signal(signal.SIGINT)
    begun.communicate(timeout=60)
    first = run("evaluate", manifest, "--out", out, "--resamples", 50, "--json")
    kept = (out / "samples.bin").read_bytes()
    second = run("evaluate", manifest, "--out", out, "--resamples", 50, "--json")
    assert (out / "samples.bin").read_bytes() == kept
    one, other = (json.loads(done.stdout) for done in (first, second))
    assert {**one, "seconds": 0, "created": 0} == {**other, "seconds": 0, "created": 0}


def test_too_little_data_gives_no_operating_point(manifest: Path, tmp_path: Path) -> None:
    """Five people support no threshold: refused with the reason, nothing written."""
    out = tmp_path / "out"
    run("evaluate", manifest, "--out", out, "--resamples", 50, "--no-thumbnails")
    done = run("calibrate", out / "report.json", "--fmr", "1e-4", "--out", tmp_path / "point.json")
    assert done.returncode == 4
    assert "[evaluate.insufficient]" in done.stderr
    assert not (tmp_path / "point.json").exists()
    assert run("calibrate", out / "report.json").returncode == 4
    assert run("calibrate", manifest, "--fmr", "1e-4").returncode == 4
