"""The story's photographs: read from the folder, and two of them made worse on purpose."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from countenance.errors import ConfigurationError
from countenance.interfaces.demo.story import FILES, MADE, SOURCES, Made


def read_photographs(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every photograph the story shows, by the name it uses.

    Raises:
        ConfigurationError: ``demo.photographs``, a file is missing.
    """
    missing = [name for name in SOURCES if not (folder / name).is_file()]
    if missing:
        raise ConfigurationError(
            "demo.photographs",
            f"{folder} lacks {', '.join(missing)}.",
            remedy="Run 'make photos' in the checkout, which fetches them by hash, and name the folder with --photos.",
        )
    return {name: _made(folder, MADE[name]) if name in MADE else (folder / name).read_bytes() for name in FILES}


def _made(folder: Path, made: Made) -> bytes:
    with Image.open(folder / made.source) as original:
        picture = ImageOps.exif_transpose(original).convert("RGB")
    top = picture.height // 2 if made.lower_half else 0
    size = (round(picture.width * made.share), round((picture.height - top) * made.share))
    worse = picture.resize(size, Image.Resampling.LANCZOS, box=(0, top, picture.width, picture.height))
    written = BytesIO()
    worse.save(written, "JPEG", quality=90)
    return written.getvalue()
