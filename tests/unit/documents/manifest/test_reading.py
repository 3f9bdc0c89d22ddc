"""A PAXLST interchange becomes a movement and its people; slips are found, damage is refused with its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import paper_samples
from countenance.documents import ManifestLimits, read_manifest
from countenance.errors import DocumentError
from countenance.terms.documents import (
    DocumentDate,
    Leg,
    Manifest,
    PortCall,
    TravelDocument,
    Traveller,
    TravellerKind,
)
from fakes.specimens import TODAY
from shared_vectors import shared_files

TWO = paper_samples.paxlst(2)
LEG = Leg("UT100", PortCall("UTA", "2026-11-25T11:00"), PortCall("UTB", "2026-11-25T13:00"))


def read(text: str, **bounds: int) -> Manifest:
    """Return a manifest."""
    return read_manifest(text.encode(), today=TODAY, limits=ManifestLimits(**bounds))


def codes(found: Manifest) -> list[str]:
    """Return the codes of the findings."""
    return [one.code for one in found.findings]


def refusal(text: str, **bounds: int) -> DocumentError:
    """Return how a text is refused."""
    with pytest.raises(DocumentError) as caught:
        read(text, **bounds)
    return caught.value


# --- what is read -----------------------------------------------------------------------------------------------------
def test_a_manifest_is_read_field_by_field() -> None:
    """Carrier, leg and people are read; all that no gallery needs is counted and gone."""
    found = read(TWO)
    assert (found.source, found.list_kind, found.function, found.carrier) == ("PAXLST D.05B", "passengers", "", "UT")
    assert found.legs == (LEG,)
    paper = TravelDocument("P", "X00000001", "UTO", DocumentDate(2031, 2, 8))
    assert found.travellers[1] == Traveller(
        TravellerKind.PASSENGER, "SPECIMENB", "ADA M", DocumentDate(1985, 4, 12), "UTO", "UTA", "UTB", (paper,), 25,
    )  # fmt: skip
    assert {one.what: one.count for one in found.dropped} == {
        "ATT": 2, "COM": 1, "FTX": 2, "LOC 22": 2, "MEA": 2, "NAD MS": 1, "RFF AVF": 2,
    }  # fmt: skip
    assert found.findings == ()


def test_what_is_dropped_is_nowhere() -> None:
    """No bag, booking, sex, telephone or address of the file is anywhere in what was read."""
    text = TWO.replace("SPECIMENA:ADA:M", "SPECIMENA:ADA:M+SOMEWHERE 1+PLACE").replace("COM+000", "COM+555777")
    whole = repr(read(text))
    assert [word for word in ("UT123456", "'R1'", "555777", "SOMEWHERE", "PLACE'", "DESK") if word in whole] == []
    assert {one.what: one.count for one in read(text).dropped}["NAD address"] == 1


@pytest.mark.parametrize("separators", [":+.? '", ":*.? $", ":-.? #", "|^.~ !"])
def test_separators_do_not_matter(separators: str) -> None:
    """The same message with other separators is the same manifest."""
    assert read(paper_samples.paxlst(2, separators=separators)) == read(TWO)


def test_kinds_of_people_and_lists() -> None:
    """Crew and people in transit are told apart; a crew list says so; several messages of one flight are one."""
    crew = TWO.replace("BGM+745", "BGM+250+C").replace("NAD+FL", "NAD+FM", 1).replace("NAD+FL", "NAD+DDU")
    found = read(crew.replace("CNT+42:2", "CNT+41:1"))
    assert [one.kind for one in found.travellers] == [TravellerKind.CREW, TravellerKind.TRANSIT_PASSENGER]
    assert (found.list_kind, found.function, found.findings) == ("crew", "C", ())
    head, rest = TWO.split("UNH+", 1)
    body, tail = rest.split("UNE+", 1)
    second = body.replace("01:F", "02:F").replace("BGM+745", "BGM+250").replace("SPECIMEN", "OTHER")
    whole = head + "UNH+" + body.replace("01:F", "01:C") + "UNH+" + second + "UNE+" + tail
    both = read(whole.replace("UNE+1+", "UNE+2+"))
    assert (len(both.travellers), both.list_kind, both.findings) == (4, "several", ())


def test_several_legs() -> None:
    """Each TDT is a leg with the ports and times behind it; legs that do not meet are found."""
    legs = (
        "TDT+20+UT100'LOC+92+UTA'DTM+189:2611251100:201'LOC+92+UTC'DTM+232:2611251200:201'"
        "TDT+20+UT101'LOC+188+UTX'DTM+189:2611250000:201'LOC+125+UTC'DTM+189:2611251230:201'LOC+87+UTB'DTM+232:261125:101'"
    )
    start, end = TWO.index("TDT+"), TWO.index("NAD+FL")
    text = TWO[:start] + legs + TWO[end:]
    found = read(text)
    assert found.legs == (
        Leg("UT100", PortCall("UTA", "2026-11-25T11:00"), PortCall("UTC", "2026-11-25T12:00")),
        Leg("UT101", PortCall("UTC", "2026-11-25T12:30"), PortCall("UTB", "2026-11-25")),
    )
    assert (found.carrier, codes(found)) == ("UT", ["count"])
    assert "legs" in codes(read(text.replace("LOC+125+UTC", "LOC+125+UTY")))


def test_documents_belong_to_the_person_before() -> None:
    """Several documents of a person are all kept, each with its own expiry and issuer; a stray issuer is dropped."""
    text = TWO.replace("DOC+P:110:111+X00000000'", "LOC+91+UTX'DTM+36:300101'DOC+V:110:111+V1'DTM+36:300202'LOC+91+UTY'"
                       "DOC+P:110:111+X00000000'")  # fmt: skip
    found = read(text)
    assert [(one.kind, one.issuer, one.expiry_date.year) for one in found.travellers[0].documents] == [
        ("V", "UTY", 2030), ("P", "UTO", 2031),
    ]  # fmt: skip
    assert {("DTM 36", 1), ("LOC 91", 1)} <= {(one.what, one.count) for one in found.dropped}


def test_what_stands_where_it_means_nothing_is_dropped() -> None:
    """A nationality or document before any person, and a count of something else, are counted and change nothing."""
    found = read(TWO.replace("BGM+745'", "BGM+745'NAT+2+UTO'DOC+P+1'").replace("CNT+42:2'", "CNT+7:9'CNT+42:2'"))
    assert found.travellers[0].documents[0].number == "X00000000"
    assert codes(found) == ["count"]
    assert {("NAT", 1), ("DOC", 1), ("CNT 7", 1)} <= {(one.what, one.count) for one in found.dropped}


LISTS = [
    ("745", "745+CP", ("passengers", "several"), ["lists"]),
    ("745+XR", "745", ("passengers", "several"), ["lists"]),
    ("745", "266+CL", ("several", "several"), ["lists"]),
    ("745", "250+C", ("several", "several"), []),
    ("745+CP", "745+CP", ("passengers", "CP"), []),
    ("745", "745++1", ("passengers", ""), ["lists"]),
    ("745+SPECIMEN", "745+SPECIMEN", ("passengers", "unknown"), ["list_unknown", "list_unknown"]),
    ("QQQ", "QQQ", ("unstated", ""), ["list_unknown", "list_unknown"]),
]


@pytest.mark.parametrize("first, second, told, found", LISTS)
def test_what_each_message_lists_is_told(first: str, second: str, told: tuple[str, str], found: list[str]) -> None:
    """No message's word hides another's; what is not a known word is not repeated, it could be a name."""
    head, rest = TWO.split("UNH+", 1)
    body, tail = rest.split("UNE+1", 1)
    bodies = [body.replace("BGM+745", f"BGM+{one}").replace("01:F", "") for one in (first, second)]
    both = read(head + "".join(f"UNH+{one}" for one in bodies).replace("SPECIMENA", "OTHER", 1) + "UNE+2" + tail)
    assert (both.list_kind, both.function) == told
    assert [code for code in codes(both) if code != "twice"] == found
    assert "SPECIMEN" not in repr((both.lists, both.findings))


def test_a_message_says_once_and_first_what_it_lists() -> None:
    """A second BGM, or one behind the flight, is refused: it would turn those who come into those who do not."""
    for text in (TWO.replace("BGM+745'", "BGM+745'BGM+745+XR'"), TWO.replace("BGM+745'", "").replace(
            "LOC+22+UTB'", "BGM+745'", 1)):  # fmt: skip
        assert refusal(text).code == "manifest.begins_twice"


# --- what is found ----------------------------------------------------------------------------------------------------
FOUND = [
    ("UNT+37+9", "UNT+38+9", ["count"]),
    ("UNT+37+9", "UNT+x+9", ["count"]),
    ("UNT+37+9", "UNT+37+8", ["reference"]),
    ("UNE+1+3", "UNE+1+4", ["reference"]),
    ("UNE+1+3", "UNE+2+3", ["count"]),
    ("UNZ+1+17", "UNZ+1+18", ["reference"]),
    ("UNZ+1+17", "UNZ+9999999999999+17", ["count"]),
    ("UNE+1+3'", "", ["group_open"]),
    ("CNT+42:2", "CNT+42:47", ["people_count"]),
    ("CNT+42:2", "CNT+41:2", ["people_count"]),
    ("CNT+42:2", "CNT+42+2", ["people_count"]),
    ("01:F", "02", ["series"]),
    ("01:F", "01:C", ["series"]),
    ("01:F", "", []),
    ("D:05B", "D:02B", []),
    ("D:05B", "D:12B", []),
    ("PAXLST:D:05B", "PAXLST:D:99A", ["version"]),
    ("DTM+329:850412", "DTM+329:851312", ["no_birth_date", "date"]),
    ("DTM+189:2611251100:201", "DTM+189:2511", ["date"]),
    ("NAT+2+UTO", "NAT+2+QQQ", ["nationality_unknown"]),
    ("NAT+2+UTO'", "", ["no_nationality", "count"]),
    ("SPECIMENA:ADA:M", "", ["no_name"]),
    ("NAD+FL+++SPECIMENA:ADA:M", "NAD+FL", ["no_name"]),
    ("DOC+P:110:111+X00000000'DTM+36:310208'LOC+91+UTO'", "", ["no_document", "count"]),
    ("SPECIMENB:ADA:M", "SPECIMENA:ADA:M", []),
]


@pytest.mark.parametrize("old, new, expected", FOUND)
def test_slips_are_found_and_not_fatal(old: str, new: str, expected: list[str]) -> None:
    """Counts, references, series and fields that disagree are findings with their segment; the people are read."""
    found = read(TWO.replace(old, new, 1))
    assert codes(found) == expected
    assert len(found.travellers) == 2
    assert [one for one in found.findings if not one.place] == []
    assert "SPECIMEN" not in repr(found.findings)


def test_the_same_person_twice_is_found() -> None:
    """Two people with one name, birth date and document are told, by their segments."""
    found = read(TWO.replace("SPECIMENB", "SPECIMENA").replace("X00000001", "X00000000"))
    assert [(one.code, one.sentence) for one in found.findings] == [
        ("twice", "The person in segment 25 is the same as in segment 12.")
    ]


def test_findings_are_bounded() -> None:
    """A file full of slips gives no more findings than the bound, and the last says that there are more."""
    found = read(paper_samples.paxlst(40).replace("NAT+2+UTO", "NAT+2+QQQ"), max_findings=10)
    assert (len(found.findings), codes(found).count("more")) == (11, 1)


def test_letters_of_another_code_page_are_told() -> None:
    """Latin-1 is read; a byte that means nothing in it is lost and told, and nobody else's data suffers."""
    found = read_manifest(TWO.replace("SPECIMENA", "SP\u00c9").encode("latin-1"), today=TODAY)
    assert (found.travellers[0].surname, found.findings) == ("SP\u00c9", ())
    lost = read_manifest(TWO.replace("SPECIMENA", "SP\x87").encode("latin-1"), today=TODAY)
    assert (lost.travellers[0].surname, codes(lost)) == ("SP\ufffd", ["character_lost"])


# --- what is refused --------------------------------------------------------------------------------------------------
REFUSED = [
    ("UNZ+1+17'", "", "manifest.cut_short", "after segment 40 (UNE)"),
    (TWO[TWO.index("UNT+") :], "", "manifest.cut_short", "after segment 38 (CNT)"),
    ("UNH+9+PAXLST", "UNH+9+PNRGOV", "manifest.not_paxlst", "segment 3 (UNH) at character"),
    ("UNH+9+PAXLST:D:05B:UN:IATA+UT100/261125/1100+01:F'", "", "manifest.structure", "segment 3 (BGM)"),
    ("BGM+745'", "UNH+1+PAXLST'", "manifest.structure", "segment 4 (UNH)"),
    ("BGM+745'", "UNG+1'", "manifest.structure", "segment 4 (UNG)"),
    ("BGM+745'", "UNB+1'", "manifest.structure", "segment 4 (UNB)"),
    ("BGM+745'", "UNE+1'", "manifest.structure", "segment 4 (UNE)"),
    ("BGM+745'", "UNZ+1'", "manifest.structure", "segment 4 (UNZ)"),
    ("UNG+PAXLST", "UNT+1'UNG+PAXLST", "manifest.structure", "segment 2 (UNT)"),
    ("LOC+22+UTB'", "TDT+20+UT1'", "manifest.order", "segment 17 (TDT)"),
    ("TDT+20+UT100+++UT'", "", "manifest.no_movement", "ends with segment 38 (UNT)"),
    ("NAT+2+UTO'", "'", "manifest.tag", "Segment 20"),
]


@pytest.mark.parametrize("old, new, code, told", REFUSED)
def test_damage_is_refused_with_its_segment(old: str, new: str, code: str, told: str) -> None:
    """A file whose envelope or order is broken is refused: people may be missing. The refusal says where."""
    error = refusal(TWO.replace(old, new, 1))
    assert (error.code, told in error.message) == (code, True), error.message
    assert "SPECIMEN" not in error.message


def test_an_interchange_of_nothing_and_of_two_flights() -> None:
    """No message at all, or messages of two movements, are refused."""
    assert refusal("UNB+UNOA:4+A+B+1+7'UNZ+0+7'").code == "manifest.no_message"
    head, rest = TWO.split("UNH+", 1)
    body, tail = rest.split("UNE+", 1)
    error = refusal(head + "UNH+" + body + "UNH+" + body.replace("UT100", "UT200") + "UNE+" + tail)
    assert (error.code, "segment 40 (UNH)" in error.message) == ("manifest.several_movements", True), error.message


@pytest.mark.parametrize("bounds, code", [
    ({"max_bytes": 100}, "manifest.too_many_bytes"),
    ({"max_segments": 30}, "manifest.too_many_segments"),
    ({"max_segment_characters": 30}, "manifest.segment_length"),
    ({"max_travellers": 1}, "manifest.too_many_travellers"),
])  # fmt: skip
def test_every_bound_has_its_refusal(bounds: dict[str, int], code: str) -> None:
    """Bytes, segments, their length and people are bounded, each with its own code."""
    assert refusal(TWO, **bounds).code == code


# --- vectors ----------------------------------------------------------------------------------------------------------
PEOPLE = {"A": 1, "B": 1, "D": 1, "E": 3, "Test1": 8, "Test3": 260, "airline2": 10, "leg_apis": 2, "apisMessage": 2}


def without_places(found: Manifest) -> Manifest:
    """Return a manifest without positions and other people's places."""
    return replace(found, findings=tuple(replace(one, position=0, sentence="") for one in found.findings))


MESSAGES = shared_files("vectors/paxlst/ediclean/tests/**/*.txt") + shared_files("vectors/paxlst/gtas/gtas-*")


@pytest.mark.parametrize("vector", MESSAGES)
def test_collected_messages_are_read(vector: Path) -> None:
    """Each collected message is read, raw from teletype or cleaned, with all people and a movement."""
    found = read_manifest(vector.read_bytes(), today=TODAY)
    (people,) = (count for name, count in PEOPLE.items() if vector.stem.endswith(name))
    assert len(found.travellers) == people
    assert [one for one in found.travellers if not one.surname or not one.birth_date.complete] == []
    assert all(leg.departure.port and leg.arrival.local_time for leg in found.legs)
    if "original" in vector.parts:
        cleaned = vector.parent.parent / "reference" / vector.name
        assert without_places(found) == without_places(read_manifest(cleaned.read_bytes(), today=TODAY))


@pytest.mark.parametrize("vector", shared_files("vectors/pnrgov/gtas/*gtas-[lp]*"))
def test_reservations_are_refused(vector: Path) -> None:
    """Each collected PNRGOV message is refused with a segment and a position: reservations are not manifests."""
    error = refusal_of(vector)
    assert error.code in {"manifest.not_paxlst", "manifest.unterminated", "manifest.structure"}
    assert "egment" in error.message
    assert "at character" in error.message


def refusal_of(vector: Path) -> DocumentError:
    """Return how a file is refused."""
    with pytest.raises(DocumentError) as caught:
        read_manifest(vector.read_bytes(), today=TODAY)
    return caught.value
