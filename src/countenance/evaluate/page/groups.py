"""Strangers who are alike, and groups of people beside each other, all at thresholds that all pairs together set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from countenance.evaluate.page.markup import Html, details, join, name, notice, section, stacked, table, tag
from countenance.evaluate.page.words import ENOUGH, INSUFFICIENT, one_in, percent, rate_cell, significant, targets_of
from countenance.evaluate.rates import State

_READING = (
    ("Max/GeoMean",
     "the highest rate over the typical one (their geometric mean). 1: no difference; 3: thrice the typical one."),
    ("FDR",
     ("1 less half the largest difference in FMR and half that in FNMR. 1: no difference. Where all rates are small "
      "it hardly moves: 0.999 can hide that one group's rate is ten times another's.")),
    ("GARBE",
     "how unevenly both rates are spread over the groups (Gini coefficient). 0: no difference; 1: one has all errors."),
)  # fmt: skip


def same_group(document: Mapping[str, Any]) -> Html:
    """Return false matches among strangers who stated the same, beside all strangers."""
    same = document["same_group"]
    intro = tag("p", "Strangers of one sex and origin are taken for each other more often than strangers drawn at "
                "random. Who uses another's document picks one that fits, so these rates matter more than those of all "
                "pairs where somebody may want to deceive.")  # fmt: skip
    if not same:
        return section(
            "same-group", "Strangers who are alike", intro, notice("Not measured: the manifest states no groups.")
        )
    return section("same-group", "Strangers who are alike", intro, *(_same(document, kind) for kind in same))


def _same(document: Mapping[str, Any], kind: str) -> Html:
    entry, cells = document["same_group"][kind], document["verification"]["fnmr_at_fmr"]
    rows = [
        (stacked(target, one_in(target)), f"{cells[target]['threshold']:.3f}",
         rate_cell(cells[target]["fmr"], whom="pairs of people"),
         rate_cell(entry["at"][target]["fmr"], whom="pairs of people"), _own(entry["at"][target]),
         rate_cell(entry["at"][target]["fnmr"]), rate_cell(entry["at"][target]["balanced"]))
        for target in targets_of(document)
    ]  # fmt: skip
    heads = ("FMR aimed at", "threshold", "FMR, all strangers", "FMR, these strangers", "threshold they would need",
             "FNMR of these people, pooled", "FNMR, person-balanced")  # fmt: skip
    caption = join(
        tag("b", name(kind)), f": {entry['nonmated']:,} pairs of strangers among {entry['persons']:,} people"
    )
    return table(caption, heads, rows, label=f"False matches among strangers: {kind}")


def _own(at: Mapping[str, Any]) -> Html | str:
    if at["own_threshold"] is None:
        return tag("span", INSUFFICIENT, class_="none")
    return f"{at['own_threshold']:.3f}"


def groups(document: Mapping[str, Any]) -> Html:
    """Return each group's rates at one global threshold, and how far groups lie apart."""
    columns = document["groups"]
    title = "Groups of people, at one threshold for all"
    if not columns:
        return section("groups", title, notice("Not measured: the manifest states no groups. Nobody's sex or origin is "
                       "ever guessed from a photograph."))  # fmt: skip
    reading = tag("dl", *(tag("div", tag("dt", term), tag("dd", words)) for term, words in _READING), class_="reading")
    return section(
        "groups", title,
        tag("p", "People stated their groups themselves. FMR counts strangers within the group; FNMR its own people, "
            "refused photographs counted as missed. Groups differ in size: compare intervals, not single numbers, and "
            "conclude nothing from “insufficient data”."),
        *(part for column in columns for part in _column(document, column)),
        tag("h3", "How to read the three summary measures"), reading,
    )  # fmt: skip


def _main_target(document: Mapping[str, Any], column: str) -> str:
    """Return the strictest target at which a group's FMR was measured; the loosest where none was."""
    targets = targets_of(document)
    values = document["groups"][column]["values"].values()
    known = [
        target for target in targets if any(value["at"][target]["fmr"]["state"] == State.MEASURED for value in values)
    ]
    return known[-1] if known else targets[0]


def _column(document: Mapping[str, Any], column: str) -> Iterator[Html]:
    main = _main_target(document, column)
    yield tag("h3", "By ", name(column))
    yield _rates(document, column, main)
    others = [target for target in targets_of(document) if target != main]
    yield details("At the other thresholds", *(_rates(document, column, target) for target in others))
    yield _disparity(document, column)


def _rates(document: Mapping[str, Any], column: str, target: str) -> Html:
    threshold = document["verification"]["fnmr_at_fmr"][target]["threshold"]
    rows = [
        (name(value), f"{entry['persons']:,}", _refused(entry),
         rate_cell(entry["at"][target]["fmr"], whom="pairs of people"), rate_cell(entry["at"][target]["fnmr"]),
         rate_cell(entry["at"][target]["balanced"]))
        for value, entry in document["groups"][column]["values"].items()
    ]  # fmt: skip
    heads = ("group", "people", "photographs refused", "FMR within the group", "FNMR, pooled", "FNMR, person-balanced")
    caption = f"At the threshold {threshold:.3f}, which aims at FMR {target} ({one_in(target)}) over all pairs"
    return table(caption, heads, rows, label=f"Error rates by {column} at FMR {target}")


def _refused(entry: Mapping[str, Any]) -> Html | str:
    refused, images = entry["refused"], entry["images"]
    if not refused:
        return f"none of {images:,}"
    share = f"{percent(entry['refused_share'])}; " if entry["refused_share"] is not None else ""
    return stacked(f"{refused:,} of {images:,}", f"{share}counted as missed")


def _disparity(document: Mapping[str, Any], column: str) -> Html:
    entry = document["groups"][column]
    rows = []
    for target in targets_of(document):
        found = entry["disparity"][target]
        words = f"FMR of {found['fmr_groups']}, FNMR of {found['fnmr_groups']}, both of {found['groups']}"
        bounds = f"of {len(entry['values'])}; rates with an upper bound alone, left out: {found['bounded']}"
        measures = ("fmr_max_over_geomean", "fnmr_max_over_geomean", "fdr", "garbe")
        rows.append((stacked(target, one_in(target)), stacked(words, bounds),
                     *(_measure(found[measure]) for measure in measures)))  # fmt: skip
    heads = ("FMR aimed at", "groups measured", "Max/GeoMean, FMR", "Max/GeoMean, FNMR", "FDR", "GARBE")
    caption = (f"How far the groups lie apart, over rates with {ENOUGH} behind each, of two groups at least. An upper "
               "bound says how few people a group has, so it stands in no measure; a group left out may fare better "
               "or worse than all the others.")  # fmt: skip
    return table(caption, heads, rows, label=f"Differences by {column}")


def _measure(value: float | None) -> Html | str:
    return tag("span", INSUFFICIENT, class_="none") if value is None else significant(value)
