"""From an operating point's fields to its file: the same fields always give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from countenance.decision.operating_point.checks import FORMAT, read_fields, schema
from countenance.errors import OperatingPointError


def write_operating_point(fields: Mapping[str, object]) -> bytes:
    """Return the operating point's file for ``fields``, which are the file's own (``format`` may be left out).

    Two-space indented JSON in UTF-8, fields in the schema's order, a newline at the end; checked as a reader would.
    Numbers of NumPy become plain ones, tuples become lists. Equal fields give equal bytes, and so the same name.

    Raises:
        OperatingPointError: ``operating_point.invalid`` (a value that JSON does not know, or outside the schema),
            ``.bounds``, ``.dates``, ``.not_json`` (too long).
    """
    plain = {"format": FORMAT, **{name: _plain(value, name) for name, value in fields.items()}}
    text = json.dumps(_ordered(plain, schema()), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    data = text.encode("utf-8", "surrogatepass")
    read_fields(data)
    return data


def _plain(value: object, where: str) -> object:
    """Return ``value`` in the types that JSON knows."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real) and abs(float(value)) < float("inf"):  # neither infinite nor NaN
        return float(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(inner, f"{where}.{name}") for name, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(inner, where) for inner in value]
    raise OperatingPointError(
        "operating_point.invalid",
        f"The operating point's field {where} holds {type(value).__name__} {str(value)[:30]!r}, which JSON cannot say.",
        remedy="Give text, finite numbers, lists and mappings only.",
    )


def _ordered(value: Any, node: Mapping[str, Any]) -> Any:
    """Return ``value`` with the fields of every object in the order of the schema ``node``, unknown ones last."""
    if isinstance(value, list):
        return [_ordered(item, node.get("items", {})) for item in value]
    if not isinstance(value, dict):
        return value
    choices = [node, *node.get("oneOf", [])]
    known: Mapping[str, Any] = next((choice["properties"] for choice in choices if "properties" in choice), {})
    names = [name for name in known if name in value] + sorted(set(value) - set(known))
    return {name: _ordered(value[name], known.get(name, {})) for name in names}
