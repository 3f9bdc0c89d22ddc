"""Fair stopwatches: sides take turns within one run, so that a busy machine slows all of them alike."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median
from time import perf_counter

Job = Callable[[], object]


def interleaved(jobs: Mapping[str, Job], rounds: int) -> dict[str, list[float]]:
    """Return milliseconds of each job, one a round; jobs take turns, in another order each round, after one warm-up."""
    names = list(jobs)
    for job in jobs.values():
        job()
    spent: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            spent[name].append(timed(jobs[name]))
    return spent


def timed(job: Job) -> float:
    """Return the milliseconds that one call takes."""
    start = perf_counter()
    job()
    return (perf_counter() - start) * 1000


def ratio(slower: Sequence[float], faster: Sequence[float]) -> float:
    """Return the median over rounds of ``slower`` over ``faster``: how many times as long."""
    return median(above / below for above, below in zip(slower, faster, strict=True))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile, ``share`` in (0, 1]: a value that occurred, never one between two.

    Raises:
        ValueError: there are no values.
    """
    ranked = sorted(values)
    if not ranked:
        message = "a percentile of nothing"
        raise ValueError(message)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Keep this thread on one core meanwhile; threads and engines begun inside stay there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
