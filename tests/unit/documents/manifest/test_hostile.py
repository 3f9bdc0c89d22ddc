"""Files made to break a reader are refused with a reason and a place; nothing personal is in what is said."""

from __future__ import annotations

import json
import tracemalloc

import pytest

import paper_samples
from countenance.documents import ManifestLimits, read_manifest
from countenance.errors import DocumentError
from countenance.terms.documents import Manifest
from fakes.specimens import TODAY

TWO = paper_samples.paxlst(2)
TABLE = paper_samples.table(2)
OBJECTS = paper_samples.objects(2)
MOST = ManifestLimits().max_bytes


def read(data: str | bytes) -> Manifest:
    """Return a manifest."""
    return read_manifest(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"), today=TODAY)


def refusal(data: str | bytes) -> DocumentError:
    """Return how a file is refused."""
    with pytest.raises(DocumentError) as caught:
        read(data)
    return caught.value


def filled(head: str, part: str, tail: str = "") -> str:
    """Return as many parts between head and tail as a file may hold."""
    return head + part * ((MOST - len(head + tail)) // len(part.encode())) + tail


BODY = TWO.split("CNT+", 1)[0]
HOSTILE = [
    ("", "manifest.no_interchange", ""),
    ("\n" * 1_000, "manifest.no_interchange", ""),
    (b"\0" * 1_000, "manifest.encoding", "UTF-16"),
    (TABLE.encode("utf-16"), "manifest.encoding", "UTF-16"),
    (TABLE.encode("utf-16-be"), "manifest.encoding", "UTF-16"),
    (TWO.encode("utf-32"), "manifest.encoding", "UTF-32"),
    (filled("", "UNA:+.? '  "), "manifest.no_interchange", ""),
    (filled("UNB", " "), "manifest.no_interchange", ""),
    ("UNA++++++" + TWO[9:], "manifest.separators", "alike"),
    ("UNA:+.?S'".replace("'", "1") + TWO[9:], "manifest.separators", "digits"),
    ("UNA:S.? '" + TWO[9:], "manifest.separators", "letters"),
    (BODY + "'" * 1_000_000, "manifest.tag", "Segment 38"),
    (filled(BODY, "+"), "manifest.unterminated", "Segment 38"),
    (BODY + "FTX+AAA?", "manifest.unterminated", "Segment 38"),
    (BODY + "FTX+AAA?'", "manifest.unterminated", "Segment 38"),
    (filled(BODY, "?", "'"), "manifest.segment_length", "Segment 38"),
    (filled(BODY, "FTX'"), "manifest.too_many_segments", "Segment 200001"),
    (BODY + "NAD+FL+++SPECIMENC'" * 100_000 + "UNT+1+9'UNE+1+3'UNZ+1+17'",
     "manifest.too_many_travellers", "segment 10036"),
    (BODY + "NAD+FL+++SPEC\0IMEN'", "manifest.control_character", "U+0000"),
    (BODY + "NAD+FL+++SPEC\u202eIMEN'", "manifest.control_character", "U+202E"),
    (BODY.replace("NAD+MS+++DESK'", "TDT+20+UT9+++UT'" * 30) + "UNT+1+9'UNE+1+3'UNZ+1+17'",
     "manifest.too_many_legs", "31 legs"),
    ("UNB+UNOA:4+A+B+1+7'" + "UNH+1+PAXLST:D:12B:UN'BGM+745'TDT+20+UT1'UNT+4+1'" * 40_000 + "UNZ+40000+7'",
     "manifest.too_many_messages", "segment 40002 (UNH)"),
    (TABLE + '"', "manifest.csv", "Line 4"),
    (filled(TABLE + '"', "SPECIMEN\n"), "manifest.csv", "Line"),
    (filled("surname,flight", ","), "manifest.row", "Line 1"),
    (filled("surname,flight\n", "a\n"), "manifest.row", "Row 2"),
    (filled("surname,flight\n", "a,UT100\n"), "manifest.too_many_travellers", "row 10002"),
    (filled('{"a": ', "["), "manifest.json_items", "objects and lists"),
    (filled('{"a": [', "[],", "[]]}"), "manifest.json_items", "objects and lists"),
    ('{"count": ' + "9" * 1_000_000 + "}", "manifest.json_unsafe", "number"),
    (OBJECTS.replace("SPECIMENA", "\\u202e"), "manifest.text", "surname of traveller 1"),
    (OBJECTS.replace("SPECIMENA", "\\u0000"), "manifest.text", "surname of traveller 1"),
]  # fmt: skip


@pytest.mark.parametrize("data, code, told", HOSTILE, ids=[f"{at}-{one[1]}" for at, one in enumerate(HOSTILE)])
def test_a_file_made_to_break_the_reader_is_refused(data: str | bytes, code: str, told: str) -> None:
    """Each has a code, a place where the format has places, and no word of what the file holds."""
    error = refusal(data)
    assert (error.code, told in error.message) == (code, True), error.message
    assert "SPECIMEN" not in error.diagnostics()


@pytest.mark.parametrize("data", [
    filled('{"a": [', "[" * 200 + "]" * 200 + ",", "0]}"),
    filled('{"a": [', '{"":' * 200 + "0" + "}" * 200 + ",", "0]}"),
    filled(BODY, "FTX+" + "\u0101+" * 1_900 + "'", "UNT+1+9'UNE+1+3'UNZ+1+17'"),
], ids=["lists", "texts", "elements"])  # fmt: skip
def test_no_file_takes_more_memory_than_stated(data: str) -> None:
    """What costs most for its bytes stays below 200 MB."""
    raw = data.encode()
    del data
    tracemalloc.start()
    try:
        read(raw)
    except DocumentError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 200_000_000


@pytest.mark.parametrize("text", [TABLE.replace("\n", "\r"), "\r\n \r\n" + TABLE, TABLE.replace("\n", "\r\n", 2)])
def test_line_ends_of_any_system(text: str) -> None:
    """Lines may end as they ended on old and new machines, also mixed."""
    assert read(text).travellers == read(TABLE).travellers


def test_a_name_cut_by_a_separator_is_found_and_not_repeated() -> None:
    """The apostrophe of O'DEA, not released, ends the segment: the rest of the name is no tag that anyone is told."""
    found = read(TWO.replace("SPECIMENA:ADA:M", "O'DEA"))
    assert [one.code for one in found.findings] == ["segment_unknown", "count"]
    assert "DEA" not in repr((found.findings, found.dropped))
    assert ("unknown segment", 1) in {(one.what, one.count) for one in found.dropped}
    error = refusal(TWO.replace("UNZ+1", "DEA'UNZ+1"))
    assert (error.code, "DEA" in error.message) == ("manifest.structure", False)
    told = read(TWO.replace("RFF+AVF", "RFF+DEA").replace("LOC+22", "LOC+DEA").replace("NAD+MS", "NAD+DEA"))
    assert "DEA" not in repr(told.dropped)
    assert "DEA" not in repr(read(TWO.replace("PAXLST:D:05B", "PAXLST:D:DEA")).source)


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1+1", "-1", "@SUM(1)", "[link=x]", "<script>", "A" * 36, "A\tB"]
)
@pytest.mark.parametrize("member", ["flight", "departure_port", "arrival_port", "carrier"])
def test_a_movement_is_no_free_text(member: str, text: str) -> None:
    """What is shown to people and recorded is a code: no formula, no markup, nothing long."""
    whole = json.loads(OBJECTS)
    (whole if member == "carrier" else whole["legs"][0])[member] = text
    error = refusal(json.dumps(whole))
    assert error.code in {"manifest.movement_text", "manifest.text"}
    assert text not in error.diagnostics()


ODD_DATES = ["000000", "290229", "00000101", "00000000", "20260229", "99999999", "\u00b2\u00b20101", "+1-1-1", "1e5",
             "<<<<<<", "850412000000", "-850412", "850412\u0660"]  # fmt: skip


@pytest.mark.parametrize("text", ODD_DATES)
def test_odd_dates_are_found(text: str) -> None:
    """A day that is none, or digits of other scripts, make no birth date and no crash."""
    found = read(TWO.replace("DTM+329:850412", f"DTM+329:{text}", 1))
    assert "no_birth_date" in {one.code for one in found.findings}
    assert not found.travellers[0].birth_date.complete
