"""The published JSON Schema of a charter, and its faults as sentences: the place, and what belongs there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from countenance.authority.yaml_text import Plain
from countenance.errors import CharterError

_TELL = 5
"""How many problems one refusal tells at once."""


def schema() -> dict[str, Any]:
    """Return the charter's JSON Schema (2020-12) as published with the package; a fresh copy."""
    text = files("countenance.authority").joinpath("charter.schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def checked(document: Plain) -> dict[str, Any]:
    """Return ``document`` if the schema holds, else tell its first problems, misspelt names before missing ones.

    Raises:
        CharterError: ``charter.unknown_field``, ``.missing_field``, ``.invalid_field``.
    """
    problems = [problem for error in _validator().iter_errors(document) for problem in _problems(error)]
    if problems:
        problems.sort(key=lambda problem: problem[0])
        raise CharterError(
            problems[0][1],
            first([sentence for _, _, sentence in problems], separator=" "),
            remedy="Correct the file and run 'countenance charter check' again.",
        )
    assert isinstance(document, dict)  # noqa: S101 - the schema has just said so
    return document


def shown(value: object) -> str:
    """Return a value as a message may repeat it: short."""
    text = repr(value) if isinstance(value, str | int | None) else f"this {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "…'"  # noqa: PLR2004 - enough to recognise the place


def first(items: Sequence[str], separator: str = ", ") -> str:
    """Return the first few items, and how many more there are."""
    more = f"{separator}(and {len(items) - _TELL} more)" if len(items) > _TELL else ""
    return separator.join(items[:_TELL]) + more


def _problems(error: Any) -> Iterator[tuple[int, str, str]]:
    """Yield (rank, code, sentence) for one schema error."""
    where = _path(error.absolute_path)
    if error.validator == "additionalProperties" and error.schema.get("additionalProperties") is False:
        known = sorted(error.schema["properties"])
        for name in sorted(set(error.instance) - set(known)):
            near = get_close_matches(name, known, n=1)
            hint = f"; the nearest known name is {near[0]!r}" if near else ""
            yield 0, "charter.unknown_field", f"{where}: {shown(name)} is no field here{hint}."
    elif error.validator == "required":
        for name in sorted(set(error.validator_value) - set(error.instance)):
            described = _description([*error.absolute_path, name])
            yield 1, "charter.missing_field", f"{where}: the field {name!r} is missing. {described}"
    else:
        described = _description(list(error.absolute_path))
        yield 2, "charter.invalid_field", f"{where}: {shown(error.instance)} does not fit. {described}"


def _description(path: Sequence[str | int]) -> str:
    """Return what the schema says about the field at ``path``; following only our own, local references."""
    root = schema()
    node = root
    described: str = root["description"]
    for step in path:
        named = node.get("properties", {}).get(step) if isinstance(step, str) else node["items"]
        node = named if named is not None else node["additionalProperties"]
        described = node.get("description", described)
        if "$ref" in node:
            node = root["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return described


def _path(parts: Sequence[str | int]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.removeprefix(".") or "the charter"
