"""A portrait's bytes become pixels in a child process that cannot harm: killed, slow or loud, it is a refusal."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from countenance.documents.chip.dg2 import EncodedFace
from countenance.errors import DocumentError
from countenance.terms import Frame, Portrait, PortraitCoding

_PROGRAM = Path(__file__).with_name("portrait_process.py")
_HEADER_BYTES = 32
_TRUECOLOUR = 2
_BY_HAND = "Check the document by hand."


@dataclass(frozen=True, slots=True)
class PortraitLimits:
    """What decoding a portrait may cost. Portraits have about 0.2 million pixels (Doc 9303-9 and ISO/IEC 19794-5)."""

    pixels: int = 4_000_000
    memory_bytes: int = 400_000_000
    """Address space of the child: Python and Pillow take about a quarter of it."""
    processor_seconds: int = 5
    wall_seconds: float = 15.0


def decode_portrait(face: EncodedFace, *, limits: PortraitLimits | None = None) -> Portrait:
    """Return a portrait decoded to RGB, upright as the chip holds it.

    The child's output goes to a nameless file in memory whose size the child's own limit bounds.

    Raises:
        DocumentError: the decoder refused, was killed at a limit, or answered with something else than the image
            (``chip.portrait_damaged``), or it took too long (``chip.portrait_slow``).
    """
    bounds = limits or PortraitLimits()
    with os.fdopen(os.memfd_create("portrait"), "w+b") as out:
        try:
            done = subprocess.run(  # noqa: S603 - this interpreter, our own program, numbers and an enumeration
                [sys.executable, "-I", str(_PROGRAM), face.coding.value, str(bounds.pixels),
                 str(bounds.memory_bytes), str(bounds.processor_seconds)],
                input=face.image, stdout=out, stderr=subprocess.DEVNULL, timeout=bounds.wall_seconds, check=False,
                env={}, cwd="/",
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise DocumentError(
                "chip.portrait_slow", "The chip's portrait took too long to decode.", remedy=_BY_HAND
            ) from error
        out.seek(0)
        answer = out.read(_HEADER_BYTES + 3 * bounds.pixels + 1)
    if done.returncode != 0:
        raise _damaged()
    frame = _frame(answer, face.image, bounds.pixels)
    return Portrait(frame, _file(face, frame), face.coding, face.record)


def _file(face: EncodedFace, frame: Frame) -> bytes:
    """Return the portrait as a file that every later stage reads; the same portrait gives the same bytes."""
    if face.coding is PortraitCoding.JPEG:
        return face.image
    return _png(frame)


def _png(frame: Frame) -> bytes:
    """Return the pixels as a PNG (ISO/IEC 15948), every row unfiltered; by hand, so that no decoder is loaded here."""
    height, width, _ = frame.pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in frame.pixels)
    header = width.to_bytes(4) + height.to_bytes(4) + bytes([8, _TRUECOLOUR, 0, 0, 0])
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in chunks
    )


def _frame(answer: bytes, image: bytes, most: int) -> Frame:
    """Return the child's answer as a frame; a child that was taken over can write anything, so all of it is checked."""
    words = answer[:_HEADER_BYTES].split()
    if len(words) != 2 or not all(word.isdigit() and len(word) <= 8 for word in words):  # noqa: PLR2004 - width, height
        raise _damaged()
    width, height = int(words[0]), int(words[1])
    if not 0 < width * height <= most or len(answer) != _HEADER_BYTES + 3 * width * height:
        raise _damaged()
    pixels = np.frombuffer(answer, np.uint8, offset=_HEADER_BYTES).reshape(height, width, 3).copy()
    return Frame(pixels, hashlib.sha256(image).hexdigest(), width, height)


def _damaged() -> DocumentError:
    return DocumentError(
        "chip.portrait_damaged", "The chip's portrait cannot be decoded within its limits.", remedy=_BY_HAND
    )
