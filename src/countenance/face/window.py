"""A square cut around one face, turned upright and scaled to one size; and the way back into the frame."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countenance.terms import Box, Landmarks

Face = tuple[Box, Landmarks]


@dataclass(frozen=True, slots=True)
class Window:
    """A similarity from frame to window pixels: ``window = linear @ frame + shift``."""

    side: int
    """Width and height in pixels."""
    linear: NDArray[np.float64]
    """Shape (2, 2): rotation times scale."""
    shift: NDArray[np.float64]
    """Shape (2,), window pixels."""

    @classmethod
    def around(cls, box: Box, side: int, fill: float, tilt_deg: float) -> Window:
        """Return the window in which a head tilted by ``tilt_deg`` (clockwise) is upright and fills ``fill`` of it."""
        scale = fill * side / max(box.width, box.height)
        cosine, sine = math.cos(math.radians(tilt_deg)) * scale, math.sin(math.radians(tilt_deg)) * scale
        linear = np.array([[cosine, sine], [-sine, cosine]])
        centre = np.array([box.x + box.width / 2, box.y + box.height / 2])
        return cls(side, linear, side / 2 - linear @ centre)

    def cut(self, pixels: NDArray[np.uint8], into: NDArray[np.uint8]) -> None:
        """Write the window's pixels into ``into``, shape (side, side, 3), uint8; black outside the frame."""
        import cv2

        matrix = np.column_stack([self.linear, self.shift])
        cv2.warpAffine(pixels, matrix, (self.side, self.side), dst=into, flags=cv2.INTER_LINEAR)

    def to_frame(self, box: Box, landmarks: Landmarks) -> Face:
        """Return what was seen in the window in pixels of the frame; the box keeps its centre and its size."""
        grown = float(self.linear[0, 0] ** 2 + self.linear[0, 1] ** 2)
        back = self.linear.T / grown
        scale = 1.0 / math.sqrt(grown)
        centre = back @ (np.array([box.x + box.width / 2, box.y + box.height / 2]) - self.shift)
        width, height = box.width * scale, box.height * scale
        placed = Box(float(centre[0]) - width / 2, float(centre[1]) - height / 2, width, height, box.confidence)
        return placed, ((landmarks - self.shift) @ back.T).astype(np.float32)
