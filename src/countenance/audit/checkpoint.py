"""The one file that is signed: whose it is, of which log, how large a tree it states, and who cosigned it."""

from __future__ import annotations

from .findings import Report, Vouched
from .layout import BATCH, Folder, Source, Unusable
from .notes import Head, Key, Note, read_checkpoint, read_note, verify_note
from .witnesses import Jury, check_witnesses

CHECKPOINT = "checkpoint"
_LARGEST = 65536


def check_checkpoint(report: Report, source: Source, key: Key, jury: Jury, *, now_ms: int) -> Vouched | None:
    """Return what the checkpoint states if the key given signed it, or None after naming the fault."""
    since = report.found
    read = _read(report, source, key)
    size = read[1].size if read else 0
    report.checked("checkpoint", f"{key.name} signed a tree of {size} entries with the key given.", since=since)
    if read is None:
        return None
    note, head = read
    return Vouched(head, note.text.decode(), check_witnesses(report, note, key, jury, now_ms=now_ms))


def stated_size(source: Source) -> int:
    """Return the size that the checkpoint states now, or 0; unverified, only to see whether the log grew meanwhile."""
    data = source.read(CHECKPOINT, _LARGEST)
    try:
        return 0 if isinstance(data, Unusable) else read_checkpoint(read_note(data).text).size
    except ValueError:
        return 0


def _read(report: Report, source: Source, key: Key) -> tuple[Note, Head] | None:
    if isinstance(source, Folder) and (source.path.is_symlink() or not source.path.is_dir()):
        report.fault("folder.missing", "The log folder is not there, or is a symbolic link.")
        return None
    data = source.read(CHECKPOINT, _LARGEST)
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
    return note, head


def _wrong(note: Note, head: Head, key: Key) -> tuple[str, str] | None:
    """Return the fault of a checkpoint that can be read, or None; signatures of others are not looked at here."""
    ours = [key_id for name, key_id, _ in note.signatures if (name, key_id) == (key.name, key.key_id)]
    if not ours:
        return "checkpoint.key", f"checkpoint is not signed by the key given, {key.name}+{key.key_id.hex()}."
    if len(ours) != 1:
        return "checkpoint.malformed", "checkpoint carries the log's signature more than once."
    if not verify_note(note, key):
        return "checkpoint.signature", "checkpoint was changed: its signature does not fit its text."
    if head.origin != key.name:
        return "checkpoint.origin", f"checkpoint is of another log than the key's, {key.name}."
    if head.size % BATCH:
        return "checkpoint.size", f"checkpoint states {head.size} entries; batches padded to {BATCH} cannot give that."
    return None
