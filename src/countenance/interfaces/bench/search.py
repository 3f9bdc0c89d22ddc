"""Exact search against the speed at which this machine reads memory, and its tail at the size of a large airport."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from countenance.bootstrap.looking import new_slab
from countenance.interfaces.bench.timing import interleaved, percentile, pinned, timed

DIMENSION = 128
AIRPORT = 42_000
TOP = 10
_CHUNK = 50_000
_BANDWIDTH_ROUNDS = 7


def unit_rows(generator: np.random.Generator, count: int) -> NDArray[np.float32]:
    """Return ``count`` random unit templates, shape (count, 128), float32."""
    rows = generator.standard_normal((count, DIMENSION), np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def measure(core: int, *, million: int = 1_000_000, airport: int = AIRPORT, probes: int = 1000) -> Mapping[str, float]:
    """Return the search figures; ``million`` and ``airport`` are sizes, ``probes`` how many searches the tail is of."""
    generator = np.random.default_rng(2382)
    with pinned(core):
        best_ms, bandwidth_ratio = _against_bandwidth(generator, million)
        tail = _tail(generator, airport, probes)
    return {"search.ms_1m": best_ms, "search.bandwidth_ratio_1m": bandwidth_ratio, "search.p99_ms_42000": tail}


def _against_bandwidth(generator: np.random.Generator, size: int) -> tuple[float, float]:
    """Return the best search in ms and its bytes a second over the read bandwidth of the same array.

    The slab keeps its block to itself, so bandwidth is read off an array of the same size filled with the same rows.
    """
    slab, block = new_slab(DIMENSION), np.empty((size, DIMENSION), np.float32)
    drawn = unit_rows(generator, min(_CHUNK, size))
    for start in range(0, size, _CHUNK):
        rows = np.roll(drawn, start // _CHUNK, axis=1)[: size - start]  # other rows, as random, without drawing again
        block[start : start + len(rows)] = rows
        slab.add([f"r{number:07d}" for number in range(start, start + len(rows))], rows)
    flat, probe = block.ravel(), unit_rows(generator, 1)[0]
    spent = interleaved(
        {"max": flat.max, "dot": lambda: np.dot(flat, flat), "search": lambda: slab.search_topk(probe, TOP)},
        _BANDWIDTH_ROUNDS,
    )
    search = min(spent["search"])
    return search, min(*spent["max"], *spent["dot"]) / search


def _tail(generator: np.random.Generator, size: int, probes: int) -> float:
    slab = new_slab(DIMENSION)
    slab.add([f"r{number}" for number in range(size)], unit_rows(generator, size))
    rows = unit_rows(generator, probes)
    slab.search_topk(rows[0], TOP)
    return percentile([timed(partial(slab.search_topk, probe, TOP)) for probe in rows], 0.99)
