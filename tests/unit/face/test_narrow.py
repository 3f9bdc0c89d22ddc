"""int8 where it costs nothing: the same network, the same faces, nearly the same templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from countenance.face.align import align
from countenance.face.engine import InputSpec, Network, Precision
from countenance.face.narrow import narrow
from fakes.networks import accepted, photo, pipeline, weights

FACES = ("person_a_1.jpg", "person_a_2.jpg", "person_b_1.jpg", "person_b_2.jpg", "impostor_1.jpg", "impostor_2.jpg")


@cache
def narrowed() -> bytes:
    """Return the packaged recogniser with its 1 x 1 convolutions in int8."""
    return narrow(weights().embedder)


def embedded(network: Network, crops: list[np.ndarray]) -> np.ndarray:
    """Return L2-normalised embeddings, shape (n, 128)."""
    found = []
    for crop in crops:
        network.input[0] = crop
        found.append(network.run()[0][0].astype(np.float64))
    rows = np.array(found)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def crops_of(photos: Path) -> list[np.ndarray]:
    """Return aligned crops of the package photographs that show one face."""
    frames = [photo(photos / name) for name in FACES]
    return [align(frame.pixels, accepted(pipeline().run(frame)).landmarks) for frame in frames]


@pytest.mark.parametrize("precision", list(Precision))
def test_templates_stay_what_they_were(photos: Path, precision: Precision) -> None:
    """Templates turn by less than eight degrees, and scores of pairs move by less than 0.03."""
    crops = crops_of(photos)
    exact = embedded(Network(weights().embedder, InputSpec(112, 112), Precision.F32), crops)
    coarse = embedded(Network(narrowed(), InputSpec(112, 112), precision), crops)
    assert (exact * coarse).sum(axis=1).min() > 0.99
    assert np.abs(exact @ exact.T - coarse @ coarse.T).max() < 0.03


def test_every_pointwise_convolution_is_int8_and_no_other() -> None:
    """Thirteen of the network's 27 convolutions read int8 weights; the image's and the depthwise ones stay exact."""
    network = onnx.load_model_from_string(narrowed())
    made_by = {node.output[0]: node for node in network.graph.node}
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in network.graph.initializer}
    kinds = []
    for node in network.graph.node:
        if node.op_type == "Conv":
            source = made_by.get(node.input[1])
            weight = stored[source.input[0] if source else node.input[1]]
            kinds.append((weight.shape[2:] == (1, 1), weight.dtype.name))
    assert sorted(kinds) == [(False, "float32")] * 14 + [(True, "int8")] * 13


def test_it_gives_the_same_bytes_each_time() -> None:
    """Ranges are read off the network, not off photographs, so there is nothing to vary."""
    assert narrow(weights().embedder) == narrowed()


def test_folding_alone_changes_nothing(monkeypatch: pytest.MonkeyPatch, photos: Path) -> None:
    """With no convolution counted as 1 x 1 the rebuilt network gives the same templates, to float32's rounding."""
    monkeypatch.setattr("countenance.face.narrow._Layer.pointwise", property(lambda _: False))
    crops = crops_of(photos)[:2]
    exact = embedded(Network(weights().embedder, InputSpec(112, 112), Precision.F32), crops)
    rebuilt = embedded(Network(narrow(weights().embedder), InputSpec(112, 112), Precision.F32), crops)
    assert (exact * rebuilt).sum(axis=1).min() > 1 - 1e-6


def test_a_network_of_another_shape_is_no_network_for_this() -> None:
    """A convolution without batch normalisation behind it has no known range: an error, never a silent guess."""
    image, out = (helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, 3, 8, 8]) for name in ("x", "y"))
    kernel = numpy_helper.from_array(np.zeros((3, 3, 1, 1), np.float32), "w")
    graph = helper.make_graph([helper.make_node("Conv", ["x", "w"], ["y"])], "bare", [image], [out], [kernel])
    model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 21)])
    with pytest.raises(KeyError):
        narrow(model.SerializeToString())
