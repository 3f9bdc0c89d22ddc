"""``charter explain``: every rule that was asked, in order, with its answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rich.table import Table
from typer import BadParameter

from countenance.bootstrap.explaining import explain_at_site
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.interfaces.explained import action_named, actor_named, explanation_data, moment_named, person_named
from countenance.terms import Action, Explanation, Instant, iso

T = TypeVar("T")


def explain(  # noqa: PLR0917 - one question's whole content
    site: Path, who: str, action: str, at: str, on: str, person_class: str, age: int, as_if: Path | None = None
) -> Said:
    """Answer one question by what stands in the site's folder."""
    actor = _read("--as", who, actor_named, "a role and a post, such as operator:17")
    asked = _read("--action", action, action_named, "one of: " + ", ".join(item.value for item in Action))
    moment = _read("--on", on, moment_named, "a day such as 2025-12-26") if on else Instant(time.time_ns() // 1_000_000)
    person, supposed = person_named(person_class, age), b"" if as_if is None else as_if.read_bytes()
    answer = explain_at_site(site, actor, asked, at, moment, person, supposed)
    return Said(
        data=explanation_data(answer), shown=(verdict(answer), findings(answer)),
        status=OK if answer.allowed else NOT_AS_EXPECTED,
    )  # fmt: skip


def verdict(answer: Explanation) -> str:
    """Return the answer in one sentence."""
    place = f" at {answer.checkpoint_id}" if answer.checkpoint_id else ""
    word = "may" if answer.allowed else "may NOT"
    return f"{answer.actor.actor_id} {word} {answer.action.value.replace('_', ' ')}{place} on {iso(answer.at)}:"


def findings(answer: Explanation) -> Table:
    """Return every rule that was asked, in order."""
    table = Table(show_header=False, box=None, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for item in answer.findings:
        table.add_row("✓" if item.passes else "✗", item.rule_id, item.sentence)
    return table


def _read(option: str, text: str, reader: Callable[[str], T], expected: str) -> T:
    try:
        return reader(text)
    except ValueError:
        raise BadParameter(f"{option} takes {expected}, not {text!r}.") from None
