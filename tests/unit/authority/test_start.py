"""A charter starts only inside its dates, its weights, its operating point and the evidence behind it."""

from __future__ import annotations

from typing import Any

import pytest

from countenance.authority import check_start
from countenance.errors import CharterError, CountenanceError, OperatingPointError
from countenance.terms import Charter, Mode, OperatingPoint, Unmeasured
from fakes.papers import BEGIN, END, MEASURED_ON, NOW, WEIGHTS, charter, point


def start(
    paper: Charter,
    evidence: OperatingPoint,
    *,
    pad: bool = False,
    weights: str = WEIGHTS,
    on: str = MEASURED_ON,
    now: int = NOW,
) -> None:
    """Ask whether it may start."""
    check_start(paper, pad_present=pad, operating_point=evidence, weights=weights, measured_on=on, now=now)  # type: ignore[arg-type]  # plain integers read better in tables


STARTS: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({}, {}, {}),
    ({}, {}, {"now": BEGIN}),
    ({}, {}, {"now": END - 1}),
    ({"attended": False}, {}, {"pad": True}),
    ({"max_gallery_size": 420}, {}, {}),
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
    ({}, {}, {"weights": MEASURED_ON}, "charter.other_weights"),
    ({}, {}, {"weights": ""}, "charter.other_weights"),
    ({"operating_point": "9" * 64}, {}, {}, "charter.other_operating_point"),
    ({}, {"sha256": "9" * 64}, {}, "charter.other_operating_point"),
    ({}, {}, {"on": WEIGHTS}, "operating_point.other_weights"),
    ({}, {"weights": WEIGHTS}, {}, "operating_point.other_weights"),
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
    ({"max_gallery_size": 421}, {}, {}, "charter.gallery_larger_than_evidence"),
    ({"max_gallery_size": 421, "trial": True}, {}, {}, "charter.gallery_larger_than_evidence"),
]


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
    nothing = point(ages=Unmeasured(), capture_classes=Unmeasured(), largest_gallery=Unmeasured())
    with pytest.raises(CharterError, match="ages, capture_classes, largest_gallery"):
        start(charter(), nothing)
    with pytest.raises(CharterError, match=r"ages, capture_classes\."):
        start(charter(mode=Mode.VERIFY), nothing)
