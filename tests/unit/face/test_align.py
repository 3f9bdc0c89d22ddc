"""Faces are cut out upright, pixel for pixel as the published accuracy was measured."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from countenance.face import plain_networks
from countenance.face.align import CROP_SIDE, TARGET, align, similarity
from fakes.networks import photo, pipeline, weights

NAMES = (
    "person_a_1.jpg",
    "person_a_2.jpg",
    "person_b_1.jpg",
    "impostor_1.jpg",
    "obama_partial_face.jpg",
    "astronaut.png",
)


@pytest.fixture(scope="module")
def opencv(tmp_path_factory: pytest.TempPathFactory) -> cv2.FaceRecognizerSF:
    """Give OpenCV's recogniser over the same weights."""
    file = tmp_path_factory.mktemp("plain") / "recogniser.onnx"
    file.write_bytes(plain_networks(weights())[1])
    return cv2.FaceRecognizerSF.create(str(file), "")


def placed(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return points as a (2, 3) matrix places them."""
    return points @ matrix[:, :2].T + matrix[:, 2]


@pytest.mark.parametrize("name", NAMES)
def test_crops_equal_those_of_opencv(name: str, opencv: cv2.FaceRecognizerSF, photos: Path) -> None:
    """Same landmarks, same crop as ``FaceRecognizerSF.alignCrop``: at most one grey level off, in few pixels."""
    pixels = photo(photos / name).pixels
    box, landmarks = pipeline("full-fp32").detector.detect(photo(photos / name))[0]
    row = np.array([box.x, box.y, box.width, box.height, *landmarks.ravel(), box.confidence], np.float32)
    theirs = opencv.alignCrop(pixels, row).astype(int)
    difference = np.abs(theirs - align(pixels, landmarks))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.01


@pytest.mark.parametrize("degrees", [0, 30, -90, 180])
@pytest.mark.parametrize("factor", [0.2, 1.0, 7.0])
def test_a_similar_face_lands_exactly(degrees: float, factor: float) -> None:
    """Landmarks that are the target turned, scaled and shifted come out on the target."""
    turn = factor * np.exp(1j * np.radians(degrees))
    moved = (TARGET @ np.array([1, 1j])) * turn + (300 - 40j)
    landmarks = np.stack([moved.real, moved.imag], axis=1).astype(np.float32)
    assert np.abs(placed(similarity(landmarks), landmarks) - TARGET).max() < 0.01


def test_no_other_similarity_fits_better() -> None:
    """For landmarks of any face the squared error is the least: small changes of the transform only add to it."""
    landmarks = TARGET + np.random.default_rng(3).normal(0, 3, (5, 2)).astype(np.float32)
    best = similarity(landmarks)

    def error(turn: complex, shift: complex) -> float:
        linear = complex(best[0, 0], best[1, 0]) * turn
        matrix = np.array([[linear.real, -linear.imag], [linear.imag, linear.real]])
        offset = best[:, 2] + [shift.real, shift.imag]
        return float(((placed(np.column_stack([matrix, offset]), landmarks) - TARGET) ** 2).sum())

    least = error(1, 0)
    for turn, shift in (
        (1.01, 0),
        (0.99, 0),
        (1 + 0.01j, 0),
        (1 - 0.01j, 0),
        (1, 0.5),
        (1, -0.5),
        (1, 0.5j),
        (1, -0.5j),
    ):
        assert error(turn, shift) > least


def test_a_face_at_the_edge_is_black_beyond_it() -> None:
    """What lies outside the frame is black in the crop, not repeated and not an error."""
    crop = align(np.full((200, 200, 3), 200, np.uint8), TARGET - np.float32([80, 0]))
    assert crop.shape == (CROP_SIDE, CROP_SIDE, 3)
    assert crop.dtype == np.uint8
    assert (crop[50, :78] == 0).all()
    assert (crop[50, 82:] == 200).all()


@pytest.mark.parametrize("value", [0.0, 50.0, 1e30, -1e30])
def test_coincident_landmarks_give_a_flat_crop(value: float) -> None:
    """Five landmarks in one point do no harm: the crop is flat, and quality refuses it."""
    crop = align(np.full((200, 200, 3), 90, np.uint8), np.full((5, 2), value, np.float32))
    assert crop.shape == (CROP_SIDE, CROP_SIDE, 3)
    assert crop.std() == 0
