"""Untrusted bytes become an upright RGB frame or a refusal with a reason; no exception, no unbounded memory."""

from __future__ import annotations

import hashlib
import io
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from countenance.capture import ImageLimits, decode
from countenance.terms import Frame, Reason, Refused


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Return a picture whose left half is red-ish and whose top is brighter."""
    gradient = np.zeros((size[1], size[0], 3), np.uint8)
    gradient[:, : size[0] // 2, 0] = 200
    gradient[: size[1] // 2, :, 1] = 120
    return Image.fromarray(gradient).convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return the picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def frame_of(data: bytes) -> Frame:
    """Return the decoded frame; a refusal fails the test."""
    frame = decode(data)
    assert isinstance(frame, Frame), frame
    return frame


def reason_of(data: bytes, limits: ImageLimits | None = None) -> Reason:
    """Return why it was refused; acceptance fails the test."""
    refused = decode(data, limits=limits)
    assert isinstance(refused, Refused), "was accepted"
    assert refused.advice.endswith((".", "!"))
    return refused.reason


@pytest.mark.parametrize("kind,options", [("JPEG", {"quality": 95}), ("PNG", {}), ("WEBP", {"lossless": True})])
def test_three_formats_are_read_as_rgb(kind: str, options: dict[str, object]) -> None:
    """JPEG, PNG and WebP give uint8 RGB, red on the left, with the hash of the original bytes."""
    data = saved(picture(), kind, **options)
    frame = frame_of(data)
    assert frame.pixels.shape == (48, 64, 3)
    assert frame.pixels.dtype == np.uint8
    assert frame.pixels.flags.c_contiguous
    assert frame.pixels[40, 5, 0] > 150 > frame.pixels[40, 60, 0]
    assert frame.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_exif_orientation_is_applied(kind: str, orientation: int) -> None:
    """All eight EXIF orientations come out upright, in every format that carries them."""
    turns = {
        1: [], 2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM], 5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE], 8: [Image.Transpose.ROTATE_270],
    }  # fmt: skip
    stored = picture()
    for turn in turns[orientation]:
        stored = stored.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 95} if kind == "JPEG" else {"lossless": True} if kind == "WEBP" else {}
    frame = frame_of(saved(stored, kind, exif=exif, **options))
    assert frame.pixels.shape == (48, 64, 3)
    assert (frame.original_width, frame.original_height) == (64, 48)
    assert frame.pixels[40, 5, 0] > 150 > frame.pixels[40, 60, 0]
    assert frame.pixels[5, 60, 1] > 80 > frame.pixels[40, 60, 1]


def test_unusual_modes_are_converted() -> None:
    """Grey, palette, one-bit, CMYK and progressive pictures become RGB of the same size."""
    for mode, kind in (("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG"), ("1", "PNG"), ("L", "PNG"), ("LA", "PNG")):
        assert frame_of(saved(picture(mode), kind)).pixels.shape == (48, 64, 3), (mode, kind)
    assert frame_of(saved(picture(), "JPEG", progressive=True)).pixels.shape == (48, 64, 3)


def test_sixteen_bit_is_scaled_down() -> None:
    """A 16-bit grey picture keeps its brightness: half of 65535 becomes half of 255."""
    values = np.full((40, 40), 32768, np.uint16)
    values[0, 0] = 65535
    frame = frame_of(saved(Image.fromarray(values), "PNG"))
    assert abs(int(frame.pixels[20, 20, 0]) - 127) <= 1


def test_transparency_lies_over_grey() -> None:
    """What is fully transparent becomes mid grey, whatever colour hides there."""
    layered = picture("RGBA")
    layered.putalpha(0)
    for kind in ("PNG", "WEBP"):
        assert (frame_of(saved(layered, kind)).pixels == 128).all()


def test_fast_and_careful_jpeg_paths_agree() -> None:
    """The fast decoder gives bit for bit what the careful one gives."""
    data = saved(picture(size=(320, 240)), "JPEG", quality=90)
    assert np.array_equal(frame_of(data).pixels, frame_of(data + b"\x00").pixels)


def test_larger_jpegs_are_decoded_smaller() -> None:
    """A JPEG over the pixel limit is reduced while decoding and keeps its original size on record."""
    data = saved(picture(size=(800, 600)), "JPEG")
    frame = decode(data, limits=ImageLimits(max_pixels=130_000))
    assert isinstance(frame, Frame)
    assert frame.pixels.shape == (300, 400, 3)
    assert (frame.original_width, frame.original_height) == (800, 600)


def test_refusals_name_their_reason() -> None:
    """Each kind of unusable file has its own stable reason and a sentence that says what to do."""
    small = ImageLimits(max_bytes=1000, max_pixels=4000)
    animation = [picture(), picture("L").convert("RGB")]
    cases = [
        (b"", None, Reason.EMPTY),
        (b"GIF89a" + bytes(100), None, Reason.UNSUPPORTED_TYPE),
        (b"%PDF-1.4", None, Reason.UNSUPPORTED_TYPE),
        (b"<svg xmlns='x'/>", None, Reason.UNSUPPORTED_TYPE),
        (saved(picture(), "TIFF"), None, Reason.UNSUPPORTED_TYPE),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None, Reason.UNSUPPORTED_TYPE),
        (b"\xff\xd8\xff" + bytes(50), None, Reason.DAMAGED),
        (saved(picture(size=(1, 1)), "PNG"), None, Reason.TOO_FEW_PIXELS),
        (saved(picture(size=(500, 20)), "PNG"), None, Reason.TOO_FEW_PIXELS),
        (bytes(1001), small, Reason.TOO_MANY_BYTES),
        (saved(picture(size=(80, 80)), "PNG"), ImageLimits(max_pixels=4000), Reason.TOO_MANY_PIXELS),
        (saved(animation[0], "PNG", save_all=True, append_images=animation[1:]), None, Reason.SEVERAL_FRAMES),
        (saved(animation[0], "WEBP", save_all=True, append_images=animation[1:]), None, Reason.SEVERAL_FRAMES),
    ]
    for data, limits, expected in cases:
        assert reason_of(data, limits) is expected


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_truncated_files_are_damaged(kind: str) -> None:
    """A file cut anywhere after its header is refused as damaged, not compared in grey."""
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    data = saved(Image.fromarray(noise), kind)
    for share in (0.1, 0.5, 0.9):
        assert reason_of(data[: int(len(data) * share)]) is Reason.DAMAGED


def test_bombs_are_refused_by_their_header() -> None:
    """A PNG that claims 60,000 x 60,000 pixels, and a JPEG that does, cost no memory."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    body = zlib.compress(bytes(100_000))
    png += struct.pack(">I", len(body)) + b"IDAT" + body + struct.pack(">I", zlib.crc32(b"IDAT" + body))
    jpeg = bytearray(saved(picture(), "JPEG"))
    start = jpeg.index(b"\xff\xc0")
    jpeg[start + 5 : start + 9] = struct.pack(">HH", 60_000, 60_000)
    tracemalloc.start()
    try:
        assert reason_of(png) is Reason.TOO_MANY_PIXELS
        assert reason_of(bytes(jpeg)) is Reason.TOO_MANY_PIXELS
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@settings(max_examples=60)
@given(data=st.data())
def test_no_bytes_make_it_raise(photos: Path, data: st.DataObject) -> None:
    """Real photographs with random bytes changed or cut off are decoded or refused, never an exception."""
    name = data.draw(st.sampled_from(["person_a_1.jpg", "32bit.png"]))
    content = bytearray((photos / name).read_bytes()[: data.draw(st.integers(0, 60_000))])
    for _ in range(data.draw(st.integers(0, 10))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(decode(bytes(content)), Frame | Refused)


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBPVP8 "]))
def test_noise_is_refused(noise: bytes, magic: bytes) -> None:
    """Random bytes behind a right beginning are refused."""
    assert isinstance(decode(magic + noise), Refused)
