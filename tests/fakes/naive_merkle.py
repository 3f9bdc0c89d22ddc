"""RFC 9162, section 2.1, word for word and slowly: the definitions that both our trees must agree with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence


def sha256(data: bytes) -> bytes:
    """Return SHA-256."""
    return hashlib.sha256(data).digest()


def split(size: int) -> int:
    """Return the largest power of two smaller than ``size``."""
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def mth(leaves: Sequence[bytes]) -> bytes:
    """Return MTH(D[n]) (2.1.1)."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    k = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:]))


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return PATH(m, D[n]) (2.1.3.1)."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), mth(leaves[k:])]
    return [*path(index - k, leaves[k:]), mth(leaves[:k])]


def proof(old: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return PROOF(m, D[n]) (2.1.4.1)."""
    return _subproof(old, leaves, whole=True)


def _subproof(old: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*_subproof(old, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*_subproof(old - k, leaves[k:], whole=False), mth(leaves[:k])]


def subtrees_of(leaves: Sequence[bytes]) -> Callable[[int, int], bytes]:
    """Return a reader of complete subtrees (height, index) that computes each from its leaves."""
    return lambda height, index: mth(leaves[index << height : (index + 1) << height])


def numbered(count: int) -> list[bytes]:
    """Return ``count`` leaves of 32 bytes, all different."""
    return [sha256(number.to_bytes(8, "big")) for number in range(count)]
