"""Shipped profiles read as documents, are refused until filled in, and become charters that parse."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countenance.authority import draft_profile, parse_charter, profile_fields, profiles, render_profile
from countenance.errors import CharterError
from countenance.terms import Mode
from fakes.papers import PROFILE_VALUES


def template(name: str) -> bytes:
    """Return a shipped profile's file."""
    return files("countenance.authority").joinpath("profiles", f"{name}.yaml").read_bytes()


BORDER = ("air-gate", "land-pedestrian")
"""Profiles that this version can start."""


def test_four_profiles_ship() -> None:
    """The land lane verifies, the air gate identifies, the others screen; all are trials that staff attend."""
    assert profiles() == ("air-gate", "land-pedestrian", "site-alarm", "venue-exclusion")
    modes = {}
    for name in profiles():
        charter = parse_charter(render_profile(name, PROFILE_VALUES))
        modes[name] = charter.mode
        assert charter.profile == name
        assert charter.trial
        assert charter.attended
        assert not charter.review.complete or PROFILE_VALUES["review_privacy"] != "nobody"
        assert charter.seconds_kept("probe") == 0
    assert modes == {
        "air-gate": Mode.IDENTIFY, "land-pedestrian": Mode.VERIFY, "site-alarm": Mode.SCREEN,
        "venue-exclusion": Mode.SCREEN,
    }  # fmt: skip


@pytest.mark.parametrize("name", profiles())
def test_a_profile_is_no_charter_until_it_is_filled_in(name: str) -> None:
    """The template as shipped is refused, and told what is missing."""
    with pytest.raises(CharterError) as refusal:
        parse_charter(template(name))
    assert refusal.value.code == "charter.not_filled_in"
    assert "charter_id" in refusal.value.message


@pytest.mark.parametrize("name", profiles())
def test_each_value_is_asked_for_once_with_a_hint(name: str) -> None:
    """The fields to fill in are the same for every profile, each with a hint."""
    assert set(profile_fields(name)) == set(PROFILE_VALUES)
    assert all(len(hint) > 10 for hint in profile_fields(name).values())


@pytest.mark.parametrize("name", profiles())
def test_rendering_repeats(name: str) -> None:
    """Equal values give equal bytes, other values others; nothing is left to fill in and comments stay."""
    first = render_profile(name, PROFILE_VALUES)
    marks = len(re.findall(r"^#.*FILL IN", template(name).decode(), re.MULTILINE))
    assert first == render_profile(name, dict(reversed(PROFILE_VALUES.items())))
    assert first != render_profile(name, {**PROFILE_VALUES, "place": "Elsewhere"})
    assert first.decode().count("FILL IN") == marks
    assert b"# The longest that anything is kept." in first


_WORDS = {
    "en": {},
    "es": {"days": "días", "seconds": "segundos", "minutes": "minutos", "hours": "horas", "years": "años"},
}


@pytest.mark.parametrize("name", profiles())
def test_notices_tell_the_charter_s_numbers(name: str) -> None:
    """Every retention time that can be other than unused stands in every notice, in its language (CBP-19)."""
    text = render_profile(name, PROFILE_VALUES).decode()
    block = re.search(r"^retention:\n((?:  .*\n)+)", text, re.MULTILINE)
    assert block is not None
    stated = dict(re.findall(r"  (\w+): (.+)", block[1]))
    if name == "land-pedestrian":
        del stated["reference"]  # no gallery exists in mode verify
    stated["contest"] = "30 days"  # for so long a contest freezes what is kept
    for notice in parse_charter(text.encode()).notices:
        words = " ".join(notice.text.split())
        for kept in stated.values():
            number, unit = kept.split()
            assert f"{number} {_WORDS[notice.language].get(unit, unit)}" in words
        numbers = set(
            re.findall(r"\b(\d+) (?:seconds|year|minutes|hours|days|years|segundos|minutos|horas|días|años)", words)
        )
        assert numbers == {kept.split()[0] for kept in stated.values()}


def test_a_draft_keeps_what_nobody_filled_in() -> None:
    """A draft holds what was given, marks the rest, and each notice's hash as it stands; it is no charter."""
    draft = draft_profile("air-gate", {"place": "An airport"})
    with pytest.raises(CharterError) as refusal:
        parse_charter(draft)
    assert refusal.value.code == "charter.not_filled_in"
    assert b'place: "An airport"' in draft
    assert b"FILL IN (computed" not in draft
    assert draft_profile("air-gate", PROFILE_VALUES) == render_profile("air-gate", PROFILE_VALUES)


@pytest.mark.parametrize("name, setting, words", [
    ("site-alarm", "workplace", {"attendance", "performance"}),
    ("venue-exclusion", "venue", {"marketing", "loyalty", "other-premises"}),
])  # fmt: skip
@pytest.mark.parametrize("how", ["left out", "chartered"])
def test_what_a_place_must_forbid_cannot_be_chartered(name: str, setting: str, words: set[str], how: str) -> None:
    """No charter for such a place leaves these uses open, and none is for one of them (SA-6)."""
    text = render_profile(name, PROFILE_VALUES).decode()
    charter = parse_charter(text.encode())
    assert charter.setting == setting
    assert set(charter.forbidden_uses) >= words
    for word in words:
        changed = (
            re.sub(rf"{word}, |, {word}\b", "", text, count=1)
            if how == "left out"
            else text.replace(f"use: {charter.use}", f"use: {word}")
        )
        assert changed != text
        with pytest.raises(CharterError, match=word) as refusal:
            parse_charter(changed.encode())
        assert refusal.value.code == ("charter.use_not_forbidden" if how == "left out" else "charter.forbidden_use")


@pytest.mark.parametrize("name", sorted(set(profiles()) - set(BORDER)))
def test_screening_notices_name_the_other_way_in(name: str) -> None:
    """Where nobody can be asked before the camera, the notice says who decides and how one gets in without it."""
    for notice in parse_charter(render_profile(name, PROFILE_VALUES)).notices:
        assert "You may decline the camera" in notice.text
        assert "A computer never decides" in notice.text


@pytest.mark.parametrize("name", BORDER)
def test_notices_say_who_why_and_how_to_refuse(name: str) -> None:
    """Every notice names controller, law and contact, and that one may refuse before the camera without a reason."""
    for notice in parse_charter(render_profile(name, PROFILE_VALUES)).notices:
        words = " ".join(notice.text.split())
        for value in ("controller", "legal_basis", "contact"):
            assert PROFILE_VALUES[value] in words
        refusing = {
            "en": ("may refuse", "reason", "No picture is taken"),
            "es": ("puede negarse", "razón", "No se toma"),
        }
        for phrase in refusing[notice.language]:
            assert phrase in words


WRONG = [
    ({}, "'place' is missing"),
    ({**PROFILE_VALUES, "contract": "x"}, "nearest: 'contact'"),
    ({**PROFILE_VALUES, "zzzz": "x"}, "'zzzz' is unknown"),
    ({**PROFILE_VALUES, "place": "one\ntwo"}, "'place' is not one line"),
    ({**PROFILE_VALUES, "place": "one\u2028two"}, "'place' is not one line"),
    ({**PROFILE_VALUES, "place": "\ud800"}, "'place' is not one line"),
]


@pytest.mark.parametrize("values, told", WRONG)
def test_wrong_values_are_told_together(values: dict[str, str], told: str) -> None:
    """Missing, unknown and many-line values are refused in one answer that lists what is wanted."""
    with pytest.raises(CharterError) as refusal:
        render_profile("air-gate", values)
    assert refusal.value.code == "charter.values"
    assert told in refusal.value.message
    assert "review_reference" in refusal.value.remedy


@pytest.mark.parametrize("name, code", [("weights", "charter.invalid_field"), ("charter_id", "charter.invalid_field")])
def test_a_value_that_does_not_fit_is_refused(name: str, code: str) -> None:
    """What is rendered has been parsed: a value that the schema refuses never becomes a charter file."""
    with pytest.raises(CharterError) as refusal:
        render_profile("air-gate", {**PROFILE_VALUES, name: "Not A Hash"})
    assert refusal.value.code == code


@pytest.mark.parametrize("name", ["venue", "../charter", ""])
def test_an_unknown_profile_is_refused(name: str) -> None:
    """Only shipped names are looked up; a path is no name."""
    for ask in (lambda: render_profile(name, {}), lambda: profile_fields(name)):
        with pytest.raises(CharterError, match="no profile") as refusal:
            ask()
        assert "land-pedestrian" in refusal.value.remedy


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8"), min_size=3, max_size=40))
def test_no_value_can_change_another_field(value: str) -> None:
    """Whatever one line of text an operator states comes back as exactly that field, or is refused."""
    code, place = "", value
    try:
        place = parse_charter(render_profile("air-gate", {**PROFILE_VALUES, "place": value})).place
    except CharterError as error:
        code = error.code
    assert place == value
    assert code in {"", "charter.values", "charter.not_filled_in", "charter.not_yaml", "charter.invalid_field"}


@pytest.mark.parametrize("name", profiles())
def test_profiles_cite_nothing_from_memory(name: str) -> None:
    """Laws that nobody looked up stand in no profile, and what counsel must verify of a dated rule is marked so."""
    text = files("countenance.authority").joinpath("profiles", f"{name}.yaml").read_text("utf-8")
    assert not re.search(r"8 CFR|DPA 2018|Gambling Administration Act", text)
    assert ("90 FR 48604" in text) == ("TO BE VERIFIED" in text)
