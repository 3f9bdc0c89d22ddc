"""Backup and restore as an operator types them: while served and stopped, with every refusal's status."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.command_line import Done, countenance, environment


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new site."""
    folder = tmp_path_factory.mktemp("border")
    made = countenance("init", folder / "border", "--json")
    assert made.status == 0, made.err
    return folder / "border"


@pytest.fixture(scope="module")
def recipient(site: Path) -> str:
    """Return the recipient of an identity made with ``keys backup``, which is not made twice."""
    done = countenance("keys", "backup", site.parent / "identity", "--json")
    assert (site.parent / "identity").stat().st_mode & 0o777 == 0o600
    again = countenance("keys", "backup", site.parent / "identity")
    assert "[vault.key_exists]" in again.err
    return str(done.data["recipient"])


def back_up(site: Path, recipient: str) -> Done:
    """Make a backup beside the site."""
    return countenance("backup", site, site.parent / "backups", "--to", recipient, "--json")


def test_a_site_is_backed_up_while_it_is_served(site: Path, recipient: str) -> None:
    """A service that runs is no hindrance."""
    program = [sys.executable, "-W", "error", "-m", "countenance", "serve", str(site), "--port", "0"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("countenance serves ")
        done = back_up(site, recipient)
        process.terminate()
    assert done.status == 0, done.err
    assert Path(done.data["file"]) == site.parent / "backups" / "border.age"


def test_a_site_comes_back_and_passes_an_audit(site: Path, recipient: str) -> None:
    """What is restored has the log's future, and an outsider with the old public key finds no fault."""
    assert back_up(site, recipient).status == 0
    rotated = countenance("keys", "rotate", site)
    assert rotated.status == 0, rotated.err
    (site / "erased.jsonl").touch()
    new = site.parent / "new"
    done = countenance(
        "restore", site.parent / "backups" / "border.age", new, "--identity", site.parent / "identity",
        "--erased", site / "erased.jsonl", "--log", site / "log", "--json",
    )  # fmt: skip
    assert done.status == 0, done.err
    assert done.data["leaves_continued"] > 0
    shutil.copy(site / "keys" / "log.pub", site.parent / "log.pub")
    audited = countenance("audit", new, "--key", site.parent / "log.pub", "--json")
    assert audited.status == 0, audited.out
    assert json.loads(countenance("keys", "check", new, "--json").out)["holder"] == "file"


@pytest.mark.parametrize("options, code", [
    ((), "restore.no_tombstones"),
    (("--without-erased", "lost", "--log", "."), "restore.foreign_log"),
])  # fmt: skip
def test_refusals_have_a_status(site: Path, recipient: str, options: tuple[str, ...], code: str) -> None:
    """What is refused is one line with its code, and no folder is made."""
    assert back_up(site, recipient).status == 0
    file, identity = site.parent / "backups" / "border.age", site.parent / "identity"
    done = countenance("restore", file, site.parent / "none", "--identity", identity, *options)
    assert done.status in {4, 5}
    assert f"[{code}]" in done.err
    assert len(done.err.splitlines()) == 1
    assert not (site.parent / "none").exists()


def test_a_wrong_recipient_is_refused(site: Path) -> None:
    """What is no recipient has status 4."""
    done = back_up(site, "age1nobody")
    assert (done.status, "[backup.recipient]" in done.err) == (4, True)
