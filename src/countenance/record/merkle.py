"""The Merkle tree of RFC 9162, section 2.1: hashes, proofs and their verification. Pure: hashes in, hashes out.

A tree's leaves are numbered from 0. *Complete subtree* (height, index) covers the leaves
[index * 2^height, (index + 1) * 2^height); proofs are made of such hashes alone, which is why tiles can serve them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 9162, 2.1.1)."""

Subtrees = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree (height, index)."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf's data: SHA-256(0x00 || data) (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right) (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the tree hash over at least one leaf or equal-sized-subtree hash, in order.

    Joining neighbours and passing an odd last one up gives the same tree as splitting at the largest power of two.
    The last hash may stand for a smaller subtree than the others.
    """
    row = list(hashes)
    while len(row) > 1:
        pairs = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=False)]
        row = [*pairs, row[-1]] if len(row) % 2 else pairs
    return row[0]


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaves' data (RFC 9162, 2.1.1); for small trees, ``tiles.GrowingTree`` for large."""
    return fold([leaf_hash(leaf) for leaf in leaves]) if leaves else EMPTY_ROOT


# --- making proofs ------------------------------------------------------------------------------------------------
def _complete(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (height, index) of the complete subtrees that make up [start, end), ``start`` being a subtree's begin."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def _range_hash(start: int, end: int, subtrees: Subtrees) -> bytes:
    """Return the tree hash of the leaves [start, end) as a right-hand or complete part of a larger tree."""
    parts = [subtrees(height, index) for height, index in _complete(start, end)]
    joined = parts.pop()
    while parts:
        joined = node_hash(parts.pop(), joined)
    return joined


def _split(size: int) -> int:
    """Return the largest power of two smaller than ``size`` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_path(index: int, size: int, subtrees: Subtrees) -> tuple[bytes, ...]:
    """Return PATH(index, D[size]), from the leaf upwards (RFC 9162, 2.1.3.1).

    Raises:
        ValueError: not 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, subtrees))
            end = middle
        else:
            path.append(_range_hash(start, middle, subtrees))
            start = middle
    return tuple(reversed(path))


def consistency_path(old: int, new: int, subtrees: Subtrees) -> tuple[bytes, ...]:
    """Return PROOF(old, D[new]), from the deepest node upwards (RFC 9162, 2.1.4.1); empty when the sizes are equal.

    Raises:
        ValueError: not 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof leads from {old} to {new} leaves")
    path: list[bytes] = []
    start, end = 0, new
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_hash(middle, end, subtrees))
            end = middle
        else:
            path.append(_range_hash(start, middle, subtrees))
            start = middle
    if start:
        path.append(_range_hash(start, end, subtrees))
    return tuple(reversed(path))


# --- verifying them -----------------------------------------------------------------------------------------------
def _are_hashes(*parts: bytes) -> bool:
    """Return whether all are 32 bytes long; joined, two of other lengths could stand for another pair."""
    return all(len(part) == len(EMPTY_ROOT) for part in parts)


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Return whether ``path`` leads from leaf hash ``leaf`` at ``index`` to root ``expected`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, *path):
        return False
    position, last, reached = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            reached = node_hash(step, reached)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            reached = node_hash(reached, step)
        position, last = position >> 1, last >> 1
    return last == 0 and reached == expected


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether ``path`` shows that the tree of ``old`` leaves is a prefix of that of ``new`` (RFC 9162, 2.1.4.2).

    A tree without leaves is a prefix of every tree and has no proof: ``old`` 0 is refused.
    """
    if not 0 < old <= new or not _are_hashes(*path):
        return False
    if old == new:
        return not path and old_root == new_root
    steps = list(path) if old & (old - 1) else [old_root, *path]
    return bool(steps) and _climb(old - 1, new - 1, steps) == (old_root, new_root)


def _climb(position: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Return the (old, new) roots that a consistency path leads to, or None when its length is wrong."""
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, step)
        position, last = position >> 1, last >> 1
    return (old, new) if last == 0 else None
