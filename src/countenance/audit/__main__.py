"""``python -m countenance.audit LOG --key FILE [--bodies FILE] [--receipt FILE …] [--json]``; exit 1 on any fault."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from .findings import Findings
from .verify import audit

_LARGEST_KEY = 4096


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit a log folder and print what was verified; return 0 when all is well, 1 on any fault."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.log.resolve() in given.key.resolve().parents:
        parser.error("the key lies inside the log folder, so it proves nothing; get it from whoever runs the log")
    try:
        findings = audit(
            given.log,
            given.key.read_bytes()[:_LARGEST_KEY].decode("utf-8", "replace"),
            bodies=given.bodies.read_bytes() if given.bodies else None,
            receipts=[path.read_bytes() for path in given.receipt],
            now_ms=time.time_ns() // 1_000_000,
        )
    except OSError as fault:
        parser.error(f"{fault.filename} cannot be read: {fault.strerror}")
    text = json.dumps(findings.as_json(), indent=2) if given.json else _told(findings)
    sys.stdout.write(f"{text}\n")
    return 0 if findings.ok else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="countenance.audit", description="Verify a log folder, offline.")
    parser.add_argument("log", type=Path, metavar="LOG", help="the folder with checkpoint and tile/")
    parser.add_argument("--key", type=Path, required=True, help="file with the log's verifier key, never from LOG")
    parser.add_argument("--bodies", type=Path, help="an export of bodies by the auditor role")
    parser.add_argument("--receipt", type=Path, action="append", default=[], help="a receipt as JSON; may be repeated")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    return parser


def _told(findings: Findings) -> str:
    """Return the findings as lines for a person."""
    lines = [f"{'ok   ' if check.passed else 'FAULT'}  {check.sentence}" for check in findings.checks]
    lines += [f"       {fault.code}: {fault.sentence}" for fault in findings.faults]
    if findings.faults_left_out:
        lines.append(f"       … and {findings.faults_left_out} more faults.")
    verdict = "nothing is wrong" if findings.ok else f"{len(findings.faults) + findings.faults_left_out} faults"
    return "\n".join([*lines, f"{findings.origin}, {findings.tree_size} entries: {verdict}."])


if __name__ == "__main__":
    sys.exit(main())
