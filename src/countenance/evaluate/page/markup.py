"""HTML by function calls: every text is escaped unless it was built here, and every name keeps to its own place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_JOINERS = frozenset("\u200c\u200d")
"""Invisible, and needed to write Persian and several Indian languages."""
_VOID = frozenset({"br", "col", "img", "meta"})


class Html(str):
    """Markup that is safe to write as it is."""

    __slots__ = ()


Part = str | None


def tag(name: str, /, *parts: Part, **attributes: object) -> Html:
    """Return one element; ``class_`` means class, ``aria_x`` means aria-x, True a bare attribute, None none at all."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(*parts)}</{name}>")


def join(*parts: Part) -> Html:
    """Return parts one after the other, plain texts escaped, None left out."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts if part is not None))


def clean(text: str) -> str:
    """Return a text from outside without control characters, direction overrides among them, which are replaced."""
    return "".join(char if char.isprintable() or char in _JOINERS else "\ufffd" for char in text)


def name(text: str) -> Html:
    """Return a name from the manifest: escaped, and isolated so that its writing direction moves nothing around it."""
    return tag("bdi", clean(text))


def stacked(first: Part, second: Part = None) -> Html:
    """Return a figure with what belongs to it in a second, softer line."""
    return join(first, tag("small", second) if second else None)


def table(caption: Part, heads: Sequence[Part], rows: Iterable[Sequence[Part]], *, label: str) -> Html:
    """Return a table whose first column names its rows; narrow screens scroll it sideways, by keyboard too."""
    body = [
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in rows
    ]  # fmt: skip
    whole = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
        tag("tbody", *body),
    )
    return tag("div", whole, class_="wide", role="region", tabindex=0, aria_label=label)


def section(anchor: str, title: str, *parts: Part) -> Html:
    """Return one chapter of the page with its heading."""
    return tag("section", tag("h2", title, id=anchor), *parts, aria_labelledby=anchor)


def details(summary: str, *parts: Part) -> Html:
    """Return something to open; printed pages show it open."""
    return tag("details", tag("summary", summary), *parts)


def notice(*parts: Part) -> Html:
    """Return a sentence in a box: what is not there, and why."""
    return tag("p", *parts, class_="notice")


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    written = key.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escape(clean(str(value)))}"'
