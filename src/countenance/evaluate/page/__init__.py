"""The report as one self-contained page that a decision maker can read: no script, no address, nothing loaded.

It prints nothing that ``report.json`` does not hold, and no rate below its floor. Whatever comes from a manifest is
escaped and kept to its own place. The same report and photographs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from countenance.evaluate.page.evidence import conditions, left_out, made_of
from countenance.evaluate.page.groups import groups, same_group
from countenance.evaluate.page.markup import Html, clean, tag
from countenance.evaluate.page.opening import opening
from countenance.evaluate.page.quality import quality
from countenance.evaluate.page.searches import searches
from countenance.evaluate.page.verification import failures, scores, verification
from countenance.evaluate.page.worst import worst

__all__ = ["page"]


def page(document: Mapping[str, Any], folder: Path, boxes: Mapping[str, tuple[float, float, float, float]]) -> bytes:
    """Return ``report.html``.

    ``document`` is ``report.json``; ``folder`` is the manifest's, where photographs of the worst pairs are looked for;
    ``boxes`` says by a photograph's name where its face is: x, y, width and height as fractions of the frame.
    """
    style = files("countenance.evaluate.page").joinpath("page.css").read_text("utf-8")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{clean(document['title'])}: a self-evaluation of face comparison"),
        tag("style", Html(style)),
    )
    chapters = [
        verification(document), scores(document), failures(document), same_group(document), groups(document),
        searches(document), quality(document), worst(document, folder, boxes), left_out(document),
        conditions(document), made_of(document),
    ]  # fmt: skip
    body = tag("body", opening(document), tag("main", *chapters))
    return ("<!doctype html>\n" + tag("html", head, body, lang="en") + "\n").encode()
