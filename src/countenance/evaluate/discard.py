"""Error versus discard: what FNMR becomes when the photographs that a quality measure likes least are left out.

A measure that predicts recognition pulls the curve down; a random one leaves it flat (ISO/IEC 29794-1). The threshold
stays where all photographs put it. Curves are also drawn on frontal photographs alone, because a measure may only be
seeing turned heads. Each point is a rate with a floor of its own; photographs without a template are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.comparisons import Comparisons
from countenance.evaluate.rates import Rate, rate
from countenance.evaluate.samples import MEASURES, Samples
from countenance.evaluate.verification import count_at

SHARES = np.round(np.arange(0.0, 0.3001, 0.02), 2)
FRONTAL_YAW_DEG, FRONTAL_PITCH_DEG = 10.0, 15.0
LOWER_IS_BETTER = frozenset({"under_exposed", "over_exposed"})
NEARER_ZERO_IS_BETTER = frozenset({"yaw_deg", "pitch_deg", "roll_deg"})
MIDDLE_IS_BETTER = frozenset({"luminance"})


@dataclass(frozen=True, slots=True)
class DiscardCurve:
    """One measure's curve."""

    measure: str
    frontal_only: bool
    points: tuple[Rate, ...]
    """FNMR at each of ``SHARES``, without intervals."""


def goodness(measure: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``values`` so that higher is better."""
    if measure in LOWER_IS_BETTER:
        return -values
    if measure in NEARER_ZERO_IS_BETTER:
        return np.asarray(-np.abs(values), np.float32)
    if measure in MIDDLE_IS_BETTER:
        return np.asarray(-np.abs(values - 0.5), np.float32)
    return values


def discard_curves(comparisons: Comparisons, samples: Samples, threshold: float) -> list[DiscardCurve]:
    """Return the curve of every measure, over all photographs and over frontal ones."""
    frontal = (np.abs(samples.quality[:, MEASURES.index("yaw_deg")]) <= FRONTAL_YAW_DEG) & (
        np.abs(samples.quality[:, MEASURES.index("pitch_deg")]) <= FRONTAL_PITCH_DEG
    )
    curves = []
    for only, chosen in ((False, samples.usable), (True, samples.usable & frontal)):
        for place, measure in enumerate(MEASURES):
            good = goodness(measure, samples.quality[:, place])
            curves.append(DiscardCurve(measure, only, _curve(comparisons, good, chosen, threshold)))
    return curves


def _curve(
    comparisons: Comparisons, good: NDArray[np.float32], chosen: NDArray[np.bool_], threshold: float
) -> tuple[Rate, ...]:
    mated = comparisons.mated
    inside = chosen[mated.a] & chosen[mated.b]
    worst = np.minimum(good[mated.a], good[mated.b])
    wrong = np.arange(len(mated.scores)) >= count_at(mated.scores, threshold)
    values = np.sort(good[chosen])
    points = []
    for share in SHARES:
        least = values[min(len(values) - 1, int(share * len(values)))] if len(values) else np.inf
        left = inside & (worst >= least)
        missed = left & wrong
        points.append(rate(int(missed.sum()), int(left.sum()), len(np.unique(mated.persons[missed])),
                           len(np.unique(mated.persons[left])), np.nan, np.nan))  # fmt: skip
    return tuple(points)
