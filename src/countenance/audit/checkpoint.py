"""The one file that is signed: whose it is, of which log, and how large a tree it states."""

from __future__ import annotations

from pathlib import Path

from .findings import Report
from .layout import BATCH, Unusable, read_file
from .notes import Head, Key, Note, read_checkpoint, read_note, verify_note

CHECKPOINT = "checkpoint"
_LARGEST = 65536


def check_checkpoint(report: Report, folder: Path, key: Key) -> Head | None:
    """Return what the checkpoint states if every byte of it is vouched for, or None after naming the fault."""
    since = report.found
    head = _head(report, folder, key)
    size = head.size if head else 0
    report.checked("checkpoint", f"{key.name} signed a tree of {size} entries with the key given.", since=since)
    return head


def stated_size(folder: Path) -> int:
    """Return the size that the checkpoint states now, or 0; unverified, only to see whether the log grew meanwhile."""
    data = read_file(folder, CHECKPOINT, _LARGEST)
    try:
        return 0 if isinstance(data, Unusable) else read_checkpoint(read_note(data).text).size
    except ValueError:
        return 0


def _head(report: Report, folder: Path, key: Key) -> Head | None:
    if folder.is_symlink() or not folder.is_dir():
        report.fault("folder.missing", "The log folder is not there, or is a symbolic link.")
        return None
    data = read_file(folder, CHECKPOINT, _LARGEST)
    if isinstance(data, Unusable):
        report.fault("checkpoint.missing" if data.code == "file.missing" else data.code, data.sentence)
        return None
    try:
        note = read_note(data)
        head = read_checkpoint(note.text)
    except ValueError as fault:
        report.fault("checkpoint.malformed", f"checkpoint is not a signed checkpoint: {fault}.")
        return None
    wrong = _wrong(note, head, key)
    if wrong is not None:
        report.fault(*wrong)
        return None
    return head


def _wrong(note: Note, head: Head, key: Key) -> tuple[str, str] | None:
    """Return the fault of a checkpoint that can be read, or None.

    A note may carry other parties' signatures, which verifiers ignore (signed-note). This log's checkpoint carries
    none, and here no byte goes unchecked.
    """
    if (key.name, key.key_id) not in {(name, key_id) for name, key_id, _ in note.signatures}:
        return "checkpoint.key", f"checkpoint is not signed by the key given, {key.name}+{key.key_id.hex()}."
    if len(note.signatures) != 1:
        return (
            "checkpoint.malformed",
            "checkpoint carries more than the one signature that this log's checkpoints have.",
        )
    if not verify_note(note, key):
        return "checkpoint.signature", "checkpoint was changed: its signature does not fit its text."
    if head.origin != key.name:
        return "checkpoint.origin", f"checkpoint is of another log than the key's, {key.name}."
    if head.size % BATCH:
        return "checkpoint.size", f"checkpoint states {head.size} entries; batches padded to {BATCH} cannot give that."
    return None
