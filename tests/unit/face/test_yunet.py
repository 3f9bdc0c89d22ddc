"""The detector's numbers become faces: where, how sure, and each face once."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.face.fold import YUNET_STRIDES
from countenance.face.yunet import Found, Grid, read_cells, shared, suppress
from countenance.terms import Box

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
) -> list[Found]:
    """Read cells with the usual overlap."""
    return read_cells(output(*cells), Grid.of(SIDE, SIDE), confidence=confidence, overlap=0.3, most=most, vote=vote)


def sides(found: Found) -> list[float]:
    """Return a box as x, y, width, height."""
    return [found.box.x, found.box.y, found.box.width, found.box.height]


def points(found: Found) -> np.ndarray:
    """Return landmarks, shape (5, 2)."""
    return np.array([(point.real, point.imag) for point in found.points])


def sure(found: list[Found]) -> list[float]:
    """Return confidences."""
    return [face.box.confidence for face in found]


@pytest.mark.parametrize("stride", YUNET_STRIDES)
def test_a_cell_says_where_a_face_is(stride: int) -> None:
    """Centre, size and landmarks are relative to the cell, in units of its stride; size is a logarithm."""
    (found,) = read((stride, 2, 3, cell(0.9, 0.9, size=(math.log(2), math.log(4)))))
    x, y = 3 * stride, 2 * stride
    assert sides(found) == pytest.approx([x - stride, y - 2 * stride, 2 * stride, 4 * stride], rel=1e-5, abs=1e-4)
    assert points(found) == pytest.approx(POINTS * stride + [x, y], rel=1e-5, abs=1e-4)


def test_confidence_is_the_geometric_mean() -> None:
    """Class and objectness both count; a face needs the least confidence or more."""
    assert sure(read((8, 1, 1, cell(0.9, 0.5)))) == pytest.approx([math.sqrt(0.45)], rel=1e-4)
    assert not read((8, 1, 1, cell(0.99, 0.35)))
    assert len(read((8, 1, 1, cell(0.99, 0.35)), confidence=0.5)) == 1


def test_nothing_is_nothing() -> None:
    """Where no cell is sure there is no face."""
    assert read() == []


@pytest.mark.parametrize("vote", [False, True])
def test_nearly_sure_is_nothing(vote: bool) -> None:  # noqa: FBT001 - a case, not a flag
    """Cells of which both probabilities are high enough alone, but not together, give no face and no error."""
    assert read((8, 1, 1, cell(0.45, 0.45)), (16, 2, 2, cell(0.5, 0.4)), vote=vote) == []


def test_one_face_seen_twice_is_one_face() -> None:
    """Of neighbouring cells that mean the same face the surest is kept; another level counts too."""
    big = (math.log(4), math.log(4))
    found = read(
        (16, 3, 3, cell(0.9, 0.9, size=big)),
        (16, 3, 4, cell(0.8, 0.8, size=big)),
        (32, 1, 1, cell(0.7, 0.7, size=(math.log(2), math.log(2)))),
        (8, 14, 14, cell(0.95, 0.95)),
    )
    assert sure(found) == pytest.approx([0.95, 0.9], rel=1e-4)
    assert points(found[1]) == pytest.approx(POINTS * 16 + 48, rel=1e-4)


def test_a_vote_averages_landmarks_by_confidence() -> None:
    """With a vote the surest keeps its box, and landmarks are the weighted mean of all that mean the same face."""
    big = (math.log(4), math.log(4))
    found = read((16, 3, 3, cell(0.9, 0.9, size=big)), (16, 3, 4, cell(0.6, 0.6, size=big)), vote=True, confidence=0.5)
    assert sure(found) == pytest.approx([0.9], rel=1e-4)
    assert found[0].box.x == pytest.approx(48 - 32, rel=1e-4)
    mean = POINTS * 16 + [48 + 16 * 0.6 / 1.5, 48]
    assert points(found[0]) == pytest.approx(mean, rel=1e-4)


def test_there_is_a_most() -> None:
    """However many faces there are, only the surest so many are returned."""
    crowd = [(8, row, column, cell(0.7 + row / 100, 0.9)) for row in range(0, 16, 2) for column in range(0, 16, 2)]
    assert len(read(*crowd)) == 64
    found = read(*crowd, most=5)
    assert len(found) == 5
    assert min(sure(found)) == pytest.approx(math.sqrt(0.84 * 0.9), rel=1e-4)


def test_no_size_overflows() -> None:
    """A size beyond any frame, as only adversarial pixels give, stays a finite number."""
    (found,) = read((8, 1, 1, cell(0.9, 0.9, size=(1000.0, 1000.0))))
    assert np.isfinite(sides(found)).all()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 2, 4, 8])
def test_what_is_no_number_stops_nothing(value: float, place: int) -> None:
    """Not a number, or an infinite one, anywhere in a cell is no error here: whoever aligns looks at that."""
    values = cell(0.9, 0.9)
    values[place] = value
    assert len(read((8, 1, 1, values), (32, 3, 3, cell(0.8, 0.8)))) <= 2


def test_a_picture_of_nothing_but_faces_costs_little() -> None:
    """When more cells are sure than any crowd has, only the thousand surest are looked at, and the surest is kept."""
    cells = np.tile(cell(0.9, 0.9), (8400, 1))
    cells[7000, :2] = 9.0
    grid = Grid.of(640, 640)
    found = read_cells(cells, grid, confidence=0.6, overlap=0.3, most=10_000, vote=False)
    assert len(found) <= 1000
    assert found[0].points[2] == grid.corners[7000]


SIDES = st.floats(0, 64, width=32)
BOX = st.builds(Box, SIDES, SIDES, SIDES, SIDES, st.floats(0, 1, width=32))


@given(st.lists(BOX, min_size=1, max_size=40))
def test_what_is_kept_does_not_overlap(boxes: list[Box]) -> None:
    """Kept boxes overlap by no more than allowed, fall in confidence, and every box is in exactly one's group."""
    groups = suppress(boxes, overlap=0.3, most=64)
    kept = [boxes[group[0]] for group in groups]
    assert [box.confidence for box in kept] == sorted((box.confidence for box in kept), reverse=True)
    assert sorted(place for group in groups for place in group) == list(range(len(boxes)))
    for position, one in enumerate(kept):
        assert all(shared(one, other) <= 0.3 for other in kept[position + 1 :])
    for group in groups:
        assert all(shared(boxes[group[0]], boxes[place]) > 0.3 for place in group[1:])


LARGER = st.floats(0.125, 64, width=32)


@given(*[st.builds(Box, LARGER, LARGER, LARGER, LARGER, st.just(1.0))] * 2)
def test_overlap_is_a_share(one: Box, two: Box) -> None:
    """It is symmetric, in [0, 1], 1 for the same box, 0 for boxes apart."""
    assert 0 <= shared(one, two) <= 1 + 1e-9
    assert shared(one, two) == pytest.approx(shared(two, one))
    assert shared(one, one) == pytest.approx(1)
    assert shared(one, Box(one.x + 200, one.y, one.width, one.height, 1.0)) == 0
