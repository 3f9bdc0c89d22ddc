"""Canonical JSON: one text for one meaning, and no text for what has several."""

from __future__ import annotations

import math
from collections import UserDict
from enum import IntEnum, StrEnum
from types import MappingProxyType

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from countenance.audit import strict_json
from countenance.errors import RecordError
from countenance.record.canonical import DEEPEST, LARGEST_INTEGER, canonical

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Word(StrEnum):
    """A word as facts carry it."""

    MATCH = "match"


class Number(IntEnum):
    """A number as facts carry it."""

    THREE = 3


@pytest.mark.parametrize(
    "value,text",
    [
        ({}, b"{}"),
        ({"b": 1, "a": [True, False, None]}, b'{"a":[true,false,null],"b":1}'),
        ({"\u20ac": 1, "\r": 2, "1": 3, "\U0001f600": 4, "\ufb33": 5}, None),
        ({"a": '\u000f\n\\"/\u20ac\x7f'}, b'{"a":"\\u000f\\n\\\\\\"/\xe2\x82\xac\x7f"}'),
        ({"a": LARGEST_INTEGER, "b": -LARGEST_INTEGER}, b'{"a":9007199254740991,"b":-9007199254740991}'),
        ({"w": Word.MATCH, "n": Number.THREE, Word.MATCH: ()}, b'{"match":[],"n":3,"w":"match"}'),
        (MappingProxyType({"a": UserDict({"b": ("x",)})}), b'{"a":{"b":["x"]}}'),
    ],
)
def test_texts(value: dict[str, object], text: bytes | None) -> None:
    """Known values have their RFC 8785 text; keys sort by UTF-16, so an emoji comes before a Hebrew ligature."""
    if text is None:
        text = '{"\\r":2,"1":3,"€":1,"😀":4,"\ufb33":5}'.encode()
    assert canonical(value) == text


@given(st.dictionaries(st.text() | st.text(st.characters(max_codepoint=127)), VALUES, max_size=5))
def test_the_fast_way_writes_the_standards_text(value: dict[str, object]) -> None:
    """Whatever the keys and texts, the bytes are those of a library written for RFC 8785 alone."""
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        {"a": 0.5}, {"a": 1.0}, {"a": math.nan}, {"a": math.inf}, {"a": [{"b": -0.0}]}, {1: "a"}, {None: 1}, {b"a": 1},
        {"a": LARGEST_INTEGER + 1}, {"a": -LARGEST_INTEGER - 1}, {"a": b"bytes"}, {"a": bytearray(b"x")},
        {"a": memoryview(b"x")}, {"a": {1, 2}}, {"a": object()}, {"a": "\ud800"}, {"\udfff": 1}, [], "text", 3, None,
    ],
)  # fmt: skip
def test_what_has_no_single_text_is_refused(value: object) -> None:
    """Floats, odd keys, large integers, lone surrogates, bytes and non-objects are refused without being repeated."""
    with pytest.raises(RecordError) as caught:
        canonical(value)
    assert caught.value.code == "record.not_canonical"
    assert "ud800" not in caught.value.message


@pytest.mark.parametrize("value", [LARGEST_INTEGER + 1, -LARGEST_INTEGER - 1])
def test_a_refusal_says_why(value: int) -> None:
    """The reason names the kind of fault, so that the caller's author finds it."""
    with pytest.raises(RecordError, match=r"2\^53"):
        canonical({"a": value})


def test_depth_is_bounded() -> None:
    """Nesting to the limit is written, one level more is refused before Python's own limit is near."""
    value: dict[str, object] = {}
    for _ in range(DEEPEST - 1):
        value = {"a": value}
    assert canonical(value)
    with pytest.raises(RecordError, match="nested"):
        canonical({"a": value})


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_the_verifier_reads_back_what_was_written(value: dict[str, object]) -> None:
    """The auditor's own reader and writer give the same value and the same bytes."""
    text = canonical(value)
    assert strict_json.parse(text) == value
    assert strict_json.canonical(value) == text
    assert strict_json.canonical_object(text.decode()) is not None
