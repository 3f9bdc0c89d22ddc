"""Templates without faces: unit vectors to search among, and the answer that plain arithmetic gives."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from countenance.terms import Candidate, Reference, Score, Template

WEIGHTS = "f" * 64


def unit(values: NDArray[np.floating] | list[float]) -> NDArray[np.float32]:
    """Return ``values`` (one vector, or one a row) at length 1 in float32."""
    wide = np.asarray(values, np.float64)
    return (wide / np.linalg.norm(wide, axis=-1, keepdims=True)).astype(np.float32)


def crowd(count: int, dimension: int = 128, seed: int = 1) -> NDArray[np.float32]:
    """Return random templates, shape (count, dimension)."""
    return unit(np.random.default_rng(seed).standard_normal((count, dimension)))


def reference(name: str, values: NDArray[np.float32], person: str | None = None) -> Reference:
    """Return a reference of a person of its own."""
    return Reference(name, person or f"person-of-{name}", Template(values, WEIGHTS))


def plain_score(one: NDArray[np.float32], two: NDArray[np.float32]) -> float:
    """Return the exact score by the book, in Python's own arithmetic: products, summed by halves, clipped."""
    terms = [float(a) * float(b) for a, b in zip(one, two, strict=True)]
    terms += [0.0] * ((1 << (len(terms) - 1).bit_length()) - len(terms))
    while len(terms) > 1:
        half = len(terms) // 2
        terms = [terms[at] + terms[half + at] for at in range(half)]
    return min(1.0, max(-1.0, terms[0]))


def plain_search(gallery: Mapping[str, NDArray[np.float32]], probe: NDArray[np.float32]) -> list[Candidate]:
    """Return everyone, score descending, then reference id: what every search is a part of."""
    scored = [Candidate(name, Score(plain_score(values, probe))) for name, values in gallery.items()]
    return sorted(scored, key=lambda candidate: (-candidate.score, candidate.reference_id))
