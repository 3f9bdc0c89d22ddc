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
        clock = _Laps(decode_ms)
        faces = [face for face in self.detector.detect(frame) if np.isfinite(face[1]).all()]
        clock.lap()
        if not faces:
            advice = "No face was found: look at the camera, uncover the face, come closer."
            return Refused(Stage.DETECTION, Reason.NO_FACE, advice, clock.millis())
        box, landmarks, company = _main_face(faces, frame, self.main_face)
        crop = align(frame.pixels, landmarks)
        quality = measure(
            crop=crop, landmarks=landmarks, box=box, frame_height=frame.pixels.shape[0], faces=company,
            enlarged=max(frame.original_width, frame.original_height) / max(frame.pixels.shape[:2]),
        )  # fmt: skip
        refusal = self._cut_off(frame, landmarks) or check(quality, self.limits)
        clock.lap()
        if refusal is not None:
            return Refused(Stage.QUALITY, *refusal, clock.millis())
        if not shows_life(self.liveness, frame, box):
            advice = "The face was not recognised as a living one: an officer will help."
            return Refused(Stage.LIVENESS, Reason.NOT_LIVE, advice, clock.millis())
        embedding = self.embedder.embed(crop[np.newaxis])[0]
        clock.lap()
        return self._probe(frame, box, landmarks, quality, embedding.astype(np.float64), clock.millis())

    def _cut_off(self, frame: Frame, landmarks: Landmarks) -> tuple[Reason, str] | None:
        if self.main_face == "central":
            return None
        height, width = frame.pixels.shape[:2]
        return check_inside(landmarks, width, height)

    def _probe(  # noqa: PLR0917 - everything a probe is made of
        self, frame: Frame, box: Box, landmarks: Landmarks, quality: Quality, embedding: np.ndarray, millis: StageMillis
    ) -> Extraction:
        norm = math.hypot(*embedding.tolist())
        if not np.isfinite(norm) or norm < _MIN_NORM:
            return Refused(Stage.EMBEDDING, Reason.POOR_TEMPLATE, "The picture cannot be used: try again.", millis)
        refusal = check_norm(norm, self.limits)
        if refusal is not None:
            return Refused(Stage.EMBEDDING, *refusal, millis)
        probe = Probe(
            template=Template((embedding / norm).astype(np.float32), self.weights),
            quality=replace(quality, feature_norm=norm),
            box=box,
            landmarks=landmarks,
            image_sha256=frame.sha256,
            frame_width=frame.pixels.shape[1],
            frame_height=frame.pixels.shape[0],
        )
        return Accepted(probe, millis)


def build_pipeline(
    weights: WeightsSet,
    config: PipelineConfig,
    *,
    limits: QualityLimits | None = None,
    main_face: MainFace = "largest",
    liveness: PresentationAttackDetector | None = None,
) -> Pipeline:
    """Return a pipeline of these networks, compiled for one thread of this process.

    ``limits`` are ``DEFAULT_LIMITS`` with the network's own least feature norm unless given.

    Raises:
        WeightsError: ``weights.unfit``.
    """
    from countenance.face.detect import YuNetDetector
    from countenance.face.embed import OpenVinoEmbedder

    detector = YuNetDetector(weights.detector, config)
    embedder = OpenVinoEmbedder(weights, config)
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
    """Wall-clock milliseconds of detection, quality and embedding, in this order."""

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
        detect, quality, embed = [*self._spent, 0.0, 0.0, 0.0][:3]
        return StageMillis(self._decode, detect, quality, embed)
