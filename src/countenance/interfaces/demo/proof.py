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
from countenance.interfaces.demo.flight import Flight
from countenance.interfaces.demo.shown import Destruction, Proof
from countenance.terms import Cause, JsonObject, Receipt


def prove(site: Path, bundle: JsonObject, receipts: Iterable[Receipt], flight: Flight) -> Proof:
    """Audit the log with the auditor's bundle and every receipt given out, then a copy with one flipped byte."""
    log, vkey = site / "log", (site / "keys" / "log.pub").read_text("utf-8")
    bodies = json.dumps(bundle).encode()
    held = [json.dumps(asdict(receipt)).encode() for receipt in receipts]
    findings = audit(log, vkey, bodies=bodies, receipts=held, now_ms=_now())
    flipped, found = _tampered(log, vkey)
    return Proof(
        tree_size=findings.tree_size,
        tree_head=(log / "checkpoint").read_text("utf-8"),
        entries=findings.counts.bodies,
        checks=_in_words(findings),
        destruction=destruction(bundle, flight),
        ok=findings.ok,
        flipped=flipped,
        found=found,
    )


def destruction(bundle: JsonObject, flight: Flight) -> Destruction:
    """Return what the bundle's entries, each of which the audit looked up in the log, say of a flight's end."""
    bodies: list[dict[str, str]] = json.loads(json.dumps(bundle["entries"]))
    facts = [json.loads(body["facts"]) for body in bodies if "facts" in body]
    closed = [one for one in facts if (one["event"], one.get("gallery")) == ("gallery.closed", flight.after.gallery_id)]
    answers = [
        one for one in facts
        if (one["event"], one.get("cause"), one.get("order"))
        == ("erasure.receipt", Cause.EVENT_END, flight.closed.commitment)
    ]  # fmt: skip
    epochs = tuple(name for one in answers for name in one["epochs"])
    return Destruction(
        closed=len(closed), receipts=len(answers),
        items=dict(item for one in answers for item in one["items"].items()),
        announced=sum(one["destroyed"] for one in closed), epochs=epochs,
        were_there=flight.keys_before >= set(epochs), still_there=tuple(sorted(flight.keys_after & set(epochs))),
    )  # fmt: skip


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
