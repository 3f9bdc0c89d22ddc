"""Decoding in a child that cannot harm: pixels come out right, and every way of misbehaving is a refusal."""

from __future__ import annotations

import io
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import emrtd_maker as maker
from countenance.capture.image import decode
from countenance.documents.chip import portrait, portrait_process
from countenance.documents.chip.dg2 import EncodedFace, parse_dg2
from countenance.documents.chip.portrait import PortraitLimits, decode_portrait
from countenance.errors import DocumentError
from countenance.terms import Frame, PortraitCoding
from shared_vectors import shared_files


def encoded(image: bytes, coding: PortraitCoding = PortraitCoding.JPEG) -> EncodedFace:
    """Return an image as DG2 gives it."""
    return EncodedFace(image, coding, "ISO/IEC 19794-5")


def code_of(face: EncodedFace, limits: PortraitLimits | None = None) -> str:
    """Return the code with which decoding is refused."""
    with pytest.raises(DocumentError) as caught:
        decode_portrait(face, limits=limits)
    return caught.value.code


@pytest.mark.parametrize("kind, coding", [("JPEG", PortraitCoding.JPEG), ("JPEG2000", PortraitCoding.JPEG_2000)])
def test_the_pixels_are_the_images(kind: str, coding: PortraitCoding) -> None:
    """The child's pixels are those that decoding here gives, RGB."""
    image = maker.picture(kind)
    found = decode_portrait(encoded(image, coding)).frame
    assert np.array_equal(found.pixels, np.asarray(Image.open(io.BytesIO(image)).convert("RGB")))
    assert (found.original_width, found.original_height) == (96, 128)


def test_a_grey_portrait_becomes_rgb() -> None:
    """Grey images have three equal channels."""
    out = io.BytesIO()
    Image.new("L", (40, 50), 77).save(out, "JPEG2000")
    assert np.all(decode_portrait(encoded(out.getvalue(), PortraitCoding.JPEG_2000)).frame.pixels == 77)


def test_damage_is_refused() -> None:
    """Cut short, empty, another format than its coding: no pixels."""
    jp2 = maker.picture("JPEG2000")
    for face in (
        encoded(maker.picture()[:300]), encoded(b""), encoded(jp2),
        encoded(jp2[:60], PortraitCoding.JPEG_2000), encoded(maker.picture(), PortraitCoding.JPEG_2000),
    ):  # fmt: skip
        assert code_of(face) == "chip.portrait_damaged"


def test_limits_kill() -> None:
    """Too many pixels by the header, too little memory, too slow: each ends as a refusal."""
    face = encoded(maker.picture("JPEG2000", 1500, 1500), PortraitCoding.JPEG_2000)
    assert code_of(face, PortraitLimits(pixels=1500 * 1499)) == "chip.portrait_damaged"
    assert code_of(face, PortraitLimits(memory_bytes=50_000_000)) == "chip.portrait_damaged"
    assert code_of(face, PortraitLimits(wall_seconds=0.01)) == "chip.portrait_slow"


def child(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Put another program in the decoder's place."""
    path = folder / "child.py"
    path.write_text(textwrap.dedent(program), "utf-8")
    monkeypatch.setattr(portrait, "_PROGRAM", path)


@pytest.mark.parametrize("program", [
    "print('96 128')",
    "import sys; sys.stdout.buffer.write(b'1 1'.rjust(31) + b'\\n' + b'x' * 2)",
    "import sys; sys.stdout.buffer.write(b'0 5'.rjust(31) + b'\\n')",
    "import sys; sys.stdout.buffer.write(b'-1 -1'.rjust(31) + b'\\n' + b'x' * 3)",
    "import sys; sys.stdout.buffer.write(b'99999999 99999999'.rjust(31) + b'\\n')",
    "import sys; sys.stdout.buffer.write(b'x' * 20_000_000)",
    "import os; os.kill(os.getpid(), 9)",
    "import os; os.abort()",
    "pass",
])  # fmt: skip
def test_a_child_that_was_taken_over_gives_no_pixels(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    """Whatever a child answers or dies of, only an image of the announced size within limits counts."""
    child(monkeypatch, tmp_path, program)
    assert code_of(encoded(maker.picture())) == "chip.portrait_damaged"


LOCKED = """
import sys; sys.path.insert(0, {folder!r})
import portrait_process, socket, os
portrait_process.lock_in(memory=400_000_000, seconds=1, output=64)
{attempt}
print("escaped")
"""


@pytest.mark.parametrize("attempt", [
    "open('/etc/passwd')",
    "socket.socket()",
    "bytearray(500_000_000)",
    "while True: pass",
    "sys.stdout.write('x' * 100); sys.stdout.flush()",
])  # fmt: skip
def test_the_child_is_locked_in(tmp_path: Path, attempt: str) -> None:
    """Once locked in, no file, socket, memory, time or output beyond the limits is to be had."""
    program = LOCKED.format(folder=str(Path(portrait_process.__file__).parent), attempt=attempt)
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-I", "-c", program], stdout=out, stderr=subprocess.DEVNULL, timeout=60, check=False
        )
    assert done.returncode != 0
    assert b"escaped" not in (tmp_path / "out").read_bytes()


def test_the_decoder_itself() -> None:
    """What the child runs once it is locked in: one format, one size, or an exception."""
    assert portrait_process.decoded(maker.picture(), "jpeg", 96 * 128)[:2] == (96, 128)
    with pytest.raises(ValueError, match="pixels"):
        portrait_process.decoded(maker.picture(), "jpeg", 96 * 128 - 1)
    with pytest.raises(OSError, match="cannot identify"):
        portrait_process.decoded(maker.picture(), "jpeg2000", 96 * 128)


def test_a_portrait_is_a_file_that_a_camera_stage_reads() -> None:
    """A JPEG stays as it is; JPEG 2000 becomes a PNG of exactly the decoded pixels, the same each time."""
    jpeg = portrait.decode_portrait(encoded(maker.picture()))
    assert jpeg.image == maker.picture()
    face = encoded(maker.picture("JPEG2000", 97, 131), PortraitCoding.JPEG_2000)
    first, second = portrait.decode_portrait(face), portrait.decode_portrait(face)
    seen = decode(first.image)
    assert isinstance(seen, Frame)
    assert np.array_equal(seen.pixels, first.frame.pixels)
    assert first.image == second.image


def test_both_sides_agree_on_the_header() -> None:
    """Parent and child write the same length of header, without the parent loading a decoder."""
    assert portrait._HEADER_BYTES == portrait_process.HEADER_BYTES
    program = "import sys, countenance.documents.chip.portrait; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("vector", shared_files("vectors/emrtd/icao-39794-5-AP/DG2-Dataset/*.dat"))
def test_the_specimen_portrait_of_icao(vector: Path) -> None:
    """ICAO's specimen, JPEG 2000 in ISO/IEC 39794-5, has 413 x 531 pixels."""
    assert decode_portrait(parse_dg2(vector.read_bytes())).frame.pixels.shape == (531, 413, 3)
