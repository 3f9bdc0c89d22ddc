"""A hand-written extractor: photographs are lines of text, so that procedures can be tested without networks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from countenance.errors import InferenceError
from countenance.terms import (
    Accepted,
    Box,
    Extraction,
    Probe,
    Quality,
    Reason,
    Refused,
    Stage,
    StageMillis,
    Template,
)

WEIGHTS = "f" * 64
DIMENSION = 128
MILLIS = StageMillis(0.0, 0.0, 0.0, 0.0)


def face(person: str, photograph: int = 0) -> bytes:
    """Return the "photograph" number ``photograph`` of a person; same person = near-identical templates."""
    return f"face {person} {photograph}".encode()


def template_of(image: bytes) -> Template:
    """Return the template the fake gives this photograph: a person's direction plus a little noise."""
    _, person, photograph = image.decode().split(" ")
    values = _direction(person) + 0.02 * _direction(f"{person}/{photograph}")
    return Template((values / np.linalg.norm(values)).astype(np.float32), WEIGHTS)


def _direction(seed: str) -> np.ndarray:
    generator = np.random.default_rng(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big"))
    values = generator.normal(size=DIMENSION)
    return values / np.linalg.norm(values)


class FakeExtractor:
    """Extractor port: ``face NAME N`` is accepted, ``blurred`` refused, ``crash`` breaks the inference process."""

    weights = WEIGHTS
    dimension = DIMENSION

    def __init__(self) -> None:
        self.frames_decoded = 0

    def extract(self, image: bytes) -> Extraction:
        """Return what the text says."""
        self.frames_decoded += 1
        if image.startswith(b"crash"):
            raise InferenceError("inference.failed", "It broke.", remedy="Manual check.")
        if not image.startswith(b"face "):
            return Refused(Stage.QUALITY, Reason.BLURRED, "Hold still: the picture is blurred.", MILLIS)
        quality = Quality(80, 0, 0, 0, 100, 0.5, 0.2, 0, 0, 0.5, 1, 10)
        probe = Probe(
            template_of(image), quality, Box(0, 0, 10, 10, 1.0), np.zeros((5, 2), np.float32),
            hashlib.sha256(image).hexdigest(), 640, 640,
        )  # fmt: skip
        return Accepted(probe, MILLIS)

    def extract_many(self, images: Sequence[bytes]) -> tuple[Extraction, ...]:
        """Return one result per image."""
        return tuple(self.extract(image) for image in images)

    def begin_many(self, images: Sequence[bytes]) -> Callable[[], tuple[Extraction, ...]]:
        """Return what makes the results."""
        return lambda: self.extract_many(images)
