"""Seeded draws: the one place where an evaluation meets chance, and the same seed gives the same report."""

from __future__ import annotations

import numpy as np

Draws = np.random.Generator
"""A stream of draws that its seed determines."""


def draws(*seed: int) -> Draws:
    """Return the stream that ``seed`` determines."""
    return np.random.default_rng(list(seed))
