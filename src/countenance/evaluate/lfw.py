"""LFW's own protocol: pairs in folds, the threshold chosen on the other folds, accuracy with its standard error.

Accuracy is 1 less a rate, that of pairs told wrongly, and has the same floor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.pairs import NO_FOLD, PairList
from countenance.evaluate.rates import Rate, rate
from countenance.evaluate.samples import Samples


@dataclass(frozen=True, slots=True)
class FoldAccuracy:
    """Accuracy over folds."""

    accuracy: float
    standard_error: float
    """Of the mean over folds: the folds' standard deviation over the root of their number."""
    folds: int
    judged: NDArray[np.bool_]
    """Shape (pairs,): those with a fold."""
    wrong: NDArray[np.bool_]
    """Shape (pairs,): those among them that were told wrongly."""


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
    wrong = np.zeros(len(scores), np.bool_)
    for fold in folds:
        judged = pairs.fold == fold
        _, threshold = best_accuracy(scores[~judged], pairs.mated[~judged])
        wrong |= judged & told_wrongly(scores, pairs.mated, threshold)
        found.append(1.0 - float(wrong[judged].mean()))
    error = float(np.std(found, ddof=1) / np.sqrt(len(found)))
    return FoldAccuracy(float(np.mean(found)), error, len(folds), pairs.fold != NO_FOLD, wrong)


def told_wrongly(scores: NDArray[np.float32], mated: NDArray[np.bool_], threshold: float) -> NDArray[np.bool_]:
    """Return which pairs a threshold tells wrongly, shape (n,); it may lie between two neighbouring float32."""
    return np.asarray((scores.astype(np.float64) >= threshold) != mated, np.bool_)


def wrong_rate(
    pairs: PairList, persons: NDArray[np.int32], judged: NDArray[np.bool_], wrong: NDArray[np.bool_], accuracy: float
) -> Rate:
    """Return the rate of ``wrong`` among ``judged`` pairs, shape (pairs,) each, where the accuracy is ``accuracy``.

    ``persons`` says whose each photograph is. Half of the people are the effective number: two are in a pair of
    strangers.
    """
    everybody = np.union1d(persons[pairs.a[judged]], persons[pairs.b[judged]])
    people = np.union1d(persons[pairs.a[wrong]], persons[pairs.b[wrong]])
    return rate(int(wrong.sum()), int(judged.sum()), len(people), len(everybody) // 2, np.nan, np.nan, 1.0 - accuracy)
