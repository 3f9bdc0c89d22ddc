"""Quality of a face, from its landmarks and crop only, and whether it may be compared; every refusal says what to do.

The measures follow the components of ISO/IEC 29794-5 in spirit ("OFIQ-style") and claim no conformance. Head pose is
estimated from five points of a face of average shape: good to tell turned away from frontal, not to measure angles.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from countenance.terms import Box, Landmarks, Quality, QualityLimits, Reason

_NOSE_DEPTH = 0.6
"""How far the nose tip stands before the eyes' plane, in inter-eye distances (average face): gives yaw."""
_NOSE_LEVEL = 0.56
"""Where the nose tip lies between the eyes' line (0) and the mouth's (1) in a level face: median of the London set."""
_PITCH_PER_LEVEL = 110.0
"""Degrees of nod per unit of that position, near level."""
_DARK, _BRIGHT = 0.10, 0.97
"""Of full scale; shares of pixels beyond them are the exposure measures."""

DEFAULT_LIMITS = QualityLimits(
    min_inter_eye_px=24.0,
    max_yaw_deg=32.0,
    max_pitch_deg=15.0,
    max_roll_deg=25.0,
    min_sharpness=12.0,
    min_luminance=0.12,
    max_luminance=0.82,
    min_contrast=0.05,
    min_feature_norm=0.0,
    max_faces=1,
)
"""What a photograph must reach by default; ``docs/quality.md`` says how each was chosen.

The least feature norm is a property of the network, not of photographs: ``EmbedderSpec`` has it.
"""

NO_LIMITS = QualityLimits(0.0, 180.0, 180.0, 180.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1_000_000)
"""Everything passes: for evaluations, which must see what a limit would have hidden."""


def measure(
    *, crop: NDArray[np.uint8], landmarks: Landmarks, box: Box, frame_height: int, faces: int, enlarged: float
) -> Quality:
    """Return every measure but the feature norm (0 until the embedding exists).

    ``crop`` is the aligned (112, 112, 3) uint8 RGB crop; ``enlarged`` is original pixels per frame pixel, above 1 when
    the file was decoded at reduced size.
    """
    import cv2

    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    _, spread = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    mean, deviation = cv2.meanStdDev(grey)
    inter_eye, yaw, pitch, roll = pose(landmarks)
    return Quality(
        inter_eye_px=inter_eye * enlarged,
        yaw_deg=yaw,
        pitch_deg=pitch,
        roll_deg=roll,
        sharpness=float(spread[0, 0]) ** 2,
        luminance=float(mean[0, 0]) / 255,
        contrast=float(deviation[0, 0]) / 255,
        under_exposed=np.count_nonzero(grey <= int(_DARK * 255)) / grey.size,
        over_exposed=np.count_nonzero(grey > int(_BRIGHT * 255)) / grey.size,
        head_size=box.height / frame_height,
        faces=faces,
        feature_norm=0.0,
    )


def pose(landmarks: Landmarks) -> tuple[float, float, float, float]:
    """Return (inter-eye distance in frame pixels, yaw, pitch, roll in degrees); zeros for coincident eyes."""
    points = [complex(float(x), float(y)) for x, y in landmarks]
    left, right, nose, mouth = points[0], points[1], points[2], (points[3] + points[4]) / 2
    across = right - left
    distance = abs(across)
    if distance == 0:
        return 0.0, 0.0, 0.0, 0.0
    # In a frame whose x axis runs from eye to eye and whose unit is their distance:
    nose, mouth = ((point - (left + right) / 2) / across for point in (nose, mouth))
    level = nose.imag / mouth.imag if mouth.imag > 0 else 1.0
    middle = mouth.real * level
    yaw = math.degrees(math.atan((nose.real - middle) / _NOSE_DEPTH))
    pitch = max(-90.0, min(90.0, (_NOSE_LEVEL - level) * _PITCH_PER_LEVEL))
    return distance, yaw, pitch, math.degrees(math.atan2(across.imag, across.real))


def check(quality: Quality, limits: QualityLimits) -> tuple[Reason, str] | None:
    """Return the first limit that is crossed, as reason and advice, in the order in which a person can act; or None.

    What was measured is rounded towards the limit's wrong side, so that no advice reads "24 found, 24 needed". The
    feature norm is not looked at here, because it exists only after the embedding: see :func:`check_norm`.
    """
    return _presence(quality, limits) or _attitude(quality, limits) or _picture(quality, limits)


def _presence(quality: Quality, limits: QualityLimits) -> tuple[Reason, str] | None:
    if quality.faces > limits.max_faces:
        return Reason.SEVERAL_FACES, f"{quality.faces} faces are in the picture: one person at a time, please."
    if quality.inter_eye_px < limits.min_inter_eye_px:
        found, needed = math.floor(quality.inter_eye_px), math.ceil(limits.min_inter_eye_px)
        return Reason.FACE_TOO_SMALL, f"Move closer: {found} px between the eyes, {needed} needed."
    return None


def _attitude(quality: Quality, limits: QualityLimits) -> tuple[Reason, str] | None:
    yaw, pitch, roll = (math.ceil(abs(angle)) for angle in (quality.yaw_deg, quality.pitch_deg, quality.roll_deg))
    if abs(quality.roll_deg) > limits.max_roll_deg:  # first: in a tilted head the other two are hard to measure
        allowed = f"{math.floor(limits.max_roll_deg)} are allowed"
        return Reason.TILTED, f"Hold the head upright: it is tilted by about {roll} degrees, {allowed}."
    if abs(quality.yaw_deg) > limits.max_yaw_deg:
        allowed = f"{math.floor(limits.max_yaw_deg)} are allowed"
        return Reason.TURNED_AWAY, f"Face the camera: the head is turned by about {yaw} degrees, {allowed}."
    if abs(quality.pitch_deg) > limits.max_pitch_deg:
        how, allowed = (
            "raised" if quality.pitch_deg > 0 else "lowered",
            f"{math.floor(limits.max_pitch_deg)} are allowed",
        )
        return Reason.TURNED_AWAY, f"Look straight ahead: the head is {how} by about {pitch} degrees, {allowed}."
    return None


def _picture(quality: Quality, limits: QualityLimits) -> tuple[Reason, str] | None:
    if quality.luminance < limits.min_luminance:
        found, needed = _percent(quality.luminance, math.floor), _percent(limits.min_luminance, math.ceil)
        return Reason.TOO_DARK, f"More light on the face, please: brightness {found}, {needed} needed."
    if quality.luminance > limits.max_luminance:
        found, allowed = _percent(quality.luminance, math.ceil), _percent(limits.max_luminance, math.floor)
        return Reason.TOO_BRIGHT, f"Less light on the face, please: brightness {found}, {allowed} allowed."
    if quality.contrast < limits.min_contrast:
        found, needed = _percent(quality.contrast, math.floor), _percent(limits.min_contrast, math.ceil)
        advice = f"The face hardly stands out: contrast {found}, {needed} needed; clean the lens, no light from behind."
        return Reason.LOW_CONTRAST, advice
    if quality.sharpness < limits.min_sharpness:
        found, needed = f"{math.floor(quality.sharpness)}", f"{math.ceil(limits.min_sharpness)}"
        return Reason.BLURRED, f"Hold still, the picture is blurred: sharpness {found}, {needed} needed."
    return None


def _percent(share: float, rounding: Callable[[float], int]) -> str:
    return f"{rounding(round(share * 100, 6))} %"


def check_norm(norm: float, limits: QualityLimits) -> tuple[Reason, str] | None:
    """Return the refusal of a face whose embedding is too weak to be relied on, or None."""
    if norm >= limits.min_feature_norm:
        return None
    found, needed = math.floor(norm * 10) / 10, math.ceil(limits.min_feature_norm * 10) / 10
    return Reason.POOR_TEMPLATE, (
        "The face cannot be made out well enough: uncover it, hold the head upright, look at the camera "
        f"(strength {found:.1f}, {needed:.1f} needed)."
    )


def check_inside(landmarks: Landmarks, width: int, height: int) -> tuple[Reason, str] | None:
    """Return the refusal of a face of which an eye, the nose or a mouth corner lies outside the frame, or None."""
    outside = sum(not (0 <= x < width and 0 <= y < height) for x, y in landmarks.tolist())
    if not outside:
        return None
    advice = f"Move into the picture: {outside} of 5 points of the face (eyes, nose, mouth) lie outside it, 0 may."
    return Reason.FACE_CUT_OFF, advice
