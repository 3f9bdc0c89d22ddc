"""Confused characters are taken for what they must be, only where that is bounded, and always told."""

from __future__ import annotations

import contextlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.documents import read_mrz
from countenance.documents.zone.layout import LAYOUTS
from countenance.errors import DocumentError
from countenance.terms.documents import MachineReadableZone
from fakes.specimens import ALL, GERMAN, MRV_B, TD1, TD1_LONG, TD3, TODAY, with_character

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"


def told(found: MachineReadableZone) -> list[tuple[int, int, str, str, bool]]:
    """Return the repairs without the fields' names."""
    return [(one.line, one.column, one.read, one.taken, one.confirmed) for one in found.repairs]


REPAIRS = [
    (TD3, 2, 14, "T", None),
    (TD3, 2, 18, "I", "1"),
    (TD3, 2, 19, "Z", "2"),
    (TD3, 2, 16, "O", "0"),
    (TD3, 2, 17, "B", "8"),
    (TD3, 2, 27, "S", "5"),
    (TD3, 2, 10, "G", "6"),
    (TD3, 2, 44, "D", "0"),
    (TD3, 2, 6, "O", "0"),
    (TD3, 2, 32, "B", "8"),
    (TD3, 2, 35, "Z", "2"),
    (TD3, 2, 34, "Z", None),  # two exchanges would do: this one, and the B behind it
    (TD3, 2, 7, "Z", None),  # a letter beside a letter: not the odd one
    (TD3, 2, 37, "8", None),  # a digit beside a digit: not the odd one
    (TD1, 1, 14, "O", "0"),
    (TD1_LONG, 1, 14, "O", "0"),
    (MRV_B, 2, 7, "O", "0"),
    (MRV_B, 2, 14, "A", None),
]


@pytest.mark.parametrize("zone, line, column, read, taken", REPAIRS)
def test_a_confused_character_under_a_check_digit(
    zone: str, line: int, column: int, read: str, taken: str | None
) -> None:
    """A look-alike under a check digit becomes what was printed, told with its place; what looks like nothing stays."""
    changed = with_character(zone, line, column, read)
    if taken is None:
        with pytest.raises(DocumentError):
            read_mrz(changed, today=TODAY)
        return
    found = read_mrz(changed, today=TODAY)
    assert found.lines == tuple(zone.split("\n"))
    assert told(found) == [(line, column, read, taken, True)]


def test_several_at_once() -> None:
    """Each character of the wrong kind for its place is told, those without a check digit as unconfirmed."""
    found = read_mrz(TD3.replace("ERIKSSON", "ER1K5S0N").replace("7408122", "74O8IZ2"), today=TODAY)
    assert found.lines == tuple(TD3.split("\n"))
    assert told(found) == [
        (1, 8, "1", "I", False), (1, 10, "5", "S", False), (1, 12, "0", "O", False),
        (2, 16, "O", "0", True), (2, 18, "I", "1", True), (2, 19, "Z", "2", True),
    ]  # fmt: skip


def test_a_state_becomes_a_known_code_or_nothing() -> None:
    """0 in a state is D, O or Q, whichever makes a known code; where several or none do, the zone is refused."""
    assert read_mrz(GERMAN.replace("M4D<<", "M40<<"), today=TODAY).nationality == "D"
    assert read_mrz(TD3.replace("P<UTO", "P<UT0"), today=TODAY).issuing_state == "UTO"
    with pytest.raises(DocumentError, match="issuing state"):
        read_mrz(TD3.replace("P<UTO", "P<0TO"), today=TODAY)


def test_a_digit_among_digits_is_never_made_a_letter() -> None:
    """A wrong digit in a number is not explained away by making a letter of a right one: it is refused."""
    for digit in "01245679":
        with pytest.raises(DocumentError, match="column 15 is 7, expected"):
            read_mrz(with_character(TD1, 1, 8, digit), today=TODAY)


def test_too_many_repairs_are_no_zone() -> None:
    """A text of the right length in which most characters would need a repair is refused."""
    with pytest.raises(DocumentError, match="fewer than"):
        read_mrz("P<UTO" + "1" * 39 + TD3.split("\n")[1], today=TODAY)


CONFUSED = {frozenset(pair) for pair in ("O0", "I1", "S5", "B8", "Z2", "G6", "D0", "Q0", "L1")}


def outcome(whole: str, place: int, character: str) -> str:
    """Return what becomes of a zone in which one character is exchanged."""
    try:
        found = read_mrz(whole[:place] + character + whole[place + 1 :], today=TODAY)
    except DocumentError:
        return "refused"
    return "right" if "".join(found.lines) == whole else "wrong" if found.repairs else "unseen"


def test_what_repairs_are_worth() -> None:
    """The figures of docs/documents.md: of all errors of one character under a check digit, and of confusions."""
    every: Counter[str] = Counter()
    confused: Counter[str] = Counter()
    for name in ("TD3", "TD1", "TD1-long", "TD2-long", "MRV-A", "MRV-B", "German"):
        whole = ALL[name].replace("\n", "")
        layout = LAYOUTS[read_mrz(whole, today=TODAY).format]
        spans = (
            layout.number,
            layout.number_digit,
            layout.birth,
            layout.birth_digit,
            layout.expiry,
            layout.expiry_digit,
        )
        for line, column in (place for span in spans for place in span.places()):
            place = line * layout.width + column
            for character in ALPHABET.replace(whole[place], ""):
                became = outcome(whole, place, character)
                every[became] += 1
                confused[became] += frozenset((whole[place], character)) in CONFUSED
    assert every == {"refused": 5667, "unseen": 173, "right": 153, "wrong": 55}
    assert +confused == {"right": 153, "refused": 18, "unseen": 10}


@given(st.sampled_from(sorted(ALL)), st.integers(0, 89), st.sampled_from(ALPHABET))
def test_nothing_is_changed_silently(name: str, place: int, character: str) -> None:
    """Whatever one character is exchanged, the zone is refused, or read with exactly its repairs as differences."""
    whole = ALL[name].replace("\n", "")
    place %= len(whole)
    handed_in = whole[:place] + character + whole[place + 1 :]
    try:
        found = read_mrz(handed_in, today=TODAY)
    except DocumentError:
        return
    width = len(found.lines[0])
    different = {
        (at // width + 1, at % width + 1, a, b)
        for at, (a, b) in enumerate(zip(handed_in, "".join(found.lines), strict=True))
        if a != b
    }
    assert {(one.line, one.column, one.read, one.taken) for one in found.repairs} == different


@given(st.text(alphabet=st.one_of(st.sampled_from(ALPHABET + "\n "), st.characters()), max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text brings anything but a zone or a refusal."""
    with contextlib.suppress(DocumentError):
        read_mrz(text, today=TODAY)


@given(st.sampled_from(sorted(ALL)), st.data())
def test_any_zone_of_the_right_size_is_read_or_refused(name: str, data: st.DataObject) -> None:
    """The same for texts in the shape of a zone, with up to six characters exchanged."""
    lines = list(ALL[name].replace("\n", ""))
    for place in data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=6)):
        lines[place] = data.draw(st.sampled_from(ALPHABET))
    with contextlib.suppress(DocumentError):
        found = read_mrz("".join(lines), today=TODAY)
        assert read_mrz("\n".join(found.lines), today=TODAY).repairs == ()
