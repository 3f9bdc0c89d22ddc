"""Outside the evidence envelope nothing is compared; inside it nothing stands in the way."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countenance.authority import check_start
from countenance.decision import admit, admit_reference
from countenance.errors import CountenanceError
from countenance.terms import (
    Bounds,
    Charter,
    ErrorRate,
    Extrapolated,
    Instant,
    Mode,
    NotCompared,
    OperatingPoint,
    Pairs,
    Target,
    Unmeasured,
)
from fakes.papers import BEGIN, END, NOW, POINT_SHA256, WEIGHTS, charter, point


def ask(
    paper: Charter, evidence: OperatingPoint, *, age: int = 30, years: int = 5, size: int = 100, now: int = NOW
) -> NotCompared | None:
    """Ask for admission of an adult with a portrait of five years before a gallery of 100."""
    return admit(paper, evidence, age=age, reference_years=years, gallery_size=size, now=Instant(now))


GUESS = Extrapolated(100, "a formula")
FPIR_420 = Target(ErrorRate.FPIR, 1e-3, 420, Pairs.ALL)
ADMITTED: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({}, {}, {}),
    ({}, {}, {"now": BEGIN}),
    ({}, {}, {"now": END - 1}),
    ({}, {}, {"age": 16}),
    ({}, {}, {"age": 79}),
    ({}, {}, {"size": 1}),
    ({}, {}, {"size": 400}),
    ({"max_gallery_size": 500}, {}, {"size": 420}),
    ({"max_gallery_size": 500}, {}, {"size": 466}),
    ({"max_gallery_size": 500}, {"largest_gallery": 450}, {"size": 500}),
    ({"max_gallery_size": 500, "trial": True}, {"extrapolated": GUESS, "largest_gallery": 500}, {"size": 500}),
    ({"max_gallery_size": 500}, {"target": FPIR_420, "largest_gallery": 5000}, {"size": 466}),
    ({"mode": Mode.VERIFY}, {}, {"years": 0}),
    ({"mode": Mode.VERIFY}, {}, {"years": 10}),
    ({}, {}, {"years": -1}),
    ({}, {}, {"years": 99}),
    ({}, {"fmr_upper": None, "fnmr_upper": None}, {}),
    ({"mode": Mode.VERIFY}, {"fpir_upper": None, "fnmr_upper": None}, {}),
    ({"trial": True}, {"fpir_upper": None}, {}),
    ({"trial": True, "mode": Mode.VERIFY}, {"reference_years": Unmeasured()}, {"years": -1}),
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
    ({"mode": Mode.VERIFY}, {}, {"years": -1}, "outside_envelope.reference_age_unknown", "reference-age-unknown"),
    ({"mode": Mode.VERIFY}, {}, {"years": 11}, "outside_envelope.reference_age", "reference-age-outside-evidence"),
    (
        {"mode": Mode.VERIFY}, {"reference_years": Bounds(2, 10)}, {"years": 1},
        "outside_envelope.reference_age", "reference-age-outside-evidence",
    ),
    ({}, {"reference_years": Unmeasured()}, {}, "outside_envelope.unmeasured", "unmeasured-bounds-need-a-trial"),
    ({}, {"fpir_upper": None}, {}, "outside_envelope.unmeasured", "unmeasured-bounds-need-a-trial"),
    (
        {"mode": Mode.VERIFY}, {"fmr_upper": None}, {},
        "outside_envelope.unmeasured", "unmeasured-bounds-need-a-trial",
    ),
    ({}, {"extrapolated": GUESS}, {}, "outside_envelope.extrapolated", "extrapolated-evidence-needs-a-trial"),
    (
        {"max_gallery_size": 500, "trial": True}, {"extrapolated": GUESS, "largest_gallery": 460}, {"size": 461},
        "outside_envelope.gallery_size", "gallery-larger-than-evidence",
    ),
    (
        {"max_gallery_size": 500}, {"target": FPIR_420, "largest_gallery": 5000}, {"size": 467},
        "outside_envelope.gallery_size", "gallery-larger-than-evidence",
    ),
    ({}, {}, {"size": 0}, "gallery.empty", "gallery-empty"),
    ({}, {}, {"size": -1}, "gallery.empty", "gallery-empty"),
    ({}, {}, {"size": 401}, "gallery.over_charter", "gallery-larger-than-charter"),
    ({"max_gallery_size": 500}, {}, {"size": 467}, "outside_envelope.gallery_size", "gallery-larger-than-evidence"),
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
MAYBE = st.just(Unmeasured())
RATE = st.none() | st.just(0.1)
PAPERS = st.builds(
    charter,
    trial=st.booleans(),
    mode=st.sampled_from([Mode.VERIFY, Mode.IDENTIFY]),
    capture_class=CLASSES,
    max_gallery_size=st.integers(1, 30),
    operating_point=st.sampled_from([POINT_SHA256] * 7 + ["9" * 64]),
    valid_from=st.integers(0, 2),
    valid_until=st.integers(5, 8),
)
POINTS = st.builds(
    point,
    minimum_age=st.integers(0, 3),
    ages=MAYBE | st.builds(Bounds, st.integers(0, 3), st.integers(3, 6)),
    reference_years=MAYBE | st.builds(Bounds, st.integers(0, 2), st.integers(2, 6)),
    capture_classes=MAYBE | st.lists(CLASSES, min_size=1, max_size=3).map(tuple),
    modes=st.sampled_from([(Mode.VERIFY, Mode.IDENTIFY), (Mode.VERIFY,), (Mode.IDENTIFY,)]),
    largest_gallery=MAYBE | st.integers(1, 30),
    target=st.builds(Target, st.just(ErrorRate.FMR), st.just(1e-5), st.just(0), st.just(Pairs.ALL))
    | st.builds(Target, st.just(ErrorRate.FPIR), st.just(1e-3), st.integers(1, 30), st.just(Pairs.ALL)),
    extrapolated=st.none() | st.just(Extrapolated(1, "a formula")),
    fmr_upper=RATE,
    fpir_upper=RATE,
    issued_at=st.integers(0, 2),
    expires_at=st.integers(5, 8),
)
YEARS = st.integers(-1, 7)
SIZES = st.integers(0, 34)
MOMENTS = st.integers(0, 8)


def known_size(evidence: OperatingPoint) -> Fraction | None:
    """Return the largest gallery that the evidence is good for, or None when nobody measured one."""
    sizes = [evidence.envelope.largest_gallery] if isinstance(evidence.envelope.largest_gallery, int) else []
    sizes += [evidence.target.gallery_size] if evidence.target.rate is ErrorRate.FPIR else []
    if not sizes:
        return None
    return Fraction(min(sizes)) if evidence.extrapolated else min(sizes) / Fraction(9, 10)


def is_inside(paper: Charter, evidence: OperatingPoint, *, age: int, years: int, size: int, now: int) -> bool:
    """State every bound a second time, in other words and another order."""
    envelope, search = evidence.envelope, paper.mode is Mode.IDENTIFY
    bounds = [envelope.ages, envelope.reference_years, envelope.capture_classes]
    bounds += [envelope.largest_gallery] if search else []
    rate = evidence.estimate.fpir_upper if search else evidence.estimate.fmr_upper
    measured = rate is not None and not any(isinstance(bound, Unmeasured) for bound in bounds)
    limit = known_size(evidence)
    return all([
        paper.valid_from <= now < paper.valid_until,
        paper.operating_point == evidence.sha256,
        evidence.issued_at <= now < evidence.expires_at,
        paper.trial or (measured and evidence.extrapolated is None),
        paper.mode in envelope.modes,
        not isinstance(envelope.capture_classes, tuple) or paper.capture_class in envelope.capture_classes,
        age >= evidence.minimum_age or (age == -1 and evidence.minimum_age == 0),
        not isinstance(envelope.ages, Bounds) or envelope.ages.low <= age <= envelope.ages.high,
        search
        or not isinstance(envelope.reference_years, Bounds)
        or envelope.reference_years.low <= years <= envelope.reference_years.high,
        not search or 1 <= size <= paper.max_gallery_size,
        not search or limit is None or size <= limit,
    ])  # fmt: skip


@settings(max_examples=1500)
@given(PAPERS, POINTS, st.fixed_dictionaries({"age": YEARS, "years": YEARS, "size": SIZES, "now": MOMENTS}))
def test_compared_exactly_inside_every_bound(paper: Charter, evidence: OperatingPoint, how: dict[str, int]) -> None:
    """Nothing outside any bound is compared, and nobody inside all of them is refused."""
    assert (ask(paper, evidence, **how) is None) == is_inside(paper, evidence, **how)


INSIDE = [(mode, trial) for mode in (Mode.VERIFY, Mode.IDENTIFY) for trial in (True, False)]


@pytest.mark.parametrize("mode, trial", INSIDE)
@given(data=st.data())
def test_one_step_over_one_edge_is_refused(mode: Mode, *, trial: bool, data: st.DataObject) -> None:
    """On every edge at once the person is compared; one step over any single one, not."""
    paper, evidence = charter(mode=mode, trial=trial, max_gallery_size=420), point()
    on_edge = {
        "age": data.draw(st.sampled_from([16, 79])), "years": data.draw(st.sampled_from([0, 10])),
        "size": data.draw(st.sampled_from([1, 420])), "now": data.draw(st.sampled_from([BEGIN, END - 1])),
    }  # fmt: skip
    assert ask(paper, evidence, **on_edge) is None
    name, over = data.draw(st.sampled_from([
        ("age", 15), ("age", 80), ("age", -1), ("now", BEGIN - 1), ("now", END),
        *([("size", 0), ("size", 421)] if mode is Mode.IDENTIFY else [("years", 11), ("years", -1)]),
    ]))  # fmt: skip
    refused = ask(paper, evidence, **{**on_edge, name: over})
    assert refused is not None
    assert refused.rules[-1].sentence.endswith("ordinary manual check.")


@given(POINTS, YEARS, YEARS)
def test_a_reference_waits_exactly_where_its_person_could_be_compared(
    evidence: OperatingPoint, age: int, years: int
) -> None:
    """At staging, ages of people and references have the bounds that they have at a lane (N-6, CBP-13)."""
    at_lane = point(
        sha256=evidence.sha256, minimum_age=evidence.minimum_age, ages=evidence.envelope.ages,
        reference_years=evidence.envelope.reference_years,
    )  # fmt: skip
    lane = charter(mode=Mode.VERIFY, trial=True)
    refused = admit_reference(evidence, age=age, reference_years=years)
    assert refused == ask(lane, at_lane, age=age, years=years)


@settings(max_examples=1500)
@given(PAPERS, POINTS, SIZES, MOMENTS)
def test_a_charter_that_starts_can_be_used_up_to_its_size(
    paper: Charter, evidence: OperatingPoint, size: int, now: int
) -> None:
    """Start and admission agree: what starts refuses nobody for mode, capture, trial or size; what does not, all."""
    try:
        check_start(
            paper, pad_present=False, operating_point=evidence, weights=WEIGHTS, production=False, now=Instant(now)
        )
    except CountenanceError:
        fits = range(1, paper.max_gallery_size + 1)
        sizes = [size for size in fits if is_admitted(paper, evidence, size, now)]
        too_large = paper.mode is Mode.IDENTIFY and not evidence.covers_gallery(paper.max_gallery_size)
        assert sizes == [] or (too_large and paper.max_gallery_size not in sizes)
    else:
        assert is_admitted(paper, evidence, min(max(size, 1), paper.max_gallery_size), now)


def is_admitted(paper: Charter, evidence: OperatingPoint, size: int, now: int) -> bool:
    """Return whether somebody whose ages fit would be compared."""
    anybody = replace(evidence, minimum_age=0, envelope=replace(evidence.envelope, ages=anyone(evidence.envelope.ages),
                      reference_years=anyone(evidence.envelope.reference_years)))  # fmt: skip
    return ask(paper, anybody, age=30, years=5, size=size, now=now) is None


def anyone(bounds: Bounds | Unmeasured) -> Bounds | Unmeasured:
    """Return bounds that hold everybody, unmeasured where they were."""
    return Bounds(0, 150) if isinstance(bounds, Bounds) else bounds
