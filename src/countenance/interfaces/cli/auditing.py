"""``audit``: the outsider's check, told in words. Opens no site: reads ``log/`` and the files it is given."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from countenance.audit import Findings
from countenance.audit import audit as audit_log
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said


def audit(folder: Path, key: Path, bodies: Path | None, receipts: Sequence[Path]) -> Said:
    """Audit a site's log or a copy of one; any fault makes the status 1 and is named."""
    findings = audit_log(
        log_folder(folder),
        key.read_text("utf-8", "replace"),
        bodies=None if bodies is None else bodies.read_bytes(),
        receipts=[path.read_bytes() for path in receipts],
        now_ms=time.time_ns() // 1_000_000,
    )
    return Said(findings.as_json(), tuple(_lines(findings)), OK if findings.ok else NOT_AS_EXPECTED)


def log_folder(folder: Path) -> Path:
    """Return the folder that holds ``checkpoint`` and ``tile/``: ``log/`` of a site, or the folder itself."""
    inside = folder / "log"
    return inside if inside.is_dir() else folder


def _lines(findings: Findings) -> list[Text]:
    lines = [
        Text.assemble(
            ("ok     " if check.passed else "FAULT  ", "green" if check.passed else "bold red"), check.sentence
        )
        for check in findings.checks
    ]
    lines += [Text.assemble(("FAULT  ", "bold red"), fault.sentence, f" [{fault.code}]") for fault in findings.faults]
    if findings.faults_left_out:
        lines.append(Text(f"FAULT  … and {findings.faults_left_out} more."))
    last = f"No fault: {findings.origin}, {findings.tree_size} leaves." if findings.ok else "The log does not hold."
    return [*lines, Text(last)]
