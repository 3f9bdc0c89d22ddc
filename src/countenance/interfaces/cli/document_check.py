"""``document check``: the steps of a chip's check as a table, or as JSON; nothing about the person is shown."""

from __future__ import annotations

import time
from pathlib import Path

from rich.table import Table

from countenance.errors import ConfigurationError
from countenance.interfaces.cli.document import expired_line
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.procedures.chip import ChipChecked, check_files
from countenance.terms import ChipAuthentic, ChipCheck, Instant, StepVerdict, parse_iso

_MARKS = {StepVerdict.PASSED: "✓", StepVerdict.FINDING: "!", StepVerdict.FAILED: "✗", StepVerdict.NOT_MADE: "-"}


def check(chip: Path, store: Path, *, at: str | None, without_revocation: bool) -> Said:
    """Tell whether every step holds; status 1 when one does not."""
    now = Instant(time.time_ns() // 1_000_000) if at is None else _moment(at)
    checked = check_files(chip, store, at=now, revocation_needed=not without_revocation)
    authentic = isinstance(checked.check, ChipAuthentic)
    return Said(
        data=_data(checked),
        shown=(_verdict(checked.check), *expired_line(checked.expired_since), _table(checked.check), *_store(checked)),
        status=OK if authentic else NOT_AS_EXPECTED,
    )


def _moment(text: str) -> Instant:
    try:
        return parse_iso(text)
    except ValueError as error:
        raise ConfigurationError(
            "cli.moment", f"--at {text!r} is no time with a zone.", remedy="Write it like 2026-06-01T12:00:00Z."
        ) from error


def _data(checked: ChipChecked) -> dict[str, object]:
    found = checked.check
    portrait = {}
    if isinstance(found, ChipAuthentic):
        frame = found.portrait.frame
        portrait = {
            "issuing_state": found.issuing_state,
            "portrait": {
                "coding": found.portrait.coding, "record": found.portrait.record, "sha256": frame.sha256,
                "width": frame.original_width, "height": frame.original_height,
            },
        }  # fmt: skip
    return {
        "authentic": isinstance(found, ChipAuthentic),
        "steps": [
            {"number": step.number, "name": step.name, "clause": step.clause, "verdict": step.verdict,
             "reason": step.reason}
            for step in found.steps
        ],
        **portrait,
        "expired_since": str(checked.expired_since or ""),
        "store": {
            "certificates": checked.trusted,
            "left_out": [{"where": one.where, "code": one.code, "reason": one.reason} for one in checked.left_out],
        },
    }  # fmt: skip


def _verdict(found: ChipCheck) -> str:
    if isinstance(found, ChipAuthentic):
        told = [step for step in found.steps if step.verdict is StepVerdict.FINDING]
        return "AUTHENTIC: the portrait may serve as a reference." + (" Look at what is marked !." if told else "")
    first, *more = (str(step.number) for step in found.broken)
    others = f", nor do others ({', '.join(more)})" if more else ""
    return f"NOT AUTHENTIC: step {first} does not hold{others}. Check the document by hand."


def _table(found: ChipCheck) -> Table:
    table = Table("", "", "step", "asked for by", "what was seen", box=None, padding=(0, 2, 0, 0))
    for step in found.steps:
        table.add_row(str(step.number), _MARKS[step.verdict], step.name, step.clause, step.reason)
    return table


def _store(checked: ChipChecked) -> tuple[str, ...]:
    left = f", {len(checked.left_out)} could not be read" if checked.left_out else ""
    return (f"Against {checked.trusted} CSCA certificates{left}.",)
