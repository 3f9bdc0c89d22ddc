"""An operator's own recogniser works in place of the packaged one, or refuses to start and says why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from countenance.bootstrap import Engine, open_engine
from countenance.config import read_settings
from countenance.errors import WeightsError
from countenance.face import FULL_FP32, compare, open_weights
from countenance.face.embed import OpenVinoEmbedder
from fakes.networks import accepted, manifest_at, photo, pipeline, weights


def engine_of(manifest: Path, cache: Path) -> Engine:
    """Open an engine as a user does: by the environment."""
    environment = {
        "COUNTENANCE_WEIGHTS": str(manifest),
        "COUNTENANCE_CACHE": str(cache),
        "COUNTENANCE_PIPELINE": "full-fp32",
    }
    return open_engine(read_settings(environment))


def test_an_own_network_works_in_place_of_the_packaged_one(tmp_path: Path, photos: Path) -> None:
    """From the environment variable to the score: same file, same score; another name, so never mixed."""
    engine = engine_of(manifest_at(tmp_path), tmp_path / "cache")
    names = ("person_b_1.jpg", "person_b_2.jpg")
    own = [accepted(engine.extract((photos / name).read_bytes())) for name in names]
    default = [accepted(pipeline("full-fp32").run(photo(photos / name))) for name in names]
    assert compare(*own) == compare(*default)
    assert engine.weights == own[0].template.weights != default[0].template.weights
    assert engine.dimension == 128
    with pytest.raises(WeightsError) as error:
        compare(own[0], default[0])
    assert error.value.code == "weights.other"
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "changes",
    [{"colour_order": "BGR"}, {"mean": [127.5, 127.5, 127.5]}, {"scale": [128, 128, 128]}, {"mean": [0, 0, 60]}],
    ids=["BGR", "mean", "scale", "mean of blue"],
)
def test_preprocessing_reaches_the_network(changes: dict[str, Any], tmp_path: Path, photos: Path) -> None:
    """Colour order, mean and scale change the template, as they must for networks trained otherwise."""
    crop = face_crop(photos)
    default = pipeline("full-fp32").embedder.embed(crop)
    opened = open_weights(tmp_path, manifest_at(tmp_path, **changes))
    other = OpenVinoEmbedder(opened, FULL_FP32).embed(crop)
    assert np.abs(other - default).max() > 0.01
    assert opened.name(FULL_FP32) != weights().name(FULL_FP32)


def test_blue_first_means_blue_first(tmp_path: Path, photos: Path) -> None:
    """A BGR manifest gives the network exactly the channels that reversing the picture gives."""
    crop = face_crop(photos)
    opened = open_weights(tmp_path, manifest_at(tmp_path, colour_order="BGR"))
    reversed_by_us = OpenVinoEmbedder(opened, FULL_FP32).embed(np.ascontiguousarray(crop[..., ::-1]))
    assert np.allclose(reversed_by_us, pipeline("full-fp32").embedder.embed(crop), atol=1e-4)


def face_crop(photos: Path) -> np.ndarray:
    """Return a batch of one 112 x 112 picture with strong colours; it need not be a face here."""
    pixels = photo(photos / "astronaut.png").pixels
    return np.ascontiguousarray(pixels[np.newaxis, :112, 150:262])


def small_network(side: int = 64, dimension: int = 16, *, second_input: bool = False) -> bytes:
    """Return an ONNX that averages twice its image over a coarse grid: enough to see what reaches a network."""
    pool = {"kernel_shape": [side // 4, side // 4], "strides": [side // 4, side // 4]}
    names = ["image", "other"] if second_input else ["image"]
    nodes = [
        helper.make_node("Add", [names[0], names[-1]], ["twice"]),
        helper.make_node("AveragePool", ["twice"], ["pooled"], **pool),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("Slice", ["flat", "from", "to", "axis"], ["out"]),
    ]
    given = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["N", 3, side, side]) for name in names]
    results = [helper.make_tensor_value_info("out", onnx.TensorProto.FLOAT, ["N", dimension])]
    constants = [
        numpy_helper.from_array(np.array([value]), name)
        for name, value in (("from", 0), ("to", dimension), ("axis", 1))
    ]
    graph = helper.make_graph(nodes, "small", given, results, constants)
    network = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 21)])
    return bytes(network.SerializeToString())


def test_an_own_network_has_its_own_size(tmp_path: Path) -> None:
    """The aligned crop is scaled to the input that the manifest states; the template has the stated length."""
    path = manifest_at(tmp_path, small_network(), width=64, height=64, dimension=16, mean=[10, 0, 0], scale=[2, 1, 1])
    opened = open_weights(tmp_path, path)
    embedder = OpenVinoEmbedder(opened, FULL_FP32)
    embedding = embedder.embed(np.full((1, 112, 112, 3), 100, np.uint8))
    assert embedder.dimension == 16
    assert embedding.shape == (1, 16)
    assert np.allclose(embedding, 2 * 45.0)


Misfit = Callable[[Path], Path]


def text(content: bytes) -> Misfit:
    """Return a maker of a manifest with this content."""

    def make(folder: Path) -> Path:
        path = folder / "own.json"
        path.write_bytes(content)
        return path

    return make


def with_fields(network: bytes | None = b"not looked at", **changes: Any) -> Misfit:
    """Return a maker of a manifest with changed fields; None removes one."""
    return lambda folder: manifest_at(folder, network, **changes)


UNFIT: dict[str, tuple[str, Misfit]] = {
    "no manifest": ("weights.manifest", lambda folder: folder / "nowhere.json"),
    "a folder": ("weights.manifest", lambda folder: folder),
    "empty": ("weights.manifest", text(b"")),
    "no JSON": ("weights.manifest", text(b"{format: yes}")),
    "no text": ("weights.manifest", text(b"\xff\xfe\x00")),
    "no object": ("weights.manifest", text(b"[]")),
    "endless nesting": ("weights.manifest", text(b"[" * 60_000)),
    "too long": ("weights.manifest", text(b" " * 70_000 + b"{}")),
    "nothing in it": ("weights.manifest", text(b"{}")),
    "no number in mean": ("weights.manifest", with_fields(mean=[float("nan"), 0, 0])),
    "other format": ("weights.manifest", with_fields(format="countenance/weights/v2")),
    "unknown field": ("weights.manifest", with_fields(colour="red")),
    "no licence": ("weights.manifest", with_fields(licence=None)),
    "empty licence": ("weights.manifest", with_fields(licence="")),
    "no word on training data": ("weights.manifest", with_fields(training_data=None)),
    "bad colour order": ("weights.manifest", with_fields(colour_order="GRB")),
    "hash in capitals": ("weights.manifest", with_fields(sha256="A" * 64)),
    "two means": ("weights.manifest", with_fields(mean=[0, 0])),
    "scale of zero": ("weights.manifest", with_fields(scale=[1, 0, 1])),
    "infinite scale": ("weights.manifest", with_fields(scale=[1, 1e999, 1])),
    "mean as text": ("weights.manifest", with_fields(mean=["0", 0, 0])),
    "width of nothing": ("weights.manifest", with_fields(width=0)),
    "dimension beyond bounds": ("weights.manifest", with_fields(dimension=100_000)),
    "wrong hash": ("weights.wrong_hash", with_fields(sha256="0" * 64)),
    "no file": ("weights.missing", with_fields(file="gone.onnx")),
    "file is a folder": ("weights.missing", with_fields(file=".")),
    "file is no ONNX": ("weights.unfit", with_fields(b"\x00garbage" * 1000)),
    "file is empty": ("weights.unfit", with_fields(b"")),
    "other dimension": ("weights.unfit", with_fields(small_network(), width=64, height=64, dimension=17)),
    "other size": ("weights.unfit", with_fields(small_network(), width=32, height=32, dimension=16)),
    "two inputs": ("weights.unfit", with_fields(small_network(second_input=True), width=64, height=64, dimension=16)),
}


@pytest.mark.parametrize("case", UNFIT)
def test_what_does_not_fit_refuses_to_start(case: str, tmp_path: Path) -> None:
    """Each misfit has a stable code and says what to do; no engine is returned."""
    code, make = UNFIT[case]
    manifest = make(tmp_path)
    with pytest.raises(WeightsError) as error:
        OpenVinoEmbedder(open_weights(tmp_path, manifest), FULL_FP32)
    assert error.value.code == code
    assert len(error.value.remedy) > 20
    assert str(error.value).endswith(".")


def test_weights_outside_the_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ONNX file that keeps tensors elsewhere is refused, also where they could be found: no hash covers them."""
    inside = onnx.load_model_from_string(small_network())
    onnx.external_data_helper.convert_model_to_external_data(inside, location="elsewhere.bin", size_threshold=0)
    onnx.save(inside, tmp_path / "outside.onnx")
    monkeypatch.chdir(tmp_path)
    path = manifest_at(tmp_path, (tmp_path / "outside.onnx").read_bytes(), width=64, height=64, dimension=16)
    with pytest.raises(WeightsError) as error:
        open_weights(tmp_path, path)
    assert error.value.code == "weights.unfit"
    assert "other files" in error.value.message


def test_an_absolute_path_names_the_file_where_it_is(tmp_path: Path) -> None:
    """The ONNX may lie elsewhere; what counts is its hash."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    manifest_at(elsewhere, small_network())
    path = manifest_at(tmp_path, small_network(), file=str(elsewhere / "own.onnx"), min_feature_norm=3.5)
    (tmp_path / "own.onnx").unlink()
    opened = open_weights(tmp_path, path)
    assert opened.embedder == small_network()
    assert opened.spec.min_feature_norm == 3.5
