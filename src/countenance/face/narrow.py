"""The packaged recogniser with its 1 x 1 convolutions in int8: three quarters of the time, nearly the same scores.

Nine tenths of SFace's work are 1 x 1 convolutions, and processors with VNNI multiply int8 at twice bfloat16's pace.
No photographs are needed to find the ranges: each convolution is followed by batch normalisation, whose shift and gain
*are* the mean and the spread of every channel over the training data. Three steps per 1 x 1 convolution:

1. batch normalisation is folded into the convolution before it;
2. **equalisation**: PReLU commutes with positive scaling, so each channel between a depthwise and a 1 x 1 convolution
   is divided by a factor on one side and multiplied by it on the other, until activations and weights of all channels
   have the same balance of ranges (Nagel et al. 2019; the square root is SmoothQuant's, Xiao et al. 2023);
3. activations become uint8 with one scale and zero point a layer, weights int8 with one scale an output channel.

Depthwise convolutions and the last, full layer stay as precise as the rest of the network. ``docs/weights.md`` has what
it costs: a mean cosine of 0.998 to fp32 and 0.02 points of FNMR at FMR 1e-4.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

_Array = NDArray[np.float64]

_SPREADS = 7.0
"""Standard deviations that a channel's range covers; beyond, activations saturate. 6 and 8 are a little worse."""
_LEAST = 1e-6
_UINT8, _INT8 = 255, 127


@dataclass(slots=True)
class _Layer:
    """One convolution with its batch normalisation folded in, and the PReLU behind it."""

    node: NodeProto
    weight: _Array
    """Shape (out, in / groups, height, width)."""
    bias: _Array
    """Shape (out,)."""
    mean: _Array
    """Shape (out,): of the output before PReLU, over the training data."""
    spread: _Array
    """Shape (out,): its standard deviation."""
    slope: _Array
    """Shape (out,): PReLU's, for negative values."""
    output: str
    """Name of the batch normalisation's output."""

    @property
    def pointwise(self) -> bool:
        """Whether it is a 1 x 1 convolution over all channels."""
        return self.weight.shape[2:] == (1, 1)

    def activations(self) -> tuple[_Array, _Array]:
        """Return the least and the greatest value of each channel behind PReLU, shape (out,) each."""
        reach = _SPREADS * self.spread
        return np.minimum(self.mean - reach, 0.0) * np.abs(self.slope), np.maximum(self.mean + reach, _LEAST)


def narrow(network_bytes: bytes) -> bytes:
    """Return the folded recogniser with its 1 x 1 convolutions in int8, as ONNX with quantise and dequantise nodes.

    The same bytes for the same input with the same ``onnx`` release.

    Raises:
        Exception: whatever ``onnx`` raises, or ``KeyError``, for a network of another shape than SFace's.
    """
    import onnx

    network = onnx.load_model_from_string(network_bytes)
    layers = _layers(network)
    made: dict[str, list[NodeProto]] = {}
    stored: dict[str, NDArray[Any]] = {}
    for before, layer in pairwise(layers):
        if layer.pointwise:
            low, high = _equalise(before, layer)
            made[layer.output] = _quantised(layer, low, high, stored)
    for layer in layers:
        if layer.output not in made:
            made[layer.output] = [_plain(layer, stored)]
    return _rebuilt(network, layers, made, stored)


def _layers(network: ModelProto) -> list[_Layer]:
    from onnx import numpy_helper

    stored = {tensor.name: numpy_helper.to_array(tensor).astype(np.float64) for tensor in network.graph.initializer}
    follows = {node.input[0]: node for node in network.graph.node if node.input}
    found = []
    for node in (node for node in network.graph.node if node.op_type == "Conv"):
        norm = follows[node.output[0]]
        gain, shift, mean, variance = (stored[name] for name in norm.input[1:5])
        epsilon = next(attribute.f for attribute in norm.attribute if attribute.name == "epsilon")
        scale = gain / np.sqrt(variance + epsilon)
        slope = stored[follows[norm.output[0]].input[1]].reshape(-1)
        weight = stored[node.input[1]] * scale[:, None, None, None]
        found.append(_Layer(node, weight, shift - mean * scale, shift, np.abs(gain), slope, norm.output[0]))
    return found


def _equalise(before: _Layer, layer: _Layer) -> tuple[float, float]:
    """Balance the channels between two layers in place; return the range of all activations together."""
    low, high = before.activations()
    reach = np.abs(layer.weight).max(axis=(0, 2, 3))
    factor = np.sqrt((high - low) / np.maximum(reach, _LEAST))
    before.weight = before.weight / factor[:, None, None, None]
    before.bias = before.bias / factor
    layer.weight = layer.weight * factor[None, :, None, None]
    return float((low / factor).min()), float((high / factor).max())


def _quantised(layer: _Layer, low: float, high: float, stored: dict[str, NDArray[Any]]) -> list[NodeProto]:
    """Return the nodes of a 1 x 1 convolution in int8; its constants go into ``stored``."""
    from onnx import helper

    name = layer.output
    step = (high - low) / _UINT8
    steps = np.maximum(np.abs(layer.weight).max(axis=(1, 2, 3)), _LEAST) / _INT8
    stored |= {
        f"{name}_step": np.array(step, np.float32),
        f"{name}_zero": np.array(round(-low / step), np.uint8),
        f"{name}_steps": steps.astype(np.float32),
        f"{name}_zeros": np.zeros(len(steps), np.int8),
        f"{name}_weight": np.rint(layer.weight / steps[:, None, None, None]).astype(np.int8),
        f"{name}_bias": layer.bias.astype(np.float32),
    }
    grid, grids = [f"{name}_step", f"{name}_zero"], [f"{name}_steps", f"{name}_zeros"]
    return [
        helper.make_node("QuantizeLinear", [layer.node.input[0], *grid], [f"{name}_narrow"]),
        helper.make_node("DequantizeLinear", [f"{name}_narrow", *grid], [f"{name}_wide"]),
        helper.make_node("DequantizeLinear", [f"{name}_weight", *grids], [f"{name}_wide_weight"], axis=0),
        _convolution(layer, [f"{name}_wide", f"{name}_wide_weight", f"{name}_bias"]),
    ]


def _plain(layer: _Layer, stored: dict[str, NDArray[Any]]) -> NodeProto:
    stored |= {
        f"{layer.output}_weight": layer.weight.astype(np.float32),
        f"{layer.output}_bias": layer.bias.astype(np.float32),
    }
    return _convolution(layer, [layer.node.input[0], f"{layer.output}_weight", f"{layer.output}_bias"])


def _convolution(layer: _Layer, inputs: list[str]) -> NodeProto:
    from onnx import helper

    node = helper.make_node("Conv", inputs, [layer.output])
    node.attribute.extend(layer.node.attribute)
    return node


def _rebuilt(
    network: ModelProto, layers: list[_Layer], made: dict[str, list[NodeProto]], stored: dict[str, NDArray[Any]]
) -> bytes:
    """Return the network with every convolution and its batch normalisation replaced by what was made of them."""
    import onnx
    from onnx import numpy_helper

    gone = {layer.node.output[0] for layer in layers}
    nodes: list[NodeProto] = []
    for node in network.graph.node:
        if node.output[0] not in gone:
            nodes += made.get(node.output[0], [node])
    used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in network.graph.initializer if tensor.name in used]
    kept += [numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in stored.items()]
    graph = onnx.helper.make_graph(nodes, "sface", network.graph.input, network.graph.output, kept)
    rebuilt = onnx.helper.make_model(
        graph, ir_version=network.ir_version, opset_imports=network.opset_import, producer_name="countenance"
    )
    onnx.checker.check_model(rebuilt)
    return bytes(rebuilt.SerializeToString())
