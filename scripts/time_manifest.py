"""Measure how long a manifest takes to read and how much memory it needs, format by format.

Use: ``scripts/time_manifest.py [PEOPLE]`` (1,000 by default). Prints the best of five runs, and the peak of Python's
own memory in one more run.
"""

from __future__ import annotations

import sys
import tracemalloc
from time import perf_counter

import paper_samples
from countenance.documents import read_manifest

RUNS = 5


def main() -> None:
    """Print one line for each format."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    for name, make in (("PAXLST", paper_samples.paxlst), ("CSV", paper_samples.table), ("JSON", paper_samples.objects)):
        data = make(people).encode()
        took = []
        for _ in range(RUNS):
            begun = perf_counter()
            found = read_manifest(data, today=paper_samples.TODAY)
            took.append(perf_counter() - begun)
        tracemalloc.start()
        read_manifest(data, today=paper_samples.TODAY)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(
            f"{name}: {len(found.travellers)} people, {len(data) / 1e3:.0f} kB: {min(took) * 1e3:.0f} ms, "
            f"peak {peak / 1e6:.1f} MB, {len(found.findings)} findings"
        )


if __name__ == "__main__":
    main()
