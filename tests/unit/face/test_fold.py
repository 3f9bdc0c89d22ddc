"""Folding gives the pinned bytes, and merging the detector's heads changes no number."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import openvino

from countenance.face import EMBEDDER_SHA256
from countenance.face.engine import InputSpec, Network, Precision
from countenance.face.fold import YUNET_HEADS, YUNET_STRIDES, fold, merge_heads
from countenance.face.weights import DETECTOR_FILE, DETECTOR_SHA256, EMBEDDER_FILE, EMBEDDER_SOURCE_SHA256, packaged
from fakes.networks import photo, scaled


def test_the_recogniser_folds_to_the_pinned_bytes() -> None:
    """The published recipe gives the file that accuracy was measured on, byte for byte."""
    folded = fold(packaged(EMBEDDER_FILE, EMBEDDER_SOURCE_SHA256), dynamic_batch=True)
    assert hashlib.sha256(folded).hexdigest() == EMBEDDER_SHA256
    assert EMBEDDER_SHA256 == "d9e9b9494e5f08a974cf10e55d0252470ec2cccefa1a0039011d6f2c04c48e0f"
    assert len(folded) == 38_689_358


def test_folding_gives_the_same_bytes_again() -> None:
    """The detector too folds to the same file each time, and merges to the same file."""
    once, twice = (fold(packaged(DETECTOR_FILE, DETECTOR_SHA256), dynamic_batch=False) for _ in range(2))
    assert once == twice
    assert merge_heads(once) == merge_heads(twice)


def unmerged(onnx: bytes, pixels: np.ndarray) -> dict[str, np.ndarray]:
    """Return the outputs of the detector as published, by name, for BGR pixels."""
    core = openvino.Core()
    network = core.read_model(onnx)
    compiled = core.compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1})
    outputs = compiled(pixels.transpose(2, 0, 1)[np.newaxis].astype(np.float32))
    return {name: outputs[port] for port in compiled.outputs for name in port.names}


def test_merged_heads_give_the_same_numbers(photos: Path) -> None:
    """The one output holds what the four heads held, class and objectness before their sigmoid, RGB for BGR."""
    pixels = np.zeros((640, 640, 3), np.uint8)
    seen = scaled(photo(photos / "person_b_1.jpg").pixels, 0.5)
    pixels[: seen.shape[0], : seen.shape[1]] = seen
    plain = fold(packaged(DETECTOR_FILE, DETECTOR_SHA256), dynamic_batch=False)
    published = unmerged(plain, pixels[..., ::-1])
    merged = Network(merge_heads(plain), InputSpec(640, 640), Precision.F32)
    merged.input[0] = pixels
    cells = merged.run()[0][0].copy()
    assert cells.shape == (80 * 80 + 40 * 40 + 20 * 20, 16)
    for stride, level in zip(YUNET_STRIDES, np.split(cells, [80 * 80, 80 * 80 + 40 * 40]), strict=True):
        level[:, :2] = 1 / (1 + np.exp(-level[:, :2]))
        expected = np.concatenate([published[f"{head}_{stride}"][0] for head in YUNET_HEADS], axis=1)
        assert np.abs(level - expected).max() < 1e-3
        assert np.abs(level[:, :2] - expected[:, :2]).max() < 1e-4
