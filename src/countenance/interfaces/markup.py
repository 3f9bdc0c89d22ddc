"""HTML by function calls: every text is escaped unless it was built here."""

from __future__ import annotations

from html import escape


class Html(str):
    """Markup that is safe to write as it is."""

    __slots__ = ()


Part = str | None


def tag(name: str, /, *parts: Part, **attributes: object) -> Html:
    """Return one element; ``class_`` means class, ``aria_x`` means aria-x, True a bare attribute, None none at all."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{written}>")
    if name in _DRAWN:
        return Html(f"<{name}{written} />")
    return Html(f"<{name}{written}>{join(*parts)}</{name}>")


def join(*parts: Part) -> Html:
    """Return parts one after the other, plain texts escaped, None left out."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts if part is not None))


_VOID = frozenset({"br", "img", "link", "meta"})
_DRAWN = frozenset({"circle", "rect"})
"""Elements of SVG: HTML closes these only when told to."""


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
