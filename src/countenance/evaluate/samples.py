"""What became of each photograph, in columns: a template and its quality, or the reason why there is none.

Kept in one append-only file, so that an interrupted evaluation loses nothing already computed. The file holds
templates: it lies where the evaluation writes, is readable by its owner only, and is deleted like any biometric data.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from countenance.errors import EvaluationError
from countenance.terms import Accepted, Extraction, Quality, Reason, Stage

MEASURES = tuple(field.name for field in fields(Quality) if field.name != "faces")
"""The quality measures that are kept, in the order of the columns."""
_ACCEPTED = ""
OUTCOMES = (_ACCEPTED, *(f"{stage}.{reason}" for stage in Stage for reason in Reason))
"""What may have become of a photograph; the first is "a template"."""
_MAGIC = "countenance/samples/v1"
_HEADER_BYTES = 256


@dataclass(frozen=True, slots=True)
class Sample:
    """One photograph's outcome, as it is kept."""

    image_sha256: bytes
    outcome: str
    """"" or "stage.reason"."""
    template: NDArray[np.float32]
    """Shape (dimension,); zeros where there is none."""
    quality: NDArray[np.float32]
    """Shape (len(MEASURES),); zeros where there is none."""
    box: NDArray[np.float32]
    """x, y, width, height of the face over the frame's width and height; zeros where there is none."""


def sample_of(image_sha256: bytes, extraction: Extraction, dimension: int) -> Sample:
    """Return what is kept of an extraction."""
    if not isinstance(extraction, Accepted):
        nothing = np.zeros(dimension, np.float32), np.zeros(len(MEASURES), np.float32), np.zeros(4, np.float32)
        return Sample(image_sha256, f"{extraction.stage}.{extraction.reason}", *nothing)
    probe = extraction.probe
    quality = np.array([getattr(probe.quality, name) for name in MEASURES], np.float32)
    across, down = probe.frame_width, probe.frame_height
    box = np.array(
        [probe.box.x / across, probe.box.y / down, probe.box.width / across, probe.box.height / down], np.float32
    )
    return Sample(image_sha256, _ACCEPTED, probe.template.values, quality, box)


class SampleFile:
    """The append-only file of samples made with one set of weights."""

    def __init__(self, path: Path, weights: str, dimension: int) -> None:
        """Open or begin the file; records that a crash cut short or that changed since are left out.

        Raises:
            EvaluationError: ``evaluate.samples``, the file is of other weights or no such file.
        """
        self._dimension = dimension
        self._type = np.dtype([
            ("image", "V32"), ("outcome", "<u2"), ("template", "<f4", (dimension,)),
            ("quality", "<f4", (len(MEASURES),)), ("box", "<f4", (4,)), ("check", "<u4"),
        ])  # fmt: skip
        head = {"format": _MAGIC, "weights": weights, "dimension": dimension, "measures": len(MEASURES)}
        self._header = json.dumps(head, sort_keys=True).encode().ljust(_HEADER_BYTES)
        self._file = self._open(path)
        self.known: Mapping[bytes, Sample] = self._read()

    def _open(self, path: Path) -> BinaryIO:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        file = os.fdopen(descriptor, "r+b")
        found = file.read(_HEADER_BYTES)
        if found and found != self._header:
            file.close()
            raise EvaluationError(
                "evaluate.samples", f"{path} holds templates of other weights, or is no such file.",
                remedy="Choose another folder with --out, or delete this one.",
            )  # fmt: skip
        if not found:
            file.write(self._header)
            file.flush()
        return file

    def _read(self) -> dict[bytes, Sample]:
        data = self._file.read()
        whole = len(data) // self._type.itemsize
        rows = np.frombuffer(data, self._type, whole)
        sound = [row for row in rows if row["check"] == _check(row)]
        if whole * self._type.itemsize != len(data):  # cut short: what follows would be out of step
            self._file.truncate(_HEADER_BYTES + whole * self._type.itemsize)
        self._file.seek(0, os.SEEK_END)
        return {bytes(row["image"]): self._sample(row) for row in sound}

    def _sample(self, row: np.void) -> Sample:
        outcome = OUTCOMES[int(row["outcome"]) % len(OUTCOMES)]
        return Sample(bytes(row["image"]), outcome, row["template"], row["quality"], row["box"])

    def append(self, samples: Sequence[Sample]) -> None:
        """Keep these too; on disk when this returns, as far as the operating system is concerned."""
        rows = np.zeros(len(samples), self._type)
        for row, sample in zip(rows, samples, strict=True):
            row["image"] = np.void(sample.image_sha256)
            row["outcome"] = OUTCOMES.index(sample.outcome)
            row["template"], row["quality"], row["box"] = sample.template, sample.quality, sample.box
            row["check"] = _check(row)
        self._file.write(rows.tobytes())
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _check(row: np.void) -> int:
    return zlib.crc32(row.tobytes()[:-4])


@dataclass(frozen=True, slots=True)
class Samples:
    """Every photograph of a manifest in columns, in its order."""

    templates: NDArray[np.float32]
    """Shape (n, dimension), L2-normalised; zeros where there is none."""
    usable: NDArray[np.bool_]
    """Shape (n,): whether there is a template."""
    outcomes: tuple[str, ...]
    quality: NDArray[np.float32]
    """Shape (n, len(MEASURES))."""
    boxes: NDArray[np.float32]
    """Shape (n, 4): see :class:`Sample`."""
    sha256: str
    """Of all photographs' SHA-256, in order."""

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> Samples:
        """Return ``samples`` in columns."""
        return cls(
            np.array([sample.template for sample in samples], np.float32),
            np.array([sample.outcome == _ACCEPTED for sample in samples], np.bool_),
            tuple(sample.outcome for sample in samples),
            np.array([sample.quality for sample in samples], np.float32).reshape(-1, len(MEASURES)),
            np.array([sample.box for sample in samples], np.float32).reshape(-1, 4),
            sha256(b"".join(sample.image_sha256 for sample in samples)).hexdigest(),
        )
