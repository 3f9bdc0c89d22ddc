"""UN/EDIFACT text becomes segments with numbers and positions, whatever stands around and between them."""

from __future__ import annotations

import pytest

from countenance.documents.manifest.edifact import Segment, segments
from countenance.documents.manifest.limits import ManifestLimits
from countenance.errors import DocumentError

LIMITS = ManifestLimits(max_segments=4, max_segment_characters=40)


def read(text: str) -> list[Segment]:
    """Return all segments of a text."""
    return list(segments(text, LIMITS))


def elements(text: str) -> list[tuple[tuple[str, ...], ...]]:
    """Return all elements of all segments."""
    return [segment.elements for segment in read(text)]


PLAIN = [(("UNB",), ("UNOA", "4")), (("NAD",), ("FL",), ("",), ("A", "B")), (("UNZ",), ("1",))]


@pytest.mark.parametrize("text", [
    "UNB+UNOA:4'NAD+FL++A:B'UNZ+1'",
    "UNA:+.? 'UNB+UNOA:4'NAD+FL++A:B'UNZ+1'",
    "UNA:*.? $\r\nUNB*UNOA:4$\r\nNAD*FL**A:B$\r\nUNZ*1$",
    "UNA:-.? 'UNB-UNOA:4'NAD-FL--A:B'UNZ-1'",
    "UNA:+.?*'\n UNB+UNOA:4'\n NAD+FL++ A:B '\n UNZ+1'\n",
    "UNA|^.\\ ~UNB^UNOA|4~NAD^FL^^A|B~UNZ^1~",
    "UNA:+.  'UNB+UNOA:4'NAD+FL++A:B'UNZ+1'",
    "UNA:+.? \nUNB+UNOA:4\nNAD+FL++A:B\nUNZ+1\n",
    "\x01QD ABC\r\n.XYZ 271137\r\n\x02UNA:+.? 'UNB+UNO\r\nA:4'NA\r\nD+FL++A:\nB'UNZ+1'\r\n\x03\r\n-- \r\nUNB not read'",
])  # fmt: skip
def test_separators_envelopes_and_line_ends(text: str) -> None:
    """UNA's separators, teletype around, lines cut anywhere and blanks between segments give the same segments."""
    assert elements(text) == PLAIN


def test_places() -> None:
    """Segments count from UNB; positions count characters of the file from 1, whatever stands before."""
    found = read("QD ABC\r\nUNA:+.? '\r\nUNB+UNOA:4'\r\nUNZ+1'")
    assert [(one.number, one.position, one.tag) for one in found] == [(1, 20, "UNB"), (2, 33, "UNZ")]
    assert found[1].where() == "segment 2 (UNZ) at character 33"
    assert (found[0].value(1, 1), found[0].value(1, 2), found[0].value(9)) == ("4", "", "")


def test_released_characters_are_only_themselves() -> None:
    """A separator behind the release character is text, the release character itself too, also across a line end."""
    assert elements("UNB+A'FTX+A?+B?:C??D?'E:F?\r\n'G'UNZ+1'")[1] == (("FTX",), ("A+B:C?D'E", "F'G"))


REFUSED = [
    ("", "manifest.no_interchange", "neither UNA"),
    ("hello UNB hello", "manifest.no_interchange", "neither UNA"),
    ("UNA::.? 'UNB:A'", "manifest.separators", "character 1"),
    ("UNA:+.:  UNB+A", "manifest.separators", "character 1"),
    ("UNA:x.? 'UNBxA'", "manifest.separators", "character 1"),
    ("UNA +.? 'UNB+A'", "manifest.separators", "character 1"),
    ("UNB+A'NAD+FL", "manifest.unterminated", "Segment 2 at character 7"),
    ("UNB+A'NAD+FL?'", "manifest.unterminated", "Segment 2 at character 7"),
    ("UNB+A'NAD+FL?", "manifest.unterminated", "Segment 2 at character 7"),
    ("UNB+A'NAD+" + "x" * 41 + "'", "manifest.segment_length", "Segment 2 at character 7 has 45"),
    ("UNB+A'" + "NAD+FL'" * 4, "manifest.too_many_segments", "Segment 5 at character 28"),
    ("UNB+A'NAD+\x00'", "manifest.control_character", "U+0000, which cannot be printed, at character 11"),
    ("UNB+A'NAD+\u202e'", "manifest.control_character", "U+202E"),
    ("UNB+A''", "manifest.tag", "Segment 2 at character 7"),
    ("UNB+A'NADX+FL'", "manifest.tag", "Segment 2 at character 7"),
]


@pytest.mark.parametrize("text, code, told", REFUSED)
def test_damage_is_refused_with_segment_and_position(text: str, code: str, told: str) -> None:
    """What is cut short, too long, too much or no text is refused with its code and place."""
    with pytest.raises(DocumentError) as caught:
        read(text)
    assert (caught.value.code, told in caught.value.message) == (code, True), caught.value.message


@pytest.mark.parametrize("text", ["UNA" * 200_000, "UNB+" + "?" * 1_000_000, "UNA:+.? '" + " " * 1_000_000,
                                  "UNB+A'" + "'" * 1_000_000, "UNB+" + "+" * 1_000_000 + "'"])  # fmt: skip
def test_hostile_text_takes_linear_time(text: str) -> None:
    """A megabyte made to send a scanner back and forth is refused like any other (the suite would hang)."""
    with pytest.raises(DocumentError):
        read(text)
