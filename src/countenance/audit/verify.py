"""The audit as a story: key, checkpoint, names, every byte, bodies, receipts. Reads a log's files and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .checkpoint import check_checkpoint, stated_size
from .content import check_content
from .findings import Counts, Findings, Report, Vouched
from .kept import (
    Exported,
    Held,
    check_bodies,
    check_receipts,
    count_encounters,
    judge_bodies,
    judge_receipts,
    watch_for,
)
from .layout import Folder, Source
from .memory import STALE_AFTER_MS, judge_memory, read_state
from .names import check_names
from .notes import Key, read_key
from .witnesses import read_jury

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Papers:
    """What an auditor holds besides the log."""

    vkey: str
    """The C2SP verifier key text; never from the log."""
    bodies: bytes | None = None
    """The auditor's bundle."""
    receipts: Sequence[bytes] = ()
    witnesses: Sequence[str] = ()
    """Verifier keys (type 0x04) of witnesses who are trusted."""
    quorum: int | None = None
    """How many of them must have cosigned; None means all."""
    state: bytes | None = None
    """What ``state_after`` gave after an earlier audit."""
    stale_after_ms: int = STALE_AFTER_MS
    """How old a head may be that was seen before; 0 lets it be any age (an archive)."""


def audit(
    log: Path | Source, vkey: str, *, bodies: bytes | None = None, receipts: Sequence[bytes] = (),
    witnesses: Sequence[str] = (), quorum: int | None = None, state: bytes | None = None,
    stale_after_ms: int = STALE_AFTER_MS, now_ms: int,
) -> Findings:  # fmt: skip
    """Verify a log against a key that was got some other way; never raises for what it finds.

    (1) The checkpoint is the key's, of the log the key names, and of a size that padded batches give (tlog-checkpoint);
    as many of the witnesses as must have cosigned it (tlog-cosignature).
    (2) The folder holds the files of a log of that size and no other file, folder or link (tlog-tiles); a web server
    cannot be asked what else it has.
    (3) Every entry is 32 bytes long, every tile follows from the entries, their root is the checkpoint's (RFC 9162).
    (4) The log is the one that an earlier audit saw, grown, and its head is not an old one.
    (5) Every body is canonical, gives its commitment, and is in the tree exactly once; the tree at export is a prefix.
    (6) No entry was left out of the bundle; what is gone has its erasure's receipt; every encounter is accounted for.
    (7) Every receipt is signed, gives its commitment, and was kept: it is in the tree, or not due yet.

    Not checked without witnesses: that nobody else was shown another log. A log that grows meanwhile is read again.

    Args:
        log: the folder with ``checkpoint`` and ``tile/``, or another source of its files; nothing in it is trusted.
        vkey: the C2SP verifier key text; never take it from the log.
        bodies: the auditor's export, or None.
        receipts: receipts as JSON.
        witnesses: verifier keys of trusted witnesses.
        quorum: how many of them must have cosigned; None means all.
        state: what ``state_after`` returned after an earlier audit, or None.
        stale_after_ms: how old a head may be that was seen before; 0 lets it be of any age.
        now_ms: when the log was copied, in milliseconds since 1970; what was promised for earlier must be kept.
    """
    source = Folder(log) if isinstance(log, Path) else log
    papers = Papers(vkey, bodies, receipts, witnesses, quorum, state, stale_after_ms)
    for _ in range(_ATTEMPTS):
        findings = _audit_once(source, papers, now_ms)
        if findings.ok or not findings.tree_size or findings.tree_size == stated_size(source):
            break
    return findings


def _audit_once(source: Source, papers: Papers, now_ms: int) -> Findings:
    report = Report()
    try:
        key = read_key(papers.vkey)
    except ValueError as fault:
        report.fault("key.malformed", f"The key is not a verifier key: {fault}.")
        return report.findings(Counts(), "")
    jury = read_jury(report, papers.witnesses, papers.quorum)
    vouched = check_checkpoint(report, source, key, jury, now_ms=now_ms)
    exported = None if papers.bodies is None else check_bodies(report, papers.bodies, key)
    held = check_receipts(report, papers.receipts, key)
    if vouched is None:
        return report.findings(Counts(), key.name)
    return _against_tree(report, source, papers, key, vouched, exported, held, now_ms)


def _against_tree(  # noqa: PLR0917 - everything that was read, brought together
    report: Report, source: Source, papers: Papers, key: Key, vouched: Vouched, exported: Exported | None, held: Held,
    now_ms: int,
) -> Findings:  # fmt: skip
    """Read the tree once and hold everything against it."""
    head = vouched.head
    known = None if papers.state is None else read_state(report, papers.state, papers.vkey, key)
    watch = watch_for(exported, held, [known.head.size] if known else [])
    files = check_names(report, source.path, head.size) if isinstance(source, Folder) else 0
    entries = check_content(report, source, head, watch)
    if known is not None:
        judge_memory(report, known, vouched, watch, now_ms, papers.stale_after_ms)
    counts, census = Counts(files=files, entries=entries), None
    if exported is not None:
        counts = judge_bodies(report, exported, head, watch, now_ms=now_ms, counts=counts)
        census = count_encounters(report, exported)
    if papers.receipts:
        counts = judge_receipts(report, held, exported, watch, now_ms=now_ms, counts=counts)
    return report.findings(counts, key.name, vouched, census)
