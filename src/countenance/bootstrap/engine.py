"""The engine: photograph bytes to a probe or a reasoned refusal, in this process, with no site and no record.

For the library (``countenance.open_engine``), ``score``, ``evaluate`` and ``bench``; a served site runs the same engine
inside its inference processes.
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np
from PIL import Image

from countenance.capture import decode
from countenance.config import Settings, read_settings
from countenance.face import CROP_SIDE, Pipeline, Seen, build_pipeline, choose_config, open_weights
from countenance.terms import Extraction, Refused

_BLANK_SIDE, _BLANK_GREY = 160, 128


class Engine:
    """Implements the ``Extractor`` port in this process, on one thread."""

    def __init__(self, pipeline: Pipeline, *, at_once: int = 1) -> None:
        self._pipeline = pipeline
        self._at_once = at_once
        self._decoded = 0

    @property
    def weights(self) -> str:
        """SHA-256 name of networks and preprocessing; templates with other names are never compared."""
        return self._pipeline.weights

    @property
    def dimension(self) -> int:
        """Length of a template's vector."""
        return self._pipeline.dimension

    @property
    def frames_decoded(self) -> int:
        """How many images were handed to the decoder since start."""
        return self._decoded

    def warm_up(self) -> None:
        """Do once what only a first photograph would pay for: load the decoder, touch every network's memory."""
        blank = np.full((_BLANK_SIDE, _BLANK_SIDE, 3), _BLANK_GREY, np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(blank).save(buffer, "JPEG")
        frame = decode(buffer.getvalue())
        if not isinstance(frame, Refused):
            self._pipeline.run(frame)
        self._pipeline.embedder.embed(np.stack([blank[:CROP_SIDE, :CROP_SIDE]] * (self._at_once + 1)))

    def extract(self, image: bytes) -> Extraction:
        """Return ``Accepted`` with a probe, or ``Refused`` with stage, reason and advice; no image makes it raise."""
        return self.extract_many([image])[0]

    def extract_many(self, images: Sequence[bytes]) -> tuple[Extraction, ...]:
        """Return one result per image, in order; of a few photographs at a time only the faces are kept."""
        return self.extract_some(images, within_s=math.inf)

    def extract_some(self, images: Sequence[bytes], *, within_s: float) -> tuple[Extraction, ...]:
        """Return the results of the first images: at least one, and no other is begun after ``within_s`` seconds."""
        end = perf_counter() + within_s
        found: list[Extraction] = []
        while len(found) < len(images) and (not found or perf_counter() < end):
            looked: list[Seen | Refused] = []
            for image in images[len(found) : len(found) + self._at_once]:
                looked.append(self._look(image))
                if perf_counter() >= end:
                    break
            embedded = iter(self._pipeline.embed([one for one in looked if not isinstance(one, Refused)]))
            found += (one if isinstance(one, Refused) else next(embedded) for one in looked)
        return tuple(found)

    def _look(self, image: bytes) -> Seen | Refused:
        start = perf_counter()
        self._decoded += 1
        frame = decode(image)
        decode_ms = (perf_counter() - start) * 1000
        if isinstance(frame, Refused):
            return replace(frame, millis=replace(frame.millis, decode=decode_ms))
        return self._pipeline.look(frame, decode_ms=decode_ms)

    def begin_many(self, images: Sequence[bytes]) -> Callable[[], tuple[Extraction, ...]]:
        """Return what makes the results: in one process nothing goes on meanwhile."""
        return lambda: self.extract_many(images)


def open_engine(settings: Settings | None = None, *, at_once: int = 1) -> Engine:
    """Return an engine with the packaged weights, or an operator's own when ``COUNTENANCE_WEIGHTS`` names a manifest.

    ``at_once`` photographs of ``extract_many`` share one run of the recogniser, for work in bulk.

    Raises:
        WeightsError: a file is missing or has another hash than pinned; nothing starts.
        ConfigurationError: an environment variable is wrong.
    """
    chosen = settings or read_settings(os.environ)
    weights = open_weights(chosen.cache, chosen.weights_manifest)
    return Engine(build_pipeline(weights, choose_config(chosen.pipeline), at_once=at_once), at_once=at_once)
