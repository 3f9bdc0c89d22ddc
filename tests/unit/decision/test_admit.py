"""Outside the evidence envelope nothing is compared; inside it nothing stands in the way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.decision import admit
from countenance.terms import Bounds, Charter, Instant, Mode, NotCompared, OperatingPoint, Unmeasured
from fakes.papers import BEGIN, END, NOW, charter, point


def ask(
    paper: Charter, evidence: OperatingPoint, *, age: int = 30, size: int = 100, now: int = NOW
) -> NotCompared | None:
    """Ask for admission of an adult before a gallery of 100."""
    return admit(paper, evidence, age=age, gallery_size=size, now=Instant(now))


ADMITTED: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({}, {}, {}),
    ({}, {}, {"now": BEGIN}),
    ({}, {}, {"now": END - 1}),
    ({}, {}, {"age": 16}),
    ({}, {}, {"age": 79}),
    ({}, {}, {"size": 1}),
    ({}, {}, {"size": 400}),
    ({"max_gallery_size": 500}, {}, {"size": 420}),
    ({"mode": Mode.VERIFY}, {"largest_gallery": Unmeasured()}, {"size": 0}),
    ({"mode": Mode.VERIFY, "max_gallery_size": 1}, {"largest_gallery": 1}, {"size": 7}),
    ({"trial": True}, {"ages": Unmeasured(), "capture_classes": Unmeasured(), "largest_gallery": Unmeasured()}, {}),
    ({"trial": True}, {"ages": Unmeasured()}, {"age": 14}),
    ({"trial": True}, {"ages": Unmeasured(), "minimum_age": 0}, {"age": -1}),
    ({"trial": True}, {"ages": Unmeasured(), "minimum_age": 0}, {"age": 0}),
    ({"trial": True}, {"largest_gallery": Unmeasured()}, {"size": 400}),
]


@pytest.mark.parametrize("paper, evidence, how", ADMITTED)
def test_inside_every_bound(paper: dict[str, Any], evidence: dict[str, Any], how: dict[str, Any]) -> None:
    """Inside the bounds, ends included, the person may be compared."""
    assert ask(charter(**paper), point(**evidence), **how) is None


REFUSED: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], str, str]] = [
    ({}, {}, {"now": BEGIN - 1}, "charter.not_in_force", "charter-not-in-force"),
    ({}, {}, {"now": END}, "charter.not_in_force", "charter-not-in-force"),
    ({}, {"sha256": "9" * 64}, {}, "operating_point.not_the_charters", "operating-point-not-the-charters"),
    ({}, {"issued_at": NOW + 1}, {}, "operating_point.not_in_date", "operating-point-not-in-date"),
    ({}, {"expires_at": NOW}, {}, "operating_point.not_in_date", "operating-point-not-in-date"),
    ({}, {"ages": Unmeasured()}, {}, "outside_envelope.unmeasured", "unmeasured-bounds-need-a-trial"),
    ({}, {"capture_classes": Unmeasured()}, {}, "outside_envelope.unmeasured", "unmeasured-bounds-need-a-trial"),
    ({}, {"largest_gallery": Unmeasured()}, {}, "outside_envelope.unmeasured", "unmeasured-bounds-need-a-trial"),
    (
        {"mode": Mode.VERIFY}, {"capture_classes": Unmeasured()}, {},
        "outside_envelope.unmeasured", "unmeasured-bounds-need-a-trial",
    ),
    ({}, {"modes": (Mode.VERIFY,)}, {}, "outside_envelope.mode", "mode-outside-evidence"),
    ({"mode": Mode.VERIFY}, {"modes": (Mode.IDENTIFY,)}, {}, "outside_envelope.mode", "mode-outside-evidence"),
    ({}, {"modes": ()}, {}, "outside_envelope.mode", "mode-outside-evidence"),
    ({"capture_class": "kiosk"}, {}, {}, "outside_envelope.capture_class", "capture-class-outside-evidence"),
    ({}, {"capture_classes": ()}, {}, "outside_envelope.capture_class", "capture-class-outside-evidence"),
    ({}, {}, {"age": -1}, "outside_envelope.age_unknown", "age-unknown"),
    ({}, {}, {"age": -7}, "outside_envelope.age_unknown", "age-unknown"),
    ({}, {"minimum_age": 0}, {"age": -1}, "outside_envelope.age_unknown", "age-unknown"),
    ({"trial": True}, {"ages": Unmeasured()}, {"age": -1}, "outside_envelope.age_unknown", "age-unknown"),
    ({}, {}, {"age": 13}, "outside_envelope.minimum_age", "below-minimum-age"),
    ({}, {"ages": Bounds(0, 99)}, {"age": 13}, "outside_envelope.minimum_age", "below-minimum-age"),
    ({"trial": True}, {"ages": Unmeasured()}, {"age": 13}, "outside_envelope.minimum_age", "below-minimum-age"),
    ({}, {}, {"age": 15}, "outside_envelope.age", "age-outside-evidence"),
    ({}, {}, {"age": 80}, "outside_envelope.age", "age-outside-evidence"),
    ({}, {}, {"size": 0}, "gallery.empty", "gallery-empty"),
    ({}, {}, {"size": -1}, "gallery.empty", "gallery-empty"),
    ({}, {}, {"size": 401}, "gallery.over_charter", "gallery-larger-than-charter"),
    ({"max_gallery_size": 500}, {}, {"size": 421}, "outside_envelope.gallery_size", "gallery-larger-than-evidence"),
]  # fmt: skip


@pytest.mark.parametrize("paper, evidence, how, reason, rule_id", REFUSED)
def test_outside_any_bound(
    paper: dict[str, Any], evidence: dict[str, Any], how: dict[str, Any], reason: str, rule_id: str
) -> None:
    """One step outside any bound is not compared, with the bound's own reason and rule."""
    answer = ask(charter(**paper), point(**evidence), **how)
    assert answer is not None
    assert answer.reason == reason
    assert [rule.rule_id for rule in answer.rules] == [rule_id]
    assert answer.rules[-1].sentence.endswith("ordinary manual check.")


CLASSES = st.sampled_from(["portrait", "gate", "kiosk"])
PAPERS = st.builds(
    charter,
    trial=st.booleans(),
    mode=st.sampled_from([Mode.VERIFY, Mode.IDENTIFY]),
    capture_class=CLASSES,
    max_gallery_size=st.integers(1, 6),
    valid_from=st.integers(0, 3),
    valid_until=st.integers(3, 7),
)
POINTS = st.builds(
    point,
    minimum_age=st.integers(0, 3),
    ages=st.just(Unmeasured()) | st.builds(Bounds, st.integers(0, 3), st.integers(3, 6)),
    capture_classes=st.just(Unmeasured()) | st.lists(CLASSES, max_size=2).map(tuple),
    modes=st.lists(st.sampled_from([Mode.VERIFY, Mode.IDENTIFY]), max_size=2).map(tuple),
    largest_gallery=st.just(Unmeasured()) | st.integers(1, 6),
    issued_at=st.integers(0, 3),
    expires_at=st.integers(3, 7),
)


@given(PAPERS, POINTS, st.integers(-1, 8), st.integers(0, 8), st.integers(0, 8))
def test_no_comparison_outside_any_bound(
    paper: Charter, evidence: OperatingPoint, age: int, size: int, now: int
) -> None:
    """Whoever is admitted lies inside every bound, as stated here a second time and in other words."""
    if ask(paper, evidence, age=age, size=size, now=now) is not None:
        return
    envelope, search = evidence.envelope, paper.mode is Mode.IDENTIFY
    assert paper.valid_from <= now < paper.valid_until
    assert evidence.issued_at <= now < evidence.expires_at
    assert paper.mode in envelope.modes
    assert age >= evidence.minimum_age or (age == -1 and evidence.minimum_age == 0)
    if isinstance(envelope.ages, Bounds):
        assert envelope.ages.low <= age <= envelope.ages.high
    if isinstance(envelope.capture_classes, tuple):
        assert paper.capture_class in envelope.capture_classes
    if search:
        assert 1 <= size <= paper.max_gallery_size
    if search and isinstance(envelope.largest_gallery, int):
        assert size <= envelope.largest_gallery
    if not paper.trial:
        assert isinstance(envelope.ages, Bounds)
        assert isinstance(envelope.capture_classes, tuple)
        assert not search or isinstance(envelope.largest_gallery, int)
