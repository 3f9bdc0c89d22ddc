"""What a published log says beyond a record that is older: taken over, so that the tree goes on and never forks.

A tree head counts by the log key's signature, and leaves by its root: a folder with one wrong byte gives nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from countenance.errors import RecordError
from countenance.ports import RecordStore
from countenance.record.mirror import LEAVES_AT_ONCE
from countenance.record.note import read_head
from countenance.record.projection import Projection
from countenance.record.tiles import ENTRIES, ENTRY_BYTES, WIDTH, GrowingTree, TileName, width_of
from countenance.terms import TreeHead

_LENGTH = (ENTRY_BYTES - 2).to_bytes(2, "big")


@dataclass(frozen=True, slots=True)
class Continued:
    """Where a published log stands beyond a record."""

    head: TreeHead
    leaves: tuple[bytes, ...]
    """What follows the record's last leaf, up to ``head``; empty where the record is as far."""


def read_continuation(folder: Path, origin: str, public_key: bytes, record: RecordStore) -> Continued | None:
    """Return what the log in ``folder`` goes on with; None where it has nothing that the record has not.

    Raises:
        RecordError: ``restore.foreign_log``: nothing there, or not signed by this key for this origin;
            ``restore.log_incomplete``: a file is missing or damaged; ``restore.log_forked``: another tree.
    """
    files = Projection(folder)
    note = files.checkpoint()
    try:
        head = read_head(note or "", origin, public_key)
    except RecordError as fault:
        raise RecordError(
            "restore.foreign_log",
            f"The folder {folder.name} holds no log that this site's key signed for {origin}.",
            remedy="Name the site's own log/, or a copy of it; nothing was restored.",
        ) from fault
    known, tree = record.size(), GrowingTree()
    for start in range(0, min(known, head.size), LEAVES_AT_ONCE):
        for _ in tree.add(record.leaves(start, min(start + LEAVES_AT_ONCE, known, head.size))):
            pass
    leaves = tuple(_after(files, known, head.size))
    for _ in tree.add(leaves):
        pass
    if tree.root() != head.root:
        _forked()
    return Continued(head, leaves) if leaves else None


def _after(files: Projection, start: int, end: int) -> Iterator[bytes]:
    """Yield the entries [start, end) of the published bundles."""
    for index in range(start // WIDTH, -(-end // WIDTH) if end > start else 0):
        name = TileName(ENTRIES, index, width_of(0, index, end))
        data = files.tile(name)
        entries = [] if data is None else [data[at : at + ENTRY_BYTES] for at in range(0, len(data), ENTRY_BYTES)]
        if len(entries) != name.width or any(entry[:2] != _LENGTH for entry in entries):
            raise RecordError(
                "restore.log_incomplete",
                f"The log's file {name.path} is missing or damaged.",
                remedy="Take a whole copy of the site's log/; nothing was restored.",
            )
        yield from (entry[2:] for entry in entries[max(0, start - index * WIDTH) :])


def _forked() -> NoReturn:
    raise RecordError(
        "restore.log_forked",
        "The published log is of another tree than the backup's.",
        remedy="Nothing was restored. Take the backup and the log of one site; if they are, keep both as evidence and "
        "tell the auditors.",
    )
