"""Write ``docs/cli.md``, the program's own help; with ``--check`` write nothing and fail if it is stale.

Use: ``make docs``, or ``scripts/make_cli_docs.py [--check]``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from countenance.interfaces.cli import app

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
WIDTH = 100
INTRODUCTION = """# Command line

What `countenance` and each of its commands say about themselves with `--help`; written by `scripts/make_cli_docs.py`.

Errors go to standard error as one line: what is wrong, what to do, and the stable code in brackets
([all of them](errors.md)). `--json` prints one object to standard output and nothing else.

While a site is served, commands that name it go to its service over HTTP, as the same actor; otherwise they open it
themselves, one at a time, and publish what is pending in its log before they end.
"""


def page() -> str:
    """Return the page."""
    root: Any = typer.main.get_command(app)
    blocks = [f"## `{path}`\n\n```text\n{text}\n```\n" for path, text in helps(root, "countenance", None)]
    return "\n".join([INTRODUCTION, *blocks])


def helps(command: Any, path: str, above: Any) -> Iterator[tuple[str, str]]:
    """Yield (what is typed, its help) for a command and everything below it, in the order of the help."""
    context = command.make_context(
        path.rpartition(" ")[2], [], parent=above, resilient_parsing=True, terminal_width=WIDTH, max_content_width=WIDTH
    )
    lines = command.get_help(context).strip("\n").splitlines()
    yield path, "\n".join(line.rstrip() for line in lines)
    for name, below in getattr(command, "commands", {}).items():
        yield from helps(below, f"{path} {name}", context)


def main() -> None:
    """Write or check the page."""
    text = page()
    stale = not PAGE.is_file() or PAGE.read_text("utf-8") != text
    if "--check" in sys.argv[1:]:
        print(f"docs: out of date: {PAGE.name}" if stale else "docs: up to date")
        sys.exit(1 if stale else 0)
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
