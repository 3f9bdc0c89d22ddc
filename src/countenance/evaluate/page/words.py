"""Rates in words: what was measured, with its interval; what is only bounded; and what nobody can say from these data.

Nothing in here turns "insufficient data" into a number: counts of errors are told, never a share made of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from countenance.evaluate.page.markup import Html, stacked, tag
from countenance.evaluate.rates import FLOOR_ERRORS, FLOOR_PEOPLE, RULE_OF_THREE, State

INSUFFICIENT = State.INSUFFICIENT.value
ENOUGH = f"{FLOOR_ERRORS} errors by {FLOOR_PEOPLE} people"
NEEDED = f"{ENOUGH} are needed"
_MANY = (100, 1_000, 10_000, 100_000, 1_000_000)
UNKNOWN = "this threshold stands for no known rate of false matches"
_SPACE = "\u00a0"
"""No line breaks between a number and its unit."""


def significant(value: float, figures: int = 3) -> str:
    """Return a number with so many figures that mean something, never with an exponent."""
    if value == 0:
        return "0"
    exponent = int(f"{value:.{figures - 1}e}".partition("e")[2])
    text = f"{abs(value):,.{max(0, figures - 1 - exponent)}f}"
    return "\u2212" + text if value < 0 else text


def percent(share: float, figures: int = 3) -> str:
    """Return a fraction as per cent."""
    return f"{significant(100 * share, figures)}{_SPACE}%"


def between(low: float | None, high: float | None) -> str | None:
    """Return a 95 % interval in words, or None where none was made."""
    if low is None or high is None:
        return None
    return f"95{_SPACE}%: {significant(100 * low)} to {percent(high)}"


def of_many(share: float) -> str:
    """Return a share as people count: "6 of 1,000"."""
    many = next((number for number in _MANY if share * number >= 1), _MANY[-1])
    return f"{share * many:,.0f} of {many:,}"


def one_in(target: str) -> str:
    """Return a target's name as people say it: "1 in 10,000"."""
    return f"1 in {1 / float(target):,.0f}"


def targets_of(document: Mapping[str, Any]) -> list[str]:
    """Return the names of all targets, the loosest first."""
    return sorted(document["verification"]["fnmr_at_fmr"], key=float, reverse=True)


def _none(reason: str) -> Html:
    return stacked(tag("span", INSUFFICIENT, class_="none"), reason)


def rate_cell(rate: Mapping[str, Any], *, whom: str = "people") -> Html:
    """Return what may be said of one rate; ``whom`` names what the effective number counts."""
    if rate["state"] == State.MEASURED:
        return measured(rate["value"], rate["low"], rate["high"])
    if rate["state"] == State.BOUND:
        return bound(rate["high"], rate["independent"], whom)
    if not rate["trials"]:
        return _none("there was none to count")
    return _none(lacking(rate, whom=whom))


def measured(value: float, low: float | None, high: float | None) -> Html:
    """Return a measured rate with its interval."""
    return stacked(tag("b", percent(value)), between(low, high))


def bound(high: float, independent: int, whom: str) -> Html:
    """Return an upper bound after no error, with the effective number that it rests on."""
    return stacked(tag("b", f"below {percent(high)}"), f"no error among {independent:,} {whom}")


def fnmr_cell(cell: Mapping[str, Any], kind: str) -> Html:
    """Return FNMR at one target: ``kind`` is "pooled" or "balanced"."""
    low, high = ("low", "high") if kind == "pooled" else ("balanced_low", "balanced_high")
    if cell["state"] == State.MEASURED:
        return measured(cell[kind], cell[low], cell[high])
    if cell["state"] == State.BOUND:
        return bound(cell[high], cell["independent"], "people")
    return _none(why_not(cell))


def why_not(cell: Mapping[str, Any]) -> str:
    """Return what is missing where FNMR at a target is insufficient data: strangers, or missed pairs."""
    false = cell["fmr"]
    if false["state"] == State.MEASURED:
        return lacking({**cell, "people": cell["error_people"]}, "missed pair")
    if false["state"] == State.BOUND or not false["errors"]:
        return "too few strangers: no false match is left to set this threshold by"
    if _enough(false):
        return UNKNOWN
    return "too few strangers: " + lacking(false, "false match", "false matches")


def _enough(rate: Mapping[str, Any]) -> bool:
    """Return whether neither errors nor people are missing: then it is the threshold of which too little is known."""
    if not rate["errors"]:
        return bool(rate["independent"] > RULE_OF_THREE)
    return bool(rate["errors"] >= FLOOR_ERRORS and rate["people"] >= FLOOR_PEOPLE)


def lacking(rate: Mapping[str, Any], one: str = "error", more: str = "", *, whom: str = "people") -> str:
    """Return what is missing where a rate is insufficient data; ``one`` and ``more`` name its errors."""
    errors, people = rate["errors"], rate["people"]
    if _enough(rate):
        return UNKNOWN
    if not errors:
        return f"no {one}, and too few {whom} to bound it"
    what = one if errors == 1 else more or one + "s"
    return f"{errors:,} {what} by {people:,} {'person' if people == 1 else 'people'}; {NEEDED}"
