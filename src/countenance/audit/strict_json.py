"""JSON as the log writes it, read without mercy: no floats, no repeated keys, one text for one meaning (RFC 8785)."""

from __future__ import annotations

import json
from typing import NoReturn

Value = None | bool | int | str | list["Value"] | dict[str, "Value"]
_LARGEST = 2**53 - 1
_DIGITS = 17


def parse(data: bytes) -> Value:
    """Return the value of a JSON text.

    Raises:
        ValueError: not UTF-8 or JSON, a float, an integer beyond ±(2^53 - 1), a repeated key, or nested too deep.
    """
    try:
        value: Value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_float=_refuse,
            parse_constant=_refuse,
            parse_int=_integer,
        )
    except RecursionError as fault:
        raise ValueError("nested too deep") from fault
    return value


def canonical(value: Value) -> bytes:
    """Return the one text of ``value`` (RFC 8785): keys in the order of their UTF-16 code units, no white space.

    Raises:
        ValueError: a text holds a lone surrogate, or the value is nested too deep.
    """
    try:
        return _written(value).encode("utf-8")
    except RecursionError as fault:
        raise ValueError("nested too deep") from fault


def canonical_object(text: str) -> dict[str, Value] | None:
    """Return the JSON object that ``text`` is the one canonical text of, or None when it is not."""
    try:
        value = parse(text.encode("utf-8"))
        return value if isinstance(value, dict) and canonical(value) == text.encode("utf-8") else None
    except ValueError:
        return None


def _written(value: Value) -> str:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_written(key)}:{_written(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _without_repeats(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _integer(text: str) -> int:
    value = int(text) if len(text) <= _DIGITS else _LARGEST + 1
    if abs(value) > _LARGEST:
        raise ValueError("an integer is too large")
    return value


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]} is not allowed")
