"""The public page's counts: a bar where looking beats reading, and each number with the days it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from countenance.interfaces.markup import Html, tag

_WORDS: Mapping[str, str] = {
    "matches": "matched, and went on",
    "not-matched": "not matched: an officer looked",
    "not-compared": "photographed, not compared: checked by hand",
    "refusals": "refused, no camera used",
    "no-camera": "not compared from the outset, no camera used",
    "came-back": "referred at once: an earlier referral was open",
    "officer-referrals": "referred by an officer, whatever was answered",
    "reviews": "referrals that a human ended",
    "contests-reviewed": "contests reviewed",
    "alerts-confirmed": "alerts that a human confirmed",
    "alerts-rejected": "alerts that a human rejected",
    "erasures": "erasures that somebody asked for or an event's end brought",
}
_TOTALS: Mapping[str, str] = {
    "encounters": "people who came to a checkpoint, as far as told", "captures": "of these, people photographed",
    "referrals": "people referred to an officer",
}  # fmt: skip
_PARTS = ("matches", "not-matched", "not-compared", "refusals", "no-camera", "came-back")
_WIDTH, _HEIGHT, _RECENT = 600, 22, 30


def counts(told: Mapping[str, Any]) -> Html:
    """Return the section of counts."""
    series = told["series"]
    places = sorted({one["checkpoint"] for one in series} - {""})
    through = f" until {told['through']}" if told["through"] else ""
    return tag(
        "section",
        tag("h2", "How often it acted"),
        tag("p", f"Counts of whole days{through}, in UTC. No count below {told['smallest']} is told, zero neither: its "
            "days are counted together with later ones, until there are enough. Totals are sums of told counts, so "
            "that nothing else can be computed from them."),
        _totals(told["totals"]),
        *(_place(place, [one for one in series if one["checkpoint"] == place]) for place in places),
        _place("", [one for one in series if one["checkpoint"] == ""]),
    )  # fmt: skip


def _totals(totals: Iterable[Mapping[str, Any]]) -> Html:
    facts = (
        tag("li", tag("b", _number(one["number"])), tag("span", _TOTALS[one["total"]]))
        for one in totals if one["checkpoint"] == ""
    )  # fmt: skip
    return tag("ul", *facts, class_="facts")


def _number(number: int | None) -> str:
    return "not told yet" if number is None else f"{number:,}".replace(",", "\u202f")


def _place(place: str, series: list[Mapping[str, Any]]) -> Html:
    rows = [_row(one) for one in series]
    heads = ("what", "told so far", "last told", "one bar each time")
    return tag(
        "div",
        tag("h3", place or "The whole site"),
        _shares({one["kind"]: one["number"] or 0 for one in series}) if place else None,
        tag(
            "table",
            tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
            tag("tbody", *rows),
        ),
    )


def _row(one: Mapping[str, Any]) -> Html:
    words = tag("th", _WORDS.get(one["kind"], one["kind"]), scope="row")
    if not one["used"] and not one["told"]:
        return tag("tr", words, tag("td", "not used here", colspan=3))
    last = one["told"][-1] if one["told"] else None
    days = (
        None
        if last is None
        else last["since"]
        if last["since"] == last["until"]
        else f"{last['since']} to {last['until']}"
    )
    return tag(
        "tr", words,
        tag("td", _number(one["number"])),
        tag("td", "" if last is None else f"{_number(last['number'])} ({days})"),
        tag("td", _bars([run["number"] for run in one["told"][-_RECENT:]])),
    )  # fmt: skip


def _bars(numbers: list[int]) -> Html | None:
    if not numbers:
        return None
    most = max(numbers)
    bars = (
        tag("rect", x=place * 6, y=_HEIGHT - tall, width=5, height=tall, class_="bar")
        for place, number in enumerate(numbers)
        if (tall := max(1, round(number * _HEIGHT / most)))
    )
    label = f"{len(numbers)} counts, {min(numbers)} to {most}"
    return tag("svg", *bars, width=6 * len(numbers), height=_HEIGHT, role="img", aria_label=label)


def _shares(numbers: Mapping[str, int]) -> Html | None:
    """Return one bar that shows how told encounters ended."""
    total = sum(numbers.get(kind, 0) for kind in _PARTS)
    if not total:
        return None
    parts, at = [], 0.0
    for kind in _PARTS:
        wide = numbers.get(kind, 0) * _WIDTH / total
        parts.append(tag("rect", x=f"{at:.1f}", y=0, width=f"{wide:.1f}", height=_HEIGHT, class_=f"part {kind}"))
        at += wide
    words = ", ".join(f"{_WORDS[kind]}: {numbers[kind]}" for kind in _PARTS if numbers.get(kind))
    drawn = tag(
        "svg",
        *parts,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_label=words,
        class_="shares",
    )
    keys = (
        tag("li", tag("svg", tag("rect", width=12, height=12, class_=f"part {kind}"), width=12, height=12,
                      aria_hidden="true"), f" {_WORDS[kind]}")
        for kind in _PARTS if numbers.get(kind)
    )  # fmt: skip
    return tag("div", drawn, tag("ul", *keys, class_="keys"))
