"""Frame → probe, or a reasoned refusal: detect, choose the main face, align, measure, embed.

**The main face** (``largest``, what sites run) is the one with the largest box. Any other face at least half as high
makes it "several faces", which is refused; smaller ones are bystanders: counted out, never aligned, never embedded,
never matched. A main face that reaches out of the frame is refused too. ``central`` (evaluations of sets that name one
person a picture, MODELS §6) takes the face whose box centre is nearest the frame's centre and refuses none for company
or for being cut off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from countenance.face.align import align
from countenance.face.config import PipelineConfig
from countenance.face.liveness import shows_life
from countenance.face.quality import DEFAULT_LIMITS, check, check_inside, check_norm, measure
from countenance.face.weights import WeightsSet
from countenance.ports import Detector, Embedder, PresentationAttackDetector
from countenance.terms import (
    Accepted,
    Box,
    Extraction,
    Frame,
    Landmarks,
    Probe,
    Quality,
    QualityLimits,
    Reason,
    Refused,
    Stage,
    StageMillis,
    Template,
)

MainFace = Literal["largest", "central"]
_COMPANY = 0.5
"""A face at least this share as high as the main one is company; smaller ones are bystanders."""
_MIN_NORM = 1e-6
"""An embedding shorter than this has no direction."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A main face that may be embedded, without its frame: what is kept while others of a batch are looked at."""

    crop: NDArray[np.uint8]
    """Shape (112, 112, 3), uint8, RGB, aligned."""
    box: Box
    landmarks: Landmarks
    quality: Quality
    """Without the feature norm, which only the embedding has."""
    image_sha256: str
    width: int
    height: int
    """Of the frame in pixels."""
    millis: StageMillis
    """Without the embedding's."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages in order; one per thread, because compiled networks hold their input."""

    detector: Detector
    embedder: Embedder
    limits: QualityLimits
    main_face: MainFace
    liveness: PresentationAttackDetector | None

    @property
    def weights(self) -> str:
        """SHA-256 name that every template from here carries."""
        return self.embedder.weights

    @property
    def dimension(self) -> int:
        """Length of a template's vector."""
        return self.embedder.dimension

    def run(self, frame: Frame, *, decode_ms: float = 0.0) -> Extraction:
        """Return ``Accepted`` with a probe or ``Refused`` with stage, reason and advice.

        ``decode_ms``, milliseconds, is what decoding took and goes among the stages' times as it is.
        """
        seen = self.look(frame, decode_ms=decode_ms)
        return seen if isinstance(seen, Refused) else self.embed([seen])[0]

    def look(self, frame: Frame, *, decode_ms: float = 0.0) -> Seen | Refused:
        """Do everything before the embedding: detect, choose the main face, align, measure, ask for liveness."""
        clock = _Laps(decode_ms)
        faces = [face for face in self.detector.detect(frame) if np.isfinite(face[1]).all()]
        clock.lap()
        if not faces:
            advice = "No face was found: look at the camera, uncover the face, come closer."
            return Refused(Stage.DETECTION, Reason.NO_FACE, advice, clock.millis())
        box, landmarks, company = _main_face(faces, frame, self.main_face)
        crop = align(frame.pixels, landmarks)
        height, width = frame.pixels.shape[:2]
        quality = measure(
            crop=crop, landmarks=landmarks, box=box, frame_height=height, faces=company,
            enlarged=max(frame.original_width, frame.original_height) / max(height, width),
        )  # fmt: skip
        refusal = self._cut_off(frame, landmarks) or check(quality, self.limits)
        clock.lap()
        if refusal is not None:
            return Refused(Stage.QUALITY, *refusal, clock.millis())
        if not shows_life(self.liveness, frame, box):
            advice = "The face was not recognised as a living one: an officer will help."
            return Refused(Stage.LIVENESS, Reason.NOT_LIVE, advice, clock.millis())
        return Seen(crop, box, landmarks, quality, frame.sha256, width, height, clock.millis())

    def embed(self, seen: Sequence[Seen]) -> list[Extraction]:
        """Return what became of each face, in order; the network takes several at once faster than one by one."""
        if not seen:
            return []
        start = perf_counter()
        crops = np.stack([one.crop for one in seen]) if len(seen) > 1 else seen[0].crop[np.newaxis]
        embeddings = self.embedder.embed(crops).astype(np.float64)
        each_ms = (perf_counter() - start) * 1000 / len(seen)
        return [self._probe(one, row, each_ms) for one, row in zip(seen, embeddings, strict=True)]

    def _cut_off(self, frame: Frame, landmarks: Landmarks) -> tuple[Reason, str] | None:
        if self.main_face == "central":
            return None
        height, width = frame.pixels.shape[:2]
        return check_inside(landmarks, width, height)

    def _probe(self, seen: Seen, embedding: NDArray[np.float64], embed_ms: float) -> Extraction:
        millis = StageMillis(seen.millis.decode, seen.millis.detect, seen.millis.quality, embed_ms)
        norm = math.hypot(*embedding.tolist())
        if not np.isfinite(norm) or norm < _MIN_NORM:
            return Refused(Stage.EMBEDDING, Reason.POOR_TEMPLATE, "The picture cannot be used: try again.", millis)
        refusal = check_norm(norm, self.limits)
        if refusal is not None:
            return Refused(Stage.EMBEDDING, *refusal, millis)
        probe = Probe(
            template=Template((embedding / norm).astype(np.float32), self.weights),
            quality=replace(seen.quality, feature_norm=norm),
            box=seen.box,
            landmarks=seen.landmarks,
            image_sha256=seen.image_sha256,
            frame_width=seen.width,
            frame_height=seen.height,
        )
        return Accepted(probe, millis)


def build_pipeline(
    weights: WeightsSet,
    config: PipelineConfig,
    *,
    limits: QualityLimits | None = None,
    main_face: MainFace = "largest",
    liveness: PresentationAttackDetector | None = None,
    at_once: int = 1,
) -> Pipeline:
    """Return a pipeline of these networks, compiled for one thread of this process.

    ``at_once`` faces share one run of the recogniser where ``embed`` has as many.
    ``limits`` are ``DEFAULT_LIMITS`` with the network's own least feature norm unless given.

    Raises:
        WeightsError: ``weights.unfit``.
    """
    from countenance.face.detect import YuNetDetector
    from countenance.face.embed import OpenVinoEmbedder

    detector = YuNetDetector(weights.detector, config)
    embedder = OpenVinoEmbedder(weights, config, at_once=at_once)
    if limits is None:
        limits = replace(DEFAULT_LIMITS, min_feature_norm=weights.spec.min_feature_norm)
    return Pipeline(detector, embedder, limits, main_face, liveness)


def _main_face(faces: Sequence[tuple[Box, Landmarks]], frame: Frame, rule: MainFace) -> tuple[Box, Landmarks, int]:
    """Return box and landmarks of the main face, and how many faces count beside bystanders, itself included."""
    if rule == "central":
        height, width = frame.pixels.shape[:2]
        box, landmarks = min(
            faces,
            key=lambda face: (
                (face[0].x + face[0].width / 2 - width / 2) ** 2 + (face[0].y + face[0].height / 2 - height / 2) ** 2
            ),
        )
        return box, landmarks, 1
    box, landmarks = max(faces, key=lambda face: face[0].width * face[0].height)
    return box, landmarks, sum(other.height >= _COMPANY * box.height for other, _ in faces)


class _Laps:
    """Wall-clock milliseconds of detection and quality, in this order."""

    def __init__(self, decode_ms: float) -> None:
        self._decode = decode_ms
        self._last = perf_counter()
        self._spent: list[float] = []

    def lap(self) -> None:
        """End one stage."""
        now = perf_counter()
        self._spent.append((now - self._last) * 1000)
        self._last = now

    def millis(self) -> StageMillis:
        """Return what was spent so far; stages that did not run took 0."""
        detect, quality = [*self._spent, 0.0, 0.0][:2]
        return StageMillis(self._decode, detect, quality, 0.0)
