"""Faces are found as OpenCV finds them with the same weights, in one pass or in two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from countenance.face import FULL_FP32, plain_networks
from countenance.face.detect import YuNetDetector
from countenance.terms import Box, Frame, Landmarks
from fakes.networks import CONFIGURATIONS, photo, picture, pipeline, scaled, weights

NAMES = (
    "astronaut.png", "biden.jpg", "impostor_1.jpg", "obama2.jpg", "obama_partial_face2.jpg", "person_a_1.jpg",
    "person_b_1.jpg",
)  # fmt: skip
Found = tuple[Box, Landmarks]


@pytest.fixture(scope="module")
def opencv(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Frame], list[Found]]:
    """Give OpenCV's detector over the same weights, at 640 pixels."""
    file = tmp_path_factory.mktemp("plain") / "detector.onnx"
    file.write_bytes(plain_networks(weights())[0])
    detector = cv2.FaceDetectorYN.create(str(file), "", (640, 640), 0.6, 0.3)

    def detect(frame: Frame) -> list[Found]:
        factor = min(1.0, 640 / max(frame.pixels.shape[:2]))
        height, width = (round(side * factor) for side in frame.pixels.shape[:2])
        seen = cv2.resize(frame.pixels, (width, height))[..., ::-1]
        detector.setInputSize((width, height))
        found = detector.detect(np.ascontiguousarray(seen))[1]
        rows = [] if found is None else [row[:14] / factor for row in found]
        return [(Box(*row[:4].tolist(), 1.0), row[4:].reshape(5, 2)) for row in rows]

    return detect


def overlap(one: Box, two: Box) -> float:
    """Return the intersection over union of two boxes."""
    width = min(one.x + one.width, two.x + two.width) - max(one.x, two.x)
    height = min(one.y + one.height, two.y + two.height) - max(one.y, two.y)
    shared = max(width, 0) * max(height, 0)
    return shared / (one.width * one.height + two.width * two.height - shared)


def eye_distance(landmarks: Landmarks) -> float:
    """Return the distance between the eyes in pixels."""
    return float(np.linalg.norm(landmarks[1] - landmarks[0]))


def differences(one: Found, two: Found) -> tuple[float, float]:
    """Return the overlap of two boxes, and the mean distance of their landmarks in distances between the eyes."""
    apart = np.linalg.norm(one[1] - two[1], axis=1).mean() / eye_distance(two[1])
    return overlap(one[0], two[0]), float(apart)


@pytest.fixture(scope="module")
def plain() -> YuNetDetector:
    """Give the detector as it was published: one full pass, the surest detection's own landmarks."""
    return YuNetDetector(weights().detector, replace(FULL_FP32, vote=False))


@pytest.mark.parametrize("name", NAMES)
def test_the_plain_pass_is_that_of_opencv(
    name: str, plain: YuNetDetector, opencv: Callable[[Frame], list[Found]], photos: Path
) -> None:
    """Without a vote: the same single face, landmarks within a hundredth of the distance between the eyes."""
    frame = photo(photos / name)
    (ours,), (theirs,) = plain.detect(frame), opencv(frame)
    shared, apart = differences(ours, theirs)
    assert shared > 0.98
    assert apart < 0.01


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
@pytest.mark.parametrize("name", NAMES)
def test_configurations_find_what_opencv_finds(
    name: str, configuration: str, opencv: Callable[[Frame], list[Found]], photos: Path
) -> None:
    """Voting and small passes move landmarks, as they should, but find the same face: a tenth of the eyes' distance."""
    frame = photo(photos / name)
    (ours,), (theirs,) = pipeline(configuration).detector.detect(frame), opencv(frame)
    shared, apart = differences(ours, theirs)
    assert shared > 0.7
    assert apart < 0.1


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
@pytest.mark.parametrize("factor", [0.2, 0.5, 1.0, 3.0])
def test_size_does_not_matter(configuration: str, factor: float, photos: Path) -> None:
    """The same picture smaller or larger gives the same face at the same place, until its pixels run out."""
    whole = photo(photos / "person_b_1.jpg")
    ((_, expected),) = pipeline(configuration).detector.detect(whole)
    ((_, found),) = pipeline(configuration).detector.detect(picture(scaled(whole.pixels, factor)))
    apart = np.linalg.norm(found / factor - expected, axis=1) / eye_distance(expected)
    assert apart.mean() < 0.12


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_a_small_face_in_a_large_frame_is_found(configuration: str, photos: Path) -> None:
    """What the small pass cannot see the full pass finds: a face of a fifteenth of the frame's side."""
    canvas = np.full((900, 1200, 3), 120, np.uint8)
    small = scaled(photo(photos / "person_b_1.jpg").pixels, 0.15)
    canvas[500 : 500 + small.shape[0], 700 : 700 + small.shape[1]] = small
    ((box, _),) = pipeline(configuration).detector.detect(picture(canvas))
    assert 700 < box.x + box.width / 2 < 700 + small.shape[1]
    assert 500 < box.y + box.height / 2 < 500 + small.shape[0]


def test_canvases_do_not_pile_up(photos: Path) -> None:
    """Frames of many shapes keep only the six canvases used last, and give what a fresh detector gives."""
    detector = pipeline("full-fp32").detector
    assert isinstance(detector, YuNetDetector)
    pixels = photo(photos / "person_a_1.jpg").pixels
    first = detector.detect(picture(pixels))
    for side in range(32, 288, 32):
        detector.detect(picture(np.full((32, side, 3), 127, np.uint8)))
    assert len(detector._canvases) == 6
    ((box, landmarks),) = detector.detect(picture(pixels))
    assert box == first[0][0]
    assert landmarks.tobytes() == first[0][1].tobytes()


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_nothing_of_the_frame_before_is_seen(configuration: str, photos: Path) -> None:
    """A smaller frame does not see what a larger one left in the network's input."""
    detector = pipeline(configuration).detector
    detector.detect(photo(photos / "person_b_1.jpg"))
    assert list(detector.detect(picture(np.full((600, 40, 3), 127, np.uint8)))) == []
    assert list(detector.detect(picture(np.full((40, 600, 3), 127, np.uint8)))) == []


def test_a_face_seen_from_two_windows_is_one_face() -> None:
    """Where the second pass finds the same face from a neighbour's window too, the surer of the two is left."""
    detector = YuNetDetector(weights().detector, FULL_FP32)
    points = np.zeros((5, 2), np.float32)
    one, again, other = Box(20, 44, 148, 197, 0.8), Box(23, 39, 148, 193, 0.9), Box(300, 40, 150, 190, 0.7)
    kept = detector._each_once([(again, points), (one, points), (other, points)])
    assert [face[0] for face in kept] == [again, other]
