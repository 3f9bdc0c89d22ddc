"""The networks alone, on inputs that are already there: the floor that a pipeline's speed is measured against."""

from __future__ import annotations

from collections.abc import Callable

from countenance.face.config import PipelineConfig
from countenance.face.engine import InputSpec, Network
from countenance.face.fold import fold
from countenance.face.weights import DETECTOR_FILE, DETECTOR_SHA256, WeightsSet, packaged


def bare_networks(weights: WeightsSet, config: PipelineConfig) -> Callable[[], None]:
    """Return a call that runs, once each, exactly the networks that one portrait costs in this configuration.

    With two small passes: the finding pass, the landmark pass and the recogniser; else the full pass over a square
    frame and the recogniser. Inputs are whatever lies in the networks' memory: time does not depend on it.
    """
    sides = (config.find_side, config.refine_side) if config.find_side else (config.full_side,)
    networks = [Network(weights.detector, InputSpec(side, side), config.precision) for side in sides]
    spec = weights.spec
    networks.append(Network(weights.recogniser(config), InputSpec(spec.height, spec.width), config.precision))

    def run() -> None:
        for network in networks:
            network.run()

    return run


def plain_networks(weights: WeightsSet) -> tuple[bytes, bytes]:
    """Return (detector, recogniser) as plain fp32 ONNX that other engines read: folded, nothing merged."""
    return fold(packaged(DETECTOR_FILE, DETECTOR_SHA256), dynamic_batch=False), weights.embedder
