"""``python -m countenance.audit``: what an outsider types, with nothing of ours but this folder."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import countenance.audit
from countenance.audit.__main__ import main
from fakes.record_site import START, RecordSite
from fakes.stories import Stories
from fakes.web import static
from fakes.witness import Witness


@dataclasses.dataclass
class Papers:
    """Files an auditor was handed."""

    log: Path
    key: Path
    bodies: Path
    receipt: Path

    def arguments(self) -> list[str]:
        """Return a command line that names all of them."""
        named = ["--key", self.key, "--bodies", self.bodies, "--receipt", self.receipt, "--receipt", self.receipt]
        return [str(self.log), *map(str, named)]


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    """Return a log, its key, an export and a receipt as files."""
    site = RecordSite(tmp_path / "site")
    (entry,) = site.record()
    site.log.publish(START)
    handed = Papers(site.logs, tmp_path / "log.pub", tmp_path / "bodies.json", tmp_path / "receipt.json")
    handed.key.write_text(f"{site.vkey}\n", "utf-8")
    with site.transactions.read() as tx:
        handed.bodies.write_text(json.dumps(site.log.export_bundle(tx, START)), "utf-8")
    handed.receipt.write_text(json.dumps(dataclasses.asdict(site.log.receipt(entry))), "utf-8")
    return handed


def test_it_tells_what_was_verified(papers: Papers, capsys: pytest.CaptureFixture[str]) -> None:
    """Every check has a line, and the last line says that nothing is wrong."""
    assert main(papers.arguments()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "checkpoint.example/log, 64 entries: nothing is wrong."
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert len(lines) == 10


def test_it_names_every_fault(papers: Papers, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault fails its check, is named with its code, and the exit status says so."""
    (papers.log / "extra").touch()
    (papers.log / "tile/0/000.p/64").rename(papers.log / "tile/0/001")
    assert main(papers.arguments()) == 1
    told = capsys.readouterr().out
    assert "file.unexpected: extra" in told
    assert "file.missing: tile/0/000.p/64" in told
    assert "FAULT  Nothing is there but" in told
    assert told.endswith("4 faults.\n")


def test_it_says_how_many_faults_it_did_not_name(papers: Papers, capsys: pytest.CaptureFixture[str]) -> None:
    """A long list ends in a number."""
    for number in range(1001):
        (papers.log / f"extra-{number}").touch()
    assert main(papers.arguments()) == 1
    assert capsys.readouterr().out.endswith("… and 1 more faults.\ncheckpoint.example/log, 64 entries: 1001 faults.\n")


def test_it_speaks_json(papers: Papers, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json everything is there for a program."""
    assert main([*papers.arguments(), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert told["tree_size"] == told["counts"]["entries"] == 64
    assert {check["name"] for check in told["checks"]} >= {"checkpoint", "tiles", "bodies", "receipts"}


def test_a_key_from_inside_the_log_is_refused(papers: Papers, capsys: pytest.CaptureFixture[str]) -> None:
    """A key that comes with what it should verify proves nothing."""
    shutil.copyfile(papers.key, papers.log / "log.pub")
    with pytest.raises(SystemExit) as caught:
        main([str(papers.log), "--key", str(papers.log / "log.pub")])
    assert caught.value.code == 2
    assert "proves nothing" in capsys.readouterr().err


def test_a_file_that_is_not_there(papers: Papers, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped name is an error of the command line, not a fault of the log."""
    with pytest.raises(SystemExit) as caught:
        main([str(papers.log), "--key", "nowhere"])
    assert caught.value.code == 2
    assert "nowhere cannot be used" in capsys.readouterr().err


def test_it_reads_an_address_and_writes_the_census(papers: Papers, capsys: pytest.CaptureFixture[str]) -> None:
    """A log on a web server will do; the census goes to a file and its sums to the screen; other signers are named."""
    stories = Stories(RecordSite(papers.log.parent.parent / "other"))
    stories.opened("a")
    stories.answered("a", "match")
    papers.bodies.write_text(json.dumps(stories.bundle()), "utf-8")
    note = (stories.site.logs / "checkpoint").read_text("utf-8")
    (stories.site.logs / "checkpoint").write_text(Witness().cosigned(note, 1), "utf-8")
    census = papers.key.with_name("census.csv")
    with static(stories.site.logs) as url:
        arguments = [url, "--key", str(papers.key), "--bodies", str(papers.bodies), "--census", str(census)]
        assert main(arguments) == 0
    told = capsys.readouterr().out
    assert len(census.read_text("utf-8").splitlines()) == 2
    assert "decisions: 1 match" in told
    assert "signed by witness.example/w1+" in told


def test_an_address_that_is_none(papers: Papers, capsys: pytest.CaptureFixture[str]) -> None:
    """An address with a password in it is refused before anything is asked of it."""
    with pytest.raises(SystemExit) as caught:
        main(["http://me:secret@log.example/", "--key", str(papers.key)])
    assert caught.value.code == 2
    assert "is no address of a log" in capsys.readouterr().err


def test_the_folder_alone_is_enough(papers: Papers, tmp_path: Path) -> None:
    """Copied to where nothing else of ours is, it audits; an interpreter that isolates itself cannot find us."""
    source = Path(countenance.audit.__file__).parent
    shutil.copytree(source, tmp_path / "alone/outsider", ignore=shutil.ignore_patterns("__pycache__"))
    program = (
        "import sys, runpy; sys.path.insert(0, 'alone'); sys.modules['countenance'] = None; "
        f"sys.argv[1:] = {papers.arguments()!r}; runpy.run_module('outsider', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("nothing is wrong.\n")


def test_importing_it_loads_nothing_else_of_ours() -> None:
    """``import countenance.audit`` brings the package's root, which is empty, and itself."""
    program = "import countenance.audit, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    ours = {name for name in done.stdout.split() if name.partition(".")[0] == "countenance"}
    assert {name for name in ours if not name.startswith("countenance.audit")} == {"countenance"}
