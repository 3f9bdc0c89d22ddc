"""An operator's own recogniser: a JSON manifest that says what the ONNX file expects and under which licence it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from countenance.errors import WeightsError

MAX_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class EmbedderSpec:
    """What a recognition network is and expects."""

    name: str
    sha256: str
    """Of the ONNX file."""
    width: int
    height: int
    """Pixels of its one image input, NCHW; the aligned crop of 112 x 112 is scaled to them."""
    bgr: bool
    """Whether it wants blue first; False = RGB."""
    mean: tuple[float, float, float]
    """Subtracted per channel in its own colour order, 0..255 scale."""
    scale: tuple[float, float, float]
    """Divided by afterwards."""
    dimension: int
    licence: str
    training_data: str
    min_feature_norm: float = 0.0
    """Embeddings shorter than this (before L2) are refused; a property of the network. 0 = nobody measured one."""


_TRIPLE = {
    "type": "array", "minItems": 3, "maxItems": 3, "items": {"type": "number", "minimum": -1e6, "maximum": 1e6}
}  # fmt: skip
_TEXT = {"type": "string", "minLength": 1, "maxLength": 500}
_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": [
        "format", "name", "file", "sha256", "width", "height", "colour_order", "mean", "scale", "dimension", "licence",
        "training_data",
    ],
    "properties": {
        "format": {"const": "countenance/weights/v1"},
        "name": _TEXT,
        "file": _TEXT,
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "width": {"type": "integer", "minimum": 16, "maximum": 1024},
        "height": {"type": "integer", "minimum": 16, "maximum": 1024},
        "colour_order": {"enum": ["RGB", "BGR"]},
        "mean": _TRIPLE,
        "scale": {**_TRIPLE, "items": {"type": "number", "exclusiveMinimum": 0, "maximum": 1e6}},
        "dimension": {"type": "integer", "minimum": 8, "maximum": 4096},
        "licence": _TEXT,
        "training_data": _TEXT,
        "min_feature_norm": {"type": "number", "minimum": 0, "maximum": 1e6},
    },
}  # fmt: skip


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(_SCHEMA)


def read_manifest(path: Path) -> tuple[EmbedderSpec, Path]:
    """Return what the manifest states and where its ONNX file lies (beside the manifest unless absolute).

    Raises:
        WeightsError: ``weights.manifest``, naming what does not fit.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        fields = json.loads(data[:MAX_BYTES].decode(), parse_constant=_no_number)
    except (OSError, ValueError, RecursionError) as error:
        raise _unfit(path, "cannot be read as JSON") from error
    for problem in _validator().iter_errors(fields):
        where = ".".join(str(part) for part in problem.absolute_path) or "the manifest"
        raise _unfit(path, f"{where}: {problem.message[:200]}")
    spec = EmbedderSpec(
        name=fields["name"],
        sha256=fields["sha256"],
        width=fields["width"],
        height=fields["height"],
        bgr=fields["colour_order"] == "BGR",
        mean=(float(fields["mean"][0]), float(fields["mean"][1]), float(fields["mean"][2])),
        scale=(float(fields["scale"][0]), float(fields["scale"][1]), float(fields["scale"][2])),
        dimension=fields["dimension"],
        licence=fields["licence"],
        training_data=fields["training_data"],
        min_feature_norm=float(fields.get("min_feature_norm", 0.0)),
    )
    return spec, path.parent / fields["file"]


def _no_number(name: str) -> float:
    message = f"{name} is no number"
    raise ValueError(message)


def _unfit(path: Path, what: str) -> WeightsError:
    return WeightsError(
        "weights.manifest",
        f"The weights manifest {path.name} does not fit: {what}.",
        remedy="See docs/weights.md for what a manifest holds.",
    )
