"""Keeps ``log/`` in step with the record, and refuses to where ``log/`` tells of a future or a past that is not ours.

Trust runs one way: a tree head counts by the log key's signature, leaves count by a tree head's root, tiles count by
the leaves. So a tile that differs is simply written again, whoever changed it. A *checkpoint* is another matter: signed
and ahead of the database, or signed and of another tree, it is proof that the database was rolled back or exchanged
after others may have seen it. Then nothing starts, because a log that forgets is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from countenance.errors import RecordError
from countenance.ports import RecordStore
from countenance.record.merkle import EMPTY_ROOT, inclusion_path
from countenance.record.note import read_head
from countenance.record.projection import Projection
from countenance.record.tiles import (
    WIDTH,
    GrowingTree,
    Tile,
    TileName,
    hashes_at,
    levels_of,
    split,
    subtrees_from,
    width_of,
)
from countenance.terms import TreeHead

LEAVES_AT_ONCE = 64 * WIDTH
"""How many leaves are read from the database at a time."""


class Mirror:
    """The log's files against the record's tree. Its owner lets in one thread at a time."""

    def __init__(self, files: Projection, origin: str, public_key: bytes) -> None:
        """Mirror into ``files`` the log ``origin``, whose tree heads ``public_key`` verifies."""
        self._files = files
        self._origin = origin
        self._public_key = public_key

    def catch_up(self, record: RecordStore, head: TreeHead) -> GrowingTree:
        """Bring the files to ``head``, the record's newest, and return the tree there.

        Costs the leaves that are missing plus the tree's right edge: the unfinished tiles are taken from the files,
        after their root was found to be the one that the checkpoint states. Only when it is not is all rebuilt.

        Raises:
            RecordError: as ``rebuild``.
        """
        published = self._published(head)
        tree = self._edge(record, published)
        if tree is None:
            return self.rebuild(record, head)
        tiles = [tile for leaves in _chunks(record, tree.size, head.size) for tile in tree.add(leaves)]
        if tree.root() != head.root:
            return self.rebuild(record, head)
        self.show(tree, tiles, head, published.size)
        return tree

    def show(self, tree: GrowingTree, full: Sequence[Tile], head: TreeHead, since: int) -> None:
        """Publish what a tree grew from ``since`` leaves to ``head``: tiles, then checkpoint, then outgrown files.

        Raises:
            RecordError: ``log.not_written``.
        """
        self._files.write([*full, *tree.partial(since)])
        self._files.publish(head.note)
        self._files.drop(since, head.size)

    def rebuild(self, record: RecordStore, head: TreeHead) -> GrowingTree:
        """Compare every byte of the files with the record, write what differs, remove leftovers; return the tree.

        Raises:
            RecordError: ``record.damaged`` (the leaves are not those of the signed head), ``log.rolled_back``,
                ``log.forked`` or ``log.foreign`` (the checkpoint is not one of this tree), ``log.not_written``.
        """
        published = self._published(head)
        tree, different = GrowingTree(), set[TileName]()
        for leaves in _chunks(record, 0, published.size):
            different |= self._different(tree.add(leaves))
        published_root = tree.root()
        for leaves in _chunks(record, published.size, head.size):
            different |= self._different(tree.add(leaves))
        if tree.root() != head.root:
            raise _damaged()
        if published_root != published.root:
            raise _refused(
                "log.forked", "log/checkpoint is signed by this log's key but is of another tree than the database's."
            )
        different |= self._different(tree.partial())
        if different:
            self._files.write(tile for tile in _all_tiles(record, head.size) if tile.name in different)
        self._files.publish(head.note)
        self._files.clean(head.size)
        return tree

    def tidy(self, record: RecordStore, head: TreeHead) -> None:
        """Catch up, see that every file is there with its right length, remove leftovers; contents stay unread.

        Raises:
            RecordError: as ``rebuild``.
        """
        self.catch_up(record, head)
        if self._files.is_whole(head.size):
            self._files.clean(head.size)
        else:
            self.rebuild(record, head)

    def path(self, index: int, head: TreeHead) -> tuple[bytes, ...]:
        """Return the inclusion path of leaf ``index`` to ``head``, computed from tiles; verify it before use.

        Raises:
            RecordError: ``log.unreadable``: a tile is missing.
        """

        @cache
        def read(level: int, number: int) -> bytes:
            name = TileName(level, number, width_of(level, number, head.size))
            data = self._files.tile(name)
            if data is None:
                raise _unreadable(f"{name.path} is missing or has a wrong length")
            return data

        return inclusion_path(index, head.size, subtrees_from(read))

    def _published(self, head: TreeHead) -> TreeHead:
        """Return the tree head that the files state, known to be this log's and not newer than ``head``."""
        note = self._files.checkpoint()
        if note is None:
            return TreeHead(0, EMPTY_ROOT, "")
        if note == head.note:
            return head
        try:
            published = read_head(note, self._origin, self._public_key)
        except RecordError as fault:
            raise _refused("log.foreign", "log/checkpoint is not signed by this log's key for this origin.") from fault
        if published.size > head.size:
            raise _refused(
                "log.rolled_back", "log/checkpoint states more leaves than the database knows: it was rolled back."
            )
        return published

    def _edge(self, record: RecordStore, published: TreeHead) -> GrowingTree | None:
        """Return the published tree from the files' right edge, or None when that is not the tree it should be."""
        size = published.size
        upper: list[list[bytes]] = []
        for level in levels_of(size)[2:]:
            index, width = divmod(hashes_at(level, size), WIDTH)
            data = self._files.tile(TileName(level, index, width)) if width else b""
            if data is None:
                return None
            upper.append(split(data))
        tree = GrowingTree(size, record.leaves(size - size % WIDTH, size), upper)
        return tree if tree.root() == published.root else None

    def _different(self, tiles: Iterable[Tile]) -> set[TileName]:
        return {tile.name for tile in tiles if self._files.tile(tile.name) != tile.data}


def _chunks(record: RecordStore, start: int, end: int) -> Iterator[tuple[bytes, ...]]:
    for at in range(start, end, LEAVES_AT_ONCE):
        yield record.leaves(at, min(at + LEAVES_AT_ONCE, end))


def _all_tiles(record: RecordStore, size: int) -> Iterator[Tile]:
    tree = GrowingTree()
    for leaves in _chunks(record, 0, size):
        yield from tree.add(leaves)
    yield from tree.partial()


def _damaged() -> RecordError:
    return RecordError(
        "record.damaged",
        "The leaves in the database are not those that the newest signed tree head commits to.",
        remedy="Nothing was published. Restore the database from a backup that is not older than log/.",
    )


def _refused(code: str, sentence: str) -> RecordError:
    return RecordError(
        code,
        sentence,
        remedy="Nothing starts and nothing was overwritten. Restore the database that belongs to this log/; if there "
        "is none, keep log/ as evidence, tell the auditors, and begin a new site with a new key.",
    )


def _unreadable(what: str) -> RecordError:
    return RecordError(
        "log.unreadable",
        f"No proof can be made: {what}.",
        remedy="Restart the service: it repairs log/ from the record.",
    )
