"""What a command answers: once for programs, once for people, and a status for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from countenance.errors import CountenanceError
from countenance.interfaces.cli.exits import OK, status_of

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True, slots=True)
class Said:
    """An answer ready to be printed."""

    data: Mapping[str, object]
    """For ``--json``: printed as one object on standard output, nothing else with it."""
    shown: tuple[RenderableType, ...]
    """For people: lines and tables, in order."""
    status: int = OK


def finish(said: Said, *, as_json: bool) -> NoReturn:
    """Print an answer the way it was asked for and end with its status."""
    if as_json:
        sys.stdout.write(json.dumps(said.data, indent=2, ensure_ascii=False) + "\n")
    else:
        from rich.console import Console  # noqa: PLC0415 - only people wait for tables to load

        console = Console(highlight=False, soft_wrap=True)
        for part in said.shown:
            console.print(part, markup=False)
    sys.stdout.flush()
    raise SystemExit(said.status)


def fail(error: CountenanceError) -> NoReturn:
    """Print an error's code, sentence and remedy on standard error and end with its boundary's status."""
    sys.stderr.write(f"countenance: {error.diagnostics()} [{error.code}]\n")
    raise SystemExit(status_of(error))
