"""What the figures rest on: rows left out, conditions, time taken, and the hashes of what went in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from countenance.evaluate.page.markup import Html, Part, clean, join, name, notice, section, table, tag
from countenance.evaluate.page.words import significant

_STEPS = {
    "embed": "photographs to templates", "score": "comparing all pairs", "bootstrap": "resampling people for intervals",
    "identification": "searching galleries",
}  # fmt: skip
_HASHES = {
    "data": "manifest, list of pairs and all photographs together", "manifest": "manifest", "pairs": "list of pairs",
    "weights": "weights", "recogniser": "the recognition network alone", "preprocessing": "preprocessing",
    "code": "version of countenance",
}  # fmt: skip


def left_out(document: Mapping[str, Any]) -> Html:
    """Return every row that was not used, with its number and the reason."""
    counts, faults = document["counts"], document["faults"]
    whole = counts["rows_left_out"] + counts["pairs_left_out"]
    if not whole:
        return section("left-out", "Rows left out", tag("p", "None: every row of the files was used."))
    rows = [(f"{fault['file']}, row {fault['row']:,}", tag("code", fault["reason"]), name(fault["sentence"]))
            for fault in faults]  # fmt: skip
    more = notice(f"{whole - len(faults):,} more were left out; this list ends here.") if whole > len(faults) else None
    intro = (f"{counts['rows_left_out']:,} rows of the manifest and {counts['pairs_left_out']:,} of the list of pairs "
             "could not be used. Everything else went on without them.")  # fmt: skip
    rows_told = table("The first row of a file is 1", ("where", "reason", "in words"), rows, label="Rows left out")
    return section("left-out", "Rows left out", tag("p", intro), rows_told, more)


def conditions(document: Mapping[str, Any]) -> Html:
    """Return the bounds inside which anything was measured; what a manifest does not state is unmeasured."""
    bounds = document["envelope"]
    ages, years, classes = bounds["ages"], bounds["reference_years"], bounds["capture_classes"]
    rows: list[tuple[str, Part]] = [
        ("ages", f"{ages[0]} to {ages[1]} years" if ages else _unmeasured()),
        ("between a person's two photographs", f"{years[0]} to {years[1]} years" if years else _unmeasured()),
        ("kinds of capture", _listed(classes) if classes else _unmeasured()),
    ]
    return section(
        "conditions", "Conditions under which this holds",
        tag("p", "An operating point made from this report compares nobody outside these bounds."),
        _facts(rows),
    )  # fmt: skip


def made_of(document: Mapping[str, Any]) -> Html:
    """Return the time each step took and the hashes of data, weights and code."""
    settings = document["settings"]
    times = [(_STEPS.get(step, step), f"{significant(value, 2)} s") for step, value in document["seconds"].items()]
    hashes = [
        (_HASHES.get(key, key), tag("code", clean(value)) if value else "none")
        for key, value in document["hashes"].items()
    ]
    drawn = f"random numbers start from {settings['seed']}"
    if settings["resamples"]:
        drawn += f"; people were resampled {settings['resamples']:,} times"
    return section(
        "made-of", "How it was made",
        tag("p", f"Written {document['created']} by countenance {clean(document['hashes']['code'])}; {drawn}. The same "
            "photographs, weights and code give the same figures again."),
        table("Time taken. Photographs that an earlier run had turned into templates are not counted again.",
              ("step", "seconds"), times, label="Time taken"),
        tag("h3", "Hashes (SHA-256) and versions"),
        _facts(hashes),
    )  # fmt: skip


def _facts(rows: Sequence[tuple[str, Part]]) -> Html:
    return tag("dl", *(tag("div", tag("dt", term), tag("dd", value)) for term, value in rows), class_="bounds")


def _unmeasured() -> Html:
    return join(tag("span", "unmeasured", class_="none"), ": the manifest states too little")


def _listed(classes: list[str]) -> Html:
    return join(*_commas(classes))


def _commas(texts: list[str]) -> Iterator[str]:
    for place, text in enumerate(texts):
        if place:
            yield ", "
        yield name(text)
