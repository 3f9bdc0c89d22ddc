"""The detector's numbers become faces: where, how sure, and each face once."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from countenance.face.fold import YUNET_STRIDES
from countenance.face.yunet import Found, Grid, overlaps, read_cells, suppress

SIDE = 128
POINTS = np.array([[-1, -1], [1, -1], [0, 0], [-0.5, 1], [0.5, 1]], np.float32)


def output(*cells: tuple[int, int, int, np.ndarray]) -> np.ndarray:
    """Return the network's output with the given cells (stride, row, column, 16 values) and nothing elsewhere."""
    made = {stride: np.full((SIDE // stride, SIDE // stride, 16), -50.0, np.float32) for stride in YUNET_STRIDES}
    for stride, row, column, values in cells:
        made[stride][row, column] = values
    return np.concatenate([level.reshape(-1, 16) for level in made.values()])


def cell(class_: float, object_: float, *, size: tuple[float, float] = (0.0, 0.0), shift: float = 0.0) -> np.ndarray:
    """Return 16 values: logits of two probabilities, box centre at the cell moved by ``shift``, size as logarithm."""
    logits = [math.log(value / (1 - value)) for value in (class_, object_)]
    return np.array([*logits, shift, 0.0, *size, *(POINTS + np.float32([shift, 0])).ravel()], np.float32)


def read(
    *cells: tuple[int, int, int, np.ndarray], confidence: float = 0.6, vote: bool = False, most: int = 64
) -> Found:
    """Read cells with the usual overlap."""
    return read_cells(output(*cells), Grid.of(SIDE, SIDE), confidence=confidence, overlap=0.3, most=most, vote=vote)


@pytest.mark.parametrize("stride", YUNET_STRIDES)
def test_a_cell_says_where_a_face_is(stride: int) -> None:
    """Centre, size and landmarks are relative to the cell, in units of its stride; size is a logarithm."""
    found = read((stride, 2, 3, cell(0.9, 0.9, size=(math.log(2), math.log(4)))))
    x, y = 3 * stride, 2 * stride
    assert found.boxes == pytest.approx(np.array([[x - stride, y - 2 * stride, 2 * stride, 4 * stride]]), rel=1e-5)
    assert found.points[0] == pytest.approx(POINTS * stride + [x, y], rel=1e-5)


def test_confidence_is_the_geometric_mean() -> None:
    """Class and objectness both count; a face needs the least confidence or more."""
    assert read((8, 1, 1, cell(0.9, 0.5))).confidences == pytest.approx([math.sqrt(0.45)], rel=1e-4)
    assert len(read((8, 1, 1, cell(0.99, 0.35))).boxes) == 0
    assert len(read((8, 1, 1, cell(0.99, 0.35)), confidence=0.5).boxes) == 1


def test_nothing_is_nothing() -> None:
    """Without a face every array is empty and has its shape."""
    found = read()
    assert found.boxes.shape == (0, 4)
    assert found.points.shape == (0, 5, 2)
    assert found.confidences.shape == (0,)


@pytest.mark.parametrize("vote", [False, True])
def test_nearly_sure_is_nothing(vote: bool) -> None:  # noqa: FBT001 - a case, not a flag
    """Cells of which both probabilities are high enough alone, but not together, give no face and no error."""
    found = read((8, 1, 1, cell(0.45, 0.45)), (16, 2, 2, cell(0.5, 0.4)), vote=vote)
    assert len(found.boxes) == len(found.points) == len(found.confidences) == 0


def test_one_face_seen_twice_is_one_face() -> None:
    """Of neighbouring cells that mean the same face the surest is kept; another level counts too."""
    big = (math.log(4), math.log(4))
    found = read(
        (16, 3, 3, cell(0.9, 0.9, size=big)),
        (16, 3, 4, cell(0.8, 0.8, size=big)),
        (32, 1, 1, cell(0.7, 0.7, size=(math.log(2), math.log(2)))),
        (8, 14, 14, cell(0.95, 0.95)),
    )
    assert found.confidences == pytest.approx([0.95, 0.9], rel=1e-4)
    assert found.points[1] == pytest.approx(POINTS * 16 + 48, rel=1e-4)


def test_a_vote_averages_landmarks_by_confidence() -> None:
    """With a vote the surest keeps its box, and landmarks are the weighted mean of all that mean the same face."""
    big = (math.log(4), math.log(4))
    found = read((16, 3, 3, cell(0.9, 0.9, size=big)), (16, 3, 4, cell(0.6, 0.6, size=big)), vote=True, confidence=0.5)
    assert found.confidences == pytest.approx([0.9], rel=1e-4)
    assert found.boxes[0, 0] == pytest.approx(48 - 32, rel=1e-4)
    mean = POINTS * 16 + [48 + 16 * 0.6 / 1.5, 48]
    assert found.points[0] == pytest.approx(mean, rel=1e-4)


def test_there_is_a_most() -> None:
    """However many faces there are, only the surest so many are returned."""
    crowd = [(8, row, column, cell(0.7 + row / 100, 0.9)) for row in range(0, 16, 2) for column in range(0, 16, 2)]
    assert len(read(*crowd).boxes) == 64
    found = read(*crowd, most=5)
    assert len(found.boxes) == 5
    assert found.confidences.min() == pytest.approx(math.sqrt(0.84 * 0.9), rel=1e-4)


def test_no_size_overflows() -> None:
    """A size beyond any frame, as only adversarial pixels give, stays a finite number."""
    found = read((8, 1, 1, cell(0.9, 0.9, size=(1000.0, 1000.0))))
    assert np.isfinite(found.boxes).all()


BOXES = st.integers(1, 40).flatmap(
    lambda count: st.tuples(
        arrays.arrays(np.float32, (count, 4), elements=st.floats(0, 64, width=32)),
        arrays.arrays(np.float32, count, elements=st.floats(0, 1, width=32)),
    )
)


@given(BOXES)
def test_what_is_kept_does_not_overlap(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    """Kept boxes overlap by no more than allowed, fall in confidence, and every box is in exactly one's group."""
    boxes, confidences = drawn
    kept, groups = suppress(boxes, confidences, overlap=0.3, most=64)
    assert sorted(confidences[kept].tolist(), reverse=True) == confidences[kept].tolist()
    assert sorted(np.concatenate(groups).tolist()) == list(range(len(boxes)))
    for position, one in enumerate(kept):
        assert (overlaps(boxes[one], boxes[kept[position + 1 :]]) <= 0.3).all()
        assert groups[position][0] == one


@given(arrays.arrays(np.float32, (2, 4), elements=st.floats(0.125, 64, width=32)))
def test_overlap_is_a_share(boxes: np.ndarray) -> None:
    """It is symmetric, in [0, 1], 1 for the same box, 0 for boxes apart."""
    one, two = boxes
    assert 0 <= overlaps(one, boxes)[1] <= 1 + 1e-5
    assert overlaps(one, boxes)[1] == pytest.approx(overlaps(two, boxes)[0], rel=1e-4, abs=1e-6)
    assert overlaps(one, boxes)[0] == pytest.approx(1, rel=1e-4)
    assert overlaps(one, one[np.newaxis] + np.float32([200, 0, 0, 0]))[0] == 0
