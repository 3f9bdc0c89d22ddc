"""Memory of a process that serves: kept between photographs, given back after starting, not searched for ever."""

from __future__ import annotations

import ctypes
import gc

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGEST_PICTURE = 32 << 20
"""Bytes; the most that glibc takes for the mapping threshold. A 640 px picture has 1.2 MB, a 10 megapixel one 30."""
_KEPT = 128 << 20
"""Bytes a process may hold on to."""


def keep_freed_memory() -> None:
    """Tell glibc not to give large blocks back at once; without it every decoded picture costs 2 ms of page faults.

    Does nothing with another C library.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGEST_PICTURE)
        mallopt(_M_TRIM_THRESHOLD, _KEPT)


def give_back_memory() -> None:
    """Give everything that is free now back to the system: once, after weights were read and networks compiled.

    Does nothing with another C library.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def settle() -> None:
    """Take everything that is there now out of Python's searches for garbage: once, when a process begins to serve.

    What starting loaded lives as long as the process; searching it took 70 ms at a time, with every lane waiting.
    """
    gc.collect()
    gc.freeze()
