"""YuNet's cells turned into faces: boxes, five landmarks, confidence.

Anchor-free: a cell at row r, column c of the level with stride s says where a face's centre, size and landmarks are,
relative to (c, r), in units of s. The three levels' cells come in one array. Confidence is the geometric mean of class
probability and objectness.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countenance.face.fold import YUNET_STRIDES


@dataclass(frozen=True, slots=True)
class Found:
    """Faces in one network input, surest first, in pixels of that input."""

    boxes: NDArray[np.float32]
    """Shape (n, 4), float32: x, y of the upper left corner, width, height."""
    points: NDArray[np.float32]
    """Shape (n, 5, 2), float32, in the order of ``terms.Landmarks``."""
    confidences: NDArray[np.float32]
    """Shape (n,), float32, in [0, 1]."""


_NOTHING = Found(np.empty((0, 4), np.float32), np.empty((0, 5, 2), np.float32), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the cells of one input size lie, in the order of the network's output."""

    strides: NDArray[np.float32]
    """Shape (n, 1), float32: pixels a cell of their level."""
    offsets: NDArray[np.float32]
    """Shape (n, 14), float32, pixels: what is added to box shift and landmarks, and 0 for the box's size."""

    @classmethod
    def of(cls, height: int, width: int) -> Grid:
        """Return the grid of an input of so many pixels, both multiples of the largest stride."""
        origins, strides = [], []
        for stride in YUNET_STRIDES:
            rows, columns = np.indices((height // stride, width // stride), np.float32)
            origins.append(np.stack([columns.ravel(), rows.ravel()], axis=1) * stride)
            strides.append(np.full((rows.size, 1), stride, np.float32))
        corner = np.concatenate(origins)
        return cls(np.concatenate(strides), np.hstack([corner, np.zeros_like(corner), np.tile(corner, 5)]))


def read_cells(
    cells: NDArray[np.float32], grid: Grid, *, confidence: float, overlap: float, most: int, vote: bool
) -> Found:
    """Return at most ``most`` faces with at least ``confidence`` from the merged network's output, shape (n, 16).

    Of faces whose intersection over union exceeds ``overlap`` only the surest is kept (greedy suppression). With
    ``vote`` its landmarks are the mean over all faces it suppressed and itself, weighted by confidence: neighbouring
    cells err independently, so the mean errs less (measured in ``face.config``).
    """
    boxes, points, confidences = _sure(cells, grid, confidence)
    if not confidences.size:
        return _NOTHING
    kept, groups = suppress(boxes, confidences, overlap=overlap, most=most)
    points = np.array([_mean(points, confidences, group) for group in groups]) if vote else points[kept]
    return Found(boxes[kept], points.reshape(-1, 5, 2), confidences[kept])


def _mean(points: NDArray[np.float32], weights: NDArray[np.float32], group: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the weighted mean of some faces' landmarks, shape (10,), float32."""
    chosen = weights[group]
    return np.asarray(chosen @ points[group] / chosen.sum(), np.float32)


def _sure(
    cells: NDArray[np.float32], grid: Grid, confidence: float
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return boxes (k, 4), points (k, 10) and confidences (k,) of the cells that reach ``confidence``."""
    # sqrt(p q) >= t implies p >= t² and q >= t²: one comparison leaves a handful of cells to compute exactly.
    least = math.log(confidence**2 / (1.0 - confidence**2))
    near = np.flatnonzero(np.minimum(cells[:, 0], cells[:, 1]) >= least)
    exponentials = np.exp(-cells[near, :2])
    exponentials += 1.0
    confidences = 1.0 / np.sqrt(exponentials[:, 0] * exponentials[:, 1])
    sure = confidences >= confidence
    if not sure.all():
        near, confidences = near[sure], confidences[sure]
    stride = grid.strides[near]
    values = cells[near, 2:]
    size = np.exp(np.minimum(values[:, 2:4], _LARGEST_LOG)) * stride
    values *= stride
    values += grid.offsets[near]
    boxes = np.empty((len(near), 4), np.float32)
    boxes[:, :2] = values[:, :2] - size / 2
    boxes[:, 2:] = size
    return boxes, values[:, 4:], confidences


_LARGEST_LOG = 10.0
"""Larger exponents would overflow on adversarial pixels; e¹⁰ strides is past any frame."""


def suppress(
    boxes: NDArray[np.float32], confidences: NDArray[np.float32], *, overlap: float, most: int
) -> tuple[list[int], list[NDArray[np.intp]]]:
    """Return the boxes that greedy non-maximum suppression keeps, surest first, and each one's whole group."""
    waiting = np.argsort(-confidences, kind="stable")
    kept: list[int] = []
    groups: list[NDArray[np.intp]] = []
    while waiting.size and len(kept) < most:
        best = int(waiting[0])
        same = overlaps(boxes[best], boxes[waiting]) > overlap
        same[0] = True
        kept.append(best)
        groups.append(waiting[same])
        waiting = waiting[~same]
    return kept, groups


def overlaps(box: NDArray[np.float32], boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the intersection over union of one box (4,) with each of (n, 4): x, y, width, height."""
    sides = np.minimum(box[:2] + box[2:], boxes[:, :2] + boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    np.maximum(sides, 0.0, out=sides)
    shared = sides[:, 0] * sides[:, 1]
    union = box[2] * box[3] + boxes[:, 2] * boxes[:, 3] - shared
    return np.asarray(shared / np.maximum(union, 1e-9), np.float32)
