"""CSV and JSON manifests hold the same as EDIFACT: the same types, the same findings, located refusals."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

import paper_samples
from countenance.documents import ManifestLimits, read_manifest
from countenance.errors import DocumentError
from countenance.terms.documents import Manifest, TravellerKind
from fakes.specimens import TODAY

TABLE = paper_samples.table(2)
OBJECTS = json.loads(paper_samples.objects(2))


def read(text: str, **bounds: int) -> Manifest:
    """Return a manifest."""
    return read_manifest(text.encode(), today=TODAY, limits=ManifestLimits(**bounds))


def refusal(text: str, **bounds: int) -> DocumentError:
    """Return how a text is refused."""
    with pytest.raises(DocumentError) as caught:
        read(text, **bounds)
    return caught.value


def codes(found: Manifest) -> list[str]:
    """Return the codes of the findings."""
    return [one.code for one in found.findings]


def changed(path: str, value: Any) -> str:
    """Return the JSON with the member at ``path`` ("travellers.0.kind") set, or removed where value is ``...``."""
    whole = json.loads(json.dumps(OBJECTS))
    at = whole
    *steps, last = path.split(".")
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return json.dumps(whole)


# --- what is read -----------------------------------------------------------------------------------------------------
def test_all_formats_agree() -> None:
    """The same flight as PAXLST, CSV and JSON gives the same, but for ports that differ by person."""
    edifact = read(paper_samples.paxlst(2).replace(":ADA:M", ":ADA"))
    for found in (read(TABLE), read(json.dumps(OBJECTS))):
        assert (found.carrier, found.legs, found.findings) == (edifact.carrier, edifact.legs, ())
        people = [replace(one, place=0, embarks="", debarks="") for one in edifact.travellers]
        assert [replace(one, place=0) for one in found.travellers] == people


@pytest.mark.parametrize("text", [TABLE.replace(",", ";"), "\ufeff" + TABLE, TABLE.replace("\n", "\r\n"),
                                  TABLE.replace("ADA", '"ADA"'), TABLE.upper().replace("PASSENGER", "passenger"),
                                  "\n" + TABLE + "\n\n"])  # fmt: skip
def test_ways_of_writing_csv(text: str) -> None:
    """Semicolons, a byte order mark, other line ends, quotes, capitals and empty lines do not matter."""
    assert read(text) == read(TABLE)


def test_what_is_not_needed_is_dropped_and_counted() -> None:
    """Columns and keys that no gallery needs are counted and nowhere in what was read."""
    assert [(one.what, one.count) for one in read(TABLE).dropped] == [("column seat", 2)]
    assert [(one.what, one.count) for one in read(json.dumps(OBJECTS)).dropped] == [("key seat", 2)]
    assert "1A" not in repr(read(TABLE))
    assert read(TABLE.replace("1A", "")).dropped == ()


def test_a_person_needs_little() -> None:
    """With flight and surname alone a table is read; what staging will miss is found."""
    found = read("flight,surname\nUT100,SPECIMEN\n")
    assert (found.carrier, found.travellers[0].kind) == ("UT", TravellerKind.PASSENGER)
    assert codes(found) == ["no_birth_date", "no_document", "no_nationality"]
    assert [(one.place, "row 2" in one.sentence) for one in found.findings] == [(2, True)] * 3


@pytest.mark.parametrize("old, new, rows, expected", [
    ("1985-04-12", "12.04.1985", 1, ["date", "no_birth_date"]),
    ("1985-04-12", "1985-04", 1, ["no_birth_date"]),
    ("2031-02-08", "soon", 1, ["date"]),
    ("SPECIMENB", "SPECIMENA", 1, []),
    ("T11:00", "T11", 2, ["date"]),
    ("T11:00", " 11:00", 2, []),
    ("T11:00", "", 2, []),
    ("2026-11-25T11:00", "2026-13-25T11:00", 2, ["date"]),
])  # fmt: skip
def test_slips_in_a_table_are_found(old: str, new: str, rows: int, expected: list[str]) -> None:
    """A date or time that cannot be read is a finding of its row, the movement's once; nothing is guessed."""
    assert codes(read(TABLE.replace(old, new, rows))) == expected


def test_a_count_that_disagrees_is_found() -> None:
    """JSON's own count is compared."""
    assert codes(read(changed("count", 3))) == ["people_count"]
    assert codes(read(changed("count", "2"))) == ["people_count"]
    assert codes(read(changed("count", ...))) == []


# --- what is refused --------------------------------------------------------------------------------------------------
CSV_REFUSED = [
    (TABLE.replace("flight", "voyage"), "manifest.columns", "lacks flight"),
    (TABLE.replace("seat", "surname"), "manifest.columns", "twice"),
    (TABLE.replace("seat", "," * 200), "manifest.columns", "216 columns, 200"),
    (TABLE.replace(",1A", "", 1), "manifest.row", "Row 2 has 15 cells"),
    (TABLE.replace(",1A", ",1A,9", 1), "manifest.row", "Row 2 has 17 cells"),
    (TABLE.replace("UT100", "UT200", 1), "manifest.several_movements", "Row 3"),
    (TABLE.replace("UT100", ""), "manifest.no_movement", "No row"),
    ("flight,surname\n", "manifest.no_movement", "No row"),
    (TABLE.replace("passenger", "stowaway", 1), "manifest.kind", "Number 2"),
    (TABLE.replace("ADA", "A\x1bA", 1), "manifest.text", "row 2"),
    (TABLE.replace("ADA", "A\u202eA", 1), "manifest.text", "row 2"),
    (TABLE.replace("seat", "se\x1bat", 1), "manifest.text", "row 1"),
    (TABLE.replace("ADA", "A" * 5_000, 1), "manifest.text", "row 2"),
    (TABLE.replace("ADA", "A" * 20_000, 1), "manifest.row", "Line 2"),
    (TABLE.replace("ADA", '"A"DA', 1), "manifest.csv", "Line 2"),
    (TABLE.replace("ADA", '"ADA', 1), "manifest.csv", "Line 3"),
]


@pytest.mark.parametrize("text, code, told", CSV_REFUSED)
def test_damaged_tables_are_refused_with_their_row(text: str, code: str, told: str) -> None:
    """A table that is not rectangular, not of one movement or not text is refused with its row."""
    error = refusal(text)
    assert (error.code, told in error.message) == (code, True), error.message


JSON_REFUSED = [
    ("{", "manifest.json", "character 2"),
    ('{"carrier": NaN}', "manifest.json_unsafe", "number"),
    ('{"a": 1, "a": 2}', "manifest.json_unsafe", "twice"),
    ('{"a": ' + "[" * 100_000, "manifest.json_unsafe", "deeply"),
    ('{"a": ' + "9" * 5_000 + "}", "manifest.json_unsafe", "number"),
    (changed("legs", ...), "manifest.json_shape", "legs"),
    (changed("legs", []), "manifest.no_movement", "no leg"),
    (changed("legs", [OBJECTS["legs"][0]] * 21), "manifest.json_shape", "at most 20"),
    (changed("legs.0.flight", ""), "manifest.no_movement", "no leg"),
    (changed("legs.0.flight", 7), "manifest.json_shape", "flight of leg 1"),
    (changed("travellers", {}), "manifest.json_shape", "travellers"),
    (changed("travellers.1.surname", None), "manifest.json_shape", "surname of traveller 2"),
    (changed("travellers.1.surname", "\ud800"), "manifest.text", "surname of traveller 2"),
    (changed("travellers.1.se\u001bat", ""), "manifest.text", "traveller 2"),
    (changed("travellers.1.kind", "pilot"), "manifest.kind", "Number 2"),
    (changed("travellers.0.documents", [{}] * 11), "manifest.json_shape", "documents of traveller 1"),
    (changed("travellers.0.documents", "P"), "manifest.json_shape", "documents of traveller 1"),
    (changed("travellers.0.documents.0.number", 5), "manifest.json_shape", "number of document 1 of traveller 1"),
    (changed("travellers", ["SPECIMEN"]), "manifest.json_shape", "In traveller 1"),
    (changed("carrier", []), "manifest.json_shape", "carrier"),
]


@pytest.mark.parametrize("text, code, told", JSON_REFUSED)
def test_damaged_json_is_refused_with_its_place(text: str, code: str, told: str) -> None:
    """JSON of another shape, too deep, ambiguous or not printable is refused with where."""
    error = refusal(text)
    assert (error.code, told in error.message) == (code, True), error.message


@pytest.mark.parametrize("text", [TABLE, json.dumps(OBJECTS)])
def test_people_are_bounded(text: str) -> None:
    """One person more than the bound is refused, whatever the format."""
    assert refusal(text, max_travellers=1).code == "manifest.too_many_travellers"
    assert len(read(text, max_travellers=2).travellers) == 2


def test_names_that_may_be_a_persons_are_not_repeated() -> None:
    """Columns and keys that are not on the list of known fields are counted together, without their text."""
    table = TABLE.replace("seat", "SPECIMENA ADA")
    assert [(one.what, one.count) for one in read(table).dropped] == [("column of another name", 2)]
    found = read(changed("travellers", [{"surname": "A", **{f"SPECIMEN{one}": "" for one in range(300)}}]))
    assert [(one.what, one.count) for one in found.dropped] == [("key of another name", 300)]
    assert read(TABLE.replace("seat", "Place-of birth")).dropped[0].what == "column place_of_birth"


@pytest.mark.parametrize("text, code", [
    (TABLE.split("\n", 1)[1], "manifest.no_header"),
    (TABLE.split("\n", 1)[1].replace("SPECIMENA", "surname"), "manifest.columns"),
    (TABLE.replace(",", "\t"), "manifest.no_header"),
    ("SPECIMENA", "manifest.no_interchange"),
])  # fmt: skip
def test_a_table_without_a_row_of_names_is_refused(text: str, code: str) -> None:
    """The refusal says that the row of names is missing and repeats nobody's name."""
    error = refusal(text)
    assert (error.code, "SPECIMEN" in error.diagnostics()) == (code, False)
