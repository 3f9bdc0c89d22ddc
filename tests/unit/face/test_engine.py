"""A compiled network takes pixels as they are, on one thread, in the precision that was asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openvino
import pytest

from countenance.face.align import align
from countenance.face.engine import InputSpec, Network, Precision, _settings, cpu_has_bf16
from fakes.networks import photo, pipeline, weights

CROP = InputSpec(112, 112)


def embedded(network: Network, crop: np.ndarray) -> np.ndarray:
    """Return the network's first output for a crop."""
    network.input[0] = crop
    return network.run()[0][0].copy()


@pytest.fixture(scope="module")
def crop(photos: Path) -> np.ndarray:
    """Give one aligned face."""
    frame = photo(photos / "person_b_1.jpg")
    return align(frame.pixels, pipeline("full-fp32").detector.detect(frame)[0][1])


def test_pixels_are_taken_as_rgb_bytes(crop: np.ndarray) -> None:
    """What is written is uint8 RGB in rows; what is computed equals the network on plain floats."""
    core = openvino.Core()
    plain = core.compile_model(core.read_model(weights().embedder), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    expected = plain(crop.transpose(2, 0, 1)[np.newaxis].astype(np.float32))[plain.output(0)][0]
    assert embedded(Network(weights().embedder, CROP, Precision.F32), crop) == pytest.approx(expected, abs=1e-4)


def test_normalisation_is_in_the_network(crop: np.ndarray) -> None:
    """Mean is subtracted, then divided by scale, channel by channel in the network's own order."""
    plain = Network(weights().embedder, CROP, Precision.F32)
    spec = InputSpec(112, 112, bgr=True, mean=(10.0, 20.0, 30.0), scale=(1.0, 1.0, 2.0))
    normalising = Network(weights().embedder, spec, Precision.F32)
    wanted = crop // 4
    shown = (wanted * np.uint8([1, 1, 2]) + np.uint8([10, 20, 30]))[..., ::-1]
    assert embedded(normalising, shown) == pytest.approx(embedded(plain, wanted), abs=1e-3)


def test_precision_is_what_was_asked_for() -> None:
    """One thread, one stream, and the precision stated, never left to the processor's taste."""
    for precision in Precision:
        settings = _settings(precision)
        assert settings["INFERENCE_PRECISION_HINT"] == precision.value
        assert settings["INFERENCE_NUM_THREADS"] == settings["NUM_STREAMS"] == 1


def test_half_precision_is_near_enough(crop: np.ndarray) -> None:
    """bf16 points the same way as fp32 to three places, and where it is native it is not the same bits."""
    one, other = (embedded(Network(weights().embedder, CROP, precision), crop) for precision in Precision)
    cosine = float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
    assert cosine > 0.999
    assert (one.tobytes() != other.tobytes()) or not cpu_has_bf16()


def test_outputs_are_views_until_the_next_run(crop: np.ndarray) -> None:
    """The network returns its own memory, as it says: whoever keeps a result copies it."""
    network = Network(weights().embedder, CROP, Precision.F32)
    network.input[0] = crop
    first = network.run()[0]
    kept = first.copy()
    network.input[0] = 0
    network.run()
    assert not np.array_equal(first, kept)
