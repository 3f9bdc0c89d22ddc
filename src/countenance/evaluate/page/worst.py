"""The pairs at which the system errs worst, to look at: people unlike themselves, strangers who look alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from countenance.evaluate.page.markup import Html, name, notice, section, tag
from countenance.evaluate.page.thumbnails import SIDE, thumbnail

Boxes = Mapping[str, tuple[float, float, float, float]]
_LISTS = (
    ("mated", "One person, least alike", "The lowest scores of pairs that the manifest says are one person."),
    ("nonmated", "Two people, most alike", "The highest scores of pairs that the manifest says are strangers."),
)


def worst(document: Mapping[str, Any], folder: Path, boxes: Boxes) -> Html:
    """Return the worst pairs of both kinds as thumbnails, or the sentence that this was switched off."""
    found, title = document["worst"], "The worst pairs"
    if found is None:
        return section("worst", title, notice("Switched off: this report names and shows no photograph."))
    pairs = [pair for kind, _, _ in _LISTS for pair in found[kind]]
    start = common_start([pair[side] for pair in pairs for side in ("a", "b")])
    told = tag("p", "Names are shown without their common beginning, ", tag("code", name(start)), ".", class_="soft")
    return section(
        "worst", title,
        tag("p", "Look before you believe the numbers: a manifest with the wrong name on a photograph makes errors "
            "that are not the system's, and they come first in these lists. Each photograph is in two pairs of a list "
            "at most, so that one with a wrong name, or one twin, cannot fill it."),
        tag("p", "This part shows people's faces. Leave it out of copies that go further than those who may see them."),
        told if start else None,
        *(_list(found[kind], heading, words, start, lambda file: thumbnail(folder / file, boxes.get(file)))
          for kind, heading, words in _LISTS),
    )  # fmt: skip


def common_start(names: Sequence[str]) -> str:
    """Return the folders that all names begin with, to the last "/"; "" where there are none."""
    if not names:
        return ""
    first, last = min(names), max(names)
    same = next((place for place, char in enumerate(first) if last[place : place + 1] != char), len(first))
    return first[: first.rfind("/", 0, same) + 1]


def _list(pairs: Sequence[Mapping[str, Any]], heading: str, words: str, start: str, shown: Any) -> Html:
    if not pairs:
        return tag("div", tag("h3", heading), notice("There is no such pair."))
    items = [
        tag("li", tag("div", _picture(pair["a"], start, shown), _picture(pair["b"], start, shown), class_="two"),
            tag("p", "score ", tag("b", f"{pair['score']:.3f}".replace("-", "\u2212"))))
        for pair in pairs
    ]  # fmt: skip
    return tag("div", tag("h3", heading), tag("p", words, class_="soft"), tag("ol", *items, class_="worst"))


def _picture(file: str, start: str, shown: Any) -> Html:
    uri, short = shown(file), file[len(start) :]
    seen = (
        tag("img", src=uri, width=SIDE, height=SIDE, alt="the face")
        if uri
        else tag("span", "cannot be shown", class_="missing")
    )
    return tag("div", seen, tag("span", name(short), class_="file"))
