"""Two digits become a year around a day that is handed in; parts that are unknown stay unknown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.documents.dates import birth_date, expiry_date, near_year, whole_date
from countenance.documents.manifest.times import day, local_time
from countenance.documents.states import STATES
from countenance.terms.documents import UNKNOWN_DATE

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize("text, expected", [
    ("261125", "2026-11-25"), ("261126", "1926-11-26"), ("270101", "1927-01-01"), ("000229", "2000-02-29"),
    ("26<<<<", "2026-XX-XX"), ("27<<<<", "1927-XX-XX"), ("2612<<", "1926-12-XX"), ("2611<<", "2026-11-XX"),
    ("26<<30", "2026-XX-30"), ("<<0812", "XXXX-08-12"), ("<<<<<<", "XXXX-XX-XX"), ("740000", "1974-XX-XX"),
])  # fmt: skip
def test_a_birth_is_never_ahead(text: str, expected: str) -> None:
    """A birth date lies in the hundred years up to the reference day, the day itself included."""
    assert str(birth_date(text, TODAY)) == expected


@pytest.mark.parametrize("text, year", [("261125", 2026), ("760101", 2076), ("770101", 1977), ("991231", 1999)])
def test_an_expiry_is_near(text: str, year: int) -> None:
    """An expiry date lies between 49 years back and 50 ahead of the reference day."""
    assert expiry_date(text, TODAY).year == year


@pytest.mark.parametrize("text, passed", [
    ("261124", "2026-11-24"), ("261125", None), ("261126", None), ("2610<<", "2026-10-31"), ("2611<<", None),
    ("2402<<", "2024-02-29"), ("25<<<<", "2025-12-31"), ("26<<<<", None), ("25<<15", "2025-12-15"),
    ("26<<15", None), ("<<1101", None), ("<<<<<<", None), ("30<<<<", None),
])  # fmt: skip
def test_an_expiry_passes_with_the_latest_day_that_it_can_mean(text: str, passed: str | None) -> None:
    """The day itself still holds; of unknown parts the latest counts, and without a year none has passed."""
    day = expiry_date(text, TODAY).passed(TODAY)
    assert (day and day.isoformat()) == passed


@given(st.integers(0, 99), st.dates(date(1950, 1, 1), date(2200, 1, 1)))
def test_years_end_as_they_are_written(two: int, today: date) -> None:
    """Whatever the reference day, the year ends in the two digits and lies in its window."""
    assert near_year(two, today) % 100 == two
    assert today.year - 50 < near_year(two, today) <= today.year + 50
    born = birth_date(f"{two:02d}0101", today)
    assert born.year % 100 == two
    assert today.year - 100 < born.year <= today.year


@pytest.mark.parametrize(
    "text", ["", "7408", "74081", "7408123", "74<812", "741301", "740230", "7408\u0661\u0662", "x"]
)
def test_what_is_no_date(text: str) -> None:
    """Anything but six digits or pairs of fillers, and days that no calendar has, are a ValueError."""
    with pytest.raises(ValueError, match=r"date|day|month|time|year"):
        birth_date(text, TODAY)


@pytest.mark.parametrize("text, expected", [
    ("1974-08-12", "1974-08-12"), ("19740812", "1974-08-12"), ("1974-08", "1974-08-XX"), ("1974", "1974-XX-XX"),
    ("2024-02-29", "2024-02-29"), ("", "XXXX-XX-XX"),
])  # fmt: skip
def test_whole_dates_need_no_pivot(text: str, expected: str) -> None:
    """Dates with four-digit years are read as they stand, as far as they go."""
    assert str(whole_date(text)) == expected


@pytest.mark.parametrize("text", ["74", "1974-8-12", "12.08.1974", "1974-13-01", "2023-02-29", "0000", "1974-00-01",
                                  "1974-08-00", "1974-08-12T00:00", " 1974"])  # fmt: skip
def test_other_writings_are_not_guessed(text: str) -> None:
    """Other writings, zeroes for unknown parts and days that are not are a ValueError."""
    with pytest.raises(ValueError, match=r"date|day|month|time|year"):
        whole_date(text)


@pytest.mark.parametrize("text, expected", [
    ("2611251840", "2026-11-25T18:40"), ("202611251840", "2026-11-25T18:40"), ("261125", "2026-11-25"),
    ("20261125", "2026-11-25"),
])  # fmt: skip
def test_times_of_edifact(text: str, expected: str) -> None:
    """The four writings of UN/EDIFACT 2379 that manifests use are told by their length."""
    assert local_time(text, TODAY) == expected


@pytest.mark.parametrize("text", ["", "2611252440", "2611251860", "2613251840", "26112518", "1840"])
def test_times_that_are_none(text: str) -> None:
    """Hours past 23, minutes past 59 and other lengths are a ValueError."""
    with pytest.raises(ValueError, match=r"date|day|month|time|year"):
        local_time(text, TODAY)


def test_days_of_edifact() -> None:
    """A birth pivots as births do, an expiry as expiries do, eight digits not at all."""
    assert day("300101", TODAY, birth=True).year == 1930
    assert day("300101", TODAY, birth=False).year == 2030
    assert day("19300101", TODAY, birth=False).year == 1930


def test_dates_show_what_they_know() -> None:
    """A date is whole only when all its parts are."""
    assert whole_date("1974-08-12").complete
    assert not UNKNOWN_DATE.complete


def test_the_states() -> None:
    """ISO 3166-1 has 249 codes; ICAO adds its own; all are of three letters but Germany's."""
    assert len(STATES) == 249 + 27
    assert {code for code in STATES if len(code) != 3} == {"D"}
