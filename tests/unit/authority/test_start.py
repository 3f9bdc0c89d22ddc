"""A charter starts only inside its dates, its weights, its operating point and the evidence behind it."""

from __future__ import annotations

from typing import Any

import pytest

from countenance.authority import check_start
from countenance.errors import CharterError, CountenanceError, OperatingPointError
from countenance.terms import (
    Charter,
    ErrorRate,
    Extrapolated,
    Instant,
    Mode,
    OperatingPoint,
    Pairs,
    Target,
    Unmeasured,
)
from fakes.papers import BEGIN, END, NOW, WEIGHTS, charter, point

GUESS = Extrapolated(420, "a formula")
OTHER = "9" * 64


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


REFUSED: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    ({}, {}, {"now": BEGIN - 1}, "charter.not_yet_valid"),
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
