"""Frame → faces, with YuNet: one full pass, or two small ones.

Small faces need pixels to be *found*; landmarks need pixels to be *exact*. The full pass pays for both everywhere.
Two passes pay for each where it is needed: the whole frame small, then every face found, alone, at one fixed size.
When the small pass finds nothing that the second confirms, the full pass decides, so nothing is refused for being
small before every pixel (up to the full pass's side) was looked at.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from countenance.face.config import PipelineConfig
from countenance.face.engine import InputSpec, Network
from countenance.face.yunet import Found, overlaps, read_levels
from countenance.terms import Box, Frame, Landmarks

_MOST_FACES = 64
_MOST_REFINED = 4
"""Faces beyond the four largest keep the landmarks of the small pass: nothing is ever compared in such a crowd."""
_MOST_CANVASES = 6
_CANVAS_STEP = 32
"""YuNet's deepest stride: canvases are multiples of it."""

Face = tuple[Box, Landmarks]


class YuNetDetector:
    """The port ``Detector`` over YuNet; not to be shared between threads."""

    def __init__(self, onnx: bytes, config: PipelineConfig) -> None:
        """Compile what the configuration needs from the merged network's bytes."""
        self._onnx = onnx
        self._config = config
        self._canvases: OrderedDict[tuple[int, int], Network] = OrderedDict()
        self._find = self._compile(config.find_side) if config.find_side else None
        self._refine = self._compile(config.refine_side) if config.find_side else None

    def detect(self, frame: Frame) -> Sequence[Face]:
        """Return every face found, in pixels of the frame, the surest first."""
        if self._find is not None:
            faces = self._refined(frame.pixels, self._found_small(frame.pixels, self._find))
            if faces:
                return faces
        return self._found_full(frame.pixels)

    def _compile(self, side: int) -> Network:
        return Network(self._onnx, InputSpec(side, side), self._config.precision)

    def _found_full(self, pixels: NDArray[np.uint8]) -> Sequence[Face]:
        height, width = pixels.shape[:2]
        scale = min(1.0, self._config.full_side / max(height, width))
        shape = (round(height * scale) or 1, round(width * scale) or 1)
        network = self._canvas(shape)
        _letterbox(pixels, network.input[0], shape)
        found = self._read(network, self._config.confidence)
        return _faces(found, width / shape[1], height / shape[0])

    def _canvas(self, shape: tuple[int, int]) -> Network:
        height, width = (math.ceil(side / _CANVAS_STEP) * _CANVAS_STEP for side in shape)
        network = self._canvases.pop((height, width), None)
        if network is None:
            network = Network(self._onnx, InputSpec(height, width), self._config.precision)
        self._canvases[height, width] = network
        if len(self._canvases) > _MOST_CANVASES:
            self._canvases.popitem(last=False)
        return network

    def _found_small(self, pixels: NDArray[np.uint8], network: Network) -> Sequence[Face]:
        height, width = pixels.shape[:2]
        scale = self._config.find_side / max(height, width)
        shape = (round(height * scale) or 1, round(width * scale) or 1)
        _letterbox(pixels, network.input[0], shape)
        found = self._read(network, self._config.find_confidence)
        return _faces(found, width / shape[1], height / shape[0])

    def _refined(self, pixels: NDArray[np.uint8], faces: Sequence[Face]) -> Sequence[Face]:
        by_size = sorted(faces, key=lambda face: -face[0].width * face[0].height)
        refined = [self._refine_one(pixels, box) for box, _ in by_size[:_MOST_REFINED]]
        sure = [face for face in refined if face is not None]
        sure += [face for face in by_size[_MOST_REFINED:] if face[0].confidence >= self._config.confidence]
        return sorted(sure, key=lambda face: -face[0].confidence) if any(refined) else []

    def _refine_one(self, pixels: NDArray[np.uint8], box: Box) -> Face | None:
        import cv2

        side, network = self._config.refine_side, self._refine
        assert network is not None  # noqa: S101 - compiled together with the small pass
        scale = self._config.refine_fill * side / max(box.width, box.height)
        shift_x = side / 2 - scale * (box.x + box.width / 2)
        shift_y = side / 2 - scale * (box.y + box.height / 2)
        window = np.array([[scale, 0.0, shift_x], [0.0, scale, shift_y]])
        cv2.warpAffine(pixels, window, (side, side), dst=network.input[0], flags=cv2.INTER_LINEAR)
        found = self._read(network, self._config.confidence)
        if not len(found.boxes):
            return None
        where = np.array([side / 2, side / 2, 0, 0], np.float32) + scale * np.array(
            [-box.width / 2, -box.height / 2, box.width, box.height], np.float32
        )
        best = int(np.argmax(overlaps(where, found.boxes)))
        x, y, w, h = (float(v) for v in found.boxes[best])
        face = Box((x - shift_x) / scale, (y - shift_y) / scale, w / scale, h / scale, float(found.confidences[best]))
        points = (found.points[best] - np.array([shift_x, shift_y])) / scale
        return face, points.astype(np.float32)

    def _read(self, network: Network, confidence: float) -> Found:
        config = self._config
        return read_levels(
            network.run(), confidence=confidence, overlap=config.overlap, most=_MOST_FACES, vote=config.vote
        )


def _letterbox(pixels: NDArray[np.uint8], canvas: NDArray[np.uint8], shape: tuple[int, int]) -> None:
    import cv2

    height, width = shape
    canvas[height:] = 0
    canvas[:, width:] = 0
    if pixels.shape[:2] == shape:
        canvas[:height, :width] = pixels
    else:
        canvas[:height, :width] = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)


def _faces(found: Found, scale_x: float, scale_y: float) -> Sequence[Face]:
    scale = np.array([scale_x, scale_y], np.float32)
    faces = []
    for (x, y, w, h), points, sure in zip(found.boxes.tolist(), found.points, found.confidences.tolist(), strict=True):
        faces.append((Box(x * scale_x, y * scale_y, w * scale_x, h * scale_y, min(sure, 1.0)), points * scale))
    return faces
