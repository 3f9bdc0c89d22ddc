"""Other people's eyes: who cosigned the checkpoint, so that a keeper cannot show each reader another log.

A cosignature (C2SP tlog-cosignature, Ed25519, type 0x04) says that its witness saw the log only grow, up to this tree
head, at a time. Signatures of parties the auditor did not name are ignored, as signed-note asks, and listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .findings import Cosigned, Report
from .names import shown
from .notes import COSIGNATURE, Key, Note, read_key_of

_STAMP = 8
_SIGNATURE = 64
_LATEST = 2**63 - 1
_AHEAD_S = 300
"""By how much a witness's clock may be ahead of the auditor's."""


@dataclass(frozen=True, slots=True)
class Jury:
    """The witnesses whom an auditor trusts, and how many of them must have cosigned."""

    witnesses: tuple[Key, ...] = ()
    quorum: int = 0


def read_jury(report: Report, vkeys: Sequence[str], quorum: int | None) -> Jury:
    """Return the witnesses of these vkeys, all of whom must have cosigned unless ``quorum`` says how many."""
    witnesses: list[Key] = []
    for number, vkey in enumerate(vkeys):
        try:
            key = read_key_of(vkey, COSIGNATURE)
        except ValueError as fault:
            report.fault("witness.malformed", f"Witness key {number} is not one: {fault}.")
            continue
        if any(key.public == other.public for other in witnesses):
            report.fault("witness.malformed", f"Witness key {number} ({shown(key.name)}) was given twice.")
            continue
        witnesses.append(key)
    needed = len(vkeys) if quorum is None else quorum
    if not 0 <= needed <= len(vkeys):
        report.fault("witness.malformed", f"A quorum of {needed} cannot be reached by {len(vkeys)} witnesses.")
    return Jury(tuple(witnesses), needed)


def check_witnesses(report: Report, note: Note, log: Key, jury: Jury, *, now_ms: int) -> tuple[Cosigned, ...]:
    """Return who else signed the checkpoint; name a witness's bad signature, and a quorum that was not reached."""
    since = report.found
    known = {(witness.name, witness.key_id): witness for witness in jury.witnesses}
    newest: dict[str, int] = {}
    others: list[Cosigned] = []
    for name, key_id, blob in note.signatures:
        witness = known.get((name, key_id))
        if witness is None:
            if (name, key_id) != (log.name, log.key_id):
                others.append(Cosigned(shown(name), key_id.hex(), 0, trusted=False))
            continue
        seconds = _judge(report, note, witness, blob, now_ms)
        if seconds is not None:
            newest[witness.name] = max(seconds, newest.get(witness.name, 0))
    if len(newest) < jury.quorum:
        report.fault(
            "witness.quorum", f"checkpoint is cosigned by {len(newest)} of the witnesses given; {jury.quorum} must be."
        )
    if jury.witnesses:
        report.checked("witnesses", f"{len(newest)} of the witnesses given cosigned the checkpoint.", since=since)
    cosigned = (
        Cosigned(shown(key.name), key.key_id.hex(), newest[key.name], trusted=True)
        for key in jury.witnesses
        if key.name in newest
    )
    return (*cosigned, *others)


def _judge(report: Report, note: Note, witness: Key, blob: bytes, now_ms: int) -> int | None:
    """Return when a witness signed, in seconds since 1970, or None after naming what is wrong with its signature."""
    seconds, signature = int.from_bytes(blob[:_STAMP], "big"), blob[_STAMP:]
    message = f"cosignature/v1\ntime {seconds}\n".encode() + note.text
    if len(signature) != _SIGNATURE or seconds > _LATEST or not witness.verifies(signature, message):
        report.fault("witness.signature", f"The cosignature of {shown(witness.name)} does not fit the checkpoint.")
        return None
    if seconds * 1000 > now_ms + _AHEAD_S * 1000:
        report.fault("witness.time", f"The cosignature of {shown(witness.name)} is of a time that has not come.")
        return None
    return seconds
