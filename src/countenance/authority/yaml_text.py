"""Charter YAML, strict: text becomes plain values, or a refusal that names the line.

Only what a charter needs of YAML is accepted: one document of mappings with text keys, lists, and plain or quoted
values. Plain values are ``true``, ``false``, ``null``, decimal integers, or text; nothing else is guessed (a language
code ``no`` stays text, a date stays text). Aliases, anchors, tags, merge keys, duplicate keys and deep nesting are
refused, so that the text a privacy officer reads is the charter the machine obeys, and no small file grows large.
The parser's events are read directly: no YAML constructor runs at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from countenance.errors import CharterError

MAX_BYTES = 128 * 1024
"""A charter file's size limit, in bytes."""
MAX_DEPTH = 8
"""How deeply lists and mappings may nest."""

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]
"""What a charter file consists of."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})", re.ASCII)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_REMEDY = "Correct the file and run 'countenance charter check' again."


def load(data: bytes) -> Plain:
    """Return the one document in ``data`` as plain values.

    Raises:
        CharterError: ``charter.too_large``, ``charter.not_text`` (not UTF-8), ``charter.not_yaml``,
            ``charter.yaml_feature`` (alias, anchor, tag, several documents, a key that is not text, too deep) or
            ``charter.duplicate_field``.
    """
    if len(data) > MAX_BYTES:
        raise CharterError(
            "charter.too_large",
            f"The charter file has {len(data)} bytes; {MAX_BYTES} are allowed.",
            remedy="Shorten the file: long texts belong behind the review reference.",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CharterError(
            "charter.not_text",
            f"The charter file is not UTF-8 text (byte {error.start}).",
            remedy="Save the file as UTF-8.",
        ) from error
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            builder.take(event)
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the last two: escapes beyond Unicode
        raise CharterError(
            "charter.not_yaml", f"The charter file is not YAML{_where(error)}.", remedy=_REMEDY
        ) from error
    return builder.document()


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end was not reached yet."""

    container: list[Plain] | dict[str, Plain]
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    """Builds plain values from parser events without recursion."""

    documents: list[Plain] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def take(self, event: Any) -> None:
        """Take the parser's next event."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _feature("an alias or anchor ('&' or '*')", line)
        if getattr(event, "tag", None) is not None:
            raise _feature("a tag ('!')", line)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.MappingStartEvent):
            self._push({}, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._push([], line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.documents:
            raise _feature("a second document ('---')", line)

    def document(self) -> Plain:
        """Return the document; an empty file is ``None``."""
        return self.documents[0] if self.documents else None

    def _scalar(self, event: Any, line: int) -> None:
        event.value.encode("utf-8")  # half a surrogate pair, written as an escape, is a ValueError here
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.container, dict) and top.key is None:
            if event.value in top.container:
                raise CharterError(
                    "charter.duplicate_field",
                    f"The field {event.value[:60]!r} stands twice (line {line}).",
                    remedy="Keep one of the two; nobody can tell which one was meant.",
                )
            top.key = event.value
        else:
            self._place(event.value if event.style is not None else _plain(event.value), line)

    def _push(self, container: list[Plain] | dict[str, Plain], line: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _feature(f"nesting deeper than {MAX_DEPTH}", line)
        self._place(container, line)
        self.stack.append(_Open(container))

    def _place(self, value: Plain, line: int) -> None:
        if not self.stack:
            self.documents.append(value)
            return
        top = self.stack[-1]
        if isinstance(top.container, list):
            top.container.append(value)
        elif top.key is None:
            raise _feature("a field name that is not text", line)
        else:
            top.container[top.key] = value
            top.key = None


def _plain(text: str) -> Plain:
    """Return what an unquoted value stands for: a word, a decimal integer, or just text."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def _feature(what: str, line: int) -> CharterError:
    return CharterError(
        "charter.yaml_feature",
        f"The charter file uses {what} (line {line}), which charters may not.",
        remedy="Write every value out where it stands; " + _REMEDY[0].lower() + _REMEDY[1:],
    )


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" (line {mark.line + 1})" if mark is not None else ""
