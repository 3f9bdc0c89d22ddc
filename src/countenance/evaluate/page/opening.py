"""The first screen: what was measured and by whom, the few figures that matter, and what they do not show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from countenance.evaluate.page.markup import Html, join, name, tag
from countenance.evaluate.page.words import INSUFFICIENT, between, of_many, one_in, percent, targets_of, why_not
from countenance.evaluate.rates import State

_HEADLINES = ("1e-4", "1e-5")
_SUSPICIOUS = 0.9
"""Strangers more alike than this are mostly one person under two names."""
CHAPTERS = (
    ("rates", "Error rates"), ("scores", "Scores"), ("failures", "Failures"), ("same-group", "Strangers alike"),
    ("groups", "Groups"), ("searches", "Searches"), ("quality", "Quality measures"), ("worst", "Worst pairs"),
    ("left-out", "Rows left out"), ("conditions", "Conditions"), ("made-of", "How it was made"),
)  # fmt: skip


def opening(document: Mapping[str, Any]) -> Html:
    """Return the page's head: everything that somebody reads who reads no further."""
    return tag(
        "header",
        tag("p", "Self-evaluation", class_="stamp"),
        tag("h1", "How often does this face comparison err?"),
        tag("p", tag("strong", name(document["title"])), f", {document['created'][:10]}", class_="soft"),
        tag("p", *_measured(document), class_="lead"),
        tag("p", "Whoever runs or sells this system made the measurement. ",
            tag("strong", "Nobody independent made it or checked it."), class_="lead"),
        tag("ul", *(_fact(document, target) for target in _headlines(document)), *_counts(document), class_="facts"),
        tag("p", "A ", tag("b", "missed match"), " (false non-match, FNMR) is a person who is not recognised. A ",
            tag("b", "false match"), " (FMR) is a stranger taken for somebody else. The threshold trades one for the "
            "other: a stricter one lets fewer strangers through and misses more people.", class_="soft"),
        tag("div", tag("h2", "What these figures do not show"),
            tag("ul", *(tag("li", *item) for item in _limits(document))), class_="limits"),
        tag("nav", tag("ul", *(tag("li", tag("a", words, href="#" + anchor)) for anchor, words in CHAPTERS)),
            aria_label="Chapters"),
    )  # fmt: skip


def _measured(document: Mapping[str, Any]) -> Iterator[str]:
    counts = document["counts"]
    yield f"{counts['images']:,} photographs of {counts['persons']:,} people were compared, "
    yield "the pairs that a list names: " if document["hashes"]["pairs"] else "every one with every other: "
    yield f"{counts['mated']:,} pairs of the same person and {counts['nonmated']:,} pairs of strangers."


def _headlines(document: Mapping[str, Any]) -> list[str]:
    """Return the targets to tell first: 1e-4 and 1e-5, and the strictest with a rate where they have none."""
    cells = document["verification"]["fnmr_at_fmr"]
    known = [target for target in targets_of(document) if cells[target]["state"] != INSUFFICIENT]
    first = [target for target in _HEADLINES if target in cells]
    return first if not known or set(first) & set(known) else [known[-1], *first]


def _fact(document: Mapping[str, Any], target: str) -> Html:
    cell = document["verification"]["fnmr_at_fmr"][target]
    where = f"where {one_in(target)} strangers is falsely matched (FNMR at FMR {target})"
    if cell["state"] == State.MEASURED:
        inside = between(cell["low"], cell["high"])
        big, words = percent(cell["pooled"]), f"missed matches, about {of_many(cell['pooled'])}, {where}"
        each = between(cell["balanced_low"], cell["balanced_high"])
        balanced = f"{percent(cell['balanced'])} where every person weighs the same" + (f"; {each}" if each else "")
        return tag("li", tag("b", big), tag("span", inside, class_="interval") if inside else None,
                   tag("span", words), tag("span", balanced, class_="interval"))  # fmt: skip
    if cell["state"] == State.BOUND:
        people = cell["independent"]
        return tag("li", tag("b", f"below {percent(cell['high'])}"), tag("span", f"missed matches {where}"),
                   tag("span", f"an upper bound: no error among {people:,} people", class_="interval"))  # fmt: skip
    return tag("li", tag("b", INSUFFICIENT, class_="none"), tag("span", f"for missed matches {where}"),
               tag("span", why_not(cell), class_="interval"))  # fmt: skip


def _counts(document: Mapping[str, Any]) -> Iterator[Html]:
    counts = document["counts"]
    with_mates = counts["persons_with_mated_pairs"]
    yield tag("li", tag("b", f"{with_mates:,} people"), tag("span", "have two photographs or more: what missed matches "
              "are measured on"))  # fmt: skip
    failed = counts["failed_to_enrol"]
    words = f"of {counts['images']:,} photographs gave no template; their pairs count as missed"
    yield tag("li", tag("b", f"{failed:,}"), tag("span", words))


def _limits(document: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    yield ("How it does at your checkpoint: other cameras, light, ages and people give other rates. Measure there.",)
    yield ("How it resists photographs, masks and screens held before a camera: no attack was tried.",)
    yield ("Anything about other people: intervals cover who else might have been drawn in the same way, no more.",)
    envelope, counts = document["envelope"], document["counts"]
    if not document["groups"]:
        yield ("Whether some groups of people fare worse: the manifest states no groups.",)
    elif small := _thin(document):
        yield (f"Differences between all groups: {small} of those stated are too small for a false match rate.",)
    if envelope["ages"] is None:
        yield ("How it does with children or the old: the manifest states too few ages.",)
    if envelope["reference_years"] is None:
        yield ("How rates grow with the age of the reference photograph: the manifest states too few dates.",)
    if not any(key.isdecimal() for key in document["identification"]):
        yield ("How often a search among many people errs: no search was measured.",)
    if left := counts["rows_left_out"] + counts["pairs_left_out"]:
        yield (
            join(f"What the {left:,} rows would have added that ", tag("a", "were left out", href="#left-out"), "."),
        )
    if document["worst"] and any(pair["score"] >= _SUSPICIOUS for pair in document["worst"]["nonmated"]):
        look = tag("a", "Look at them", href="#worst")
        yield (join("Errors of the data themselves: some strangers are so alike that they may be one person under two "
                    "names, and then the rates of false matches are too high. ", look, "."),)  # fmt: skip


def _thin(document: Mapping[str, Any]) -> int:
    """Return how many stated groups have no rate above its floor at any target."""
    loosest = targets_of(document)[0]
    values = [value for column in document["groups"].values() for value in column["values"].values()]
    return sum(value["at"][loosest]["fmr"]["state"] == State.INSUFFICIENT for value in values)
