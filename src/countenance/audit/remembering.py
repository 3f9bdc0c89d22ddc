"""One audit with the memory of the last one, which it renews: what both command lines do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .findings import Findings
from .layout import Source
from .memory import load_state, save_state, state_after
from .verify import audit

NO_STATE = Path("none")
"""In the memory's place: nothing is remembered."""


def audit_remembering(
    source: Source, vkey: str, place: Path, *, bodies: Path | None, receipts: Sequence[Path],
    witnesses: Sequence[str], quorum: int | None, stale_after_ms: int, now_ms: int,
) -> Findings:  # fmt: skip
    """Audit as :func:`audit` does, with what the file ``place`` remembers, and put there what is known now.

    Raises:
        OSError: a file cannot be read, or the memory cannot be written.
    """
    known = None if place == NO_STATE else load_state(place)
    findings = audit(
        source, vkey, bodies=None if bodies is None else bodies.read_bytes(),
        receipts=[path.read_bytes() for path in receipts], witnesses=witnesses, quorum=quorum, state=known,
        stale_after_ms=stale_after_ms, now_ms=now_ms,
    )  # fmt: skip
    state = None if place == NO_STATE else state_after(findings, vkey, known, now_ms)
    if state is not None:
        save_state(place, state)
    return findings
