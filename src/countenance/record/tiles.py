"""The tree as files: C2SP tlog-tiles, and a tree that grows by reading nothing but its right edge. Pure.

A *tile* is 256 neighbouring hashes of one level (level n's hashes each cover 256^n leaves); an *entry bundle* is 256
neighbouring entries. Both are partial, ``.p/<width>``, at the tree's right edge. The file of a given (level, index,
width) never changes once it exists, so the files of a tree of one size are those of any smaller size, plus some,
minus the partial ones whose full tile exists now.

tlog-tiles asks for the partial tiles of every size that had a checkpoint. Ours are a function of the size alone, so
that a verifier can demand exactly them: every batch is a multiple of 64, so entries and level 0 have partial tiles at
each multiple of 64 and the levels above at each width, up to the present one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from countenance.record.merkle import EMPTY_ROOT, Subtrees, fold, leaf_hash

WIDTH = 256
HASH_BYTES = 32
ENTRY_BYTES = 2 + HASH_BYTES
"""One entry in a bundle: a big-endian uint16 length, 32, and the commitment."""
ENTRIES = -1
"""The "level" of entry bundles."""
STEP = 64
"""Batches are padded to multiples of this, so no tree has another size."""


@dataclass(frozen=True, slots=True, order=True)
class TileName:
    """Which file: level (``ENTRIES`` for bundles), index in the level, width in entries or hashes."""

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        """Path below the log folder (tlog-tiles, "Merkle Tree" and "Log entries")."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        nested = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        return f"tile/{level}/{nested}" + ("" if self.width == WIDTH else f".p/{self.width}")

    @property
    def length(self) -> int:
        """Length of the file in bytes."""
        return self.width * (ENTRY_BYTES if self.level == ENTRIES else HASH_BYTES)


@dataclass(frozen=True, slots=True)
class Tile:
    """One file's name and bytes."""

    name: TileName
    data: bytes


def hashes_at(level: int, size: int) -> int:
    """Return how many hashes (or entries) a tree of ``size`` leaves has at ``level``."""
    return size >> (8 * max(level, 0))


def levels_of(size: int) -> range:
    """Return the levels that have tiles in a tree of ``size`` leaves, entries first; empty for an empty tree."""
    return range(ENTRIES, -(-size.bit_length() // 8)) if size else range(0)


def names_at(level: int, size: int, since: int = 0) -> Iterator[TileName]:
    """Yield what a tree of ``size`` has at ``level`` and a tree of ``since`` leaves (a smaller size) does not."""
    full, width = divmod(hashes_at(level, size), WIDTH)
    full_before, width_before = divmod(hashes_at(level, since), WIDTH)
    yield from (TileName(level, index, WIDTH) for index in range(full_before, full))
    start = width_before if full == full_before else 0
    yield from (TileName(level, full, part) for part in partial_widths(level, start, width))


def partial_widths(level: int, start: int, end: int) -> range:
    """Return the partial tiles' widths in (start, end] at ``level``."""
    step = STEP if level <= 0 else 1
    return range((start // step + 1) * step, end + 1, step)


def outgrown(level: int, size: int, since: int) -> Iterator[TileName]:
    """Yield the partial tiles at ``level`` of a tree of ``since`` leaves whose full tile exists at ``size``."""
    index, width = divmod(hashes_at(level, since), WIDTH)
    if hashes_at(level, size) // WIDTH > index:
        yield from (TileName(level, index, part) for part in partial_widths(level, 0, width))


def belongs(name: TileName, size: int) -> bool:
    """Return whether a tree of ``size`` leaves has this file."""
    if name.level not in levels_of(size):
        return False
    full, width = divmod(hashes_at(name.level, size), WIDTH)
    if name.width == WIDTH:
        return name.index < full
    return name.index == full and name.width in partial_widths(name.level, 0, width)


class GrowingTree:
    """A Merkle tree of which only the right edge is held: the unfinished bundle and each level's unfinished tile.

    Adding n leaves costs n leaf hashes and about n node hashes, whatever the tree's size.
    """

    def __init__(self, size: int = 0, bundle: Sequence[bytes] = (), upper: Sequence[Sequence[bytes]] = ()) -> None:
        """Continue a tree of ``size`` leaves.

        Args:
            size: leaves in the tree.
            bundle: the commitments in its unfinished entry bundle, ``size % 256`` of them.
            upper: for levels 1, 2, …: the hashes in the unfinished tile, ``(size >> 8 * level) % 256`` of them.

        Raises:
            ValueError: they do not fit ``size``.
        """
        self._bundle = list(bundle)
        self._levels = [[leaf_hash(leaf) for leaf in bundle], *(list(hashes) for hashes in upper)]
        for level, hashes in enumerate(self._levels):
            if len(hashes) != hashes_at(level, size) % WIDTH:
                raise ValueError(f"{len(hashes)} hashes at level {level} do not fit a tree of {size} leaves")
        if hashes_at(len(self._levels), size):
            raise ValueError(f"{len(self._levels)} levels are too few for a tree of {size} leaves")
        self.size = size

    def root(self) -> bytes:
        """Return the root (RFC 9162, 2.1.1)."""
        tail: list[bytes] = []
        for hashes in self._levels:
            tail = [fold([*hashes, *tail])] if hashes or tail else []
        return tail[0] if tail else EMPTY_ROOT

    def add(self, leaves: Sequence[bytes]) -> list[Tile]:
        """Append leaves' data (commitments) in order; return the bundles and tiles that became full."""
        finished: list[Tile] = []
        at = 0
        while at < len(leaves):
            chunk = leaves[at : at + WIDTH - len(self._bundle)]
            at += len(chunk)
            self.size += len(chunk)
            self._bundle += chunk
            self._levels[0] += [leaf_hash(leaf) for leaf in chunk]
            if len(self._bundle) == WIDTH:
                finished += self._finish()
        return finished

    def _finish(self) -> Iterator[Tile]:
        """Yield the bundle that became full, and the tiles at every level that did with it."""
        yield Tile(TileName(ENTRIES, self.size // WIDTH - 1, WIDTH), bundled(self._bundle))
        self._bundle = []
        level = 0
        while len(self._levels[level]) == WIDTH:
            hashes = self._levels[level]
            yield Tile(TileName(level, hashes_at(level + 1, self.size) - 1, WIDTH), b"".join(hashes))
            self._levels[level] = []
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(fold(hashes))

    def partial(self, since: int = 0) -> Iterator[Tile]:
        """Yield the partial bundles and tiles that a tree of ``since`` leaves (a smaller size) did not have."""
        for level in levels_of(self.size):
            for name in names_at(level, self.size, since):
                if name.width < WIDTH:
                    yield Tile(name, self._edge(level, name.width))

    def _edge(self, level: int, width: int) -> bytes:
        if level == ENTRIES:
            return bundled(self._bundle[:width])
        return b"".join(self._levels[level][:width])


def bundled(commitments: Sequence[bytes]) -> bytes:
    """Return an entry bundle: each entry behind its length as big-endian uint16 (tlog-tiles, "Log entries")."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in commitments)


def subtrees_from(tile: Subtrees) -> Subtrees:
    """Return the hash of any complete subtree, computed from tiles: ``tile(level, index)`` gives a tile's bytes."""

    def subtree(height: int, index: int) -> bytes:
        level, rest = divmod(height, 8)
        number, offset = divmod(index << rest, WIDTH)
        return fold(split(tile(level, number)[offset * HASH_BYTES :][: HASH_BYTES << rest]))

    return subtree


def split(data: bytes) -> list[bytes]:
    """Return the hashes that a tile joins."""
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def width_of(level: int, index: int, size: int) -> int:
    """Return how wide tile (level, index) is in a tree of ``size`` leaves: 256, less at the right edge."""
    return min(WIDTH, hashes_at(level, size) - index * WIDTH)
