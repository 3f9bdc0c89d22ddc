"""``docs/documents.md`` is executed: its commands, its Python, its JSON, its tables."""

from __future__ import annotations

import doctest
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import paper_samples
from countenance.documents import ManifestLimits, read_manifest
from countenance.documents.manifest.rows import DOCUMENT, MOVEMENT, PERSON
from fakes.command_line import environment
from fakes.specimens import TODAY

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "documents.md").read_text("utf-8")
CONSOLE = re.findall(r"(?ms)^```console\n\$ (.+?)\n(.*?)^```", PAGE)
DOCUMENTS = ROOT / "src" / "countenance" / "documents"


@pytest.mark.parametrize("command, shown", CONSOLE, ids=[command[:40] for command, _ in CONSOLE])
def test_commands_print_what_is_shown(command: str, shown: str, tmp_path: Path) -> None:
    """Each command of the page prints what the page shows below it."""
    (tmp_path / "flight.edi").write_text(paper_samples.paxlst(2))
    (tmp_path / "cut.edi").write_text(paper_samples.paxlst(2)[:-5])
    program = [sys.executable, "-m", *shlex.split(command)]
    done = subprocess.run(program, capture_output=True, text=True, env=environment(), cwd=tmp_path, check=False)
    printed = (done.stdout or done.stderr).splitlines()
    assert [line.rstrip() for line in printed] == shown.splitlines()


def test_python_prints_what_is_shown() -> None:
    """The page's Python session runs as it stands."""
    failed, tried = doctest.testfile(str(ROOT / "docs" / "documents.md"), module_relative=False)
    assert (failed, tried > 3) == (0, True)


def test_the_json_is_a_manifest() -> None:
    """The page's JSON is read without findings, and nothing of it is dropped."""
    (example,) = re.findall(r"(?ms)^```json\n(.*?)^```", PAGE)
    found = read_manifest(example.encode(), today=TODAY)
    assert (len(found.travellers), found.findings, found.dropped) == (1, (), ())
    assert json.loads(example)["count"] == 1


def test_every_column_and_bound_is_named() -> None:
    """Each column of CSV, and each bound with its value, is on the page."""
    assert [name for name in (*MOVEMENT, *PERSON, *DOCUMENT) if f"`{name}`" not in PAGE] == []
    limits = ManifestLimits()
    values = [getattr(limits, name) for name in limits.__slots__]
    assert [value for value in values if f"{value:,}" not in PAGE] == []


def test_every_finding_is_explained() -> None:
    """Each code that a finding can have is on the page, and the page's tables hold no other."""
    written = "\n".join(path.read_text("utf-8") for path in DOCUMENTS.rglob("*.py"))
    made = set(re.findall(r'(?:\.find\(\s*|ManifestFinding\()"([a-z_]+)"', written))
    cautions = (DOCUMENTS.parent / "procedures" / "cautions.py").read_text("utf-8")
    made |= set(re.findall(r'_whole\(\s*"([a-z_]+)"', cautions))
    rows = {
        "zone/mrz.py": r'\(\s*[^"\n]+,\s*"([a-z_]+)", ["f]',
        "manifest/notes.py": r'\(\s*[^"\n]+,\s*"([a-z_]+)", "has',
    }
    for name, row in rows.items():
        made |= set(re.findall(row, (DOCUMENTS / name).read_text("utf-8")))
    tables = re.findall(r"(?ms)^\| finding \|.*?\n\n", PAGE)
    told = {code for table in tables for row in re.findall(r"(?m)^\| (`.+?) \|", table) for code in row.split()}
    assert {code.strip("`") for code in told} == made


def test_the_day_of_the_examples() -> None:
    """The page's reference day is that of the samples, so that its years do not turn as time goes by."""
    assert PAGE.count(paper_samples.TODAY.isoformat()) >= 3
