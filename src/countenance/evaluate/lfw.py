"""LFW's own protocol: pairs in folds, the threshold chosen on the other folds, accuracy with its standard error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.pairs import NO_FOLD, PairList
from countenance.evaluate.samples import Samples


@dataclass(frozen=True, slots=True)
class FoldAccuracy:
    """Accuracy over folds."""

    accuracy: float
    standard_error: float
    """Of the mean over folds: the folds' standard deviation over the root of their number."""
    folds: int


def pair_scores(samples: Samples, pairs: PairList) -> NDArray[np.float32]:
    """Return each pair's score; -1 where a photograph has no template, so that it never matches."""
    scores = np.einsum("ij,ij->i", samples.templates[pairs.a], samples.templates[pairs.b])
    return np.where(samples.usable[pairs.a] & samples.usable[pairs.b], scores, np.float32(-1.0)).astype(np.float32)


def best_accuracy(scores: NDArray[np.float32], mated: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the best accuracy that one threshold gives, and that threshold (``score >= threshold`` is a match).

    Of equally good thresholds it is the middle one; half way between two scores.
    """
    order = np.argsort(scores, kind="stable")
    ranked, right = scores[order].astype(np.float64), mated[order]
    # With the k lowest below the threshold: non-mated ones among them are right, and mated ones above.
    correct = np.concatenate([[0], np.cumsum(~right)]) + (right.sum() - np.concatenate([[0], np.cumsum(right)]))
    allowed = np.concatenate([[True], ranked[1:] != ranked[:-1], [True]])
    places = np.flatnonzero(allowed & (correct == correct[allowed].max()))
    place = int(places[len(places) // 2])
    edges = np.concatenate([[ranked[0] - 1], (ranked[1:] + ranked[:-1]) / 2, [ranked[-1] + 1]])
    return float(correct[place] / len(scores)), float(edges[place])


def fold_accuracy(scores: NDArray[np.float32], pairs: PairList) -> FoldAccuracy | None:
    """Return the accuracy over folds, each judged by the threshold of all others; None without at least two folds."""
    folds = [fold for fold in np.unique(pairs.fold) if fold != NO_FOLD]
    if len(folds) < 2:  # noqa: PLR2004 - one to choose on, one to judge
        return None
    found = []
    for fold in folds:
        judged = pairs.fold == fold
        _, threshold = best_accuracy(scores[~judged], pairs.mated[~judged])
        found.append(float(((scores[judged] >= threshold) == pairs.mated[judged]).mean()))
    return FoldAccuracy(
        float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(len(found))), len(folds)
    )  # fmt: skip
