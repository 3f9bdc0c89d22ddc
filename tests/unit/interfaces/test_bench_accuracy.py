"""Error rates over all pairs are what counting by hand gives, failures included."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from countenance.interfaces.bench import accuracy
from countenance.interfaces.bench.accuracy import Templates, extremes, fnmr


def templates(generator: np.random.Generator, persons: int, each: int, noise: float) -> Templates:
    """Return templates of ``persons`` people, ``each`` photographs, scattered around a direction of their own."""
    centres = generator.standard_normal((persons, 16))
    rows = np.repeat(centres, each, axis=0) + noise * generator.standard_normal((persons * each, 16))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Templates(rows.astype(np.float32), np.repeat(np.arange(persons), each), [])


def by_hand(found: Templates, fmr: float) -> float:
    """Return FNMR at the smallest of all thresholds with FMR <= ``fmr``, pair by pair."""
    pairs = list(itertools.combinations(range(len(found.values)), 2))
    scores = [float(found.values[a] @ found.values[b]) for a, b in pairs]
    same = [found.persons[a] == found.persons[b] for a, b in pairs]
    mated = [score for score, one in zip(scores, same, strict=True) if one]
    others = sorted((score for score, one in zip(scores, same, strict=True) if not one), reverse=True)
    threshold = others[int(fmr * len(others))] + 1e-9
    return sum(score < threshold for score in mated) / len(mated)


@pytest.mark.parametrize("block", [7, 1024])
def test_fnmr_is_what_counting_gives(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """Every unordered pair counts once, whatever the size of the blocks it is computed in."""
    monkeypatch.setattr(accuracy, "_BLOCK", block)
    found = templates(np.random.default_rng(1), 30, 4, 0.9)
    assert fnmr(found, 0.01) == pytest.approx(by_hand(found, 0.01), abs=0.01)
    assert by_hand(found, 0.01) > 0.05


def test_photographs_without_a_template_count_as_non_matches() -> None:
    """A lost photograph loses a mated pair with each that was kept; two of one person lose their own pair too."""
    found = templates(np.random.default_rng(2), 5, 4, 0.01)
    assert fnmr(found, 0.01) == 0
    assert fnmr(Templates(found.values, found.persons, [0]), 0.01) == pytest.approx(4 / (30 + 4))
    assert fnmr(Templates(found.values, found.persons, [0, 0]), 0.01) == pytest.approx(9 / (30 + 9))
    assert fnmr(Templates(found.values, found.persons, [9, 9]), 0.01) == pytest.approx(1 / (30 + 1))


def test_extremes_are_the_worst_pairs() -> None:
    """The lowest mated and the highest non-mated score are found, and no photograph is compared with itself."""
    values = np.array([[1, 0], [0.8, 0.6], [0, 1], [-0.6, 0.8]], np.float32)
    lowest, highest = extremes(Templates(values, np.array([0, 0, 1, 1]), []))
    assert (lowest, highest) == (pytest.approx(0.8), pytest.approx(0.6))
