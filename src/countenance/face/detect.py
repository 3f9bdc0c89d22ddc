"""Frame → faces, with YuNet: one full pass, or two small ones.

Small faces need pixels to be *found*; landmarks need the face at one *size*. The full pass takes faces at whatever
size they have. Two passes look at the whole frame small, then at every face found, alone, upright and at one fixed
size, where the landmarks are steadiest. When the small pass finds nothing that the second confirms, the full pass
looks, so nothing is refused for being small before every pixel (up to the full pass's side) was looked at.

At a small size YuNet's landmarks hardly follow a tilted head: they turn by about a fifth of the tilt, but by a very
steady fifth. That makes a good measure of tilt (``PipelineConfig.tilt_gain``), and the window of the second pass is
turned by it until the head stands upright in there.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from countenance.face.config import PipelineConfig
from countenance.face.engine import InputSpec, Network
from countenance.face.window import Face, Window, centre
from countenance.face.yunet import Found, Grid, read_cells, suppress
from countenance.terms import Box, Frame

_MOST_FACES = 64
_MOST_REFINED = 4
"""Faces beyond the four largest keep the landmarks of the small pass: nothing is ever compared in such a crowd."""
_MOST_CANVASES = 6
_CANVAS_STEP = 32
"""YuNet's deepest stride: canvases are multiples of it."""

_TILT_NEEDS_PX = 28.0
"""A face smaller than this in the small pass says nothing about its tilt; the second pass measures it instead."""
_UPRIGHT_DEG = 6.0
"""Three standard deviations of the tilt measured on upright faces (London set): less is not worth another turn."""
_MOST_TILT_DEG = 45.0
_MOST_TURNS = 3


class YuNetDetector:
    """The port ``Detector`` over YuNet; not to be shared between threads."""

    def __init__(self, onnx: bytes, config: PipelineConfig) -> None:
        """Compile what the configuration needs from the merged network's bytes."""
        self._onnx = onnx
        self._config = config
        self._canvases: OrderedDict[tuple[int, int], Network] = OrderedDict()
        self._grids: dict[tuple[int, int], Grid] = {}
        self._find = self._compile(config.find_side) if config.find_side else None
        self._refine = self._compile(config.refine_side) if config.find_side else None

    def detect(self, frame: Frame) -> Sequence[Face]:
        """Return every face found, in pixels of the frame, the surest first."""
        pixels = frame.pixels
        if self._find is None or self._refine is None:
            return self._found_full(pixels)
        refined = self._refined(pixels, self._found_small(pixels, self._find), self._refine)
        return refined or self._refined(pixels, self._found_full(pixels), self._refine)

    def _compile(self, side: int) -> Network:
        return Network(self._onnx, InputSpec(side, side), self._config.precision)

    def _found_full(self, pixels: NDArray[np.uint8]) -> Sequence[Face]:
        shape = _reduced(pixels, min(1.0, self._config.full_side / max(pixels.shape[:2])))
        return self._found(pixels, shape, self._canvas(shape), self._config.confidence)

    def _found_small(self, pixels: NDArray[np.uint8], network: Network) -> Sequence[Face]:
        shape = _reduced(pixels, self._config.find_side / max(pixels.shape[:2]))
        return self._found(pixels, shape, network, self._config.find_confidence)

    def _found(
        self, pixels: NDArray[np.uint8], shape: tuple[int, int], network: Network, confidence: float
    ) -> Sequence[Face]:
        """Look at the whole frame, reduced to ``shape`` (height, width) in the corner of the network's canvas."""
        _letterbox(pixels, network.input[0], shape)
        across, down = pixels.shape[1] / shape[1], pixels.shape[0] / shape[0]
        return [_stretched(found, across, down) for found in self._read(network, confidence)]

    def _canvas(self, shape: tuple[int, int]) -> Network:
        height, width = (math.ceil(side / _CANVAS_STEP) * _CANVAS_STEP for side in shape)
        network = self._canvases.pop((height, width), None)
        if network is None:
            network = Network(self._onnx, InputSpec(height, width), self._config.precision)
        self._canvases[height, width] = network
        if len(self._canvases) > _MOST_CANVASES:
            self._canvases.popitem(last=False)
        return network

    def _refined(self, pixels: NDArray[np.uint8], faces: Sequence[Face], network: Network) -> Sequence[Face]:
        """Measure the largest faces again, alone; the rest stay as found. Nothing when none is confirmed."""
        by_size = sorted(faces, key=lambda face: -face[0].width * face[0].height)
        again = [self._refine_one(pixels, face, network) for face in by_size[:_MOST_REFINED]]
        confirmed = [face for face in again if face is not None]
        if not confirmed:
            return []
        confirmed += [face for face in by_size[_MOST_REFINED:] if face[0].confidence >= self._config.confidence]
        return self._each_once(sorted(confirmed, key=lambda face: -face[0].confidence))

    def _each_once(self, faces: Sequence[Face]) -> Sequence[Face]:
        """Leave out a face that the second pass found again from a neighbour's window, the surest being kept."""
        if len(faces) == 1:
            return faces
        groups = suppress([face[0] for face in faces], overlap=self._config.overlap, most=_MOST_FACES)
        return [faces[group[0]] for group in groups]

    def _refine_one(self, pixels: NDArray[np.uint8], face: Face, network: Network) -> Face | None:
        """Measure one face in its own window, turned upright; again while it is still clearly tilted in there."""
        box, landmarks = face
        share = self._config.find_side * max(box.width, box.height) / max(pixels.shape[:2])
        tilt = self._tilt(*(complex(x, y) for x, y in landmarks[:2].tolist())) if share >= _TILT_NEEDS_PX else 0.0
        for _ in range(_MOST_TURNS):
            window = Window.around(box, self._config.refine_side, self._config.refine_fill, tilt)
            seen = self._see(pixels, window, network)
            if seen is None:
                return None
            box, landmarks = window.to_frame(seen.box, seen.points)
            left = self._tilt(*seen.points[:2])
            if abs(left) <= _UPRIGHT_DEG:
                break
            tilt = max(-_MOST_TILT_DEG, min(_MOST_TILT_DEG, tilt + left))
        return box, landmarks

    def _see(self, pixels: NDArray[np.uint8], window: Window, network: Network) -> Found | None:
        """Return the confirmed face nearest the window's middle, in pixels of the window."""
        window.cut(pixels, network.input[0])
        found = self._read(network, self._config.confidence)
        middle = complex(window.side / 2, window.side / 2)
        return min(found, key=lambda face: abs(centre(face.box) - middle), default=None)

    def _tilt(self, left_eye: complex, right_eye: complex) -> float:
        """Return the head's tilt in degrees, from landmarks measured at small size."""
        across = right_eye - left_eye
        tilt = math.degrees(math.atan2(across.imag, across.real)) * self._config.tilt_gain
        return max(-_MOST_TILT_DEG, min(_MOST_TILT_DEG, tilt))

    def _read(self, network: Network, confidence: float) -> list[Found]:
        config = self._config
        return read_cells(
            network.run()[0][0], self._grid(network), confidence=confidence, overlap=config.overlap,
            most=_MOST_FACES, vote=config.vote,
        )  # fmt: skip

    def _grid(self, network: Network) -> Grid:
        size = network.input.shape[1], network.input.shape[2]
        if size not in self._grids:
            self._grids[size] = Grid.of(*size)
        return self._grids[size]


def _letterbox(pixels: NDArray[np.uint8], canvas: NDArray[np.uint8], shape: tuple[int, int]) -> None:
    import cv2

    height, width = shape
    if pixels.shape[:2] == shape:
        canvas[:height, :width] = pixels
    elif canvas.shape[:2] == shape:
        cv2.resize(pixels, (width, height), dst=canvas, interpolation=cv2.INTER_LINEAR)
    else:
        canvas[:height, :width] = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)
    canvas[height:] = 0
    canvas[:, width:] = 0


def _reduced(pixels: NDArray[np.uint8], scale: float) -> tuple[int, int]:
    """Return the frame's (height, width) times ``scale``, at least one pixel each."""
    height, width = pixels.shape[:2]
    return max(1, round(height * scale)), max(1, round(width * scale))


def _stretched(found: Found, across: float, down: float) -> Face:
    box = found.box
    placed = Box(box.x * across, box.y * down, box.width * across, box.height * down, box.confidence)
    return placed, np.array([(point.real * across, point.imag * down) for point in found.points], np.float32)
