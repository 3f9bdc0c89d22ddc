"""What an auditor remembers from one audit to the next, so that a log cannot become another one in between.

A head that was seen must stay a beginning of every later one. Remembered is the signed text itself: two texts of one
size with different roots, both signed, are proof against whoever holds the key, so the earlier one is never overwritten
after a fault. The file lies on the auditor's machine and counts for as much as that machine does.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from .content import Watch
from .findings import Findings, Report, Vouched
from .notes import Head, Key, read_checkpoint
from .strict_json import parse

STATE_FORMAT = "countenance/audit-state/v1"
STALE_AFTER_MS = 24 * 3600 * 1000
"""A log publishes every few minutes, idle or not; the same head a day later is an old one."""
_BROKEN = frozenset({"head.truncated", "head.forked", "head.rewritten", "state.malformed"})
_LARGEST = 65536
_FIELDS = {"format", "key", "tree_head", "first_seen_ms", "last_seen_ms"}


@dataclass(frozen=True, slots=True)
class Remembered:
    """The newest head of a log that this auditor saw, and since when."""

    head: Head
    first_seen_ms: int
    last_seen_ms: int


def read_state(report: Report, data: bytes, vkey: str, key: Key) -> Remembered | None:
    """Return what was remembered of this log, or None after naming why the state cannot be used."""
    try:
        known = _read(data, vkey)
    except ValueError as fault:
        report.fault("state.malformed", f"What was remembered of this log cannot be used: {fault}.")
        return None
    if known.head.origin != key.name:
        report.fault("state.malformed", "What was remembered of this log cannot be used: it is of another log.")
        return None
    return known


def _read(data: bytes, vkey: str) -> Remembered:
    """Return what a state says.

    Raises:
        ValueError: with the reason.
    """
    state = parse(data)
    if not isinstance(state, dict) or set(state) != _FIELDS or state["format"] != STATE_FORMAT:
        raise ValueError(f"it is not in the format {STATE_FORMAT}")
    text, first, last = state["tree_head"], state["first_seen_ms"], state["last_seen_ms"]
    if state["key"] != vkey.strip("\n"):
        raise ValueError("it is of another log's key")
    if not isinstance(text, str) or not isinstance(first, int) or not isinstance(last, int) or first > last:
        raise ValueError("its fields are not what they should be")
    return Remembered(read_checkpoint(text.encode()), first, last)


def judge_memory(  # noqa: PLR0917 - what two audits of one log have to say to each other
    report: Report, known: Remembered, vouched: Vouched, watch: Watch, now_ms: int, stale_ms: int
) -> None:
    """Say whether the log is what it was at the last audit, and more; and whether its newest head is new."""
    since, head, complete = report.found, vouched.head, True
    if head.size < known.head.size:
        report.fault(
            "head.truncated", f"The log had {known.head.size} entries at an earlier audit; it has {head.size} now."
        )
    elif head.size == known.head.size and head.root != known.head.root:
        report.fault(
            "head.forked",
            f"Two heads of {head.size} entries are signed: root {known.head.root.hex()} at an earlier audit, "
            f"{head.root.hex()} now.",
        )
    elif not watch.roots.get(known.head.size):
        complete = False
    elif watch.roots[known.head.size] != known.head.root:
        report.fault(
            "head.rewritten",
            f"The first {known.head.size} entries are not those that an earlier audit saw.",
        )
    _judge_age(report, known, vouched, now_ms, stale_ms)
    report.judged(
        "memory", f"The log grew from the {known.head.size} entries that it had at an earlier audit, and is not stale.",
        complete, since=since,
    )  # fmt: skip


def _judge_age(report: Report, known: Remembered, vouched: Vouched, now_ms: int, stale_ms: int) -> None:
    """Name a head that should have been followed by another; a trusted witness's time counts before our own."""
    if not stale_ms or vouched.head.size != known.head.size:
        return
    stamps = [signer.seconds * 1000 for signer in vouched.signers if signer.trusted]
    old_ms = now_ms - max(stamps, default=known.first_seen_ms)
    if old_ms > stale_ms:
        report.fault(
            "head.stale",
            f"The head of {vouched.head.size} entries is {old_ms // 1000} s old and no newer one is shown; a log "
            "publishes every few minutes, so either it stands still or this reader is kept behind.",
        )


def state_after(findings: Findings, vkey: str, known: bytes | None, now_ms: int) -> bytes | None:
    """Return what to remember after an audit, or None where there is nothing better than what is known.

    Nothing is learnt from a tree that could not be computed, and nothing is forgotten after a fault in the memory.
    """
    broken = {fault.code for fault in findings.faults} & _BROKEN
    if broken or not (findings.passed("checkpoint") and findings.passed("root")):
        return None
    first = now_ms
    if known is not None:
        earlier = parse(known)
        seen = earlier.get("first_seen_ms") if isinstance(earlier, dict) else None
        if isinstance(earlier, dict) and isinstance(seen, int) and earlier["tree_head"] == findings.tree_head:
            first = min(seen, now_ms)
    state = {
        "format": STATE_FORMAT, "key": vkey.strip("\n"), "tree_head": findings.tree_head,
        "first_seen_ms": first, "last_seen_ms": now_ms,
    }  # fmt: skip
    return json.dumps(state, indent=1, sort_keys=True).encode() + b"\n"


def state_file(environment: Mapping[str, str], home: Path, vkey: str) -> Path:
    """Return where the memory of a log lies: one file for each key in the user's state folder (XDG)."""
    stated = environment.get("XDG_STATE_HOME", "")
    base = Path(stated) if Path(stated).is_absolute() else home / ".local" / "state"
    return base / "countenance" / "audit" / f"{hashlib.sha256(vkey.strip().encode()).hexdigest()[:32]}.json"


def load_state(path: Path) -> bytes | None:
    """Return the state in a file, or None where there is none yet.

    Raises:
        OSError: it is there and cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except FileNotFoundError:
        return None


def save_state(path: Path, data: bytes) -> None:
    """Put a state in a file's place at once: whoever reads it sees the old one or the new one.

    Raises:
        OSError: it cannot be written; the old one still stands.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(file.name).unlink()
            raise
