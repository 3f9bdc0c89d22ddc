"""Write the generated pages again, or with ``--check`` say which of them are out of date.

Use: ``make docs``, or ``scripts/make_docs.py [--check] [NAME …]`` for some of them.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import error_codes
import make_api_docs
import make_cli_docs
from countenance.decision.operating_point import packaged
from countenance.decision.operating_point.pins import PINS

ROOT = Path(__file__).resolve().parent.parent
PACKAGED = re.compile(r"(<!-- packaged:begin -->\n).*?(<!-- packaged:end -->)", re.DOTALL)
HELP = re.compile(r"(<!-- help:begin -->\n).*?(<!-- help:end -->)", re.DOTALL)


def errors() -> str:
    """Return ``docs/errors.md``: every code that the source can raise."""
    return error_codes.page(ROOT / "src" / "countenance")


def readme() -> str:
    """Return README.md with the program's own help text in its help block."""
    environment = {**os.environ, "COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}
    program = [Path(sys.executable).with_name("countenance"), "--help"]
    shown = subprocess.run(program, check=True, capture_output=True, text=True, env=environment).stdout
    block = "\n".join(line.rstrip() for line in shown.strip("\n").splitlines())
    text = (ROOT / "README.md").read_text("utf-8")
    return HELP.sub(lambda found: f"{found[1]}```text\n{block}\n```\n{found[2]}", text)


def operating_points() -> str:
    """Return ``docs/operating-points.md`` with the table of the points that ship."""
    points = packaged()
    rows = "".join(
        f"| `{name}` | {points[weights].label} | {points[weights].threshold:g} | `{sha256}` |\n"
        for name, weights, sha256 in PINS
    )
    table = f"| configuration | label | threshold | SHA-256 |\n|---|---|---|---|\n{rows}"
    text = (ROOT / "docs" / "operating-points.md").read_text("utf-8")
    return PACKAGED.sub(lambda found: f"{found[1]}{table}{found[2]}", text)


PAGES: dict[str, tuple[Path, Callable[[], str]]] = {
    "errors": (ROOT / "docs" / "errors.md", errors),
    "readme": (ROOT / "README.md", readme),
    "points": (ROOT / "docs" / "operating-points.md", operating_points),
    "api": (ROOT / "docs" / "api.md", make_api_docs.page),
    "cli": (ROOT / "docs" / "cli.md", make_cli_docs.page),
}


def main() -> None:
    """Write or check the pages that were asked for, all by default."""
    parser = argparse.ArgumentParser(description="Write the generated pages again.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(PAGES)} (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is out of date")
    asked = parser.parse_args()
    stale = []
    for name in asked.names or PAGES:
        path, make = PAGES[name]
        text = make()
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale.append(str(path.relative_to(ROOT)))
        if not asked.check:
            path.write_text(text, "utf-8")
    print(f"docs: {'out of date' if asked.check else 'written'}: {', '.join(stale)}" if stale else "docs: up to date")
    sys.exit(1 if stale and asked.check else 0)


if __name__ == "__main__":
    main()
