"""Two ways to get approximate scores fast: faiss, and NumPy where faiss is missing. ``slab`` makes both exact.

Approximate means: each score is a float32 dot product summed in whatever order is fastest, so it lies within
``scoring.epsilon`` of the exact one. Neither copies the rows; both use one thread.
"""

from __future__ import annotations

from types import ModuleType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from countenance.gallery.blas import load_faiss

Rows = NDArray[np.float32]
"""Shape (n, dimension), float32, C-contiguous."""


class Backend(Protocol):
    """Approximate scores of every row, or of the best rows only."""

    def scores(self, rows: Rows, probe: Rows) -> Rows:
        """Return every row's approximate score against one ``probe``, shape (n,), float32."""
        ...

    def best(self, rows: Rows, probes: Rows, count: int) -> tuple[Rows, NDArray[np.int64]]:
        """Return (scores, row numbers), each of shape (probes, count), scores descending; ``count`` is in [1, n].

        No row left out has a higher approximate score than the last one returned.
        """
        ...


class NumpyBackend:
    """Plain NumPy: ``einsum``, which unlike BLAS has no threads to collapse."""

    def scores(self, rows: Rows, probe: Rows) -> Rows:
        """Return every row's approximate score, shape (n,), float32."""
        scores: Rows = np.einsum("ij,j->i", rows, probe)
        return scores

    def best(self, rows: Rows, probes: Rows, count: int) -> tuple[Rows, NDArray[np.int64]]:
        """Return the best ``count`` rows of each probe."""
        pairs = [self._best_of_one(rows, probe, count) for probe in probes]
        return np.stack([scores for scores, _ in pairs]), np.stack([found for _, found in pairs])

    def _best_of_one(self, rows: Rows, probe: Rows, count: int) -> tuple[Rows, NDArray[np.int64]]:
        scores = self.scores(rows, probe)
        found = np.argpartition(scores, len(scores) - count)[len(scores) - count :]
        found = found[np.argsort(-scores[found], kind="stable")]
        return scores[found], found.astype(np.int64)


class FaissBackend:
    """faiss-cpu's brute-force kernels over the rows where they lie: 0.9 of the memory's bandwidth for one probe."""

    def __init__(self, faiss: ModuleType) -> None:
        self._faiss = faiss

    def scores(self, rows: Rows, probe: Rows) -> Rows:
        """Return every row's approximate score, shape (n,), float32."""
        count, dimension = rows.shape
        scores = np.empty(count, np.float32)
        pointer = self._faiss.swig_ptr
        self._faiss.omp_set_num_threads(1)  # OpenMP keeps this number per thread, so say it in each
        self._faiss.fvec_inner_products_ny(pointer(scores), pointer(probe), pointer(rows), dimension, count)
        return scores

    def best(self, rows: Rows, probes: Rows, count: int) -> tuple[Rows, NDArray[np.int64]]:
        """Return the best ``count`` rows of each probe."""
        self._faiss.omp_set_num_threads(1)
        scores, found = self._faiss.knn(probes, rows, count, metric=self._faiss.METRIC_INNER_PRODUCT)
        return scores, found


def fastest() -> Backend:
    """Return the faiss backend, or NumPy's where faiss is missing; answers are the same, bit for bit."""
    faiss = load_faiss()
    return NumpyBackend() if faiss is None else FaissBackend(faiss)
