"""Three letters and two letters of issuing states."""

from __future__ import annotations

import pytest

from countenance.documents.chip.countries import country_of, same_country


@pytest.mark.parametrize("state, country", [
    ("D", "DE"), ("DEU", "DE"), ("UTO", "UT"), ("GBD", "GB"), ("RKS", "KS"), ("UNO", "UN"), ("EUE", "EU"),
    ("USA", "US"), ("CHE", "CH"), ("QQQ", ""), ("", ""), ("DE", ""),
])  # fmt: skip
def test_states_have_their_two_letters(state: str, country: str) -> None:
    """Ordinary states, Germany's single letter, British variants and organisations are known; others are not."""
    assert country_of(state) == country


def test_one_country_is_needed() -> None:
    """The same country is needed, but for Hong Kong and Macao; what is not known is nobody's."""
    assert same_country("FRA", "FR")
    assert same_country("HKG", "CN")
    assert not same_country("FRA", "DE")
    assert not same_country("QQQ", "")
