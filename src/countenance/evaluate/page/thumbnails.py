"""A face cut out of its photograph, small, as text that a page can carry."""

from __future__ import annotations

import math
from base64 import b64encode
from io import BytesIO
from pathlib import Path

from PIL import Image

from countenance.capture.image import decode
from countenance.terms import Refused

SIDE = 96
"""Pixels of a thumbnail on both sides."""
_MARGIN = 0.3
"""Around the face's box, as a share of its larger side."""
_LARGEST = 20_000_000
"""Bytes of a file that is opened at all; more is refused by the decoder anyway."""


def thumbnail(file: Path, box: tuple[float, float, float, float] | None) -> str | None:
    """Return the face in ``file`` as a JPEG's ``data:`` URI of SIDE by SIDE pixels, or None where it cannot be shown.

    ``box`` is x, y, width and height as fractions of the upright frame; without one, or with an empty one, the middle
    of the photograph is shown.
    """
    try:
        if file.stat().st_size > _LARGEST:
            return None
        data = file.read_bytes()
    except (OSError, ValueError):
        return None
    frame = decode(data)
    if isinstance(frame, Refused):
        return None
    picture = Image.fromarray(frame.pixels)
    small = _cut(picture, box)
    written = BytesIO()
    small.save(written, "JPEG", quality=80, optimize=True)
    return "data:image/jpeg;base64," + b64encode(written.getvalue()).decode()


def _cut(picture: Image.Image, box: tuple[float, float, float, float] | None) -> Image.Image:
    """Return a square around the face; beyond the photograph's edge it is grey."""
    across, down = picture.size
    side, left, top = float(min(across, down)), 0.0, 0.0
    left, top = (across - side) / 2, (down - side) / 2
    if box is not None and all(math.isfinite(value) for value in box) and box[2] > 0 and box[3] > 0:
        wide, high = box[2] * across, box[3] * down
        side = min(max(wide, high) * (1 + 2 * _MARGIN), 2.0 * max(across, down))
        left = (box[0] * across + wide / 2) - side / 2
        top = (box[1] * down + high / 2) - side / 2
    corners = (round(left), round(top), round(left + side), round(top + side))
    ground = Image.new("RGB", (max(1, corners[2] - corners[0]), max(1, corners[3] - corners[1])), (128, 128, 128))
    ground.paste(picture, (-corners[0], -corners[1]))
    return ground.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
