"""A D.12B message with everything that its structure allows around a passenger tells the same people as its twins.

The messages are our own. Order of groups and segments: WCO/IATA/ICAO guide 6.0 as github.com/adamf/jetway states it,
and UNTDID D.07B for places in the header; what stands in group 5 beside DTM and LOC (GEI, RFF, CPI, QTY) was not
verified.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from countenance.documents import read_manifest
from countenance.terms.documents import (
    DocumentDate,
    Leg,
    ListScope,
    Manifest,
    PortCall,
    StatedList,
    TravelDocument,
    Traveller,
    TravellerKind,
)
from fakes.specimens import TODAY

HEADER = ["RFF+TN:UT20261125:::1", "DTM+137:2611250600:201", "LOC+87+UTC"]
"""Places and times of the message itself: group 0."""
PARTY = ["NAD+MS+++SPECIMEN DESK", "CTA+IC+:SOMEBODY", "COM+000 111:TE+000 112:FX+DESK.AT.EXAMPLE:EM"]
"""Group 1."""
FLIGHT = [
    "TDT+20+UT100+++UT", "DTM+189:2601010101:201", "LOC+188+UTX", "DTM+189:2601010102:201", "LOC+125+UTA",
    "DTM+189:2611251100:201", "LOC+92+UTC", "DTM+232:2611251300:201", "TDT+20+UT100+++UT", "LOC+92+UTC",
    "DTM+189:2611251400:201", "LOC+130+UTD", "DTM+232:2611251500:201",
]  # fmt: skip
"""Groups 2 and 3."""
BARE = [
    [
        "NAD+FL+++SPECIMENA:ADA:M", "DTM+329:850412", "LOC+178+UTA", "LOC+179+UTD", "NAT+2+UTO",
        "DOC+P:110:111+X00000001", "DTM+36:310208", "LOC+91+UTO", "DOC+V:110:111+V00000001", "DTM+36:270301",
        "LOC+91+UTD",
    ],
    ["NAD+FM+++SPECIMENB:BEN", "DTM+329:791231", "NAT+2+UTO", "DOC+P+X00000002", "DTM+36:300101", "LOC+91+UTO"],
    ["NAD+DDU+++SPECIMENC", "DTM+329:010203", "NAT+2+UTO", "DOC+I+X00000003", "DTM+36:290101", "LOC+91+UTO"],
    ["NAD+DDT+++SPECIMEND:DAN", "DTM+329:600229", "NAT+2+UTO", "DOC+P+X00000004", "DTM+36:290101", "LOC+91+UTO"],
]  # fmt: skip
"""Groups 4 and 5 as every directory has them."""
BESIDES = {
    "NAD": ["ATT+2++F", "ATT+3++:::TALL"],
    "DTM+329": ["DTM+140:261125", "MEA+CT++:2", "MEA+WT++KGM:31", "GEI+4+173", "GEI+9+111", "FTX+BAG+++UT0123456:3",
                "FTX+AAA+++SOMETHING", "LOC+22+UTC", "LOC+174+UTO", "LOC+180+:::SOMEWHERE UTO"],
    "NAT": ["RFF+AVF:R1234", "RFF+ABO:UT001", "RFF+SEA:14C", "RFF+AEA:77", "RFF+CR:88"],
    "DOC": ["DTM+182:210208", "GEI+4+173", "RFF+ACD:9"],
    "LOC+91": ["CPI+4", "QTY+1:1"],
}  # fmt: skip
"""What D.12B allows behind each of them."""


def full(person: list[str]) -> list[str]:
    """Return a person with everything around; contacts and employment stand before the nationality."""
    told: list[str] = []
    for segment in person:
        if segment.startswith("NAT"):
            told += ["COM+44 000:TE+A.AT.EXAMPLE:EM", "EMP+1+CR1:110:111"]
        told.append(segment.replace("SPECIMENA:ADA:M", "SPECIMENA:ADA:M+1 ROAD+TOWN+:::SHIRE+ZIP+UTO"))
        told += next((more for tag, more in BESIDES.items() if segment.startswith(tag)), [])
    return told


def message(directory: str, header: list[str], people: list[list[str]]) -> bytes:
    """Return an interchange of one message, counts and references right."""
    body = ["BGM+745", *header, *FLIGHT, *(segment for person in people for segment in person), "CNT+42:1", "CNT+41:1"]
    lines = [
        "UNB+UNOA:4+UT1:ZZ+GATE:ZZ+261125:0600+17++APIS", f"UNG+PAXLST+UT1:ZZ+GATE:ZZ+261125:0600+3+UN+D:{directory}",
        f"UNH+9+PAXLST:D:{directory}:UN:IATA+UT100/261125/1100+01:F", *body, f"UNT+{len(body) + 2}+9", "UNE+1+3",
        "UNZ+1+17",
    ]  # fmt: skip
    return "".join(f"{line}'" for line in lines).encode()


def people_of(found: Manifest) -> list[Traveller]:
    """Return the people without where they stand."""
    return [replace(one, place=0) for one in found.travellers]


WHOLE = read_manifest(message("12B", HEADER + PARTY, [full(person) for person in BARE]), today=TODAY)


def test_a_full_d12b_message_is_read_field_by_field() -> None:
    """People, ports and documents are told; nothing around them changes any, and nothing is found."""
    assert (WHOLE.source, WHOLE.findings) == ("PAXLST D.12B", ())
    assert WHOLE.lists == (StatedList("passengers", "", ListScope.WHOLE),)
    middle = ("UTC", "2026-11-25T13:00"), ("UTC", "2026-11-25T14:00")
    assert WHOLE.legs == (
        Leg("UT100", PortCall("UTA", "2026-11-25T11:00"), PortCall(*middle[0])),
        Leg("UT100", PortCall(*middle[1]), PortCall("UTD", "2026-11-25T15:00")),
    )
    assert people_of(WHOLE)[0] == Traveller(
        TravellerKind.PASSENGER, "SPECIMENA", "ADA M", DocumentDate(1985, 4, 12), "UTO", "UTA", "UTD",
        (TravelDocument("P", "X00000001", "UTO", DocumentDate(2031, 2, 8)),
         TravelDocument("V", "V00000001", "UTD", DocumentDate(2027, 3, 1))), 0,
    )  # fmt: skip
    assert [one.kind for one in WHOLE.travellers] == [
        TravellerKind.PASSENGER, TravellerKind.CREW, TravellerKind.TRANSIT_PASSENGER, TravellerKind.TRANSIT_CREW,
    ]  # fmt: skip
    assert [str(one.birth_date) for one in WHOLE.travellers] == ["1985-04-12", "1979-12-31", "2001-02-03", "1960-02-29"]


@pytest.mark.parametrize("directory", ["02B", "05B", "12B"])
def test_the_same_people_come_from_every_directory(directory: str) -> None:
    """With what the older directories have alone, movement and people are the same, document by document."""
    bare = read_manifest(message(directory, PARTY[:1], BARE), today=TODAY)
    assert (bare.source, bare.findings) == (f"PAXLST D.{directory}", ())
    assert (bare.legs, bare.carrier, people_of(bare)) == (WHOLE.legs, WHOLE.carrier, people_of(WHOLE))


def test_everything_around_is_counted_and_gone() -> None:
    """Each segment beside those that are read is counted, and no word of it is anywhere."""
    counted = {one.what: one.count for one in WHOLE.dropped}
    assert counted == {
        "ATT": 8, "COM": 5, "CPI": 5, "CTA": 1, "DTM 137": 1, "DTM 140": 4, "DTM 182": 5, "DTM 189": 2, "EMP": 4,
        "FTX": 8, "GEI": 13, "LOC 174": 4, "LOC 180": 4, "LOC 188": 1, "LOC 22": 4, "LOC 87": 1, "MEA": 8, "NAD MS": 1,
        "NAD address": 1, "QTY": 5, "RFF": 5, "RFF ABO": 4, "RFF AEA": 4, "RFF AVF": 4, "RFF CR": 4, "RFF SEA": 4,
        "RFF TN": 1,
    }  # fmt: skip
    whole = repr(WHOLE)
    assert [word for word in ("ROAD", "SHIRE", "SOMEWHERE", "SOMEBODY", "TALL", "14C", "R1234") if word in whole] == []


def test_all_given_names_are_kept() -> None:
    """A name has up to five components; all behind the first are given names."""
    person = [segment.replace("ADA:M", "ADA:BEA:CLEO:DORA:2") for segment in BARE[0]]
    found = read_manifest(message("12B", PARTY, [person, *BARE[1:]]), today=TODAY)
    assert found.travellers[0].given_names == "ADA BEA CLEO DORA"
