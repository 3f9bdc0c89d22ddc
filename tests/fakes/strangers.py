"""Scores of strangers in searches, as dependent as in life: wolves, lambs, returning people, flights of people alike.

A score is normal with a standard deviation of 0.117, so that at the threshold of 0.50 the false match rate is 1e-5, as
the packaged operating point's. Of its variance, parts belong to the probe's person (some resemble everybody), to the
reference's person (everybody resembles some), and to the flight (its people are more alike, or less).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.drift import tail

SIZE = 420
THRESHOLD = 0.5
DEVIATION = 0.117
PEOPLE = 20 * SIZE
"""Travellers who come back: each flight takes some of them."""
TENFOLD = 0.546
"""By so many standard deviations all scores rise when the false match rate at the threshold grows from 1e-5 to 1e-4."""
WOLF = LAMB = 0.3
FLIGHT = 0.15
"""Standard deviations of the three effects, in the score's own."""


def flights(seed: int, count: int, *, shift: float = 0.0) -> Iterator[NDArray[np.float32]]:
    """Yield, for each flight, the best stranger's score of each of its 420 searches."""
    generator = np.random.default_rng(seed)
    alone = np.float32(np.sqrt(1 - WOLF**2 - LAMB**2 - FLIGHT**2))
    wolves = generator.standard_normal(PEOPLE, np.float32) * np.float32(WOLF)
    lambs = generator.standard_normal(PEOPLE, np.float32) * np.float32(LAMB)
    for _ in range(count):
        aboard = generator.choice(PEOPLE, SIZE, replace=False)
        scores = generator.standard_normal((SIZE, SIZE - 1), np.float32) * alone
        scores += wolves[aboard][:, None] + lambs[aboard[:-1]][None, :]
        flight = FLIGHT * generator.standard_normal() + shift
        yield ((scores.max(axis=1) + np.float32(flight)) * np.float32(DEVIATION)).astype(np.float32)


def counted(best: NDArray[np.float32]) -> dict[tuple[str, str], int]:
    """Return what searches with these best strangers add to the counts."""
    near = best >= THRESHOLD - tail.NEAR
    levels, numbers = np.unique(np.floor(best[~near] * 100).astype(int), return_counts=True)
    return {
        (tail.SEARCHES, tail.ALL): len(best),
        (tail.COMPARISONS, tail.ALL): len(best) * (SIZE - 1),
        (tail.FLAGGED, tail.ALL): int(near.sum()),
        **{(tail.BEST, str(level)): int(number) for level, number in zip(levels, numbers, strict=True)},
    }
