"""The pages on weights and quality are true: their example runs, their hashes and limits are those of the code."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from countenance.bootstrap import open_engine
from countenance.config import read_settings
from countenance.face import DEFAULT_LIMITS, EMBEDDER_SHA256
from countenance.face.manifest import _SCHEMA
from countenance.face.weights import DETECTOR_SHA256, EMBEDDER_SOURCE_SHA256
from fakes.networks import accepted, weights

DOCS = Path(__file__).resolve().parents[3] / "docs"
WEIGHTS, QUALITY = ((DOCS / f"{name}.md").read_text("utf-8") for name in ("weights", "quality"))


def test_the_example_manifest_works_as_it_stands(tmp_path: Path, photos: Path) -> None:
    """Written out from the page, beside the packaged network under the stated name, it makes a probe."""
    (example,) = re.findall(r"```json\n(.*?)```", WEIGHTS, re.DOTALL)
    (tmp_path / "ours.json").write_text(example)
    (tmp_path / json.loads(example)["file"]).write_bytes(weights().embedder)
    settings = read_settings({"COUNTENANCE_WEIGHTS": str(tmp_path / "ours.json"), "COUNTENANCE_PIPELINE": "full-fp32"})
    engine = open_engine(settings)
    probe = accepted(engine.extract((photos / "person_a_2.jpg").read_bytes()))
    assert probe.template.weights == engine.weights
    assert set(json.loads(example)) == set(_SCHEMA["properties"])


def test_the_example_describes_the_packaged_network() -> None:
    """The page's example says of the packaged network what the code says of it."""
    (example,) = re.findall(r"```json\n(.*?)```", WEIGHTS, re.DOTALL)
    stated, spec = json.loads(example), asdict(weights().spec)
    for field in ("sha256", "width", "height", "dimension", "licence", "min_feature_norm"):
        assert stated[field] == spec[field]
    assert tuple(stated["mean"]) == spec["mean"]
    assert tuple(stated["scale"]) == spec["scale"]
    assert (stated["colour_order"] == "BGR") == spec["bgr"]


@pytest.mark.parametrize("field", _SCHEMA["properties"])
def test_every_field_of_a_manifest_is_told(field: str) -> None:
    """The page has a row for each field that a manifest may have."""
    assert re.search(rf"(?m)^\| [^|]*`{field}`[^|]* \| ", WEIGHTS)


def test_every_code_of_weights_is_told() -> None:
    """The page has a row for each way in which weights refuse to start, and for no other."""
    source = "".join(path.read_text("utf-8") for path in (DOCS.parent / "src/countenance/face").glob("*.py"))
    raised = set(re.findall(r'"(weights\.[a-z_]+)"', source)) - {"weights.other", "weights.bad_template"}
    assert set(re.findall(r"(?m)^\| `(weights\.[a-z_]+)` \| ", WEIGHTS)) == raised


@pytest.mark.parametrize("sha256", [DETECTOR_SHA256, EMBEDDER_SOURCE_SHA256, EMBEDDER_SHA256])
def test_hashes_are_those_of_the_code(sha256: str) -> None:
    """Each pinned hash stands on the page."""
    assert f"`{sha256}`" in WEIGHTS


def test_limits_are_those_of_the_code() -> None:
    """The page's table of limits has each limit with the value that the code has."""
    limits = replace(DEFAULT_LIMITS, min_feature_norm=weights().spec.min_feature_norm)
    told = dict(re.findall(r"(?m)^\| `(m(?:in|ax)_[a-z_]+)` \| ([\d.]+) \|", QUALITY))
    assert {name: float(value) for name, value in told.items()} == asdict(limits)
