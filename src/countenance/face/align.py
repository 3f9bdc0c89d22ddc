"""Five landmarks → the upright 112 x 112 crop that the recogniser was trained on.

The transform is the least-squares similarity (rotation, one scale, shift) of Umeyama 1991, which for points in a plane
has a closed form over complex numbers; the target points are the public ArcFace ones (MODELS §6).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from countenance.terms import Landmarks

CROP_SIDE = 112
"""Pixels; width and height of an aligned crop."""

TARGET: Landmarks = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
"""Where the five landmarks go in the crop, shape (5, 2), pixels, in the order of ``terms.Landmarks``."""

_TARGET_MEAN = (56.0262, 71.9008)
# The mean of TARGET to four places, as OpenCV rounds it: pixels must equal those the published accuracy comes from.
_TARGET_CENTRED = [complex(x, y) - complex(*_TARGET_MEAN) for x, y in TARGET.tolist()]


def similarity(landmarks: Landmarks) -> NDArray[np.float64]:
    """Return the (2, 3) float64 matrix that takes frame pixels to crop pixels, least squares over the landmarks.

    Five coincident landmarks give the zero rotation part: a flat crop, which quality refuses.
    """
    mean = complex(*landmarks.mean(axis=0, dtype=np.float32).tolist())
    centred = [complex(x, y) - mean for x, y in landmarks.tolist()]
    spread = sum(abs(point) ** 2 for point in centred)
    product = sum(there * here.conjugate() for here, there in zip(centred, _TARGET_CENTRED, strict=True))
    turn = product / spread if spread else 0j
    shift = complex(*_TARGET_MEAN) - turn * mean
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def align(pixels: NDArray[np.uint8], landmarks: Landmarks) -> NDArray[np.uint8]:
    """Return the aligned crop: shape (112, 112, 3), uint8, the frame's colour order; black outside the frame.

    Equal to ``cv2.FaceRecognizerSF.alignCrop`` but for a few pixels a crop, by one grey level (tested).
    """
    import cv2

    return np.asarray(
        cv2.warpAffine(pixels, similarity(landmarks), (CROP_SIDE, CROP_SIDE), flags=cv2.INTER_LINEAR), np.uint8
    )
