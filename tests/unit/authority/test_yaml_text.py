"""Charter YAML is read literally, or refused with the line."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.authority.yaml_text import MAX_BYTES, MAX_DEPTH, load
from countenance.errors import CharterError

LITERAL = [
    ("country: no", {"country": "no"}),
    ("lane: on", {"lane": "on"}),
    ("day: 2026-11-21", {"day": "2026-11-21"}),
    ("time: 12:30", {"time": "12:30"}),
    ("share: 0.5", {"share": "0.5"}),
    ("octal: 010", {"octal": "010"}),
    ("hash: " + "1" * 64, {"hash": "1" * 64}),
    ("count: 42", {"count": 42}),
    ("count: -7", {"count": -7}),
    ("text: '42'", {"text": "42"}),
    ("trial: true", {"trial": True}),
    ("trial: True", {"trial": "True"}),
    ("trial: 'false'", {"trial": "false"}),
    ("a: null\nb: ~\nc:", {"a": None, "b": None, "c": None}),
    ("list: [a, 1, [true]]", {"list": ["a", 1, [True]]}),
    ("text: |\n  two\n  lines\n", {"text": "two\nlines\n"}),
    ("true: 1", {"true": 1}),
    ("# only a comment", None),
    ("", None),
    ("plain", "plain"),
    ("\ufeffa: 1", {"a": 1}),
]

REFUSED = [
    ("a: &x 1\nb: *x", "charter.yaml_feature", "line 1"),
    ("a: 1\nb: &x {c: 1}", "charter.yaml_feature", "line 2"),
    ("a: *x", "charter.yaml_feature", "alias"),
    ("a: !!str 1", "charter.yaml_feature", "tag"),
    ("a: ! 1", "charter.yaml_feature", "tag"),
    ("a: !!python/object/apply:os.system [true]", "charter.yaml_feature", "tag"),
    ("!!set {a}", "charter.yaml_feature", "tag"),
    ("a: 1\n---\nb: 2", "charter.yaml_feature", "second document"),
    ("[a]: 1", "charter.yaml_feature", "not text"),
    ("? {a: 1}\n: 1", "charter.yaml_feature", "not text"),
    ("[" * 5000, "charter.yaml_feature", "nesting"),
    ("- " * 5000, "charter.yaml_feature", "nesting"),
    ("{a: " * 5000, "charter.yaml_feature", "nesting"),
    ("a: 1\nb: 2\na: 3", "charter.duplicate_field", "line 3"),
    ("a: {b: 1, b: 2}", "charter.duplicate_field", "'b'"),
    ("a: 1\nb: [", "charter.not_yaml", ""),
    ("a: 1\n\tb: 2", "charter.not_yaml", "line 2"),
    ("a: \x00", "charter.not_yaml", ""),
    ('a: "\\UFFFFFFFF"', "charter.not_yaml", ""),
    ('a: "\\uD800"', "charter.not_yaml", ""),
    ("%YAML 3.0\n---\na: 1", "charter.not_yaml", ""),
]


@pytest.mark.parametrize("text, values", LITERAL)
def test_what_stands_there_is_what_is_read(text: str, values: object) -> None:
    """Nothing is guessed: dates, numbers with points and words like 'no' stay text; quotes keep text."""
    assert load(text.encode()) == values


@pytest.mark.parametrize("text, code, told", REFUSED)
def test_what_could_mislead_is_refused(text: str, code: str, told: str) -> None:
    """Aliases, tags, duplicates, deep nesting and broken text are refused with their own code and place."""
    with pytest.raises(CharterError) as refusal:
        load(text.encode())
    assert refusal.value.code == code
    assert told in refusal.value.message


def test_a_merge_key_is_a_name_like_any_other() -> None:
    """``<<`` merges nothing, so that the schema refuses it as an unknown field."""
    assert load(b"a: {<<: {b: 1}}") == {"a": {"<<": {"b": 1}}}


def test_size_is_checked_before_anything_is_read() -> None:
    """A file over the limit is refused; one at the limit is read."""
    assert load(b"a: " + b"x" * (MAX_BYTES - 3)) == {"a": "x" * (MAX_BYTES - 3)}
    with pytest.raises(CharterError, match=str(MAX_BYTES)) as refusal:
        load(b"#" * (MAX_BYTES + 1))
    assert refusal.value.code == "charter.too_large"


def test_depth_is_exactly_bounded() -> None:
    """The deepest allowed nesting is read, one more is refused."""
    load(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(CharterError, match="nesting"):
        load(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


@pytest.mark.parametrize("data", [b"\xff\xfea", b"a: \xe4"])
def test_other_encodings_are_refused(data: bytes) -> None:
    """A file that is not UTF-8 is refused as such."""
    with pytest.raises(CharterError) as refusal:
        load(data)
    assert refusal.value.code == "charter.not_text"


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(st.characters(codec="ascii"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(PLAIN)
def test_json_means_itself(value: object) -> None:
    """Every JSON text (shallow, without floats) is read as the values it states."""
    assert load(json.dumps(value).encode()) == value


@given(st.binary(max_size=60) | st.text("ab:-[]{}&*!|>'\"%#?,\n\t \\uUx0", max_size=40).map(str.encode))
def test_garbage_is_refused_and_never_crashes(data: bytes) -> None:
    """Whatever bytes come, the result is plain values or a CharterError."""
    with suppress(CharterError):
        load(data)
        return
    with pytest.raises(CharterError) as refusal:
        load(data)
    assert refusal.value.code.startswith("charter.")
    assert refusal.value.remedy
