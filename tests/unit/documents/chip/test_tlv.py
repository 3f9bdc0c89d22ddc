"""Tag, length, value: lengths are never believed, and the walk is bounded."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.documents.chip.tlv import bound, by_tag, read_all, read_one, read_tag
from countenance.errors import DocumentError
from emrtd_maker import tlv

MALFORMED = [
    ("", "chip.tlv_cut_short"), ("60", "chip.tlv_cut_short"), ("5f", "chip.tlv_cut_short"),
    ("6002aa", "chip.tlv_cut_short"), ("6084ffffffff", "chip.tlv_cut_short"), ("6082", "chip.tlv_cut_short"),
    ("6080aa0000", "chip.tlv_length"), ("6085010101010100", "chip.tlv_length"), ("60ff00", "chip.tlv_length"),
    ("5fffffff7f00", "chip.tlv_tag_long"), ("6001aabb", "chip.tlv_trailing"),
]  # fmt: skip


@pytest.mark.parametrize("text, code", MALFORMED)
def test_malformed_elements_have_a_code(text: str, code: str) -> None:
    """Cut short, indefinite, absurd and trailing bytes are told apart."""
    with pytest.raises(DocumentError) as caught:
        read_one(bytes.fromhex(text), "it")
    assert caught.value.code == code


def test_padded_lengths_are_read() -> None:
    """A length in more bytes than needed is BER, and chips in the field write it."""
    assert read_one(bytes.fromhex("5f1f83000002aabb"), "it").value == b"\xaa\xbb"
    assert read_one(bytes.fromhex("5f1f83000002aabb"), "it").tag == 0x5F1F


@given(st.lists(st.tuples(st.sampled_from([0x02, 0x30, 0x5F1F, 0x7F61]), st.binary(max_size=300)), max_size=10))
def test_what_is_written_is_read(items: list[tuple[int, bytes]]) -> None:
    """Elements come back as they were written, in order."""
    data = b"".join(tlv(tag, value) for tag, value in items)
    assert [(item.tag, item.value) for item in read_all(data, "it", most=10)] == items
    assert b"".join(item.raw for item in read_all(data, "it", most=10)) == data


def test_numbers_of_elements_are_bounded() -> None:
    """More elements than allowed, one tag twice, and another tag than expected each have a code."""
    with pytest.raises(DocumentError, match="more than 2") as many:
        read_all(b"\2\0" * 3, "it", most=2)
    with pytest.raises(DocumentError, match="twice") as twice:
        by_tag(b"\2\0\2\0", "it")
    with pytest.raises(DocumentError, match="not 61") as other:
        read_tag(b"\x60\0", 0x61, "it")
    codes = [caught.value.code for caught in (many, twice, other)]
    assert codes == ["chip.tlv_many", "chip.tlv_twice", "chip.tlv_tag"]


def nested(depth: int) -> bytes:
    """Return sequences within each other."""
    data = b""
    for _ in range(depth):
        data = tlv(0x30, data)
    return data


def test_depth_and_count_are_bounded_before_any_parser() -> None:
    """Ten thousand levels, or a million tiny elements, are refused at once and in little memory."""
    bound(nested(20), "it")
    with pytest.raises(DocumentError, match="nested"):
        bound(nested(10_000), "it")
    wide = tlv(0x30, b"\5\0" * 500_000)
    tracemalloc.start()
    with pytest.raises(DocumentError, match="more than 20000"):
        bound(wide, "it")
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()
