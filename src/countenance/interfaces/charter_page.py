"""A charter as a page for the public: every field in words, the notices whole, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from countenance.interfaces.demo.markup import Html, join, tag
from countenance.terms import Charter, iso

_STYLE = Html(
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "dt{font-weight:600;margin-top:.8rem}dd{margin:0}code{overflow-wrap:anywhere}pre{white-space:pre-wrap;font:inherit}"
)
_APART = frozenset({"@context", "@id", "notices", "format"})


def charter_page(charter: Charter, record: Mapping[str, Any], *, host: str = "") -> str:
    """Return the page of ``charter``; ``record`` is its published JSON, whose fields are told in order.

    ``host`` is where the site is served, for the link to its counts; without one, who answers for the charter is asked.
    """
    title = f"{charter.charter_id}, version {charter.version}"
    rows = [tag("div", tag("dt", _words(name)), tag("dd", _value(value))) for name, value in record.items()
            if name not in _APART]  # fmt: skip
    notices = [
        tag(
            "section",
            tag("h3", f"{notice.notice_id} ({notice.language})"),
            tag("pre", notice.text),
            lang=notice.language,
        )
        for notice in charter.notices
    ]
    head = tag("head", tag("meta", charset="utf-8"), tag("meta", name_="viewport", content="width=device-width"),
               tag("title", title), tag("style", _STYLE))  # fmt: skip
    body = tag(
        "body",
        tag("h1", title),
        tag("p", charter.purpose),
        tag(
            "p", f"In force from {iso(charter.valid_from)} to {iso(charter.valid_until)}. Its name in every record is "
        ),
        tag("p", tag("code", charter.sha256)),
        tag("dl", *rows),
        tag("h2", "How well it works, and how often it acted"),
        tag(
            "p",
            tag("a", "Error rates, clocks and counts", href=f"https://{host}/transparency/page")
            if host
            else "The site serves error rates, clocks and counts at /transparency/page, without an account.",
        ),
        tag("h2", "What people read before the camera"),
        *notices,
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _words(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _value(value: Any) -> Html:
    if isinstance(value, Mapping):
        return tag("dl", *(tag("div", tag("dt", _words(key)), tag("dd", _value(item))) for key, item in value.items()))
    if isinstance(value, list):
        return tag("ul", *(tag("li", _value(item)) for item in value))
    return join("yes" if value is True else "no" if value is False else str(value))
