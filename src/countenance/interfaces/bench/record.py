"""A record of a million entries: what one more costs beside the disk, a proof, and an outsider's audit of all of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from statistics import median

from countenance.audit import audit
from countenance.bootstrap.filled import FilledRecord, fill_record
from countenance.interfaces.bench.timing import timed
from countenance.terms import Instant, JsonObject

BATCH = 64
_FACTS: JsonObject = {
    "event": "attempt.answered", "checkpoint": "lane-1", "charter": "c" * 64, "operating_point": "0" * 64,
    "weights": "f" * 64, "encounter": "e" * 32, "policy": "operators-verify", "mode": "verify", "attempt": 1,
    "device": "local", "decision": "match", "reason": "", "rules": ["score.at_or_above"], "next_step": "proceed",
}  # fmt: skip
"""As long as those of an answer."""


def measure(folder: Path, *, entries: int = 1_000_000, appends: int = 500) -> Mapping[str, float]:
    """Return the record's figures at ``entries``, rounded down to whole batches; the record is made in ``folder``."""
    record = fill_record(folder / "record", max(BATCH, entries // BATCH * BATCH))
    try:
        return _figures(record, appends)
    finally:
        record.storage.close()


def _figures(record: FilledRecord, appends: int) -> Mapping[str, float]:
    spent = [record.append(_FACTS) for _ in range(appends)]
    now = record.storage.clock.now()
    publish = timed(partial(record.log.publish, now))
    proofs = [timed(partial(record.log.prove, commitment)) for commitment, _, _ in spent]
    audits = timed(partial(_audit, record, now))
    return {
        "record.append_ms_1m": median(appended for _, appended, _ in spent),
        "record.commit_ms_1m": median(committed for _, _, committed in spent),
        "record.publish_ms_1m": publish,
        "record.proof_ms_1m": median(proofs),
        "record.audit_s_1m": audits / 1000,
    }


def _audit(record: FilledRecord, now: Instant) -> None:
    """Audit the public log, which must hold.

    Raises:
        AssertionError: it does not, so that its time would say nothing.
    """
    findings = audit(record.folder, record.vkey, now_ms=max(now, time.time_ns() // 1_000_000))
    if not findings.ok:
        raise AssertionError(findings.faults[0].sentence)
