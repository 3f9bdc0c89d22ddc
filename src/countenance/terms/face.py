"""What a photograph becomes: a frame, a probe, or a reasoned refusal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

import numpy as np
from numpy.typing import NDArray

Score = NewType("Score", float)
"""Comparison score: cosine of two templates, in [-1, 1]; higher = more alike. A score is not a decision."""

Landmarks = NDArray[np.float32]
"""Shape (5, 2), float32, pixels (x right, y down) in the frame: the eye on the image's left, the eye on the image's
right, nose tip, the mouth corner on the image's left, the mouth corner on the image's right."""


class Stage(StrEnum):
    """Where on the way from bytes to template a photograph was refused."""

    CAPTURE = "capture"
    DETECTION = "detection"
    QUALITY = "quality"
    EMBEDDING = "embedding"
    LIVENESS = "liveness"


class Reason(StrEnum):
    """Why a photograph was refused: stable codes, each with one sentence that says what to do (``Refused.advice``)."""

    EMPTY = "empty"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    UNSUPPORTED_TYPE = "unsupported_type"
    DAMAGED = "damaged"
    SEVERAL_FRAMES = "several_frames"
    TOO_FEW_PIXELS = "too_few_pixels"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_TOO_SMALL = "face_too_small"
    FACE_CUT_OFF = "face_cut_off"
    TURNED_AWAY = "turned_away"
    TILTED = "tilted"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    LOW_CONTRAST = "low_contrast"
    POOR_TEMPLATE = "poor_template"
    NOT_LIVE = "not_live"


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded photograph, upright."""

    pixels: NDArray[np.uint8]
    """Shape (height, width, 3), uint8, **RGB**, EXIF orientation applied."""
    sha256: str
    """Lower-case hex SHA-256 of the original bytes, before decoding."""
    original_width: int
    """Pixels across in the file, upright, before any reduced decoding."""
    original_height: int
    """Pixels down in the file, upright, before any reduced decoding."""


@dataclass(frozen=True, slots=True)
class Box:
    """A face's rectangle in the frame, in pixels; may reach past the frame's edge."""

    x: float
    y: float
    width: float
    height: float
    confidence: float
    """The detector's confidence in [0, 1]; higher = surer."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Measures in the style of ISO/IEC 29794-5 ("OFIQ-style", never conformant), from landmarks and crop only."""

    inter_eye_px: float
    """Distance between the eye centres in pixels of the original file."""
    yaw_deg: float
    """Estimated head turn in degrees, 0 = frontal, positive = towards the image's right."""
    pitch_deg: float
    """Estimated nod in degrees, 0 = level, positive = up."""
    roll_deg: float
    """Tilt of the line between the eyes in degrees, 0 = level, positive = clockwise."""
    sharpness: float
    """Variance of the Laplacian of the aligned grey crop; higher = sharper."""
    luminance: float
    """Mean luminance of the aligned crop in [0, 1]."""
    contrast: float
    """Standard deviation of the luminance of the aligned crop in [0, 0.5]."""
    under_exposed: float
    """Fraction of the crop's pixels darker than 1/10 of full scale, in [0, 1]."""
    over_exposed: float
    """Fraction of the crop's pixels brighter than 97/100 of full scale, in [0, 1]."""
    head_size: float
    """Height of the face box over the frame's height, in (0, …)."""
    faces: int
    """Faces found in the frame that are at least as large as a bystander's (see ``face.detect``)."""
    feature_norm: float
    """Length of the embedding before L2 normalisation: a unified-quality candidate; higher = better. Not calibrated."""


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """What a photograph must reach to be compared. Crossing a limit is a refusal with advice, never an error."""

    min_inter_eye_px: float
    max_yaw_deg: float
    max_pitch_deg: float
    max_roll_deg: float
    min_sharpness: float
    min_luminance: float
    max_luminance: float
    min_contrast: float
    min_feature_norm: float
    max_faces: int


@dataclass(frozen=True, slots=True)
class Template:
    """A biometric template (ISO/IEC 2382-37): comparable only with templates of the same weights."""

    values: NDArray[np.float32]
    """Shape (dimension,), float32, length 1 (L2)."""
    weights: str
    """SHA-256 that names networks and preprocessing; templates with different names are never compared."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A face that may be compared: template, quality, and where it was in the frame."""

    template: Template
    quality: Quality
    box: Box
    landmarks: Landmarks
    image_sha256: str
    frame_width: int
    frame_height: int


@dataclass(frozen=True, slots=True)
class StageMillis:
    """What one extraction spent where, in milliseconds of wall clock."""

    decode: float
    detect: float
    quality: float
    embed: float


@dataclass(frozen=True, slots=True)
class Accepted:
    """The photograph can be compared."""

    probe: Probe
    millis: StageMillis


@dataclass(frozen=True, slots=True)
class Refused:
    """The photograph cannot be compared, and why, so that a person can act on it."""

    stage: Stage
    reason: Reason
    advice: str
    """One sentence to the person or officer: "Move closer: 38 px between the eyes, 60 needed."."""
    millis: StageMillis


Extraction = Accepted | Refused
"""What every extractor returns."""
