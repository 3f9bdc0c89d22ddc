"""How far groups lie apart, in the measures people argue with: Max/GeoMean, FDR, GARBE (STANDARDS §4; NIST IR 8429).

Each takes one rate a group, at one global threshold, and only rates that were measured: an upper bound says how few
people a group has, not how well it fares, so it stands in no ratio, and neither does "insufficient data". A measure
needs two groups measured for each kind of error in it, else there is none. What is left out is counted beside it,
because a group without an error may be the one that fares best: the measures then tell less than the whole difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from countenance.evaluate.rates import Rate, State

ALPHA = 0.5
"""Weight of the false match rate against the false non-match rate, in FDR and GARBE."""
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Disparity:
    """The summary measures over groups; None with fewer than two groups that were measured for them."""

    fmr_max_over_geomean: float | None
    fnmr_max_over_geomean: float | None
    fdr: float | None
    garbe: float | None
    fmr_groups: int
    """Groups whose FMR was measured: the first measure is over these."""
    fnmr_groups: int
    """Groups whose FNMR was measured: the second measure is over these."""
    groups: int
    """Groups of which both were measured: FDR and GARBE are over these."""
    bounded: int
    """How many rates are upper bounds, and so in no measure."""


def max_over_geomean(rates: Sequence[float]) -> float | None:
    """Return the largest rate over the geometric mean of all (INEQ); 1 means no difference."""
    if len(rates) < _FEWEST or min(rates) <= 0:
        return None
    return float(max(rates) / np.exp(np.mean(np.log(rates))))


def fairness_discrepancy(fmr: Sequence[float], fnmr: Sequence[float]) -> float | None:
    """Return FDR, 1 = no difference: one less the weighted largest differences (de Freitas Pereira & Marcel 2022)."""
    if len(fmr) < _FEWEST or len(fnmr) < _FEWEST:
        return None
    return float(1 - (ALPHA * (max(fmr) - min(fmr)) + (1 - ALPHA) * (max(fnmr) - min(fnmr))))


def gini(rates: Sequence[float]) -> float | None:
    """Return the Gini coefficient with the small-sample factor n/(n-1), in [0, 1]; 0 = no difference."""
    values = np.asarray(rates, np.float64)
    count = len(values)
    if count < _FEWEST or values.mean() <= 0:
        return None
    spread = np.abs(values[:, None] - values[None, :]).sum()
    return float(count / (count - 1) * spread / (2 * count**2 * values.mean()))


def garbe(fmr: Sequence[float], fnmr: Sequence[float]) -> float | None:
    """Return GARBE, 0 = no difference (Howard et al. 2022)."""
    parts = gini(fmr), gini(fnmr)
    if parts[0] is None or parts[1] is None:
        return None
    return ALPHA * parts[0] + (1 - ALPHA) * parts[1]


def disparity(rates: Sequence[tuple[Rate, Rate]]) -> Disparity:
    """Return the measures over (FMR, FNMR) of each group."""
    fmrs = [fmr.value for fmr, _ in rates if fmr.value is not None]
    fnmrs = [fnmr.value for _, fnmr in rates if fnmr.value is not None]
    both = [(fmr.value, fnmr.value) for fmr, fnmr in rates if fmr.value is not None and fnmr.value is not None]
    columns = [one for one, _ in both], [other for _, other in both]
    return Disparity(
        max_over_geomean(fmrs), max_over_geomean(fnmrs), fairness_discrepancy(*columns), garbe(*columns),
        len(fmrs), len(fnmrs), len(both), sum(one.state is State.BOUND for pair in rates for one in pair),
    )  # fmt: skip
