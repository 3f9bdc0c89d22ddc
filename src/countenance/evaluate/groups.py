"""The report's groups: each one's rates at the one global threshold, how far they lie apart, and strangers alike."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from countenance.evaluate.disparity import disparity
from countenance.evaluate.evaluation import Evaluation
from countenance.evaluate.rates import Rate, State, insufficient, rate
from countenance.evaluate.shown import Json, ends, is_measured, shown_rate, target_name
from countenance.evaluate.subsets import Subset, false_matches, false_non_matches


@dataclass(frozen=True, slots=True)
class _Rates:
    """One subset's rates at the global threshold of one target."""

    fmr: Rate
    fnmr: Rate
    balanced: Rate
    """FNMR in which each person weighs the same."""

    def shown(self) -> Json:
        """Return them as the report shows them."""
        return {"fmr": shown_rate(self.fmr), "fnmr": shown_rate(self.fnmr), "balanced": shown_rate(self.balanced)}


def groups_section(evaluation: Evaluation) -> Json:
    """Return each group's people, refusals and rates, and how far groups lie apart, by column."""
    shown: Json = {}
    found: dict[str, list[dict[str, _Rates]]] = {}
    for column, value, subset in evaluation.groups:
        rates = {target_name(target): _rates(evaluation, subset, target) for target in evaluation.at}
        found.setdefault(column, []).append(rates)
        entry = shown.setdefault(column, {"values": {}, "disparity": {}})
        entry["values"][value] = {
            **_refusals(evaluation, subset), "at": {name: one.shown() for name, one in rates.items()},
        }  # fmt: skip
    for column, groups in found.items():
        for name in map(target_name, evaluation.at):
            measures = disparity([(rates[name].fmr, rates[name].fnmr) for rates in groups])
            shown[column]["disparity"][name] = asdict(measures)
    return shown


def same_section(evaluation: Evaluation, subset: Subset) -> Json:
    """Return the rates of people who stated the same, and the threshold at which their FMR would be the target."""
    at = {}
    for target in evaluation.at:
        own = subset.threshold(evaluation.comparisons, target)
        false, people = false_matches(evaluation.comparisons, subset, own) if own is not None else (0, 0)
        reached = rate(false, subset.strangers, people, subset.pairs_of_people, np.nan, np.nan)
        measured = reached.state is State.MEASURED
        at[target_name(target)] = {
            **_rates(evaluation, subset, target).shown(),
            "own_threshold": own if measured else None,
            "own_state": (State.MEASURED if measured else State.INSUFFICIENT).value,
            "own_errors": false, "own_people": people,
        }  # fmt: skip
    return {"persons": subset.people, "nonmated": subset.strangers, "at": at}


def _rates(evaluation: Evaluation, subset: Subset, target: float) -> _Rates:
    """Return a subset's rates at the global threshold of one target; FNMR only where that is the target's."""
    found, at, comparisons = evaluation.intervals[target], evaluation.at[target], evaluation.comparisons
    false, false_people = false_matches(comparisons, subset, at.threshold)
    missed, missed_people, share = false_non_matches(comparisons, subset, at.threshold)
    errors = missed, int(subset.mated_each.sum()), missed_people, int((subset.mated_each > 0).sum())
    fmr = rate(false, subset.strangers, false_people, subset.pairs_of_people,
               *ends(found.subset_fmr[subset.name]))  # fmt: skip
    fnmr = rate(*errors, *ends(found.subset_fnmr[subset.name]))
    balanced = rate(*errors, *ends(found.subset_balanced[subset.name]), share)
    if not at.supported:
        fmr = insufficient(fmr)
    if not is_measured(evaluation, target):
        fnmr, balanced = insufficient(fnmr), insufficient(balanced)
    return _Rates(fmr, fnmr, balanced)


def _refusals(evaluation: Evaluation, subset: Subset) -> Json:
    """Return how many of a group's photographs gave no template, and their share where enough did not."""
    of_image, usable = evaluation.comparisons.people.of_image, evaluation.samples.usable
    inside = subset.members[of_image] >= 0
    refused = inside & ~usable
    share = rate(int(refused.sum()), int(inside.sum()), len(np.unique(of_image[refused])), subset.people, np.nan,
                 np.nan)  # fmt: skip
    return {"persons": subset.people, "images": share.trials, "refused": share.errors, "refused_share": share.value,
            "refusals": shown_rate(share)}  # fmt: skip
