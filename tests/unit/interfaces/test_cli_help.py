"""The command line teaches: every command has help and an example, help starts at once, and the page is up to date."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from countenance.interfaces.cli import app

ROOT = Path(__file__).resolve().parents[3]


def commands() -> dict[str, Any]:
    """Return every command by what is typed, such as "gallery open"; groups are not among them."""
    root: Any = typer.main.get_command(app)
    found: dict[str, Any] = {}
    waiting = [("", root)]
    while waiting:
        name, command = waiting.pop()
        for word, below in getattr(command, "commands", {}).items():
            waiting.append((f"{name} {word}".strip(), below))
        if not hasattr(command, "commands"):
            found[name] = command
    return found


COMMANDS = commands()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_teaches_with_an_example(name: str) -> None:
    """Each command has a sentence that fits its line in the list, and an example that begins with the command."""
    command = COMMANDS[name]
    assert command.help
    assert "..." not in command.get_short_help_str(57)
    assert f"countenance {name} " in command.epilog + " "


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_explained(name: str) -> None:
    """Each argument and option says what it is for."""
    unexplained = [one.name for one in COMMANDS[name].params if one.name != "help" and not getattr(one, "help", None)]
    assert unexplained == []


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"serve"}))
def test_every_command_answers_programs_too(name: str) -> None:
    """Each command but `serve`, which answers over HTTP, takes --json."""
    assert "--json" in {option for one in COMMANDS[name].params for option in one.opts}


def test_help_starts_at_once() -> None:
    """Help loads neither engines nor NumPy nor a web server, which is what makes it come at once."""
    program = (
        "import sys\nfrom countenance.interfaces.cli import main\nsys.argv = ['countenance', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "slow = {'numpy', 'openvino', 'cv2', 'sqlalchemy', 'fastapi', 'uvicorn', 'pydantic'} & set(sys.modules)\n"
        "print(sorted(slow), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stderr.strip() == "[]"
    assert "Exit status:" in done.stdout


def test_the_page_is_what_the_program_says() -> None:
    """docs/cli.md is the program's own help, nothing else."""
    spec = importlib.util.spec_from_file_location("make_cli_docs", ROOT / "scripts" / "make_cli_docs.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == maker.page(), "run scripts/make_cli_docs.py"


def test_a_wrong_command_line_is_status_2() -> None:
    """A command line that cannot be understood ends with status 2 and says where help is."""
    environment = {**os.environ, "COLUMNS": "100"}
    program = [sys.executable, "-m", "countenance", "verify", "--no-such-option"]
    done = subprocess.run(program, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert "--no-such-option" in done.stderr
    assert done.stdout == ""


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The operating system's refusal is a sentence with status 4, never a traceback; nothing was made before it."""
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder")
    program = [
        sys.executable,
        "-m",
        "countenance",
        "init",
        str(tmp_path / "site"),
        "--save-keys",
        str(blocked / "keys"),
    ]
    done = subprocess.run(program, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith(f"countenance: {blocked / 'keys'} cannot be used (")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "site").exists()
