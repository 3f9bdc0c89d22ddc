"""Photograph bytes to probe, on one core: as shipped, in full-size fp32, through OpenCV, and the bare networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from countenance.bootstrap import Engine, open_engine
from countenance.bootstrap.allocator import keep_freed_memory
from countenance.bootstrap.looking import bare_networks, networks_after_decoding, plain_networks
from countenance.config import Settings
from countenance.errors import ConfigurationError
from countenance.interfaces.bench.timing import interleaved, pinned, ratio
from countenance.terms import Accepted

_SCORE, _OVERLAP, _MOST = 0.6, 0.3, 5000
"""What OpenCV's detector is given: confidence, non-maximum suppression, boxes kept before it (its own default)."""


def measure(images: Sequence[bytes], settings: Settings, core: int, rounds: int) -> Mapping[str, float]:
    """Return the pipeline figures over ``images``, every side taking turns in ``rounds`` rounds over all of them.

    Raises:
        ConfigurationError: ``bench.unusable_photograph``, one gives no probe.
    """
    keep_freed_memory()  # as inference processes do; OpenCV's side gains as much
    with pinned(core), TemporaryDirectory(prefix="countenance-bench-") as folder:
        shipped = open_engine(replace(settings, pipeline="shipped"))
        small = open_engine(replace(settings, pipeline="shipped-fp32"))
        full = open_engine(replace(settings, pipeline="full-fp32"))
        opencv = opencv_pipeline(settings, Path(folder))
        _check(shipped, images)
        networks = networks_after_decoding(replace(settings, pipeline="shipped"), images)
        decoded: list[float] = []
        cold: list[float] = []
        spent = interleaved(
            {
                "shipped": lambda: decoded.append(sum(_decode_ms(shipped, image) for image in images)),
                "small": lambda: [small.extract(image) for image in images],
                "full": lambda: [full.extract(image) for image in images],
                "opencv": lambda: [opencv(image) for image in images],
                "cold networks": lambda: cold.append(networks()),
                "warm networks": bare_networks(replace(settings, pipeline="shipped"), images),
            },
            rounds,
        )
    everything_else = [total - decode for total, decode in zip(spent["shipped"], decoded[-rounds:], strict=True)]
    each = len(images)
    return {
        "pipeline.ratio_to_opencv": ratio(spent["opencv"], spent["shipped"]),
        "pipeline.ratio_to_opencv_fp32": ratio(spent["opencv"], spent["small"]),
        "pipeline.ratio_to_opencv_full_fp32": ratio(spent["opencv"], spent["full"]),
        "pipeline.over_network_time": ratio(everything_else, cold[-rounds:]),
        "pipeline.over_warm_network_time": ratio(everything_else, spent["warm networks"]),
        "pipeline.ms": median(spent["shipped"]) / each,
        "pipeline.opencv_ms": median(spent["opencv"]) / each,
        "pipeline.decode_ms": median(decoded[-rounds:]) / each,
        "pipeline.network_ms": median(cold[-rounds:]) / each,
        "pipeline.warm_network_ms": median(spent["warm networks"]) / each,
    }


def opencv_pipeline(settings: Settings, folder: Path) -> Callable[[bytes], object]:
    """Return OpenCV's way from bytes to a feature, with the same fp32 weights, on one thread."""
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # it warns at each start of its new graph engine
    detector_file, embedder_file = folder / "detector.onnx", folder / "embedder.onnx"
    for file, network in zip((detector_file, embedder_file), plain_networks(settings), strict=True):
        file.write_bytes(network)
    detector = cv2.FaceDetectorYN.create(str(detector_file), "", (320, 320), _SCORE, _OVERLAP, _MOST)
    embedder = cv2.FaceRecognizerSF.create(str(embedder_file), "")

    def run(image: bytes) -> object:
        pixels = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR)
        assert pixels is not None  # noqa: S101 - these very bytes gave a probe before
        detector.setInputSize((pixels.shape[1], pixels.shape[0]))
        _, faces = detector.detect(pixels)
        return embedder.feature(embedder.alignCrop(pixels, faces[0]))

    return run


def _decode_ms(engine: Engine, image: bytes) -> float:
    return engine.extract(image).millis.decode


def _check(engine: Engine, images: Sequence[bytes]) -> None:
    for number, image in enumerate(images):
        extraction = engine.extract(image)
        if not isinstance(extraction, Accepted):
            raise ConfigurationError(
                "bench.unusable_photograph",
                f"Photograph {number + 1} of those measured gives no probe: {extraction.advice}",
                remedy="Fetch the photographs again with 'make photos'.",
            )
