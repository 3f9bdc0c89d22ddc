"""A referral says where, why and until when, and nothing about whom."""

from __future__ import annotations

import pytest

from countenance.cases import make_referral
from countenance.terms import Eligibility, Instant, Referral
from fakes.papers import NOW, encounter

SECRET = encounter(claim="traveller-secret", eligibility=Eligibility("class-secret", 97, 5, refusal_offered=True))


def refer(expires_at: int) -> Referral:
    """Refer an encounter."""
    return make_referral(
        referral_id="1" * 32,
        encounter=SECRET,
        reason="no_match",
        now=NOW,
        expires_at=Instant(expires_at),
        probe_item="referral/1/probe",
        reference_item="",
    )


def test_a_referral_carries_what_an_officer_needs_to_find_it() -> None:
    """It names encounter, checkpoint, reason, its clock and its sealed photographs."""
    assert refer(NOW + 1000) == Referral(
        "1" * 32, SECRET.encounter_id, "gate-1", "no_match", NOW, Instant(NOW + 1000), "referral/1/probe", ""
    )


def test_a_referral_says_nothing_about_the_person() -> None:
    """Claim, class and age stay sealed with the encounter."""
    told = repr(refer(NOW + 1000))
    for secret in ("traveller-secret", "class-secret", "97"):
        assert secret not in told


@pytest.mark.parametrize("expires_at", [NOW - 1, NOW, 0])
def test_a_clock_never_ends_before_it_begins(expires_at: int) -> None:
    """A charter that keeps nothing gives a referral that is over at once, not one in the past."""
    assert refer(expires_at).expires_at == NOW
