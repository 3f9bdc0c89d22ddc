"""Photographs for the page: cut to one shape around the face, reduced, embedded, with what the engine found in them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from countenance.terms import Accepted, Extraction

WIDTH, HEIGHT = 320, 400
"""Pixels of every picture in the page."""
_FACE_AT = 0.45
"""Where the face's middle comes to lie, as a share of the height from above; without a face the upper part is shown."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One photograph as the page shows it: a cut of WIDTH to HEIGHT."""

    file: str
    uri: str
    """``data:`` URI of the cut, a JPEG: the page loads nothing from anywhere."""
    extraction: Extraction
    left: float
    """Where the cut begins, in pixels of the frame that the engine saw."""
    top: float
    scale: float
    """Page pixels for one pixel of that frame."""


def prepare(images: Mapping[str, bytes], extractions: Mapping[str, Extraction]) -> dict[str, Picture]:
    """Return every photograph cut and reduced, by file name."""
    return {name: _cut(name, image, extractions[name]) for name, image in images.items()}


def _cut(name: str, data: bytes, extraction: Extraction) -> Picture:
    with Image.open(BytesIO(data)) as original:
        original.draft("RGB", (4 * WIDTH, 4 * HEIGHT))
        upright = ImageOps.exif_transpose(original).convert("RGB")
    to_frame = extraction.probe.frame_width / upright.width if isinstance(extraction, Accepted) else 1.0
    width = min(upright.width, upright.height * WIDTH / HEIGHT)
    height = width * HEIGHT / WIDTH
    middle_x, middle_y = _middle(extraction, to_frame, upright.width / 2, height / 2)
    left = min(max(middle_x - width / 2, 0.0), upright.width - width)
    top = min(max(middle_y - _FACE_AT * height, 0.0), upright.height - height)
    small = upright.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, box=(left, top, left + width, top + height))
    written = BytesIO()
    small.save(written, "JPEG", quality=82, optimize=True)
    uri = "data:image/jpeg;base64," + b64encode(written.getvalue()).decode()
    return Picture(name, uri, extraction, left * to_frame, top * to_frame, WIDTH / (width * to_frame))


def _middle(extraction: Extraction, to_frame: float, x: float, y: float) -> tuple[float, float]:
    """Return the face's middle in pixels of the upright photograph, or (x, y) where there is no face."""
    if not isinstance(extraction, Accepted):
        return x, y
    box = extraction.probe.box
    return (box.x + box.width / 2) / to_frame, (box.y + box.height / 2) / to_frame
