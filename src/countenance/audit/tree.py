"""The Merkle tree of RFC 9162, section 2.1, written a second time: by splitting, as the RFC defines it.

The log's own code joins neighbours and counts bits; this shares no line with it, so that one mistake cannot hide in
both. Recursion is as deep as the tree is high.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

HASH = 32
"""Length of every hash; of other lengths, two joined ones could stand for another pair."""


def hash_leaf(data: bytes) -> bytes:
    """Return SHA-256(0x00 || data) (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right) (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split_point(size: int) -> int:
    """Return the largest power of two smaller than ``size``, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1


def tree_hash(hashes: Sequence[bytes]) -> bytes:
    """Return MTH over leaf hashes, or over the hashes of equal complete subtrees; of nothing, SHA-256 of nothing."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = split_point(len(hashes))
    return hash_children(tree_hash(hashes[:middle]), tree_hash(hashes[middle:]))


class RunningTree:
    """The root of a tree whose leaves pass by once: keeps one hash for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def push(self, height: int, subtree: bytes) -> None:
        """Append a complete subtree of 2**height leaves; the present size must be a multiple of that."""
        self.size += 1 << height
        while self._peaks and self._peaks[-1][0] == height:
            subtree = hash_children(self._peaks.pop()[1], subtree)
            height += 1
        self._peaks.append((height, subtree))

    def root(self) -> bytes:
        """Return the root over everything pushed so far."""
        if not self._peaks:
            return tree_hash(())
        joined = self._peaks[-1][1]
        for _, peak in reversed(self._peaks[:-1]):
            joined = hash_children(peak, joined)
        return joined


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether ``path`` proves that leaf hash ``leaf`` is number ``index`` of the tree of this size and root."""
    plausible = 0 <= index < size and all(len(part) == HASH for part in (leaf, *path))
    return plausible and _included(leaf, index, size, list(path)) == root


def _included(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """Return the root that PATH(index, D[size]) leads to (RFC 9162, 2.1.3.1 read backwards), or None."""
    if size == 1 or not path:
        return leaf if size == 1 and not path else None
    middle, sibling = split_point(size), path.pop()
    if index < middle:
        below = _included(leaf, index, middle, path)
        return None if below is None else hash_children(below, sibling)
    below = _included(leaf, index - middle, size - middle, path)
    return None if below is None else hash_children(sibling, below)


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether ``path`` proves that the tree of ``old`` leaves is a prefix of that of ``new``.

    An ``old`` of 0 is refused: a tree without leaves is a prefix of every tree and has no proof.
    """
    plausible = 0 < old <= new and all(len(part) == HASH for part in path)
    return plausible and _consistent(old, new, list(path), old_root) == (old_root, new_root)


def _consistent(old: int, new: int, path: list[bytes], known: bytes | None) -> tuple[bytes, bytes] | None:
    """Return the (old, new) roots that SUBPROOF(old, D[new], known?) leads to (RFC 9162, 2.1.4.1 read backwards)."""
    if old == new:
        if known is None and len(path) == 1:
            return path[0], path[0]
        return (known, known) if known is not None and not path else None
    if not path:
        return None
    middle, sibling = split_point(new), path.pop()
    if old <= middle:
        below = _consistent(old, middle, path, known)
        return None if below is None else (below[0], hash_children(below[1], sibling))
    below = _consistent(old - middle, new - middle, path, None)
    return None if below is None else (hash_children(sibling, below[0]), hash_children(sibling, below[1]))
