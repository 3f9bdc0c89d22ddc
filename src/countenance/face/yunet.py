"""YuNet's cells turned into faces: boxes, five landmarks, confidence.

Anchor-free: a cell at row r, column c of the level with stride s says where a face's centre, size and landmarks are,
relative to (c, r), in units of s. The three levels' cells come in one array. Confidence is the geometric mean of class
probability and objectness. One face makes about nine cells sure, so what follows the search for them is plain Python.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

import numpy as np
from numpy.typing import NDArray

from countenance.face.fold import YUNET_STRIDES
from countenance.terms import Box

_LARGEST_LOG = 10.0
"""Larger exponents would overflow on adversarial pixels; e¹⁰ strides is past any frame."""
_MOST_CELLS = 1000
"""Of more, only the surest are looked at: over a hundred faces, and a bound on what adversarial pixels can cost."""
_POINTS = range(6, 16, 2)
"""Where a cell's landmarks stand, x before y; before them two logits, the centre's shift and the size's logarithm."""


@dataclass(frozen=True, slots=True)
class Found:
    """One face in a network's input, in pixels of that input."""

    box: Box
    points: tuple[complex, ...]
    """Five landmarks x + iy, in the order of ``terms.Landmarks``."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the cells of one input size lie, in the order of the network's output."""

    strides: NDArray[np.float64]
    """Shape (n,), pixels a cell of their level."""
    corners: NDArray[np.complex128]
    """Shape (n,), x + iy, pixels: what a cell's values are relative to."""

    @classmethod
    def of(cls, height: int, width: int) -> Grid:
        """Return the grid of an input of so many pixels, both multiples of the largest stride."""
        strides, corners = [], []
        for stride in YUNET_STRIDES:
            rows, columns = np.indices((height // stride, width // stride))
            corners.append((columns + 1j * rows).ravel() * stride)
            strides.append(np.full(rows.size, stride, np.float64))
        return cls(np.concatenate(strides), np.concatenate(corners))


def read_cells(
    cells: NDArray[np.float32], grid: Grid, *, confidence: float, overlap: float, most: int, vote: bool
) -> list[Found]:
    """Return at most ``most`` faces with at least ``confidence``, surest first, from an output of shape (n, 16).

    Of faces whose intersection over union exceeds ``overlap`` only the surest is kept (greedy suppression). With
    ``vote`` its landmarks are the mean over all faces it suppressed and itself, weighted by confidence: neighbouring
    cells err independently, so the mean errs less (measured in ``face.config``).
    """
    sure = _sure(cells, grid, confidence)
    groups = suppress([found.box for found in sure], overlap=overlap, most=most)
    if not vote:
        return [sure[group[0]] for group in groups]
    return [Found(sure[group[0]].box, _mean([sure[place] for place in group])) for group in groups]


def _mean(faces: Sequence[Found]) -> tuple[complex, ...]:
    """Return the mean of some faces' landmarks, weighted by confidence."""
    weights = [found.box.confidence for found in faces]
    total = sum(weights)
    each = zip(*(found.points for found in faces), strict=True)
    return tuple(sum(map(mul, weights, same), 0j) / total for same in each)


def _sure(cells: NDArray[np.float32], grid: Grid, confidence: float) -> list[Found]:
    """Return what the cells that reach ``confidence`` say, in the order of the cells."""
    # sqrt(p q) >= t implies p >= t² and q >= t²: one comparison leaves a handful of cells to compute exactly.
    weaker = np.minimum(cells[:, 0], cells[:, 1])
    near = np.flatnonzero(weaker >= math.log(confidence**2 / (1.0 - confidence**2)))
    if near.size > _MOST_CELLS:
        near = np.sort(near[np.argsort(-weaker[near], kind="stable")[:_MOST_CELLS]])
    rows = zip(cells.take(near, axis=0).tolist(), grid.strides.take(near).tolist(), grid.corners.take(near).tolist(),
               strict=True)  # fmt: skip
    return [found for row in rows if (found := _read(*row)).box.confidence >= confidence]


def _read(values: Sequence[float], stride: float, corner: complex) -> Found:
    confidence = 1.0 / math.sqrt((1.0 + math.exp(-values[0])) * (1.0 + math.exp(-values[1])))
    width = math.exp(min(values[4], _LARGEST_LOG)) * stride
    height = math.exp(min(values[5], _LARGEST_LOG)) * stride
    left = corner.real + values[2] * stride - width / 2
    top = corner.imag + values[3] * stride - height / 2
    points = tuple(corner + complex(values[place], values[place + 1]) * stride for place in _POINTS)
    return Found(Box(left, top, width, height, confidence), points)


def suppress(boxes: Sequence[Box], *, overlap: float, most: int) -> list[list[int]]:
    """Return what greedy non-maximum suppression keeps, surest first, each as the places of its group, itself first."""
    waiting = sorted(range(len(boxes)), key=lambda place: -boxes[place].confidence)
    groups: list[list[int]] = []
    while waiting and len(groups) < most:
        best, group = boxes[waiting[0]], waiting[:1]
        rest: list[int] = []
        for place in waiting[1:]:
            (group if shared(best, boxes[place]) > overlap else rest).append(place)
        groups.append(group)
        waiting = rest
    return groups


def shared(one: Box, other: Box) -> float:
    """Return the intersection over union of two boxes, in [0, 1]."""
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if not (across > 0 and down > 0):
        return 0.0
    both = across * down
    return both / max(one.width * one.height + other.width * other.height - both, 1e-9)
