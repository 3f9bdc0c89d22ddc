"""A machine-readable zone is read as ICAO 9303 prints it, or refused with the place and what should stand there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from countenance.documents import check_digit, read_mrz
from countenance.errors import DocumentError
from countenance.terms import Sex
from countenance.terms.documents import MrzFormat
from fakes.specimens import (
    ALL,
    GERMAN,
    MRV_A,
    MRV_B,
    TD1,
    TD1_LONG,
    TD2,
    TD2_LONG,
    TD3,
    TODAY,
    with_character,
)
from shared_vectors import shared_files


def refusal(zone: str) -> DocumentError:
    """Return how a zone is refused."""
    with pytest.raises(DocumentError) as caught:
        read_mrz(zone, today=TODAY)
    return caught.value


# --- what is right ----------------------------------------------------------------------------------------------------
FIELDS = [
    (TD3, MrzFormat.TD3, "P", "UTO", "L898902C3", "ERIKSSON", "ANNA MARIA", "UTO", "1974-08-12", "2012-04-15",
     ("ZE184226B",), "L898902C3674081221204159"),
    (TD1, MrzFormat.TD1, "I", "UTO", "D23145890", "ERIKSSON", "ANNA MARIA", "UTO", "1974-08-12", "2012-04-15",
     ("", ""), "D23145890774081221204159"),
    (TD1_LONG, MrzFormat.TD1, "I", "UTO", "D23145890734", "STEVENSON", "PETER JOHN", "UTO", "1934-07-12", "1995-07-12",
     ("", ""), "D23145890734934071279507122"),
    (TD2, MrzFormat.TD2, "I", "UTO", "D23145890", "ERIKSSON", "ANNA MARIA", "UTO", "1974-08-12", "2012-04-15",
     ("",), "D23145890774081221204159"),
    (TD2_LONG, MrzFormat.TD2, "I", "UTO", "D23145890734", "STEVENSON", "PETER JOHN", "UTO", "1934-07-12", "1995-07-12",
     ("",), "D23145890734934071279507122"),
    (MRV_A, MrzFormat.MRV_A, "V", "UTO", "L8988901C", "ERIKSSON", "ANNA MARIA", "XXX", "1940-09-07", "1996-12-10",
     ("6ZE184226B",), "L8988901C440090789612109"),
    (MRV_B, MrzFormat.MRV_B, "V", "UTO", "L8988901C", "ERIKSSON", "ANNA MARIA", "XXX", "1940-09-07", "1996-12-10",
     ("",), "L8988901C440090789612109"),
    (GERMAN, MrzFormat.TD3, "P", "D", "C11T002JM", "MUSTERMANN", "ERIKA", "D", "1996-08-12", "2023-10-31",
     ("",), "C11T002JM496081222310314"),
]  # fmt: skip


@pytest.mark.parametrize("row", FIELDS, ids=list(ALL))
def test_a_specimen_is_read_field_by_field(row: tuple[object, ...]) -> None:
    """Each published specimen gives the fields that its standard prints, unrepaired, without findings."""
    zone, *fields = row
    assert isinstance(zone, str)
    found = read_mrz(zone, today=TODAY)
    assert [
        found.format, found.document_code, found.issuing_state, found.document_number, found.surname,
        found.given_names, found.nationality, str(found.birth_date), str(found.expiry_date), found.optional,
        found.access_information,
    ] == fields  # fmt: skip
    assert (found.repairs, found.findings, found.name_cut) == ((), (), False)


@pytest.mark.parametrize("zone", ALL.values(), ids=list(ALL))
@pytest.mark.parametrize("layout", ["one line", "windows", "blanks", "small"])
def test_layout_does_not_matter(zone: str, layout: str) -> None:
    """The same zone in one piece, with other line ends, blanks or small letters is the same; small ones are told."""
    changed = {
        "one line": zone.replace("\n", ""),
        "windows": f"\r\n{zone}\n\n".replace("\n", "\r\n"),
        "blanks": zone.replace("<<", "< <\t"),
        "small": zone.lower(),
    }[layout]
    found = read_mrz(changed, today=TODAY)
    assert found.lines == tuple(zone.split("\n"))
    assert [one.code for one in found.findings] == (["small_letters"] if layout == "small" else [])


def test_a_long_number_leaves_the_rest_of_the_field_to_the_issuer() -> None:
    """What follows a long number and its check digit in the optional field stays optional data."""
    first, second, third = TD1_LONG.replace("<7349<<<<", "<7349<ABC").split("\n")
    digit = check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    found = read_mrz(f"{first}\n{second[:-1]}{digit}\n{third}", today=TODAY)
    assert (found.document_number, found.optional) == ("D23145890734", ("ABC", ""))


def test_unknown_parts_of_a_birth_date() -> None:
    """Fillers in a birth date are unknown parts, each on its own; the year still has its century."""
    birth = "74<<<<"
    line = f"L898902C36UTO{birth}{check_digit(birth)}F1204159ZE184226B<<<<<1"
    over = line[:10] + line[13:20] + line[21:43]
    found = read_mrz(f"{TD3.split()[0]}\n{line}{check_digit(over)}", today=TODAY)
    assert (str(found.birth_date), found.birth_date.complete) == ("1974-XX-XX", False)


def test_names_that_fill_their_field_may_be_cut() -> None:
    """Names up to the last place are told as maybe cut; a surname alone is a whole name (ICAO 9303-3, 4.6)."""
    names = "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"
    cut = read_mrz(TD3.replace("ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", names), today=TODAY)
    assert (cut.name_cut, [one.code for one in cut.findings]) == (True, ["names_cut"])
    alone = read_mrz(TD3.replace("ERIKSSON<<ANNA<MARIA", "ARKFREITH<<<<<<<<<<<"), today=TODAY)
    assert (alone.surname, alone.given_names) == ("ARKFREITH", "")


@pytest.mark.parametrize("code", ["D", "UTO", "GBD", "EUE", "UNO", "XXA", "XOM", "RKS", "DEU"])
def test_codes_that_iso_does_not_have(code: str) -> None:
    """States of one letter, of ICAO's own and of organisations are known."""
    found = read_mrz(TD3.replace("P<UTO", f"P<{code:<<3}"), today=TODAY)
    assert (found.issuing_state, found.findings) == (code, ())


def test_an_unknown_code_is_told_and_not_refused() -> None:
    """A state's code that is not in the table, or a document code that its format seldom has, is a finding."""
    found = read_mrz(TD3.replace("P<UTO", "ACQQQ").replace("C36UTO", "C36QQQ"), today=TODAY)
    assert [one.code for one in found.findings] == ["document_code", "state_unknown", "nationality_unknown"]


@pytest.mark.parametrize("letter, sex", [("F", Sex.FEMALE), ("M", Sex.MALE), ("<", Sex.UNSPECIFIED),
                                         ("X", Sex.UNSPECIFIED)])  # fmt: skip
def test_sex_is_what_the_document_states(letter: str, sex: Sex) -> None:
    """F, M, < and X are read; nothing is guessed."""
    assert read_mrz(with_character(TD3, 2, 21, letter), today=TODAY).sex is sex


@pytest.mark.parametrize("text, digit", [("L898902C3", 6), ("740812", 2), ("D23145890734", 9), ("<<<<<<", 0), ("", 0),
                                         ("AB2134<<<", 5), ("520727", 3)])  # fmt: skip
def test_check_digits_of_the_standard(text: str, digit: int) -> None:
    """Check digits are those of the examples in ICAO 9303-3, 4.9 and of the specimens."""
    assert check_digit(text) == digit


def test_a_check_digit_of_foreign_characters_is_refused() -> None:
    """A check digit of anything outside the alphabet is a ValueError, never a number."""
    with pytest.raises(ValueError, match="A to Z"):
        check_digit("1234*6789")


def test_an_empty_optional_field_may_have_a_filler_for_its_check_digit() -> None:
    """A TD3 without optional data may print < or 0 there (ICAO 9303-4, 4.2.2.2); with data it may not."""
    for digit in "<0":
        zone = GERMAN[:-2] + digit + GERMAN[-1]
        assert read_mrz(zone, today=TODAY).optional == ("",)
    assert "is <, expected is 1" in refusal(with_character(TD3, 2, 43, "<")).message


# --- what is wrong ----------------------------------------------------------------------------------------------------
WRONG_DIGITS = [
    (TD1, 1, 15, "5", ["document number at line 1, column 15 is 5, expected is 7"]),
    (TD1, 2, 7, "4", ["birth date at line 2, column 7 is 4, expected is 2"]),
    (TD1, 2, 15, "1", ["expiry date at line 2, column 15 is 1, expected is 9"]),
    (TD1, 2, 30, "7", ["whole zone at line 2, column 30 is 7, expected is 6"]),
    (TD1_LONG, 1, 19, "8", ["document number at line 1, column 19 is 8, expected is 9"]),
    (TD2, 2, 10, "6", ["document number at line 2, column 10 is 6, expected is 7"]),
    (TD2, 2, 20, "3", ["birth date at line 2, column 20 is 3, expected is 2"]),
    (TD2, 2, 28, "8", ["expiry date at line 2, column 28 is 8, expected is 9"]),
    (TD2, 2, 36, "8", ["whole zone at line 2, column 36 is 8, expected is 6"]),
    (TD3, 2, 10, "4", ["document number at line 2, column 10 is 4, expected is 6"]),
    (TD3, 2, 20, "6", ["birth date at line 2, column 20 is 6, expected is 2"]),
    (TD3, 2, 28, "1", ["expiry date at line 2, column 28 is 1, expected is 9"]),
    (TD3, 2, 43, "2", ["optional data at line 2, column 43 is 2, expected is 1", "whole zone at line 2, column 44"]),
    (TD3, 2, 44, "2", ["whole zone at line 2, column 44 is 2, expected is 0"]),
    (MRV_A, 2, 10, "5", ["document number at line 2, column 10 is 5, expected is 4"]),
    (MRV_B, 2, 28, "8", ["expiry date at line 2, column 28 is 8, expected is 9"]),
]


@pytest.mark.parametrize("zone, line, column, digit, told", WRONG_DIGITS)
def test_a_wrong_check_digit_is_told_with_the_right_one(
    zone: str, line: int, column: int, digit: str, told: list[str]
) -> None:
    """A wrong check digit is refused with its place, what it is and what it should be."""
    error = refusal(with_character(zone, line, column, digit))
    assert error.code == "document.mrz_check_digit"
    assert [clause for clause in told if clause not in error.message] == []


WRONG = [
    ("", "document.mrz_length", "position 1 is"),
    ("L898902C3" * 200, "document.mrz_length", "1800 characters"),
    (TD1[:-1], "document.mrz_length", "line 3, column 30 is"),
    (TD3[:-1], "document.mrz_length", "line 2, column 44 is"),
    (TD2 + "0", "document.mrz_length", "line 2, column 37 is"),
    (TD3.replace("\n", "") + "0", "document.mrz_length", "Nearest are 88: position 89 is"),
    (TD1.replace("\n", "")[:-1], "document.mrz_length", "Nearest are 90: position 90 is"),
    (TD3.replace("\n", "")[:40] + "\n" + TD3.replace("\n", "")[40:], "document.mrz_length", "line 1, column 41 is"),
    (TD3.replace("A", "\u00c5"), "document.mrz_alphabet", "line 1, column 16 stands the character U+00C5"),
    (TD3.replace("ANNA", "\u0410NNA"), "document.mrz_alphabet", "line 1, column 16 stands the character U+0410"),
    (with_character(TD3, 2, 3, "*"), "document.mrz_alphabet", "line 2, column 3 stands the character U+002A"),
    (with_character(TD3, 2, 3, "\uff18"), "document.mrz_alphabet", "line 2, column 3 stands the character U+FF18"),
    (with_character(TD3, 2, 15, "K"), "document.mrz_character", "birth date has a character at line 2, column 15"),
    (with_character(TD3, 1, 8, "7"), "document.mrz_character", "names has a character at line 1, column 8"),
    (with_character(TD3, 2, 11, "7"), "document.mrz_character", "nationality has a character at line 2, column 11"),
    (TD3.replace("<<ANNA<MARIA<", "<<ANNA<<MARIA"), "document.mrz_names", "line 1, column 6"),
    (TD3.replace("ERIKSSON", "<<<<<<<<"), "document.mrz_names", "line 1, column 6"),
    (TD3.replace("<<ANNA", "<<<NNA"), "document.mrz_names", "line 1, column 6"),
    (with_character(TD3, 2, 21, "K"), "document.mrz_sex", "line 2, column 21"),
    (TD1_LONG.replace("<7349<", "<7<<<<"), "document.mrz_number", "line 1, column 16"),
    (TD2_LONG.replace("27349<", "2<<<<<"), "document.mrz_number", "line 2, column 29"),
]


@pytest.mark.parametrize("zone, code, told", WRONG)
def test_what_is_no_zone_is_refused_with_its_place(zone: str, code: str, told: str) -> None:
    """Wrong lengths, foreign alphabets, characters and names are refused with where, and never quote the document."""
    error = refusal(zone)
    assert (error.code, told in error.message) == (code, True), error.message
    assert [word for word in ("ERIKSSON", "ANNA", "L898902") if word in error.message] == []


@pytest.mark.parametrize("field, at", [("740231", "line 2, column 14"), ("741301", "line 2, column 14"),
                                       ("7408<1", "line 2, column 14")])  # fmt: skip
def test_days_that_are_not_in_the_calendar(field: str, at: str) -> None:
    """A date with a right check digit that is no day is refused with its place."""
    line = f"L8988901C4XXX{field}{check_digit(field)}F9612109<<<<<<<<"
    error = refusal(f"{MRV_B.split()[0]}\n{line}")
    assert (error.code, at in error.message) == ("document.mrz_date", True)


# --- vectors ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("vector", shared_files("vectors/mrz/published_mrz.json"))
def test_published_vectors_are_read(vector: Path) -> None:
    """Each published zone is read, as the format that its standard calls it."""
    for case in json.loads(vector.read_text("utf-8")):
        found = read_mrz("\n".join(case["lines"]), today=TODAY)
        assert (found.format.replace("-", ""), found.repairs) == (case["format"], ())


@pytest.mark.parametrize("vector", shared_files("vectors/mrz/gmrtd_cases.json"))
def test_negative_vectors_are_refused(vector: Path) -> None:
    """Of the 57 strings those are read that are whole, right zones, unrepaired, and all others are refused."""
    right = {zone.replace("\n", "") for zone in ALL.values()}
    right.add("P<D<<DOE<<JOHN<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<D123456785UTO6508092M3505207<<<<<<<<<<<<<<<0")
    for case in json.loads(vector.read_text("utf-8"))["cases"]:
        if case["mrz"] in right:
            assert read_mrz(case["mrz"], today=TODAY).repairs == ()
        else:
            assert refusal(case["mrz"]).code.startswith("document.mrz_")
