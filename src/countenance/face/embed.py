"""Aligned crop → embedding, through OpenVINO on one thread (port ``Embedder``)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from countenance.errors import WeightsError
from countenance.face.align import CROP_SIDE
from countenance.face.config import PipelineConfig
from countenance.face.engine import InputSpec, Network
from countenance.face.weights import WeightsSet


class OpenVinoEmbedder:
    """Port ``Embedder`` over one compiled network; not to be shared between threads."""

    def __init__(self, weights: WeightsSet, config: PipelineConfig, *, at_once: int = 1) -> None:
        """Compile the recogniser as ``config`` runs it; templates carry ``weights.name(config)``.

        ``at_once`` crops share one run where there are as many, which takes less time each and gives the same bits.

        Raises:
            WeightsError: ``weights.unfit``: the network's output is not what its manifest says, or it cannot run.
        """
        spec = weights.spec
        self._size = (spec.width, spec.height)
        try:
            inputs = InputSpec(spec.height, spec.width, bgr=spec.bgr, mean=spec.mean, scale=spec.scale)
            onnx = weights.recogniser(config)
            self._network = Network(onnx, inputs, config.precision)
            self._several = Network(onnx, inputs, config.precision, batch=at_once) if at_once > 1 else self._network
        except RuntimeError as error:
            raise _unfit(spec.name, "cannot be compiled") from error
        shape = self._network.run()[0].shape
        if shape != (1, spec.dimension):
            raise _unfit(spec.name, f"gives {shape}, its manifest says (1, {spec.dimension})")
        self._weights = weights.name(config)
        self._dimension = spec.dimension

    @property
    def weights(self) -> str:
        """SHA-256 that names the network and its preprocessing."""
        return self._weights

    @property
    def dimension(self) -> int:
        """Length of one embedding."""
        return self._dimension

    def embed(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return embeddings before L2 normalisation, shape (n, dimension), float32; see the port."""
        embeddings = np.empty((len(crops), self._dimension), np.float32)
        at_once = len(self._several.input)
        whole = len(crops) - len(crops) % at_once
        for start in range(0, whole, at_once):
            embeddings[start : start + at_once] = self._run(self._several, crops[start : start + at_once])
        for row in range(whole, len(crops)):
            embeddings[row] = self._run(self._network, crops[row : row + 1])[0]
        return embeddings

    def _run(self, network: Network, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return a view that the next run overwrites."""
        for row, crop in enumerate(crops):
            network.input[row] = crop if self._size == (CROP_SIDE, CROP_SIDE) else self._scaled(crop)
        return network.run()[0]

    def _scaled(self, crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
        import cv2

        return np.asarray(cv2.resize(crop, self._size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _unfit(name: str, what: str) -> WeightsError:
    return WeightsError(
        "weights.unfit",
        f"The recogniser {name!r} {what}.",
        remedy="Correct the manifest, or name the right ONNX file.",
    )
