"""Runs the real command line in a process of its own, as an operator's script would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The object that ``--json`` printed."""
        return json.loads(self.out)


def environment() -> dict[str, str]:
    """Return the environment of commands in tests: one inference process, wide text, no colours."""
    return {**os.environ, "COUNTENANCE_WORKERS": "1", "COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"}


def countenance(*arguments: str | Path) -> Done:
    """Run ``countenance`` with ``arguments`` to its end."""
    program = [sys.executable, "-W", "error", "-m", "countenance", *map(str, arguments)]
    done = subprocess.run(program, check=False, capture_output=True, text=True, env=environment(), timeout=120)
    return Done(done.returncode, done.stdout, done.stderr)
