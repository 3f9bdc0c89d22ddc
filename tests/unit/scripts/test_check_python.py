"""Before anything is installed, what is missing is said in one sentence with what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "check_python.sh"


def run(python: str | Path) -> tuple[int, str]:
    """Return the script's status and what it says about an interpreter."""
    done = subprocess.run([SCRIPT, python], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return done.returncode, done.stderr


def test_a_good_python_passes_silently() -> None:
    """The interpreter that runs the tests is good enough."""
    assert run(sys.executable) == (0, "")


def test_no_python_at_all() -> None:
    """A missing interpreter gets the command that installs one."""
    status, said = run("no-such-python")
    assert status == 1
    assert "apt-get install python3 python3-venv" in said


@pytest.mark.parametrize("refuses, said", [("sys.version_info", "3.11 or newer"), ("ensurepip", "python3-venv")])
def test_an_unfit_python(tmp_path: Path, refuses: str, said: str) -> None:
    """An old interpreter, or one without venv, gets the sentence that fits."""
    stub = tmp_path / "python"
    stub.write_text(f'#!/bin/sh\ncase "$*" in *{refuses}*) exit 1;; esac\necho "Python 3.9.2"\n', "utf-8")
    stub.chmod(0o755)
    status, sentence = run(stub)
    assert status == 1
    assert said in sentence
