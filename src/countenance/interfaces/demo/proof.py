"""What outsiders could check of the demo: its own log, audited, and a copy with one byte changed, found out."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from countenance.audit import Findings, audit
from countenance.interfaces.demo.shown import Proof
from countenance.terms import JsonObject, Receipt


def prove(log: Path, vkey: str, bundle: JsonObject, receipts: Iterable[Receipt]) -> Proof:
    """Audit the log with the auditor's bundle and every receipt given out, then a copy with one flipped byte."""
    bodies = json.dumps(bundle).encode()
    held = [json.dumps(asdict(receipt)).encode() for receipt in receipts]
    findings = audit(log, vkey, bodies=bodies, receipts=held, now_ms=_now())
    flipped, found = _tampered(log, vkey)
    return Proof(
        tree_size=findings.tree_size,
        tree_head=(log / "checkpoint").read_text("utf-8"),
        entries=findings.counts.bodies,
        checks=_in_words(findings),
        ok=findings.ok,
        flipped=flipped,
        found=found,
    )


def _in_words(findings: Findings) -> tuple[tuple[str, bool], ...]:
    checks = tuple((check.sentence, check.passed) for check in findings.checks)
    return checks + tuple((f"{fault.sentence} [{fault.code}]", False) for fault in findings.faults)


def _tampered(log: Path, vkey: str) -> tuple[str, str]:
    """Flip one bit in the copy's largest file; return which byte, and what the audit says."""
    with TemporaryDirectory(prefix="countenance-copy-") as folder:
        copy = Path(shutil.copytree(log, Path(folder) / "log"))
        victim = max((path for path in sorted(copy.rglob("*")) if path.is_file()), key=lambda path: path.stat().st_size)
        data = bytearray(victim.read_bytes())
        at = len(data) * 3 // 5
        data[at] ^= 1
        victim.write_bytes(data)
        faults = audit(copy, vkey, now_ms=_now()).faults
        place = f"{victim.relative_to(copy).as_posix()}, byte {at}"
        return place, f"{faults[0].sentence} [{faults[0].code}]" if faults else ""


def _now() -> int:
    return time.time_ns() // 1_000_000
