"""One text for one meaning: JSON as RFC 8785 (JCS) writes it, without floats."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import rfc8785

from countenance.errors import RecordError
from countenance.terms import JsonObject

LARGEST_INTEGER = 2**53 - 1
"""What every JSON reader keeps exactly (RFC 8785, 3.2.2.3 by way of ECMAScript)."""
DEEPEST = 32
"""Levels of nesting; more is a fault of the caller, not something to record."""

_SAME_WHERE_KEYS_ARE_ASCII = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
"""Python's own, in C: without floats it differs from RFC 8785 in the order of other keys alone, at a fifth of the time
that a commitment otherwise spends here."""

_Plain = None | bool | int | str | list["_Plain"] | dict[str, "_Plain"]


def canonical(value: JsonObject) -> bytes:
    """Return the one UTF-8 text of a JSON object (RFC 8785): keys by UTF-16 code units, no white space.

    Raises:
        RecordError: ``record.not_canonical``: a float, a key that is no string, an integer beyond ±(2^53 - 1), a lone
            surrogate, nesting deeper than 32, or anything that is not JSON.
    """
    if not isinstance(value, Mapping):
        raise _refused("only an object can be recorded")
    plain = _plain(value, DEEPEST)
    try:
        text = _SAME_WHERE_KEYS_ARE_ASCII.encode(plain)
        return text.encode() if text.isascii() or _ascii_keys(plain) else rfc8785.dumps(plain)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as fault:
        raise _refused("a text holds a lone surrogate") from fault


def _ascii_keys(value: _Plain) -> bool:
    """Return whether code points order every key as UTF-16 code units do; ours are all ASCII."""
    if isinstance(value, dict):
        return all(key.isascii() and _ascii_keys(item) for key, item in value.items())
    return all(map(_ascii_keys, value)) if isinstance(value, list) else True


def _plain(value: object, depth: int) -> _Plain:
    """Return ``value`` in the plain types of JSON; whatever could be read back as something else is refused."""
    if depth == 0:
        raise _refused(f"it is nested deeper than {DEEPEST} levels")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return _bounded(int(value))
    if isinstance(value, Mapping):
        return {_key(key): _plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return [_plain(item, depth - 1) for item in value]
    raise _refused(f"it holds a {type(value).__name__}")


def _bounded(value: int) -> int:
    if abs(value) > LARGEST_INTEGER:
        raise _refused("an integer is beyond 2^53 - 1")
    return value


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise _refused(f"a key is a {type(key).__name__}, not a string")
    return str.__str__(key)


def _refused(why: str) -> RecordError:
    """Return the error; it never repeats the value, which may be about a person."""
    return RecordError(
        "record.not_canonical",
        f"This cannot be written as canonical JSON: {why}.",
        remedy="Nothing was recorded and no automated answer is given; report this to the maintainers.",
    )
