"""Two templates give one score: the cosine, the same bits everywhere, or an error where it would mean nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.errors import WeightsError
from countenance.face import compare, template_from_bytes, template_to_bytes
from countenance.terms import Template
from fakes.faces import WEIGHTS, crowd, unit

OTHER = "0" * 64
ROWS = st.integers(0, 2**32 - 1).map(lambda seed: crowd(2, seed=seed))


@given(ROWS)
def test_the_score_is_the_cosine(rows: np.ndarray) -> None:
    """It equals the exact inner product of the float32 values, and lies in [-1, 1]."""
    one, two = (Template(row, WEIGHTS) for row in rows)
    exact = math.fsum(float(a) * float(b) for a, b in zip(*rows, strict=True))
    assert compare(one, two) == pytest.approx(exact, abs=1e-12)
    assert -1.0 <= compare(one, two) <= 1.0


@given(ROWS)
def test_the_order_does_not_matter(rows: np.ndarray) -> None:
    """Who is the probe and who the reference changes no bit."""
    one, two = (Template(row, WEIGHTS) for row in rows)
    assert compare(one, two) == compare(two, one)


@given(ROWS)
def test_nobody_is_more_alike_than_oneself(rows: np.ndarray) -> None:
    """A template and itself score 1 within rounding and never above; its opposite -1 and never below."""
    one, opposite = Template(rows[0], WEIGHTS), Template(-rows[0], WEIGHTS)
    assert 1.0 - 1e-6 < compare(one, one) <= 1.0
    assert -1.0 <= compare(one, opposite) < -1.0 + 1e-6


def test_the_score_is_summed_in_index_order() -> None:
    """The value is the running sum in float64, term by term: the same bits on every machine."""
    rows = crowd(2, seed=7)
    total = 0.0
    for a, b in zip(*rows, strict=True):
        total += float(a) * float(b)
    assert compare(Template(rows[0], WEIGHTS), Template(rows[1], WEIGHTS)) == total


@pytest.mark.parametrize("other", [Template(crowd(1)[0], OTHER), Template(crowd(1, 64)[0], WEIGHTS)])
def test_other_weights_are_refused(other: Template) -> None:
    """Templates of other networks or preprocessing are never compared, in neither order."""
    mine = Template(crowd(1)[0], WEIGHTS)
    for pair in ((mine, other), (other, mine)):
        with pytest.raises(WeightsError) as error:
            compare(*pair)
        assert error.value.code == "weights.other"
        assert error.value.remedy


@pytest.mark.parametrize(
    "values",
    [
        np.zeros(128, np.float32),
        np.full(128, np.nan, np.float32),
        np.full(128, np.inf, np.float32),
        2 * crowd(1)[0],
        crowd(1)[0] / 2,
        np.empty(0, np.float32),
    ],
    ids=["zero", "not a number", "infinite", "long", "short", "empty"],
)
def test_a_template_without_meaning_has_no_score(values: np.ndarray) -> None:
    """A damaged template never matches anybody: it is an error, not a number."""
    bad = Template(values, WEIGHTS)
    for pair in ((bad, bad), (bad, Template(unit(np.ones(max(len(values), 1))), WEIGHTS))):
        with pytest.raises(WeightsError) as error:
            compare(*pair)
        assert error.value.code in {"weights.bad_template", "weights.other"}


@given(ROWS)
def test_templates_survive_their_bytes(rows: np.ndarray) -> None:
    """Four bytes a value, little-endian, and back bit for bit."""
    template = Template(rows[0], WEIGHTS)
    data = template_to_bytes(template)
    assert len(data) == 4 * 128
    assert data == b"".join(np.float32(value).astype("<f4").tobytes() for value in rows[0])
    again = template_from_bytes(data, WEIGHTS)
    assert again.weights == WEIGHTS
    assert again.values.dtype == np.float32
    assert again.values.tobytes() == rows[0].tobytes()
