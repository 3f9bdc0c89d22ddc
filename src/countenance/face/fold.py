"""Block-quantised ONNX in, plain fp32 ONNX out, byte for byte the same on every machine.

The published YuNet and SFace files keep their weights as int8 in blocks of 64 behind ``DequantizeLinear`` nodes and
list the dequantised weights as graph inputs, which OpenVINO refuses to run (MODELS §1a has the table). Folding
evaluates those nodes once, so what is left is an ordinary fp32 network with one input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

_Arrays = dict[str, NDArray[Any]]

OPSET = 21
"""Operator set of the published files, kept."""
YUNET_STRIDES = (8, 16, 32)
"""Pixels of the input per cell of each of the detector's three levels."""
YUNET_HEADS = ("cls", "obj", "bbox", "kps")
"""Class, objectness, box and landmark outputs, in the order in which ``merge_heads`` stacks them."""
YUNET_CHANNELS = 16
"""1 class + 1 objectness + 4 box + 10 landmark values per cell."""


def fold(quantised: bytes, *, dynamic_batch: bool) -> bytes:
    """Return the network with every constant dequantisation evaluated: fp32 weights, IR version 10, same opset.

    ``dynamic_batch`` frees dimension 0 of the inputs and outputs under the name "N". The result is the same bytes
    for the same input with the same ``onnx`` release, so it can be pinned by hash (MODELS §1a, the recipe).

    Raises:
        Exception: whatever ``onnx`` raises on a file that is no sound network; the caller has checked the hash.
    """
    import onnx
    from onnx import numpy_helper

    network = onnx.load_model_from_string(quantised)
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in network.graph.initializer}
    constants: _Arrays = {}
    nodes = [node for node in network.graph.node if not _evaluate(node, stored, constants)]
    _replace_nodes(network, nodes, constants)
    if dynamic_batch:
        _free_batch(network)
    del network.graph.value_info[:]
    network.ir_version = 10
    onnx.checker.check_model(network)
    return bytes(network.SerializeToString())


def _evaluate(node: NodeProto, stored: _Arrays, constants: _Arrays) -> bool:
    """Evaluate a constant DequantizeLinear or Reshape into ``constants``; return whether the node is gone."""
    if node.op_type == "DequantizeLinear" and all(name in stored for name in node.input):
        constants[node.output[0]] = _dequantise(node, *(stored[name] for name in node.input))
        return True
    if node.op_type == "Reshape" and node.input[0] in constants and node.input[1] in stored:
        constants[node.output[0]] = constants[node.input[0]].reshape(stored[node.input[1]])
        return True
    return False


def _dequantise(node: NodeProto, values: NDArray[Any], scale: NDArray[Any], zero: NDArray[Any]) -> NDArray[np.float32]:
    attributes = {attribute.name: attribute.i for attribute in node.attribute}
    axis, block = attributes.get("axis", 1), attributes.get("block_size", 0)
    if block:
        keep = range(values.shape[axis])
        scale = scale.repeat(block, axis=axis).take(keep, axis=axis)
        zero = zero.repeat(block, axis=axis).take(keep, axis=axis)
    difference = values.astype(np.float32) - zero.astype(np.float32)
    return np.asarray(difference * scale.astype(np.float32), np.float32)


def _replace_nodes(network: ModelProto, nodes: list[NodeProto], constants: _Arrays) -> None:
    """Keep ``nodes``, the initializers they use and the inputs that are no initializers; add used ``constants``."""
    from onnx import numpy_helper

    graph = network.graph
    used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    kept += [
        numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in constants.items() if name in used
    ]
    weights = {tensor.name for tensor in kept}
    inputs = [given for given in graph.input if given.name in used and given.name not in weights]
    for field, items in ((graph.node, nodes), (graph.initializer, kept), (graph.input, inputs)):
        copies = [type(item).FromString(item.SerializeToString()) for item in items]
        del field[:]
        field.extend(copies)


def _free_batch(network: ModelProto) -> None:
    for value in (*network.graph.input, *network.graph.output):
        batch = value.type.tensor_type.shape.dim[0]
        batch.ClearField("dim_value")
        batch.dim_param = "N"


def merge_heads(network_bytes: bytes) -> bytes:
    """Return YuNet with one output, RGB input and free height and width: the same numbers, a fifth faster.

    The four heads of a level (1 class, 1 objectness, 4 box, 10 landmark channels) read the same features through
    two convolutions each; stacked they are two convolutions in all. The output ``cells`` has shape (1, n, 16): the
    cells of the levels with strides 8, 16 and 32, row by row, class and objectness **before** their sigmoid.
    """
    import onnx
    from onnx import helper

    graph = onnx.load_model_from_string(network_bytes).graph
    constants = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    maker = {name: node for node in graph.node for name in node.output}
    merged: list[NodeProto] = []
    gone: set[str] = set()
    for stride in YUNET_STRIDES:
        heads = [_head(maker, f"{head}_{stride}", gone) for head in YUNET_HEADS]
        merged += _merge_level(stride, heads, constants)
    nodes = [node for node in graph.node if node.output[0] not in gone] + merged
    stem = next(node for node in nodes if "input" in node.input)
    constants[stem.input[1]] = constants[stem.input[1]][:, ::-1]
    constants["cells_shape"] = np.array([1, -1, YUNET_CHANNELS], np.int64)
    merged_levels = [f"level_{stride}" for stride in YUNET_STRIDES]
    nodes.append(helper.make_node("Concat", merged_levels, ["cells"], axis=1))
    image = helper.make_tensor_value_info("input", onnx.TensorProto.FLOAT, [1, 3, "H", "W"])
    return _build(nodes, constants, image)


def _head(maker: dict[str, NodeProto], output: str, gone: set[str]) -> tuple[NodeProto, NodeProto]:
    """Walk up from a head's output to its two convolutions, noting every node on the way as ``gone``."""
    node = maker[output]
    convolutions: list[NodeProto] = []
    while len(convolutions) < 2:  # noqa: PLR2004 - a depthwise and a pointwise one
        gone.add(node.output[0])
        if node.op_type == "Conv":
            convolutions.append(node)
        node = maker.get(node.input[0], node)
    depthwise, pointwise = convolutions
    return pointwise, depthwise


def _merge_level(stride: int, heads: list[tuple[NodeProto, NodeProto]], constants: _Arrays) -> list[NodeProto]:
    from onnx import helper

    for part, of_head in (("point", 0), ("depth", 1)):
        for slot, kind in ((1, "weight"), (2, "bias")):
            stack = [constants[head[of_head].input[slot]] for head in heads]
            constants[f"{part}_{kind}_{stride}"] = np.concatenate(stack)
    point, depth = ([f"{part}_weight_{stride}", f"{part}_bias_{stride}"] for part in ("point", "depth"))
    features = heads[0][0].input[0]
    return [
        helper.make_node("Conv", [features, *point], [f"mixed_{stride}"], kernel_shape=[1, 1]),
        helper.make_node(
            "Conv",
            [f"mixed_{stride}", *depth],
            [f"planes_{stride}"],
            kernel_shape=[3, 3],
            pads=[1, 1, 1, 1],
            group=YUNET_CHANNELS,
        ),
        helper.make_node("Transpose", [f"planes_{stride}"], [f"rows_{stride}"], perm=[0, 2, 3, 1]),
        helper.make_node("Reshape", [f"rows_{stride}", "cells_shape"], [f"level_{stride}"]),
    ]


def _build(nodes: list[NodeProto], constants: _Arrays, image: Any) -> bytes:
    import onnx
    from onnx import helper, numpy_helper

    used = {name for node in nodes for name in node.input}
    weights = [numpy_helper.from_array(np.ascontiguousarray(a), name) for name, a in constants.items() if name in used]
    outputs = [helper.make_tensor_value_info("cells", onnx.TensorProto.FLOAT, [1, None, YUNET_CHANNELS])]
    network = helper.make_model(
        helper.make_graph(nodes, "yunet", [image], outputs, weights),
        ir_version=10,
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="countenance",
    )
    onnx.checker.check_model(network)
    return bytes(network.SerializeToString())
