"""A charter starts only inside its dates, its weights, its operating point and the evidence behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from countenance.authority import DEFAULT_BUILD, check_start, conditions
from countenance.errors import CharterError, CountenanceError, OperatingPointError
from countenance.terms import (
    Charter,
    ErrorRate,
    Extrapolated,
    Instant,
    Mode,
    OperatingPoint,
    Pairs,
    Review,
    Target,
    Unmeasured,
)
from fakes.papers import BEGIN, END, NOW, WEIGHTS, charter, point

GUESS = Extrapolated(420, "a formula")
OTHER = "9" * 64
REVIEW = Review("A review", "2025-12-01", "An officer", "An officer", "An officer")
VENUE = {"setting": "venue", "jurisdiction": "au-sa", "conditions": tuple(conditions("venue", "au-sa") or ())}


def start(
    paper: Charter,
    evidence: OperatingPoint,
    *,
    pad: bool = False,
    weights: str = WEIGHTS,
    production: bool = False,
    now: int = NOW,
) -> None:
    """Ask whether it may start."""
    check_start(
        paper, pad_present=pad, operating_point=evidence, weights=weights, production=production, now=Instant(now)
    )


STARTS: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({}, {}, {}),
    ({}, {}, {"now": BEGIN}),
    ({"review": replace(REVIEW, privacy="nobody"), "trial": True}, {}, {}),
    ({"contact": "Not stated", "trial": True}, {}, {}),
    (VENUE, {}, {}),
    ({}, {}, {"now": END - 1}),
    ({"attended": False}, {}, {"pad": True}),
    ({"max_gallery_size": 420}, {}, {}),
    ({"max_gallery_size": 466}, {}, {}),
    ({"max_gallery_size": 500}, {"largest_gallery": 450}, {}),
    ({"max_gallery_size": 4200, "trial": True}, {"extrapolated": GUESS, "largest_gallery": 4200}, {}),
    ({"trial": True}, {"fpir_upper": None}, {}),
    ({}, {"fmr_upper": None}, {}),
    ({}, {}, {"production": True}),
    ({"mode": Mode.VERIFY}, {"largest_gallery": Unmeasured()}, {}),
    ({"mode": Mode.VERIFY, "max_gallery_size": 1}, {"largest_gallery": 1}, {}),
    ({"trial": True}, {"ages": Unmeasured(), "capture_classes": Unmeasured(), "largest_gallery": Unmeasured()}, {}),
    ({"capture_class": "gate"}, {}, {}),
]


@pytest.mark.parametrize("paper, evidence, how", STARTS)
def test_it_starts_within_every_bound(paper: dict[str, Any], evidence: dict[str, Any], how: dict[str, Any]) -> None:
    """Inside the bounds, ends included, a charter starts."""
    start(charter(**paper), point(**evidence), **how)


NOBODY_THERE = (
    "@",
    "me @ home",
    "a@b",
    "room 1",
    "Building 4, floor 2",
    "12 345",
    "www.example.org",
    "http://",
    "1" * 40,
)
"""What looks like a way to reach somebody and is none."""
REACHABLE = (
    "privacy@example.invalid", "Officer <dpo@police.example.org>, weekdays", "+1 (915) 555-0134", "0171 1234567",
    "tel. 03-1234-5678", "https://example.org/complain",
)  # fmt: skip


@pytest.mark.parametrize("contact", REACHABLE)
def test_a_contact_that_people_can_use_starts(contact: str) -> None:
    """A mail address, a telephone number as people write it, or a web page is a way to reach somebody."""
    start(charter(contact=contact), point())


REFUSED: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    ({}, {"issued_at": BEGIN - 1}, {"now": BEGIN - 1}, "charter.not_yet_valid"),
    ({"mode": Mode.SCREEN}, {"modes": (Mode.SCREEN,)}, {}, "charter.mode_not_available"),
    ({"setting": "public-space"}, {}, {}, "charter.public_space"),
    ({"setting": "public-space", "mode": Mode.SCREEN}, {}, {}, "charter.public_space"),
    ({"review": replace(REVIEW, privacy="nobody")}, {}, {}, "charter.unreviewed"),
    ({"review": replace(REVIEW, civil_rights="nobody")}, {}, {}, "charter.unreviewed"),
    ({"review": replace(REVIEW, technology="nobody"), "trial": True}, {}, {"production": True}, "charter.unreviewed"),
    ({"review": replace(REVIEW, signed_on="2026-12-02")}, {}, {}, "charter.review_ahead"),
    ({"contact": "Not stated"}, {}, {}, "charter.no_contact"),
    *(({"contact": text}, {}, {}, "charter.no_contact") for text in NOBODY_THERE),
    ({"review": replace(REVIEW, privacy="Nobody ")}, {}, {}, "charter.unreviewed"),
    ({"contact": "Not stated", "trial": True}, {}, {"production": True}, "charter.no_contact"),
    (VENUE | {"jurisdiction": "zz"}, {}, {}, "charter.unknown_jurisdiction"),
    (VENUE | {"conditions": ()}, {}, {}, "charter.condition_open"),
    (VENUE | {"conditions": (*VENUE["conditions"], "more")}, {}, {}, "charter.unknown_condition"),
    ({**VENUE, "setting": "workplace", "jurisdiction": "uk"}, {}, {}, "charter.unknown_condition"),
    ({}, {}, {"now": END}, "charter.expired"),
    ({"attended": False}, {}, {}, "charter.unattended_without_pad"),
    ({}, {}, {"weights": OTHER}, "charter.other_weights"),
    ({}, {}, {"weights": ""}, "charter.other_weights"),
    ({"operating_point": "9" * 64}, {}, {}, "charter.other_operating_point"),
    ({}, {"sha256": "9" * 64}, {}, "charter.other_operating_point"),
    ({}, {"weights": OTHER}, {}, "operating_point.other_weights"),
    ({"trial": True}, {"weights": "c" * 64}, {}, "operating_point.other_weights"),
    ({}, {"issued_at": NOW + 1}, {}, "operating_point.not_yet_issued"),
    ({}, {"expires_at": NOW}, {}, "operating_point.expired"),
    ({}, {"modes": (Mode.VERIFY,)}, {}, "charter.mode_outside_evidence"),
    ({"mode": Mode.VERIFY}, {"modes": (Mode.IDENTIFY,)}, {}, "charter.mode_outside_evidence"),
    ({"trial": True}, {"modes": ()}, {}, "charter.mode_outside_evidence"),
    ({}, {"ages": Unmeasured()}, {}, "charter.unmeasured_bounds"),
    ({}, {"capture_classes": Unmeasured()}, {}, "charter.unmeasured_bounds"),
    ({}, {"largest_gallery": Unmeasured()}, {}, "charter.unmeasured_bounds"),
    ({"mode": Mode.VERIFY}, {"ages": Unmeasured()}, {}, "charter.unmeasured_bounds"),
    ({"capture_class": "kiosk"}, {}, {}, "charter.capture_class_outside_evidence"),
    ({"capture_class": "kiosk", "trial": True}, {}, {}, "charter.capture_class_outside_evidence"),
    ({}, {"capture_classes": ()}, {}, "charter.capture_class_outside_evidence"),
    ({}, {"reference_years": Unmeasured()}, {}, "charter.unmeasured_bounds"),
    ({}, {"fpir_upper": None}, {}, "charter.unmeasured_bounds"),
    ({"mode": Mode.VERIFY}, {"fmr_upper": None}, {}, "charter.unmeasured_bounds"),
    ({"trial": True}, {"ages": Unmeasured()}, {"production": True}, "charter.unmeasured_bounds"),
    ({}, {"extrapolated": GUESS}, {}, "charter.extrapolated_evidence"),
    ({"trial": True}, {"extrapolated": GUESS}, {"production": True}, "charter.extrapolated_evidence"),
    ({"max_gallery_size": 467}, {}, {}, "charter.gallery_larger_than_evidence"),
    ({"max_gallery_size": 467, "trial": True}, {}, {}, "charter.gallery_larger_than_evidence"),
    ({"max_gallery_size": 421, "trial": True}, {"extrapolated": GUESS}, {}, "charter.gallery_larger_than_evidence"),
    (
        {"max_gallery_size": 467}, {"target": Target(ErrorRate.FPIR, 1e-3, 420, Pairs.ALL), "largest_gallery": 9999},
        {}, "charter.gallery_larger_than_evidence",
    ),
]  # fmt: skip


@pytest.mark.parametrize("paper, evidence, how, code", REFUSED)
def test_it_refuses_outside_any_bound(
    paper: dict[str, Any], evidence: dict[str, Any], how: dict[str, Any], code: str
) -> None:
    """Each bound that is crossed refuses to start, with its own code and what to do."""
    with pytest.raises(CountenanceError) as refusal:
        start(charter(**paper), point(**evidence), **how)
    assert refusal.value.code == code
    assert isinstance(refusal.value, OperatingPointError if code.startswith("operating") else CharterError)
    assert refusal.value.remedy


def test_unmeasured_bounds_are_named() -> None:
    """The refusal says which bounds nobody measured, and leaves out those that do not matter here."""
    nothing = point(
        ages=Unmeasured(), reference_years=Unmeasured(), capture_classes=Unmeasured(), largest_gallery=Unmeasured(),
        fmr_upper=None, fpir_upper=None,
    )  # fmt: skip
    with pytest.raises(CharterError, match="ages, reference_years, capture_classes, largest_gallery, fpir_upper"):
        start(charter(), nothing)
    with pytest.raises(CharterError, match=r"ages, reference_years, capture_classes, fmr_upper\."):
        start(charter(mode=Mode.VERIFY), nothing)


def test_every_condition_must_be_ticked() -> None:
    """For each jurisdiction, one condition left open is enough that nothing starts, and it is told in words (W-10)."""
    for setting, jurisdiction in [
        ("venue", "au-sa"), ("venue", "au-nsw"), ("venue", "uk"), ("venue", "eu"), ("venue", "us-il"),
        ("workplace", "uk"), ("workplace", "eu"), ("workplace", "us-il"),
    ]:  # fmt: skip
        asked = conditions(setting, jurisdiction)
        assert asked
        for name, words in asked.items():
            ticked = tuple(other for other in asked if other != name)
            with pytest.raises(CharterError, match=name) as refusal:
                start(charter(setting=setting, jurisdiction=jurisdiction, conditions=ticked), point())
            assert refusal.value.code == "charter.condition_open"
            assert words in refusal.value.message


def test_the_default_build_screens_nobody() -> None:
    """Two modes and no public space: that is all this build can do (W-2)."""
    assert DEFAULT_BUILD.modes == {Mode.VERIFY, Mode.IDENTIFY}
    assert not DEFAULT_BUILD.public_spaces
