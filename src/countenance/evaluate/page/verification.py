"""One-to-one comparison: rates at targets, the trade-off, the scores behind it, and photographs without a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from countenance.evaluate.page.markup import Html, join, notice, section, stacked, table, tag
from countenance.evaluate.page.plots import det, det_points, histogram
from countenance.evaluate.page.words import (
    ENOUGH,
    INSUFFICIENT,
    fnmr_cell,
    lacking,
    one_in,
    percent,
    rate_cell,
    targets_of,
)
from countenance.evaluate.rates import NO_ERROR, State

_ERRORS = {"fnmr": ("missed pair",), "fmr": ("false match", "false matches")}
_MERGED = 10
"""Bins of the histogram that one row of its table puts together."""
_DECADES = (0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6)


def verification(document: Mapping[str, Any]) -> Html:
    """Return FNMR at every FMR, pooled and person-balanced, and the curve through them."""
    cells = document["verification"]["fnmr_at_fmr"]
    rows = [
        (stacked(target, one_in(target)), fnmr_cell(cells[target], "pooled"), fnmr_cell(cells[target], "balanced"),
         _threshold(cells[target]), rate_cell(cells[target]["fmr"], whom="pairs of people"))
        for target in targets_of(document)
    ]  # fmt: skip
    heads = ("FMR aimed at", "FNMR, pooled", "FNMR, person-balanced", "threshold", "FMR measured")
    return section(
        "rates", "Error rates of one-to-one comparison",
        tag("p", "Each row sets the threshold so that no more than this share of strangers is falsely matched, and "
            "says how many comparisons of one person miss there. ", tag("b", "Pooled"), " counts every pair once, so "
            "people with many photographs weigh most. ", tag("b", "Person-balanced"), " lets every person weigh the "
            "same: nearer to what a queue of people meets."),
        table(_floor_words(document), heads, rows, label="Error rates by target"),
        *_chosen_elsewhere(document),
        *_summaries(document),
        *_det(document),
    )  # fmt: skip


def _threshold(cell: Mapping[str, Any]) -> Html:
    known = cell["fmr"]["state"] == State.MEASURED
    return stacked(f"{cell['threshold']:.3f}", None if known else "stands for no known rate")


def _floor_words(document: Mapping[str, Any]) -> str:
    resamples = document["settings"]["resamples"]
    times = f" {resamples:,} times" if resamples else ""
    made = f"95 % intervals: people were drawn anew{times}, with all their photographs. " if resamples != 0 else ""
    return (f"{made}A rate is printed only where {ENOUGH} stand behind it; without any error, an upper bound: three "
            "over the number beside it. That number counts people for missed matches, and pairs of people who share "
            "nobody (half as many as people) for false matches, never comparisons. Otherwise there is "
            f"“{INSUFFICIENT}”.")  # fmt: skip


def _chosen_elsewhere(document: Mapping[str, Any]) -> Iterator[Html]:
    """Yield what happens at thresholds that other people set: the only rows that test a threshold."""
    found = document["verification"].get("at_threshold")
    if not found:
        return
    rows = [
        (f"{entry['threshold']:.3f}", rate_cell(entry["fmr"], whom="pairs of people"), rate_cell(entry["fnmr"]),
         rate_cell(entry["balanced"])) for entry in found.values()
    ]  # fmt: skip
    yield tag("h3", "At thresholds chosen on other people")
    yield tag("p", "The table above chooses its thresholds on the people it measures, which flatters a little. These "
              "were fixed beforehand, so only these figures test a threshold.")  # fmt: skip
    heads = ("threshold", "FMR", "FNMR, pooled", "FNMR, person-balanced")
    yield table("Error rates at thresholds fixed beforehand", heads, rows, label="Thresholds fixed beforehand")


def _summaries(document: Mapping[str, Any]) -> Iterator[Html]:
    yield tag("p", "Equal error rate, where both kinds of error are equally frequent: ", *_equal(document))
    if lfw := document["lfw"]:
        error = lfw["standard_error"]
        after = f", standard error {percent(error, 2)}" if error is not None else ""
        yield tag("p", f"LFW's own protocol, {lfw['folds']} folds, pairs told rightly: ", *_accuracy(lfw), f"{after}.")
    if pairs := document["pairs"]:
        threshold = f"{pairs['threshold']:.3f}"
        yield tag("p", f"Listed pairs told rightly at the threshold that does best on them ({threshold}): ",
                  *_accuracy(pairs), ". Chosen on them: it flatters.")  # fmt: skip


def _equal(document: Mapping[str, Any]) -> Iterator[Html | str]:
    """Yield the equal error rate in words; 0 stands only beside the bounds that it leaves."""
    found = document["verification"]
    at, state = found["eer_at"], found["eer_state"]
    if at is None:
        yield f"{INSUFFICIENT}, because there are not both kinds of pairs."
    elif state == State.MEASURED:
        yield tag("b", percent(found["eer"]))
        yield ". No checkpoint works there; it serves to compare systems."
    elif state == NO_ERROR:
        yield tag("b", "0")
        yield f", no error at all at the threshold {at['threshold']:.3f}. Of other people this says no more than: "
        yield f"missed matches below {_bounded(at['fnmr'])} people), "
        yield f"false matches below {_bounded(at['fmr'])} pairs of people)."
    else:
        yield f"{INSUFFICIENT} ({'; '.join(_lacks(at))})."


def _bounded(rate: Mapping[str, Any]) -> str:
    return f"{percent(rate['high'])} (no error among {rate['independent']:,}"


def _lacks(at: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is missing of each kind of error where both are nearest to each other."""
    for kind, words in _ERRORS.items():
        if at[kind]["state"] == State.BOUND:
            yield f"no {words[0]}"
        elif at[kind]["state"] == State.INSUFFICIENT:
            yield lacking(at[kind], *words)


def _accuracy(entry: Mapping[str, Any]) -> Iterator[Html | str]:
    wrong = entry["wrong"]
    if entry["accuracy"] is not None:
        yield tag("b", percent(entry["accuracy"], 4))
    elif wrong["state"] == State.BOUND:
        yield f"all of {wrong['trials']:,}; of other people this says no more than that fewer than "
        yield f"{_bounded(wrong)} pairs of people) are told wrongly"
    else:
        yield f"{INSUFFICIENT} ({lacking(wrong, whom='pairs of people')})"


def _det(document: Mapping[str, Any]) -> Iterator[Html]:
    yield tag("h3", "Trade-off between the two errors")
    drawn = det(document)
    if drawn is None:
        yield notice(f"Not drawn: {INSUFFICIENT}. No part of the curve rests on enough errors by enough people on both "
                     "of its axes.")  # fmt: skip
        return
    threshold, fmr, fnmr = det_points(document)
    rows = []
    for wanted in _DECADES:
        if wanted >= fmr.min():
            place = int(abs(fmr - wanted).argmin())
            rows.append((percent(float(fmr[place]), 2), percent(float(fnmr[place]), 2), f"{threshold[place]:.3f}"))
    caption = tag("figcaption", "Lower and further left is better. Both axes are logarithmic: each line is ten times "
                  "the one before. Grey is the floor: nothing is drawn there.")  # fmt: skip
    points = table("The curve, pooled, as a table", ("FMR", "FNMR", "threshold"), dict.fromkeys(rows),
                   label="Points of the error trade-off")  # fmt: skip
    yield tag("div", tag("figure", drawn, caption), points, class_="plate beside")


def scores(document: Mapping[str, Any]) -> Html:
    """Return the histogram of scores and its table."""
    drawn = histogram(document)
    intro = tag("p", "A good system keeps the two hills apart. Where they overlap, every threshold errs. The scale "
                "of counts is logarithmic: single strangers are seen, who set the strict thresholds.")  # fmt: skip
    if drawn is None:
        return section("scores", "Scores of both kinds of pairs", notice("No pair was compared."))
    bins = document["verification"]["histogram"]
    width = bins["edges"][1] - bins["edges"][0]
    rows = []
    for start in range(0, len(bins["edges"]), _MERGED):
        two = [sum(bins[kind][start : start + _MERGED]) for kind in ("nonmated", "mated")]
        if any(two):
            low = bins["edges"][start]
            span = f"{low:.2f} to {low + _MERGED * width:.2f}".replace("-", "\u2212")
            rows.append((span, *(f"{count:,}" for count in two)))
    caption = tag("figcaption", "Dotted: the thresholds of the targets whose false match rate was measured.")
    spread = table("The scores as a table", ("score", "strangers", "same person"), rows, label="Pairs by score")
    figure = tag("div", tag("figure", drawn, caption), spread, class_="plate beside")
    return section("scores", "Scores of both kinds of pairs", intro, figure)


def failures(document: Mapping[str, Any]) -> Html:
    """Return how many photographs gave no template, and why."""
    counts = document["counts"]
    failed, images = counts["failed_to_enrol"], counts["images"]
    if not failed:
        return section("failures", "Photographs without a template",
                       tag("p", f"None: each of the {images:,} photographs gave a template."))  # fmt: skip
    rows = [(join(tag("code", reason)), f"{count:,}") for reason, count in counts["failed_by_reason"].items()]
    return section(
        "failures", "Photographs without a template",
        tag("p", f"{failed:,} of {images:,} photographs gave no template (failure to enrol or acquire). They stay in "
            f"the count: {counts['mated_lost']:,} pairs of the same person were lost with them, and each counts as a "
            "missed match at every threshold. Leaving them out would flatter the system."),
        table("By the step that refused, and its reason", ("reason", "photographs"), rows, label="Failures by reason"),
    )  # fmt: skip
