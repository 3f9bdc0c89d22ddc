"""How far groups lie apart, in the measures people argue with: Max/GeoMean, FDR, GARBE (STANDARDS §4; NIST IR 8429).

Each takes one rate a group, at one global threshold. Groups without enough data are left out and counted; a rate of
zero is replaced by its upper bound, and said so, because ratios to zero mean nothing.
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
    """The summary measures over groups; None with fewer than two groups that have enough data."""

    fmr_max_over_geomean: float | None
    fnmr_max_over_geomean: float | None
    fdr: float | None
    garbe: float | None
    groups: int
    """How many groups had enough data for both rates."""
    bounded: int
    """In how many of their rates an upper bound stands for zero."""


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
    known = [(fmr, fnmr) for fmr, fnmr in rates if State.INSUFFICIENT not in {fmr.state, fnmr.state}]
    fmrs, fnmrs = [_number(fmr) for fmr, _ in known], [_number(fnmr) for _, fnmr in known]
    return Disparity(
        max_over_geomean(fmrs), max_over_geomean(fnmrs), fairness_discrepancy(fmrs, fnmrs), garbe(fmrs, fnmrs),
        len(known), sum(one.state is State.BOUND for pair in known for one in pair),
    )  # fmt: skip


def _number(rate: Rate) -> float:
    return float(rate.value if rate.value is not None else rate.high or 0.0)
