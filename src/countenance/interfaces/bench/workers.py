"""Two inference processes against one: both pools stand ready, and rounds take turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from countenance.bootstrap.inference import InferencePool
from countenance.config import Settings
from countenance.interfaces.bench.timing import interleaved, ratio


def speedup(settings: Settings, images: Sequence[bytes], rounds: int) -> float:
    """Return how many times as many photographs a second two processes turn into probes as one does."""
    one = InferencePool(replace(settings, workers=1))
    try:
        two = InferencePool(replace(settings, workers=2))
        try:
            batch = list(images) * 4
            spent = interleaved(
                {"one": lambda: one.extract_many(batch), "two": lambda: two.extract_many(batch)}, rounds
            )
        finally:
            two.close()
    finally:
        one.close()
    return ratio(spent["one"], spent["two"])
