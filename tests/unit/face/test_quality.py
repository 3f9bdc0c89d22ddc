"""Quality is measured as documented, and every limit that is crossed says what to do, with both numbers."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from countenance.face import DEFAULT_LIMITS, NO_LIMITS
from countenance.face.align import TARGET
from countenance.face.quality import check, check_inside, check_norm, measure, pose
from countenance.terms import Box, Quality, Reason

LEVEL = np.float32([[-1, 0], [1, 0], [0, 1.12], [-0.8, 2], [0.8, 2]]) * 50 + np.float32([300, 200])
"""A level, frontal face: eyes 100 px apart, nose at 0.56 of the way to the mouth."""
GOOD = Quality(
    inter_eye_px=100, yaw_deg=0, pitch_deg=0, roll_deg=0, sharpness=500, luminance=0.5, contrast=0.2,
    under_exposed=0, over_exposed=0, head_size=0.4, faces=1, feature_norm=13,
)  # fmt: skip


def of_crop(crop: np.ndarray, landmarks: np.ndarray = LEVEL, **changes: float) -> Quality:
    """Measure a crop, everything else being ordinary."""
    values = {"frame_height": 400, "faces": 1, "enlarged": 1.0, **changes}
    return measure(crop=crop, landmarks=landmarks, box=Box(200, 150, 200, 200, 0.9), **values)


def moved(points: dict[int, tuple[float, float]]) -> np.ndarray:
    """Return the level face with some landmarks moved, in distances between the eyes."""
    landmarks = LEVEL.copy()
    for index, (x, y) in points.items():
        landmarks[index] += np.float32([x, y]) * 100
    return landmarks


# --- pose -----------------------------------------------------------------------------------------------------------
def test_a_level_frontal_face_has_no_angles() -> None:
    """Distance between the eyes in pixels; yaw, pitch and roll are 0."""
    assert pose(LEVEL) == pytest.approx((100, 0, 0, 0), abs=1e-3)


def test_the_template_face_is_nearly_frontal() -> None:
    """The five points that faces are aligned to count as a face that may be compared."""
    distance, yaw, pitch, roll = pose(TARGET)
    assert distance == pytest.approx(35.2, abs=0.1)
    assert max(abs(yaw), abs(pitch), abs(roll)) < 8


@pytest.mark.parametrize("degrees", [-170, -90, -30, -1, 1, 45, 90, 179])
@pytest.mark.parametrize("factor", [0.1, 1, 30])
def test_roll_is_the_tilt_and_changes_nothing_else(degrees: float, factor: float) -> None:
    """Turning the picture clockwise turns roll by as much; yaw and pitch stay, the distance scales."""
    turn = np.exp(1j * np.radians(degrees)) * factor
    points = moved({2: (0.1, 0.05)}) @ np.array([1, 1j]) * turn
    distance, yaw, pitch, roll = pose(np.stack([points.real, points.imag], 1).astype(np.float32))
    _, expected_yaw, expected_pitch, _ = pose(moved({2: (0.1, 0.05)}))
    assert distance == pytest.approx(100 * factor, rel=1e-3)
    assert roll == pytest.approx(degrees, abs=0.1)
    assert (yaw, pitch) == pytest.approx((expected_yaw, expected_pitch), abs=0.2)


@pytest.mark.parametrize("side", [-1, 1])
def test_yaw_follows_the_nose(side: int) -> None:
    """A nose towards the image's right is positive yaw, and further is more; the mirrored face is the negative."""
    angles = [pose(moved({2: (side * x, 0)}))[1] * side for x in (0.1, 0.2, 0.4, 0.8)]
    assert angles == sorted(angles)
    assert angles[0] > 5
    assert angles[1] == pytest.approx(math.degrees(math.atan(0.2 / 0.6)), abs=0.1)
    assert angles[3] < 90


def test_pitch_follows_the_nose() -> None:
    """A nose nearer the eyes is a raised head, nearer the mouth a lowered one."""
    assert pose(moved({2: (0, -0.1)}))[2] > 5
    assert pose(moved({2: (0, 0.1)}))[2] < -5
    assert -90 <= pose(moved({2: (0, 99)}))[2] <= pose(moved({2: (0, -99)}))[2] <= 90


@given(arrays.arrays(np.float32, (5, 2), elements=st.floats(-1e6, 1e6, width=32)))
def test_any_landmarks_have_a_pose(landmarks: np.ndarray) -> None:
    """Whatever a detector returns, the four numbers are finite and in range."""
    distance, yaw, pitch, roll = pose(landmarks)
    assert np.isfinite([distance, yaw, pitch, roll]).all()
    assert distance >= 0
    assert max(abs(yaw), abs(pitch)) <= 90
    assert abs(roll) <= 180


# --- light and sharpness ----------------------------------------------------------------------------------------------
def flat(value: int) -> np.ndarray:
    """Return a crop of one grey."""
    return np.full((112, 112, 3), value, np.uint8)


@pytest.mark.parametrize("value", [0, 25, 26, 128, 247, 248, 255])
def test_light_is_measured_on_a_scale_of_one(value: int) -> None:
    """Mean luminance in [0, 1]; darker than a tenth counts as under-, brighter than 97 % as over-exposed."""
    quality = of_crop(flat(value))
    assert quality.luminance == pytest.approx(value / 255)
    assert (quality.contrast, quality.sharpness) == pytest.approx((0, 0), abs=1e-6)
    assert quality.under_exposed == (1.0 if value <= 25 else 0.0)
    assert quality.over_exposed == pytest.approx(1.0 if value > 247 else 0.0)


def test_half_black_half_white_has_all_the_contrast_there_is() -> None:
    """Contrast is the standard deviation, 0.5 at most; half the crop is under-, half over-exposed."""
    crop = flat(0)
    crop[:, 56:] = 255
    quality = of_crop(crop)
    assert quality.contrast == pytest.approx(0.5)
    assert (quality.under_exposed, quality.over_exposed) == pytest.approx((0.5, 0.5))


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    """It grows with detail: fine noise is sharper than coarse, and a slope has none."""
    noise = np.random.default_rng(5).integers(0, 256, (112, 112, 1), np.uint8).repeat(3, axis=2)
    coarse = noise[:28, :28].repeat(4, axis=0).repeat(4, axis=1)
    slope = np.arange(112, dtype=np.uint8)[np.newaxis, :, np.newaxis].repeat(112, axis=0).repeat(3, axis=2)
    assert of_crop(noise).sharpness > of_crop(coarse).sharpness > 100
    assert of_crop(slope).sharpness < 1


def test_sizes_are_those_of_the_original() -> None:
    """The distance between the eyes counts in pixels of the file, also when it was decoded smaller."""
    assert of_crop(flat(9), enlarged=4.0).inter_eye_px == pytest.approx(400)
    assert of_crop(flat(9)).head_size == pytest.approx(0.5)
    assert of_crop(flat(9), faces=3).faces == 3
    assert of_crop(flat(9)).feature_norm == 0


# --- limits ---------------------------------------------------------------------------------------------------------
CROSSED: list[tuple[Reason, str, float, str]] = [
    (Reason.SEVERAL_FACES, "faces", 2, "2 faces"),
    (Reason.FACE_TOO_SMALL, "inter_eye_px", 23.7, "23 px between the eyes, 24 needed"),
    (Reason.TILTED, "roll_deg", 25.01, "tilted by about 26 degrees, 25 are allowed"),
    (Reason.TILTED, "roll_deg", -30.0, "tilted by about 30 degrees, 25 are allowed"),
    (Reason.TURNED_AWAY, "yaw_deg", 32.1, "turned by about 33 degrees, 32 are allowed"),
    (Reason.TURNED_AWAY, "yaw_deg", -50.0, "turned by about 50 degrees, 32 are allowed"),
    (Reason.TURNED_AWAY, "pitch_deg", 16.0, "raised by about 16 degrees, 15 are allowed"),
    (Reason.TURNED_AWAY, "pitch_deg", -15.5, "lowered by about 16 degrees, 15 are allowed"),
    (Reason.TOO_DARK, "luminance", 0.1199, "brightness 11 %, 12 % needed"),
    (Reason.TOO_BRIGHT, "luminance", 0.8201, "brightness 83 %, 82 % allowed"),
    (Reason.LOW_CONTRAST, "contrast", 0.0499, "contrast 4 %, 5 % needed"),
    (Reason.BLURRED, "sharpness", 11.9, "sharpness 11, 12 needed"),
]


@pytest.mark.parametrize("reason, field, value, advice", CROSSED, ids=lambda value: str(value).replace(" ", "-"))
def test_each_limit_gives_its_reason_and_both_numbers(reason: Reason, field: str, value: float, advice: str) -> None:
    """Crossing one limit alone gives its reason; the sentence says what was found and what is needed."""
    refusal = check(replace(GOOD, **{field: value}), DEFAULT_LIMITS)
    assert refusal is not None
    assert refusal[0] is reason
    assert advice in refusal[1]
    assert refusal[1].endswith(".")
    assert check(replace(GOOD, **{field: value}), NO_LIMITS) is None


@pytest.mark.parametrize(
    "field, limit",
    [
        ("faces", "max_faces"), ("inter_eye_px", "min_inter_eye_px"), ("yaw_deg", "max_yaw_deg"),
        ("pitch_deg", "max_pitch_deg"), ("roll_deg", "max_roll_deg"), ("luminance", "min_luminance"),
        ("luminance", "max_luminance"), ("contrast", "min_contrast"), ("sharpness", "min_sharpness"),
    ],
)  # fmt: skip
def test_a_limit_itself_is_allowed(field: str, limit: str) -> None:
    """Exactly the limit passes; the smallest step beyond does not."""
    value = getattr(DEFAULT_LIMITS, limit)
    beyond = (
        value + 1 if field == "faces" else math.nextafter(value, math.inf if limit.startswith("max") else -math.inf)
    )
    assert check(replace(GOOD, **{field: value}), DEFAULT_LIMITS) is None
    assert check(replace(GOOD, **{field: beyond}), DEFAULT_LIMITS) is not None


def test_a_good_face_passes() -> None:
    """Nothing crossed, nothing said."""
    assert check(GOOD, DEFAULT_LIMITS) is None
    assert check_norm(GOOD.feature_norm, DEFAULT_LIMITS) is None


def test_what_a_person_can_do_first_comes_first() -> None:
    """Of several faults the advice names the one to mend first: company, distance, attitude, light, stillness."""
    worst = GOOD
    for reason, field, value, _ in reversed(CROSSED):
        worst = replace(worst, **{field: value})
        refusal = check(worst, DEFAULT_LIMITS)
        assert refusal is not None
        assert refusal[0] is reason


NUMBERS = st.builds(
    Quality,
    inter_eye_px=st.floats(0, 1000),
    yaw_deg=st.floats(-90, 90),
    pitch_deg=st.floats(-90, 90),
    roll_deg=st.floats(-180, 180),
    sharpness=st.floats(0, 1e5),
    luminance=st.floats(0, 1),
    contrast=st.floats(0, 0.5),
    under_exposed=st.floats(0, 1),
    over_exposed=st.floats(0, 1),
    head_size=st.floats(0, 3),
    faces=st.integers(1, 64),
    feature_norm=st.floats(0, 30),
)


@given(NUMBERS)
def test_no_advice_contradicts_itself(quality: Quality) -> None:
    """Found and needed never read the same, as "24 px found, 24 needed" would."""
    refusal = check(quality, DEFAULT_LIMITS)
    if refusal is not None and refusal[0] is not Reason.SEVERAL_FACES:
        found, needed = re.findall(r"\d+", refusal[1])
        assert found != needed


@pytest.mark.parametrize("norm, said", [(8.99, "strength 8.9, 9.0 needed"), (0.0, "strength 0.0, 9.0 needed")])
def test_a_weak_embedding_is_refused(norm: float, said: str) -> None:
    """A short embedding means that the face was not made out; the advice says what to do and by how much."""
    refusal = check_norm(norm, replace(DEFAULT_LIMITS, min_feature_norm=9.0))
    assert refusal is not None
    assert refusal[0] is Reason.POOR_TEMPLATE
    assert said in refusal[1]


def test_a_face_that_reaches_out_of_the_frame_is_refused() -> None:
    """An eye, the nose or a mouth corner outside the frame is a face cut off; at the very edge it is not."""
    assert check_inside(LEVEL, 640, 480) is None
    assert check_inside(np.float32([[0, 0], [99, 0], [50, 50], [0, 99], [99, 99]]), 100, 100) is None
    for cut, count in ((LEVEL - np.float32([255, 0]), 1), (LEVEL + np.float32([0, 200]), 2), (LEVEL * -1, 5)):
        refusal = check_inside(cut, 640, 480)
        assert refusal is not None
        assert refusal[0] is Reason.FACE_CUT_OFF
        assert f"{count} of 5 points" in refusal[1]
