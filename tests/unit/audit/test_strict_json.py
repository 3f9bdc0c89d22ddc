"""JSON without mercy: what could be read in two ways is not read at all."""

from __future__ import annotations

import pytest

from countenance.audit.strict_json import canonical, canonical_object, parse


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"\xff", b"\xef\xbb\xbf{}", b'{"a":1,"a":2}', b'{"a":{"b":1,"b":1}}', b'{"a":1.0}', b'{"a":1e2}',
     b'{"a":NaN}', b'{"a":-Infinity}', b'{"a":9007199254740992}', b'{"a":-9007199254740992}',
     b'{"a":' + b"9" * 5000 + b"}", b"[" * 100_000, b'{"a":01}', b"{} {}", b"{'a':1}"],
)  # fmt: skip
def test_refused(text: bytes) -> None:
    """Broken, ambiguous, inexact and bottomless texts are refused with a reason, never a crash."""
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@pytest.mark.parametrize(
    "text",
    ["{}", '{"a":[1,-2,true,false,null,"x"],"b":{}}', '{"a":9007199254740991}', '{"\U0001f600":1,"\ufb33":2}'],
)
def test_canonical_objects(text: str) -> None:
    """The one text of a value is recognised."""
    assert canonical_object(text) is not None


@pytest.mark.parametrize(
    "text",
    ["[]", '"a"', "1", "", '{"b":1,"a":2}', '{"a": 1}', '{"a":1}\n', '{"a":-0}', '{"a":"\\u0041"}', '{"a":"\\/"}',
     '{"\ufb33":2,"\U0001f600":1}', '{"a":1.0}', '{"a":"\\ud800"}', '{"\\ud800":1}', '{"a":"\ud800"}'],
)  # fmt: skip
def test_other_texts(text: str) -> None:
    """Another order, white space, needless escapes, surrogates and non-objects are not canonical."""
    assert canonical_object(text) is None


def test_bottomless_values_are_refused() -> None:
    """A value that is nested too deep to write is refused like one that is too deep to read."""
    value: list[object] = []
    for _ in range(5000):
        value = [value]
    with pytest.raises(ValueError, match="deep"):
        canonical(value)  # type: ignore[arg-type]  # lists all the way down
