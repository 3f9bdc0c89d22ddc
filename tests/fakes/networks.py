"""The real networks, compiled once for a whole session, and pictures to show them."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from countenance.capture import decode
from countenance.config import read_settings
from countenance.face import Pipeline, WeightsSet, build_pipeline, choose_config, open_weights
from countenance.terms import Accepted, Frame, Probe, Refused

CONFIGURATIONS = ("full-fp32", "shipped")
"""The reference, and what a site on this machine runs."""


@cache
def weights() -> WeightsSet:
    """Return the packaged networks."""
    return open_weights(read_settings(os.environ).cache, None)


@cache
def pipeline(configuration: str = "shipped", at_once: int = 1) -> Pipeline:
    """Return the pipeline of a configuration; ``dataclasses.replace`` gives others over the same networks."""
    return build_pipeline(weights(), choose_config(configuration), at_once=at_once)


def photo(path: Path) -> Frame:
    """Return a photograph from a file."""
    frame = decode(path.read_bytes())
    assert isinstance(frame, Frame), frame
    return frame


def picture(pixels: NDArray[np.uint8]) -> Frame:
    """Return a frame of pixels that no file ever held."""
    height, width = pixels.shape[:2]
    return Frame(np.ascontiguousarray(pixels), "0" * 64, width, height)


def accepted(extraction: Accepted | Refused) -> Probe:
    """Return the probe of what must have been accepted."""
    assert isinstance(extraction, Accepted), extraction
    return extraction.probe


def refused(extraction: Accepted | Refused) -> Refused:
    """Return the refusal of what must have been refused."""
    assert isinstance(extraction, Refused), extraction
    return extraction


def scaled(pixels: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    """Return a picture at another size, as a camera farther away would see it."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def turned(pixels: NDArray[np.uint8], degrees: float, factor: float = 0.8) -> NDArray[np.uint8]:
    """Return a picture turned clockwise about its middle and made smaller, its edge pixels repeated outwards."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, factor)
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def manifest_at(folder: Path, network: bytes | None = None, **changes: Any) -> Path:
    """Write a network (the packaged one by default) and a manifest that describes it, both with ``changes``."""
    data = weights().embedder if network is None else network
    (folder / "own.onnx").write_bytes(data)
    fields: dict[str, Any] = {
        "format": "countenance/weights/v1",
        "name": "Our own",
        "file": "own.onnx",
        "sha256": hashlib.sha256(data).hexdigest(),
        "width": 112,
        "height": 112,
        "colour_order": "RGB",
        "mean": [0, 0, 0],
        "scale": [1, 1, 1],
        "dimension": 128,
        "licence": "Apache-2.0",
        "training_data": "known to us",
        **changes,
    }
    path = folder / "own.json"
    path.write_text(json.dumps({name: value for name, value in fields.items() if value is not None}))
    return path
