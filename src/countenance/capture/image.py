"""Photograph bytes become a frame, in bounded memory, or a refusal that says what to do; bad images never raise.

What is read: JPEG, PNG and WebP, told by their first bytes and by a decoder that knows no other format. What becomes
of the unusual: CMYK and YCCK JPEGs, grey, palette and 16-bit images are converted to 8-bit RGB; transparency is laid
over mid grey; an embedded colour profile is ignored; of a multi-picture JPEG (MPO, as phones write it) the first, full
picture is taken; animated PNG and WebP are refused, because which frame was meant is not for us to guess. The size is
checked in the header before a pixel is decoded; larger JPEGs are decoded at a half, quarter or eighth (DCT scaling).
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from countenance.terms import Frame, Reason, Refused, Stage, StageMillis

_UNTIMED = StageMillis(0.0, 0.0, 0.0, 0.0)
_MAGIC = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF"}
_JPEG_END = b"\xff\xd9"
_ORIENTATION = 0x0112
_UPRIGHT = 1
_REDUCTIONS = (1, 2, 4, 8)
_BEHIND_TRANSPARENCY = (128, 128, 128)
_PLAIN_JPEG_MODES = frozenset({"RGB", "L"})


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What a photograph may be at most, and must be at least."""

    max_bytes: int = 20_000_000
    max_pixels: int = 24_000_000
    """After reduced decoding, which only JPEG has."""
    max_baseline_pixels: int = 24_000_000 * 16
    """What a sequential JPEG's header may claim; it is decoded row by row."""
    max_progressive_pixels: int = 48_000_000
    """What a progressive JPEG's header may claim: its decoder holds 6 bytes for every claimed pixel."""
    min_side: int = 32
    """Pixels; no face in a smaller picture can be compared."""


def decode(data: bytes, *, limits: ImageLimits | None = None) -> Frame | Refused:
    """Return the photograph upright as RGB, or why not.

    (1) the number of bytes; (2) the type, by content; (3) the header's size and number of frames; (4) decoding, at
    reduced scale where the size demands it; (5) upright by EXIF orientation. Memory stays below a small multiple of
    ``max_pixels`` times three bytes.
    """
    bounds = limits or ImageLimits()
    if not data:
        return _refused(Reason.EMPTY, "The file is empty: take the photograph again.")
    if len(data) > bounds.max_bytes:  # (1)
        return _refused(
            Reason.TOO_MANY_BYTES,
            f"The file has {len(data) / 1e6:.1f} MB, {bounds.max_bytes / 1e6:.0f} MB are allowed: "
            "send a smaller photograph.",
        )
    kind = _kind(data)
    if kind is None:  # (2)
        return _refused(Reason.UNSUPPORTED_TYPE, "This is not a JPEG, PNG or WebP file: send one of these.")
    try:
        return _decode(data, kind, bounds)
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, MemoryError, OverflowError,
            UnidentifiedImageError):  # fmt: skip
        # Pillow's parsers signal damage with whatever their code ran into; each of these means "not decodable".
        return _refused(Reason.DAMAGED, "The file is damaged or cut short: take or send the photograph again.")
    except Image.DecompressionBombError:
        return _too_many_pixels("far too many", bounds)


def _kind(data: bytes) -> str | None:
    for kind, magic in _MAGIC.items():
        if data.startswith(magic) and (kind != "WEBP" or data[8:12] == b"WEBP"):
            return kind
    return None


def _decode(data: bytes, kind: str, limits: ImageLimits) -> Frame | Refused:
    with _open(data, kind) as image:
        width, height = image.size
        frames = getattr(image, "n_frames", 1)
        if kind != "JPEG" and frames > 1:  # (3)
            return _refused(Reason.SEVERAL_FRAMES, "The file is an animation: send a single photograph.")
        if min(width, height) < limits.min_side:
            return _refused(
                Reason.TOO_FEW_PIXELS,
                f"The picture has {width} x {height} pixels, {limits.min_side} on each side are needed: "
                "send a larger photograph.",
            )
        divisor = _divisor(image, kind, limits)
        if divisor is None:
            return _too_many_pixels(f"{width * height / 1e6:.0f} million", limits)
        orientation = _orientation(image)
        pixels = _pixels(image, data, kind, divisor, orientation)  # (4) (5)
    if pixels.shape[0] * pixels.shape[1] > limits.max_pixels:
        return _too_many_pixels("too many", limits)
    turned = orientation >= 5  # noqa: PLR2004 - EXIF: 5 to 8 swap width and height
    return Frame(
        pixels=pixels,
        sha256=hashlib.sha256(data).hexdigest(),
        original_width=height if turned else width,
        original_height=width if turned else height,
    )


def _open(data: bytes, kind: str) -> Image.Image:
    """Open lazily: only the header is read. Our own limit decides, so Pillow's warning about size is not wanted."""
    formats = ("JPEG", "MPO") if kind == "JPEG" else (kind,)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(io.BytesIO(data), formats=formats)


def _divisor(image: Image.Image, kind: str, limits: ImageLimits) -> int | None:
    """Return by how much the picture must be reduced while decoding, or None when that cannot be done."""
    width, height = image.size
    progressive = "progressive" in image.info or "progression" in image.info
    if width * height > (limits.max_progressive_pixels if progressive else limits.max_baseline_pixels):
        return None
    for divisor in _REDUCTIONS if kind == "JPEG" else (1,):
        if -(-width // divisor) * -(-height // divisor) <= limits.max_pixels:
            return divisor
    return None


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; anything unreadable counts as upright."""
    try:
        value = image.getexif().get(_ORIENTATION, _UPRIGHT)
    except Exception:  # noqa: BLE001 - EXIF is a file format of its own; damage there must not cost the photograph
        return _UPRIGHT
    return value if isinstance(value, int) and _UPRIGHT <= value <= 8 else _UPRIGHT  # noqa: PLR2004 - EXIF 2.3


def _pixels(image: Image.Image, data: bytes, kind: str, divisor: int, orientation: int) -> NDArray[np.uint8]:
    plain = kind == "JPEG" and divisor == 1 and orientation == _UPRIGHT and image.mode in _PLAIN_JPEG_MODES
    if plain and image.format == "JPEG" and data.endswith(_JPEG_END):
        return _fast_jpeg(data)
    if divisor > 1:
        image.draft("RGB", (max(1, image.width // divisor), max(1, image.height // divisor)))
    image.load()
    upright = ImageOps.exif_transpose(image) if orientation != _UPRIGHT else image
    return np.ascontiguousarray(np.asarray(_rgb(upright), np.uint8))


def _fast_jpeg(data: bytes) -> NDArray[np.uint8]:
    """Decode an ordinary, complete JPEG: the same libjpeg-turbo, the same pixels, without Pillow's copies."""
    import cv2  # noqa: PLC0415 - only inference processes need OpenCV

    flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    pixels: NDArray[np.uint8] | None = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if pixels is None:
        raise ValueError("not decodable")
    return pixels


def _rgb(image: Image.Image) -> Image.Image:
    """Return 8-bit RGB whatever the mode: 16-bit scaled down, transparency over mid grey, CMYK converted."""
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        values = np.asarray(image, np.float64)
        scale = 257.0 if values.size and values.max() > 255 else 1.0  # noqa: PLR2004 - 65535 / 255 and 8-bit
        return Image.fromarray(np.clip(values / scale, 0, 255).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        ground = Image.new("RGBA", layered.size, (*_BEHIND_TRANSPARENCY, 255))
        return Image.alpha_composite(ground, layered).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _too_many_pixels(claimed: str, limits: ImageLimits) -> Refused:
    return _refused(
        Reason.TOO_MANY_PIXELS,
        f"The picture has {claimed} pixels, {limits.max_pixels / 1e6:.0f} million are allowed: send a smaller one.",
    )


def _refused(reason: Reason, advice: str) -> Refused:
    return Refused(Stage.CAPTURE, reason, advice, _UNTIMED)
