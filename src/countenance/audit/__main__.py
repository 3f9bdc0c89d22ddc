"""``python -m countenance.audit LOG --key FILE [--bodies FILE] [--receipt FILE …]``; exit 1 on any fault."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from .findings import Findings
from .layout import Folder, Source
from .memory import STALE_AFTER_MS, state_file
from .remembering import audit_remembering
from .rows import as_csv, summed
from .web import Web

_LARGEST_KEY = 4096


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit a log and print what was verified; return 0 when all is well, 1 on any fault."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        source = _source(given.log)
    except ValueError as fault:
        parser.error(f"{given.log} is no address of a log: {fault}")
    if isinstance(source, Folder) and source.path.resolve() in given.key.resolve().parents:
        parser.error("the key lies inside the log folder, so it proves nothing; get it from whoever runs the log")
    try:
        with closing(source):
            findings = _audited(source, given)
        if given.census is not None and findings.census is not None:
            given.census.write_text(as_csv(findings.census), "utf-8")
    except OSError as fault:
        parser.error(f"{fault.filename} cannot be used: {fault.strerror}")
    text = json.dumps(findings.as_json(), indent=2) if given.json else _told(findings)
    sys.stdout.write(f"{text}\n")
    return 0 if findings.ok else 1


def _audited(source: Source, given: argparse.Namespace) -> Findings:
    """Audit with the memory of the last audit, and remember this one."""
    vkey = given.key.read_bytes()[:_LARGEST_KEY].decode("utf-8", "replace")
    return audit_remembering(
        source, vkey, given.state or state_file(os.environ, Path.home(), vkey), bodies=given.bodies,
        receipts=given.receipt, witnesses=given.witness, quorum=given.quorum,
        stale_after_ms=given.stale_after * 1000, now_ms=time.time_ns() // 1_000_000,
    )  # fmt: skip


def _source(log: str) -> Source:
    return Web.at(log) if log.startswith(("http://", "https://")) else Folder(Path(log))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="countenance.audit", description="Verify a log without trusting its keeper.")
    parser.add_argument("log", metavar="LOG", help="the folder, or the http(s) address, with checkpoint and tile/")
    parser.add_argument("--key", type=Path, required=True, help="file with the log's verifier key, never from LOG")
    parser.add_argument("--bodies", type=Path, help="an export of bodies by the auditor role")
    parser.add_argument("--census", type=Path, metavar="CSV", help="write a row for every encounter in the export")
    parser.add_argument("--receipt", type=Path, action="append", default=[], help="a receipt as JSON; may be repeated")
    parser.add_argument("--witness", action="append", default=[], metavar="VKEY", help="a trusted witness's key")
    parser.add_argument("--quorum", type=int, help="how many witnesses must have cosigned (default: all)")
    parser.add_argument("--state", type=Path, help="where the last tree head is remembered; 'none' remembers nothing")
    parser.add_argument(
        "--stale-after", type=int, default=STALE_AFTER_MS // 1000, metavar="SECONDS",
        help="a head seen before may be so old (default: a day); 0: of any age",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    return parser


def _told(findings: Findings) -> str:
    """Return the findings as lines for a person."""
    lines = [f"{'ok   ' if check.passed else 'FAULT'}  {check.sentence}" for check in findings.checks]
    lines += [f"       {fault.code}: {fault.sentence}" for fault in findings.faults]
    if findings.faults_left_out:
        lines.append(f"       … and {findings.faults_left_out} more faults.")
    lines += [f"       signed by {one.name}+{one.key_id}, not a witness given" for one in findings.strangers]
    if findings.census is not None and findings.census.rows:
        lines += [f"       {name}: {value}" for name, value in summed(findings.census)]
    verdict = "nothing is wrong" if findings.ok else f"{len(findings.faults) + findings.faults_left_out} faults"
    return "\n".join([*lines, f"{findings.origin}, {findings.tree_size} entries: {verdict}."])


if __name__ == "__main__":
    sys.exit(main())
