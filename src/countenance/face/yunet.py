"""YuNet's three output levels turned into faces: boxes, five landmarks, confidence.

Anchor-free: a cell at row r, column c of the level with stride s says where a face's centre, size and landmarks are,
relative to (c, r), in units of s. Confidence is the geometric mean of class probability and objectness.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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


def read_levels(
    levels: Sequence[NDArray[np.float32]], *, confidence: float, overlap: float, most: int, vote: bool
) -> Found:
    """Return at most ``most`` faces with at least ``confidence`` from the outputs of the merged network.

    Of faces whose intersection over union exceeds ``overlap`` only the surest is kept (greedy suppression). With
    ``vote`` its landmarks are the mean over all faces it suppressed and itself, weighted by confidence: neighbouring
    cells err independently, so the mean errs less (measured in ``face.config``).
    """
    parts = [
        part
        for level, stride in zip(levels, YUNET_STRIDES, strict=True)
        if (part := _read_level(level[0], stride, confidence))
    ]
    if not parts:
        return _NOTHING
    boxes, points, confidences = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    kept, groups = suppress(boxes, confidences, overlap=overlap, most=most)
    if vote and kept:
        means = np.stack([_mean(points, confidences, group) for group in groups])
        return Found(boxes[kept], means, confidences[kept])
    return Found(boxes[kept], points[kept], confidences[kept])


def _mean(points: NDArray[np.float32], weights: NDArray[np.float32], group: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the weighted mean of some faces' landmarks, shape (5, 2), float32."""
    chosen = weights[group]
    mean = (chosen @ points[group].reshape(len(group), 10)) / chosen.sum()
    return np.asarray(mean, np.float32).reshape(5, 2)


_Part = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]


def _read_level(level: NDArray[np.float32], stride: int, confidence: float) -> _Part | None:
    # sqrt(p q) >= t implies p >= t² and q >= t²: one comparison leaves a handful of cells to compute exactly.
    least = math.log(confidence**2 / (1.0 - confidence**2))
    rows, columns = np.nonzero(np.minimum(level[..., 0], level[..., 1]) >= least)
    if not rows.size:
        return None
    cells = level[rows, columns]
    probabilities = 1.0 / (1.0 + np.exp(-cells[:, :2]))
    confidences = np.sqrt(probabilities[:, 0] * probabilities[:, 1])
    sure = confidences >= confidence
    cells, confidences = cells[sure], confidences[sure]
    origin = np.stack([columns[sure], rows[sure]], axis=1).astype(np.float32)
    size = np.exp(np.minimum(cells[:, 4:6], _LARGEST_LOG)) * stride
    corner = (origin + cells[:, 2:4]) * stride - size / 2
    points = (origin[:, None, :] + cells[:, 6:].reshape(-1, 5, 2)) * stride
    return np.concatenate([corner, size], axis=1), points, confidences


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
    corner = np.maximum(box[:2], boxes[:, :2])
    opposite = np.minimum(box[:2] + box[2:], boxes[:, :2] + boxes[:, 2:])
    shared = np.prod(np.maximum(opposite - corner, 0.0), axis=1)
    union = box[2] * box[3] + boxes[:, 2] * boxes[:, 3] - shared
    return np.asarray(shared / np.maximum(union, 1e-9), np.float32)
