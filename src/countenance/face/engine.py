"""OpenVINO, held to one thread, one stream, one stated precision and one input shape per compiled network.

Preprocessing (uint8 to float, channel order of axes, normalisation) is compiled into the graph, so a caller writes
pixels straight into the network's own input and nothing is copied in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from countenance.face.signal_stack import OwnSignalStack


class Precision(StrEnum):
    """What the networks compute in; part of the name that templates carry."""

    F32 = "f32"
    BF16 = "bf16"


def cpu_has_bf16() -> bool:
    """Return whether this processor multiplies bfloat16 natively; without it bf16 would only be slower."""
    import openvino

    with OwnSignalStack():
        return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


@dataclass(frozen=True, slots=True)
class InputSpec:
    """What a network expects of its one image input; pixels always arrive as uint8 RGB."""

    height: int
    width: int
    bgr: bool = False
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Subtracted from each channel, in the network's own colour order, 0..255 scale."""
    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Each channel is divided by this afterwards."""


class Network:
    """One network compiled for one batch of images of one size; not to be shared between threads."""

    def __init__(self, onnx: bytes, spec: InputSpec, precision: Precision, *, batch: int = 1) -> None:
        """Compile ``onnx`` (NCHW float input) for uint8 RGB images of shape (batch, height, width, 3)."""
        import openvino

        self._own_stack = OwnSignalStack()
        with self._own_stack:
            core = openvino.Core()
            network = core.read_model(onnx)
            network.reshape([batch, 3, spec.height, spec.width])
            compiled = core.compile_model(_with_preprocessing(network, spec), "CPU", _settings(precision))
            self._request = compiled.create_infer_request()
        self._outputs = [self._request.get_output_tensor(index).data for index in range(len(compiled.outputs))]
        self.input: NDArray[np.uint8] = self._request.get_input_tensor().data
        """The network's own input, shape (batch, height, width, 3), uint8, RGB: write here, then ``run``."""

    def run(self) -> Sequence[NDArray[np.float32]]:
        """Return the outputs for what is in ``input``: views that the next run overwrites."""
        with self._own_stack:
            self._request.infer()
        return self._outputs


def _settings(precision: Precision) -> dict[str, object]:
    return {
        "INFERENCE_NUM_THREADS": 1,
        "ENABLE_CPU_PINNING": False,  # else every process pins itself to the first core, and they share it
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": precision.value,
    }


def _with_preprocessing(network: Any, spec: InputSpec) -> Any:
    import openvino
    from openvino import preprocess

    steps = preprocess.PrePostProcessor(network)
    image = steps.input()
    image.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    image.model().set_layout(openvino.Layout("NCHW"))
    image.preprocess().convert_element_type(openvino.Type.f32)
    if spec.bgr:
        image.preprocess().reverse_channels()
    if any(spec.mean):
        image.preprocess().mean(list(spec.mean))
    if any(value != 1.0 for value in spec.scale):
        image.preprocess().scale(list(spec.scale))
    return steps.build()
