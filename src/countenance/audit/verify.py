"""The audit as a story: key, checkpoint, names, every byte, bodies, receipts. Reads ``log/`` and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .checkpoint import check_checkpoint, stated_size
from .content import check_content
from .findings import Counts, Findings, Report
from .kept import check_bodies, check_receipts, judge_bodies, judge_receipts, watch_for
from .names import check_names
from .notes import read_key

_ATTEMPTS = 3


def audit(
    log_folder: Path, vkey: str, *, bodies: bytes | None = None, receipts: Sequence[bytes] = (), now_ms: int
) -> Findings:
    """Verify a log folder against a key that was got some other way; never raises for what it finds.

    (1) The checkpoint is the key's, of the log the key names, and of a size that padded batches give (tlog-checkpoint).
    (2) The folder holds the files of a log of that size and no other file, folder or link (tlog-tiles).
    (3) Every entry is 32 bytes long, every tile follows from the entries, their root is the checkpoint's (RFC 9162).
    (4) Every body is canonical, gives its commitment, and is in the tree exactly once; the tree at export is a prefix.
    (5) Every receipt is signed, gives its commitment, and was kept: it is in the tree, or not due yet.

    Not checked, because a folder alone cannot show it: that nobody was shown another log (compare checkpoints), and
    when the checkpoint was signed. A log that grows meanwhile is read again.

    Args:
        log_folder: the folder with ``checkpoint`` and ``tile/``; its files may be anything and are not trusted.
        vkey: the C2SP verifier key text; never take it from the log folder.
        bodies: the auditor's export, or None.
        receipts: receipts as JSON.
        now_ms: when the folder was copied, in milliseconds since 1970; what was promised for earlier must be kept.
    """
    for _ in range(_ATTEMPTS):
        findings = _audit_once(log_folder, vkey, bodies, receipts, now_ms)
        if findings.ok or not findings.tree_size or findings.tree_size == stated_size(log_folder):
            break
    return findings


def _audit_once(folder: Path, vkey: str, bodies: bytes | None, receipts: Sequence[bytes], now_ms: int) -> Findings:
    report = Report()
    try:
        key = read_key(vkey)
    except ValueError as fault:
        report.fault("key.malformed", f"The key is not a verifier key: {fault}.")
        return report.findings(Counts(), "", 0, b"")
    head = check_checkpoint(report, folder, key)
    exported = None if bodies is None else check_bodies(report, bodies, key)
    held = check_receipts(report, receipts, key)
    if head is None:
        return report.findings(Counts(), key.name, 0, b"")
    watch = watch_for(exported, held)
    files = check_names(report, folder, head.size)
    entries = check_content(report, folder, head, watch)
    counts = Counts(files=files, entries=entries)
    if exported is not None:
        counts = judge_bodies(report, exported, head, watch, now_ms=now_ms, counts=counts)
    if receipts:
        counts = judge_receipts(report, held, exported, watch, now_ms=now_ms, counts=counts)
    return report.findings(counts, key.name, head.size, head.root)
