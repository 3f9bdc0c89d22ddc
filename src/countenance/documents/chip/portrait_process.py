"""The program that decodes one portrait and nothing else: run as a child, it locks itself in before it reads a byte.

JPEG 2000 decoders have a history; even a signed portrait is decoded where a fault can do nothing. The child first
takes limits it cannot lift again (memory, processor seconds, size of its output, no new file, socket or process), then
reads the image from standard input and writes "WIDTH HEIGHT" and RGB bytes to standard output. Started by
:mod:`countenance.documents.chip.portrait`; imports nothing of ours.
"""

from __future__ import annotations

import io
import resource
import sys
import warnings

from PIL import Image

FORMATS = {"jpeg": "JPEG", "jpeg2000": "JPEG2000"}
"""Pillow's decoder for each coding, the only one that is tried."""
HEADER_BYTES = 32
"""Length of the first line of the output, filled up with spaces."""
REFUSED = 3
"""Exit status for an image that is not decoded: damaged, too large, or over a limit that Python noticed."""


def lock_in(*, memory: int, seconds: int, output: int) -> None:
    """Take limits for the rest of this process's life: bytes of address space, processor seconds, bytes of output."""
    sys.setrecursionlimit(200)
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_AS, memory),
    ):
        resource.setrlimit(limit, (value, value))


def decoded(data: bytes, coding: str, most_pixels: int) -> tuple[int, int, bytes]:
    """Return (width, height, RGB bytes, row by row) of one image; its header is checked before a pixel is decoded.

    Raises:
        ValueError: more than ``most_pixels`` pixels.
        OSError: the image is damaged.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=(FORMATS[coding],)) as image:
            if not 0 < image.width * image.height <= most_pixels:
                raise ValueError("too many pixels")
            image.load()
            upright = image if image.mode == "RGB" else image.convert("RGB")
            return upright.width, upright.height, upright.tobytes()


def main() -> None:
    """Decode standard input as ``argv`` says: coding, most pixels, bytes of memory, processor seconds."""
    coding, pixels, memory, seconds = sys.argv[1], *(int(word) for word in sys.argv[2:5])
    Image.init()  # loads every decoder now: no file can be opened once locked in
    lock_in(memory=memory, seconds=seconds, output=HEADER_BYTES + 3 * pixels)
    try:
        width, height, rgb = decoded(sys.stdin.buffer.read(), coding, pixels)
    except Exception:  # noqa: BLE001 - Pillow signals damage with whatever its code ran into; the parent says it
        sys.exit(REFUSED)
    sys.stdout.buffer.write(f"{width} {height}\n".encode().rjust(HEADER_BYTES) + rgb)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
