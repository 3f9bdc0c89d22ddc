"""The floor that speed is measured against runs the networks of a portrait and nothing else."""

from __future__ import annotations

import numpy as np
import onnx
import pytest

from countenance.face import FULL_FP32, SHIPPED, bare_networks, plain_networks
from countenance.face.config import SHIPPED_FP32, PipelineConfig
from fakes.networks import weights


@pytest.mark.parametrize("config", [FULL_FP32, SHIPPED_FP32, SHIPPED], ids=lambda config: config.name)
def test_bare_networks_run(config: PipelineConfig) -> None:
    """Each configuration's networks run, as often as asked, without a picture."""
    run = bare_networks(weights(), config)
    run()
    run()


@pytest.mark.parametrize("which, inputs", [(0, [1, 3, 640, 640]), (1, ["N", 3, 112, 112])])
def test_plain_networks_are_ordinary_fp32_files(which: int, inputs: list[object]) -> None:
    """Other engines get sound ONNX: one image input, float weights, nothing quantised left."""
    network = onnx.load_model_from_string(plain_networks(weights())[which])
    onnx.checker.check_model(network)
    (image,) = network.graph.input
    assert [value.dim_param or value.dim_value for value in image.type.tensor_type.shape.dim] == inputs
    assert {node.op_type for node in network.graph.node} & {"DequantizeLinear", "QuantizeLinear"} == set()
    kinds = {onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type) for tensor in network.graph.initializer}
    assert kinds <= {np.dtype(np.float32), np.dtype(np.int64)}
