"""A square cut around one face, turned upright and scaled to one size; and the way back into the frame."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countenance.terms import Box, Landmarks

Face = tuple[Box, Landmarks]


@dataclass(frozen=True, slots=True)
class Window:
    """A similarity from frame to window pixels, over complex numbers x + iy: ``window = factor * frame + shift``."""

    side: int
    """Width and height in pixels."""
    factor: complex
    """Rotation times scale."""
    shift: complex
    """Window pixels."""

    @classmethod
    def around(cls, box: Box, side: int, fill: float, tilt_deg: float) -> Window:
        """Return the window in which a head tilted by ``tilt_deg`` (clockwise) is upright and fills ``fill`` of it."""
        factor = cmath.rect(fill * side / max(box.width, box.height), -math.radians(tilt_deg))
        return cls(side, factor, complex(side / 2, side / 2) - factor * centre(box))

    def cut(self, pixels: NDArray[np.uint8], into: NDArray[np.uint8]) -> None:
        """Write the window's pixels into ``into``, shape (side, side, 3), uint8; black outside the frame."""
        import cv2

        factor, shift = self.factor, self.shift
        matrix = np.array([[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag]])
        cv2.warpAffine(pixels, matrix, (self.side, self.side), dst=into, flags=cv2.INTER_LINEAR)

    def to_frame(self, box: Box, points: Sequence[complex]) -> Face:
        """Return what was seen in the window in pixels of the frame; the box keeps its centre and its size."""
        size = abs(self.factor)
        middle = (centre(box) - self.shift) / self.factor
        width, height = box.width / size, box.height / size
        placed = Box(middle.real - width / 2, middle.imag - height / 2, width, height, box.confidence)
        there = [(point - self.shift) / self.factor for point in points]
        return placed, np.array([(point.real, point.imag) for point in there], np.float32)


def centre(box: Box) -> complex:
    """Return the middle of a box, x + iy."""
    return complex(box.x + box.width / 2, box.y + box.height / 2)
