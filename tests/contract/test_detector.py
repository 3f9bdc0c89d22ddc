"""What every ``Detector`` promises: faces in pixels of the frame, the surest first, the same every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from countenance.ports import Detector
from countenance.terms import Box, Frame, Landmarks
from fakes.networks import CONFIGURATIONS, photo, picture, pipeline, scaled


@pytest.fixture(params=CONFIGURATIONS)
def detector(request: pytest.FixtureRequest) -> Detector:
    """Give YuNet in each configuration."""
    return pipeline(request.param).detector


@pytest.fixture(params=["person_b_1.jpg", "impostor_1.jpg", "astronaut.png"])
def portrait(request: pytest.FixtureRequest, photos: Path) -> Frame:
    """Give photographs with one face each."""
    return photo(photos / request.param)


def crowd(photos: Path) -> Frame:
    """Return three portraits side by side."""
    rows = [scaled(photo(photos / name).pixels, 0.5)[:390, :340] for name in ("person_b_1.jpg", "impostor_2.jpg")]
    return picture(np.hstack([rows[0], rows[1], rows[0][:, ::-1]]))


def inside(point: np.ndarray, box: Box) -> bool:
    """Return whether a point lies in a box."""
    return bool(box.x <= point[0] <= box.x + box.width and box.y <= point[1] <= box.y + box.height)


def test_a_face_is_found_where_it_is(detector: Detector, portrait: Frame) -> None:
    """A portrait has one face, with confidence in [0, 1], inside the frame, its landmarks inside its box."""
    ((box, landmarks),) = detector.detect(portrait)
    height, width = portrait.pixels.shape[:2]
    assert 0.6 <= box.confidence <= 1.0
    assert 0 < box.width < width
    assert 0 < box.height < height
    assert landmarks.shape == (5, 2)
    assert landmarks.dtype == np.float32
    assert all(inside(point, box) for point in landmarks)


def test_landmarks_come_in_order(detector: Detector, portrait: Frame) -> None:
    """Eye on the image's left, on its right, nose, mouth corner on its left, on its right; y runs down."""
    ((_, points),) = detector.detect(portrait)
    left_eye, right_eye, nose, left_mouth, right_mouth = points
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_mouth[0] < right_mouth[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])


def test_every_face_is_found_the_surest_first(detector: Detector, photos: Path) -> None:
    """Three people give three faces from left to right, listed by falling confidence."""
    found = detector.detect(crowd(photos))
    confidences = [box.confidence for box, _ in found]
    assert confidences == sorted(confidences, reverse=True)
    assert sorted(int(box.x + box.width / 2) // 340 for box, _ in found) == [0, 1, 2]


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1), (31, 33), (640, 640), (700, 900)])
def test_where_nobody_is_nobody_is_found(detector: Detector, shape: tuple[int, int]) -> None:
    """A grey frame of any shape holds no face."""
    assert list(detector.detect(picture(np.full((*shape, 3), 127, np.uint8)))) == []


def test_the_same_frame_gives_the_same_faces(detector: Detector, portrait: Frame, photos: Path) -> None:
    """Bit for bit, whatever was looked at in between; the frame itself is left as it was."""
    before = portrait.pixels.copy()
    first = detector.detect(portrait)
    detector.detect(crowd(photos))
    again = detector.detect(portrait)
    assert [box for box, _ in first] == [box for box, _ in again]
    assert all(equal(one, two) for (_, one), (_, two) in zip(first, again, strict=True))
    assert np.array_equal(portrait.pixels, before)


def equal(one: Landmarks, two: Landmarks) -> bool:
    """Return whether two sets of landmarks are the same bits."""
    return one.tobytes() == two.tobytes()


def test_results_outlive_the_next_frame(detector: Detector, portrait: Frame, photos: Path) -> None:
    """What was returned is the caller's: the next detection does not write over it."""
    ((_, landmarks),) = detector.detect(portrait)
    kept = landmarks.copy()
    detector.detect(crowd(photos))
    assert equal(landmarks, kept)
