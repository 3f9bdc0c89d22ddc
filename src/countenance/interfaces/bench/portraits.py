"""The photographs that are measured: portraits of 640 px, as a document reader or a lane's camera gives them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from countenance.errors import ConfigurationError

SIDE = 640
_NAMES = ("person_a_2.jpg", "person_b_1.jpg", "person_b_2.jpg", "impostor_1.jpg", "impostor_2.jpg", "obama.jpg")
"""The package photographs that show one face well; pairs of them that show one person: see :data:`MATED`."""
MATED = (1, 2)
"""Two of the portraits that show the same person: a verification that matches."""


def portraits(photos: Path, faces: Path | None) -> list[bytes]:
    """Return JPEG files of portraits, 640 px on the longer side: from the London set where it is, else the packages'.

    Raises:
        ConfigurationError: ``bench.photographs``, a photograph is missing.
    """
    london = sorted((faces / "london" / "neutral_front").glob("*.jpg")) if faces else []
    if london:
        return [path.read_bytes() for path in london[:12]]
    return package_portraits(photos)


def package_portraits(photos: Path) -> list[bytes]:
    """Return the package photographs scaled to 640 px, in a fixed order.

    Raises:
        ConfigurationError: ``bench.photographs``, a photograph is missing.
    """
    missing = [name for name in _NAMES if not (photos / name).is_file()]
    if missing:
        raise ConfigurationError(
            "bench.photographs", f"{photos} lacks {', '.join(missing)}.",
            remedy="Run 'make photos' in the checkout and name the folder with --photos.",
        )  # fmt: skip
    return [_scaled(photos / name) for name in _NAMES]


def _scaled(path: Path) -> bytes:
    with Image.open(path) as original:
        upright = ImageOps.exif_transpose(original).convert("RGB")
    share = SIDE / max(upright.size)
    small = upright.resize((round(upright.width * share), round(upright.height * share)), Image.Resampling.LANCZOS)
    written = BytesIO()
    small.save(written, "JPEG", quality=92)
    return written.getvalue()
