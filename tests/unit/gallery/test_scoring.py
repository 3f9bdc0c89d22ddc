"""The exact score is exact, the bound holds, and what has no meaning is refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.errors import GalleryError
from countenance.gallery.backends import Backend, NumpyBackend, fastest
from countenance.gallery.scoring import LENGTH_TOLERANCE, checked, epsilon, exact_scores
from fakes.faces import crowd, plain_score, unit

DIMENSIONS = [1, 2, 3, 7, 127, 128, 129, 512, 1000]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_exact_score_is_the_plain_one(dimension: int) -> None:
    """The vectorised score has the very bits of the sum written out by hand."""
    rows, probe = crowd(50, dimension), crowd(1, dimension, seed=2)[0]
    assert exact_scores(rows, probe).tolist() == [plain_score(row, probe) for row in rows]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_exact_score_is_near_the_true_one(dimension: int) -> None:
    """Against unlimited precision the score is off by less than any two float32 templates can differ."""
    rows, probe = crowd(5, dimension), crowd(1, dimension, seed=2)[0]
    for row, score in zip(rows, exact_scores(rows, probe), strict=True):
        true = sum((Fraction(float(a)) * Fraction(float(b)) for a, b in zip(row, probe, strict=True)), Fraction(0))
        assert abs(Fraction(float(score)) - min(Fraction(1), max(Fraction(-1), true))) < Fraction(1, 2**49)


def test_score_does_not_depend_on_company() -> None:
    """A row's score is the same alone, in any place, and in a set larger than one block."""
    rows, probe = crowd(5000), crowd(1, seed=2)[0]
    together = exact_scores(rows, probe)
    assert exact_scores(rows[::-1], probe)[::-1].tolist() == together.tolist()
    assert [exact_scores(rows[at : at + 1], probe)[0] for at in (0, 4095, 4096, 4999)] == [
        together[at] for at in (0, 4095, 4096, 4999)
    ]
    assert exact_scores(rows[:0], probe).shape == (0,)


def test_scores_stay_in_their_range() -> None:
    """Templates a little longer than 1 score 1, not more; opposite ones -1; nothing scores a negative zero."""
    long = (unit([1.0, 2.0, 3.0]) * np.float32(1 + LENGTH_TOLERANCE / 2)).astype(np.float32)
    zero = exact_scores(np.array([[1, 0, 0]], np.float32), np.array([-0.0, 1, 0], np.float32))[0]
    assert exact_scores(np.stack([long, -long]), long).tolist() == [1.0, -1.0]
    assert str(zero) == "0.0"


@pytest.mark.parametrize("backend", [NumpyBackend(), fastest()], ids=lambda backend: type(backend).__name__)
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_bound_holds_for_every_backend(backend: Backend, dimension: int) -> None:
    """No backend's score is further from the exact one than the bound: random, equal, and one-sided templates."""
    probe = crowd(1, dimension, seed=2)[0]
    even = unit(np.ones((1, dimension)))
    steps = unit(np.linspace(1, 1e-4, dimension)[np.newaxis])
    rows = np.ascontiguousarray(
        np.concatenate([crowd(3000, dimension), probe[np.newaxis], -probe[np.newaxis], even, steps])
    )
    for each in (probe, even[0], steps[0]):
        gap = np.abs(np.clip(backend.scores(rows, each), -1, 1) - exact_scores(rows, each)).max()
        assert gap <= epsilon(dimension)
        scores, found = backend.best(rows, np.ascontiguousarray(each[np.newaxis]), 10)
        assert np.abs(np.clip(scores[0], -1, 1) - exact_scores(rows[found[0]], each)).max() <= epsilon(dimension)


def test_bound_is_what_the_docstring_says() -> None:
    """The numbers that the proof's text names are the function's."""
    assert f"{epsilon(128):.1e}" == "7.7e-06"
    assert f"{epsilon(512):.1e}" == "3.1e-05"


@given(st.integers(1, 65_536))
def test_bound_grows_with_dimension(dimension: int) -> None:
    """Longer templates may gather more rounding, never less, and never so much that scores lose their meaning."""
    assert 0 < epsilon(dimension) < epsilon(dimension + 1) < 0.01


BAD = {
    "float64": crowd(2).astype(np.float64),
    "float16": crowd(2).astype(np.float16),
    "big-endian": crowd(2).astype(">f4"),
    "other dimension": crowd(2, 127),
    "one vector": crowd(1)[0],
    "three axes": crowd(4).reshape(2, 2, 128),
    "zero": np.zeros((1, 128), np.float32),
    "too long": crowd(1) * np.float32(1.001),
    "too short": crowd(1) * np.float32(0.999),
    "not a number": np.where(np.arange(128) == 5, np.nan, crowd(1)).astype(np.float32),
    "infinite": np.where(np.arange(128) == 5, np.inf, crowd(1)).astype(np.float32),
    "huge": np.full((1, 128), 3e38, np.float32),
}


@pytest.mark.parametrize("values", BAD.values(), ids=BAD.keys())
def test_meaningless_templates_are_refused(values: np.ndarray) -> None:
    """What is no unit vector of the right type and length is refused, without a value in the message."""
    with pytest.raises(GalleryError) as refused:
        checked(values, 128)
    assert refused.value.code == "gallery.bad_template"


def test_scattered_rows_become_one_block() -> None:
    """Every second row of something is a fair set of templates, as a block of its own."""
    scattered = crowd(10)[::2]
    block = checked(scattered, 128)
    assert block.flags.c_contiguous
    assert block.tolist() == scattered.tolist()
