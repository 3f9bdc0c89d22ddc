"""A page of an evaluation as it is read: its tags, its texts, its cells."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from countenance.evaluate.page import page
from sample_report import HOSTILE, hostile, poor, rich

Json = dict[str, Any]
VOID = {"meta", "img", "br", "col"}
CELLS = {"td", "li", "dd", "p"}
REPORTS = ("rich", "poor", *HOSTILE)
"""What is looked at in every way: enough data, hardly any, and names nobody would choose."""


class Read(HTMLParser):
    """A page as read: its tags in order with attributes, its texts, and whether every tag was closed in turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.stack: list[str] = []
        self.faults: list[str] = []
        self.cells: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)
        if tag in CELLS:
            self.cells.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element of SVG that closes itself."""
        self.tags.append((tag, dict(attrs)))
        if "svg" not in self.stack:
            self.faults.append(f"<{tag}/> outside of a drawing")

    def handle_endtag(self, tag: str) -> None:
        """Compare with what was opened last."""
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(f"</{tag}>")
        if tag in CELLS:
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        """Collect texts, and the text of the latest cell."""
        if not self.stack or self.stack[-1] != "style":
            self.texts.append(data)
            if self.cells:
                self.cells[-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every such element."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        """All that is to read."""
        return " ".join("".join(self.texts).split())


def made(document: Json, folder: Path = Path("/nowhere")) -> str:
    """Return a page as text."""
    return page(document, folder, {}).decode()


@cache
def report_page(report: str) -> str:
    """Return the page of one of REPORTS, made once."""
    return made({"rich": rich, "poor": poor}.get(report, lambda: hostile(report))())


def read(document: Json) -> Read:
    """Return a page as read."""
    return Read(made(document))
