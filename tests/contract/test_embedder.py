"""What every ``Embedder`` promises: one finite vector a crop, before normalisation, whatever lies beside it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from countenance.face.align import align
from countenance.ports import Embedder
from fakes.networks import CONFIGURATIONS, photo, pipeline

NAMES = ("person_a_1.jpg", "person_a_2.jpg", "impostor_1.jpg", "person_b_2.jpg")


@pytest.fixture(params=[(name, at_once) for name in CONFIGURATIONS for at_once in (1, 2, 3)])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    """Give SFace in each precision, one crop a run or several."""
    name, at_once = request.param
    return pipeline(name, at_once).embedder


@pytest.fixture(scope="session")
def crops(photos: Path) -> np.ndarray:
    """Give the aligned faces of four photographs, the first two of one person."""
    frames = [photo(photos / name) for name in NAMES]
    detector = pipeline("full-fp32").detector
    return np.stack([align(frame.pixels, detector.detect(frame)[0][1]) for frame in frames])


def unit(rows: np.ndarray) -> np.ndarray:
    """Return rows of length 1."""
    return rows / np.linalg.norm(rows.astype(np.float64), axis=-1, keepdims=True)


def test_one_finite_vector_a_crop(embedder: Embedder, crops: np.ndarray) -> None:
    """Shape (n, dimension), float32, finite, not normalised: the length tells quality."""
    embeddings = embedder.embed(crops)
    assert embeddings.shape == (len(NAMES), embedder.dimension)
    assert embeddings.dtype == np.float32
    assert np.isfinite(embeddings).all()
    assert (np.linalg.norm(embeddings, axis=1) > 2).all()


def test_no_crops_no_embeddings(embedder: Embedder) -> None:
    """An empty batch gives an empty result of the right width."""
    assert embedder.embed(np.empty((0, 112, 112, 3), np.uint8)).shape == (0, embedder.dimension)


def test_neighbours_in_a_batch_change_nothing(embedder: Embedder, crops: np.ndarray) -> None:
    """Alone, in front, behind, in another order: the same crop gives the same bits."""
    whole = embedder.embed(crops)
    backwards = embedder.embed(crops[::-1])[::-1]
    alone = np.concatenate([embedder.embed(crop[np.newaxis]) for crop in crops])
    assert whole.tobytes() == backwards.tobytes() == alone.tobytes()


def test_results_outlive_the_next_batch(embedder: Embedder, crops: np.ndarray) -> None:
    """What was returned is the caller's: the next crop does not write over it; crops are left as they were."""
    before = crops.copy()
    first = embedder.embed(crops[:1])
    kept = first.copy()
    embedder.embed(crops[2:])
    assert first.tobytes() == kept.tobytes()
    assert np.array_equal(crops, before)


def test_it_tells_people_apart(embedder: Embedder, crops: np.ndarray) -> None:
    """Two photographs of one person point the same way more than those of two people."""
    cosines = unit(embedder.embed(crops)) @ unit(embedder.embed(crops)).T
    assert cosines[0, 1] > 0.5 > max(cosines[0, 2], cosines[0, 3], cosines[2, 3])


@pytest.mark.parametrize("value", [0, 128, 255])
def test_flat_crops_do_no_harm(embedder: Embedder, value: int) -> None:
    """A crop without anything in it gives numbers, not NaN."""
    assert np.isfinite(embedder.embed(np.full((1, 112, 112, 3), value, np.uint8))).all()


def test_it_names_its_weights(embedder: Embedder) -> None:
    """The name is a SHA-256 in hex, and other precisions have other names."""
    assert re.fullmatch("[0-9a-f]{64}", embedder.weights)
    assert len({pipeline(name).embedder.weights for name in CONFIGURATIONS}) == 2
