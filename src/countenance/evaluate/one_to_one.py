"""The report's one-to-one comparison: rates by target, thresholds from elsewhere, equal errors, lists of pairs."""

from __future__ import annotations

import math

import numpy as np

from countenance.evaluate.comparisons import BINS, edges
from countenance.evaluate.evaluation import Evaluation
from countenance.evaluate.rates import NO_ERROR, Rate, State, insufficient, rate
from countenance.evaluate.shown import (
    Json,
    ends,
    false_match_rate,
    finite,
    misses,
    shown_rate,
    strangers_matched,
    target_name,
)
from countenance.evaluate.verification import AtTarget, det, det_floors

_DET_POINTS = 400
_PLOT_BINS = 200
_ROUNDING = 1e-12


def verification_section(evaluation: Evaluation) -> Json:
    """Return everything about one-to-one comparison of the pairs."""
    step, comparisons = BINS // _PLOT_BINS, evaluation.comparisons
    return {
        **_equal_errors(evaluation),
        "fnmr_at_fmr": {target_name(target): _cell(evaluation, at) for target, at in evaluation.at.items()},
        "at_threshold": {f"{threshold:.6f}": _certified(evaluation, threshold) for threshold in evaluation.certified},
        "det": _curve(evaluation),
        "histogram": {
            "edges": edges()[::step].round(4).tolist(),
            "mated": comparisons.mated_bins.reshape(-1, step).sum(axis=1).tolist(),
            "nonmated": comparisons.non_mated_bins.reshape(-1, step).sum(axis=1).tolist(),
        },
    }


def pairs_section(evaluation: Evaluation) -> Json | None:
    """Return what a list of pairs gives by itself; None without one."""
    figures = evaluation.pair_figures
    if figures is None:
        return None
    cells = {target_name(target): _cell(evaluation, at) for target, at in evaluation.at.items()}
    return {
        "accuracy": _accuracy(figures.wrong),
        "threshold": figures.threshold,
        "wrong": shown_rate(figures.wrong),
        "fnmr_at_fmr": {name: cell["pooled"] for name, cell in cells.items()},
    }


def lfw_section(evaluation: Evaluation) -> Json | None:
    """Return LFW's own protocol; None where it was not asked for, or there are no folds."""
    figures = evaluation.pair_figures
    if figures is None or figures.folds is None or figures.folds_wrong is None:
        return None
    accuracy = _accuracy(figures.folds_wrong)
    return {
        "accuracy": accuracy,
        "standard_error": None if accuracy is None else figures.folds.standard_error,
        "folds": figures.folds.folds,
        "wrong": shown_rate(figures.folds_wrong),
    }


def _accuracy(wrong: Rate) -> float | None:
    return None if wrong.value is None else 1.0 - wrong.value


def _equal_errors(evaluation: Evaluation) -> Json:
    """Return the equal error rate and what lies behind it.

    Both kinds of error need their floor. 0 is told only where one threshold tells every pair rightly, by enough people
    that both kinds have an upper bound; that bound, not 0, is what may be expected of other people.
    """
    found, comparisons = evaluation.eer, evaluation.comparisons
    if found is None:
        return {"eer": None, "eer_state": State.INSUFFICIENT.value, "eer_at": None}
    at = found.at
    false = at.false_matches if at.supported else round(found.fmr * comparisons.non_mated)
    fmr = rate(false, comparisons.non_mated, at.false_match_people, comparisons.pairs_of_people, math.nan, math.nan,
               found.fmr)  # fmt: skip
    fnmr = rate(*misses(comparisons, at), math.nan, math.nan, found.fnmr)
    state, value = State.INSUFFICIENT.value, None
    if fmr.state is fnmr.state is State.MEASURED:
        state, value = State.MEASURED.value, found.rate
    elif fmr.state is fnmr.state is State.BOUND:
        state, value = NO_ERROR, 0.0
    return {"eer": value, "eer_state": state,
            "eer_at": {"threshold": at.threshold, "fmr": shown_rate(fmr), "fnmr": shown_rate(fnmr)}}  # fmt: skip


def _curve(evaluation: Evaluation) -> Json:
    """Return the error trade-off by rising threshold; a share that too little stands behind is null."""
    thresholds, fmr, fnmr = det(evaluation.comparisons)
    floors = det_floors(evaluation.comparisons)
    known = fmr >= floors[0] - _ROUNDING, fnmr >= floors[1] - _ROUNDING
    changes = np.flatnonzero(((np.diff(fmr, prepend=2.0) != 0) | (np.diff(fnmr, prepend=-1.0) != 0))
                             & (known[0] | known[1]))  # fmt: skip
    chosen = changes[np.unique(np.linspace(0, len(changes) - 1, _DET_POINTS).astype(int))] if len(changes) else changes
    return {
        "threshold": thresholds[chosen].round(5).tolist(),
        "fmr": [float(fmr[place]) if known[0][place] else None for place in chosen],
        "fnmr": [float(fnmr[place]) if known[1][place] else None for place in chosen],
    }


def _cell(evaluation: Evaluation, at: AtTarget) -> Json:
    found, false = evaluation.intervals[at.target], false_match_rate(evaluation, at.target)
    errors = misses(evaluation.comparisons, at)
    pooled, balanced = rate(*errors, *ends(found.fnmr)), rate(*errors, *ends(found.balanced), at.balanced)
    if false.state is not State.MEASURED:
        # The target lies below what these people can show: the threshold stands for no such error rate.
        pooled, balanced = insufficient(pooled), insufficient(balanced)
    return {
        "threshold": at.threshold,
        "threshold_low": finite(found.threshold.low),
        "threshold_high": finite(found.threshold.high),
        "state": pooled.state.value,
        "pooled": pooled.value, "low": finite(pooled.low), "high": finite(pooled.high),
        "balanced": balanced.value, "balanced_low": finite(balanced.low), "balanced_high": finite(balanced.high),
        "errors": at.false_non_matches, "error_people": at.false_non_match_people, "independent": pooled.independent,
        "fmr": shown_rate(false),
    }  # fmt: skip


def _certified(evaluation: Evaluation, threshold: float) -> Json:
    """Return what happens at a threshold that was chosen on other people."""
    (at, found), comparisons = evaluation.certified[threshold], evaluation.comparisons
    missed, fmr = misses(comparisons, at), strangers_matched(comparisons, at, found.fmr)
    return {
        "threshold": threshold,
        "fmr": shown_rate(fmr),
        "fnmr": shown_rate(rate(*missed, *ends(found.fnmr))),
        "balanced": shown_rate(rate(*missed, *ends(found.balanced), at.balanced)),
        "false_match_bound": finite(fmr.high),
    }
