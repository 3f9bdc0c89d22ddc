"""An error rate somebody chooses becomes the threshold that was measured, or a refusal with the reason."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from countenance.decision.operating_point import read_untrusted
from countenance.errors import EvaluationError
from countenance.evaluate.calibrate import Wish, calibrate, certificate
from countenance.evaluate.evaluation import Evaluation, Plan
from countenance.evaluate.extraction import Networks
from countenance.evaluate.point import encoded, fields
from countenance.evaluate.report import Source, encode, report, target_name
from countenance.terms import Mode
from fakes.evaluated import evaluated, templates

PERSONS = [number // 3 for number in range(900)]
THRESHOLD = 0.8


@pytest.fixture(scope="module")
def found() -> Evaluation:
    """Give an evaluation of 300 people with a group and ages."""
    groups = [("f",) if person % 2 else ("m",) for person in range(300)]
    plan = Plan.of(resamples=50, thresholds=[THRESHOLD], extra_targets=[2e-3])
    return evaluated(PERSONS, templates(PERSONS, dimension=12), groups=groups, names=("sex",), plan=plan,
                     ages=[20 + person % 50 for person in range(300)])  # fmt: skip


@pytest.fixture(scope="module")
def measured(found: Evaluation) -> dict[str, Any]:
    """Give its report."""
    networks = Networks("a" * 64, "b" * 64, "align5/v1, test", 12)
    return report(found, Source("Made-up people", "2026-11-25T00:00:00Z", "0.0", networks, worst=True))


def wish(**changes: object) -> Wish:
    """Return a wish for FMR 1e-3 but for the changes."""
    return Wish(**{"rate": "fmr", "value": 1e-3, "gallery_size": 0, "same_group": "", "floor": -1.0,
                   "extrapolate": False, "minimum_age": 14, **changes})  # type: ignore[arg-type]  # fmt: skip


def point(measured: dict[str, Any], wanted: Wish, **changes: object) -> dict[str, Any]:
    """Return the operating point's fields."""
    options = {"certified": None, "issued": datetime(2026, 11, 25, tzinfo=UTC), "label": "", "days": 1095, **changes}
    return fields(measured, "c" * 64, wanted, calibrate(measured, wanted), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("target,name", [(1e-2, "1e-2"), (1e-6, "1e-6"), (2e-5, "2e-5"), (2.5e-4, "2.5e-4")])
def test_targets_have_names(target: float, name: str) -> None:
    """Scripts find rates under short names."""
    assert target_name(target) == name


def test_the_threshold_is_the_one_that_was_measured(measured: dict[str, Any]) -> None:
    """The point states threshold, rates with bounds, conditions and hashes of the report, and nothing else's."""
    cell = measured["verification"]["fnmr_at_fmr"]["1e-3"]
    made = point(measured, wish())
    assert made["threshold"] == cell["threshold"]
    assert made["estimate"]["fmr_upper"] == cell["fmr"]["high"] > made["estimate"]["fmr"]
    assert made["estimate"]["fnmr"] == cell["pooled"]
    assert made["target"] == {"rate": "fmr", "value": 1e-3, "gallery_size": 0, "pairs": "all"}
    assert made["envelope"]["ages"] == {"low": 20, "high": 69}
    assert made["envelope"]["capture_classes"] == ["studio"]
    assert made["envelope"]["reference_years"] == "unmeasured"
    assert {row["group"] for row in made["groups"]} == {"sex=f", "sex=m"}
    assert made["weights"] == "a" * 64
    assert made["expires"] == "2029-11-24T00:00:00Z"


def test_a_further_rate_can_be_asked_for(measured: dict[str, Any]) -> None:
    """What was evaluated with --fmr can be calibrated to; what was not is refused, and what there is is named."""
    assert calibrate(measured, wish(value=2e-3)).threshold < calibrate(measured, wish()).threshold
    with pytest.raises(EvaluationError) as error:
        calibrate(measured, wish(value=3e-3))
    assert error.value.code == "evaluate.not_measured"
    assert "1e-3" in error.value.remedy


def test_a_rate_nobody_could_see_is_refused(measured: dict[str, Any]) -> None:
    """One false match in a million needs more people than there are."""
    with pytest.raises(EvaluationError) as error:
        calibrate(measured, wish(value=1e-6))
    assert error.value.code == "evaluate.insufficient"


def test_strangers_alike_need_a_higher_threshold(measured: dict[str, Any]) -> None:
    """--same-group takes the threshold at which pairs of the same group alone have the rate."""
    wanted = wish(value=1e-2, same_group="same sex")
    assert calibrate(measured, wanted).threshold == measured["same_group"]["same sex"]["at"]["1e-2"]["own_threshold"]
    assert point(measured, wanted)["target"]["pairs"] == "same-group"
    assert point(measured, wanted)["estimate"]["fnmr"] is None
    with pytest.raises(EvaluationError):
        calibrate(measured, wish(same_group="same height"))


def test_a_floor_is_never_undercut(measured: dict[str, Any]) -> None:
    """A measured threshold below the floor gives way to it; what is then not known is not stated."""
    made = point(measured, wish(floor=0.9))
    assert made["threshold"] == 0.9
    assert (made["estimate"]["fmr"], made["estimate"]["fnmr"], made["groups"]) == (None, None, [])


@pytest.mark.parametrize("changes", [
    {"floor": 0.85}, {"value": 1e-2, "same_group": "same sex"}, {"rate": "fpir", "value": 0.2, "gallery_size": 100},
])  # fmt: skip
def test_between_measured_thresholds_there_are_bounds(measured: dict[str, Any], changes: dict[str, object]) -> None:
    """FMR is bounded by that of the next threshold below, FNMR by that of the next above; neither is a rate."""
    made = point(measured, wish(**changes))
    cells = sorted(measured["verification"]["fnmr_at_fmr"].values(), key=lambda cell: cell["threshold"])
    below = [cell for cell in cells if cell["threshold"] <= made["threshold"] and cell["fmr"]["high"] is not None]
    above = [cell for cell in cells if cell["threshold"] >= made["threshold"] and cell["high"] is not None]
    estimate = made["estimate"]
    assert estimate["fmr_upper"] == (below[-1]["fmr"]["high"] if below else None)
    assert estimate["fnmr_upper"] == (above[0]["high"] if above else None)
    assert (estimate["fmr"], estimate["fnmr"], made["groups"]) == (None, None, [])
    assert below or "same_group" in changes


def test_galleries_are_searched_not_computed(measured: dict[str, Any]) -> None:
    """FPIR comes from a gallery at least nine tenths as large as the one that is wished for (N-6)."""
    found = calibrate(measured, wish(rate="fpir", value=0.2, gallery_size=105))
    assert (found.measured_gallery, found.extrapolated) == (100, False)
    assert found.fpir is not None
    assert found.fpir <= 0.2
    with pytest.raises(EvaluationError) as error:
        calibrate(measured, wish(rate="fpir", value=0.2, gallery_size=420))
    assert error.value.code == "evaluate.gallery_too_large"


def test_what_is_computed_says_so(measured: dict[str, Any]) -> None:
    """A larger gallery needs --extrapolate, costs a higher threshold, and is labelled in the point."""
    inside = calibrate(measured, wish(rate="fpir", value=0.2, gallery_size=100))
    made = point(measured, wish(rate="fpir", value=0.2, gallery_size=420, extrapolate=True))
    assert made["extrapolated"]["measured_gallery"] == 100
    assert made["envelope"]["largest_gallery"] == 420
    assert "(extrapolated)" in made["label"]
    assert made["threshold"] > inside.threshold


def test_a_threshold_is_certified_on_other_people(measured: dict[str, Any]) -> None:
    """A certificate states what the other report saw at exactly this threshold, or refuses."""
    told = certificate(measured, THRESHOLD)
    assert told["fmr"]["high"] is not None
    with pytest.raises(EvaluationError) as error:
        certificate(measured, 0.7)
    assert error.value.code == "evaluate.not_certified"
    wanted = wish(floor=THRESHOLD, value=1e-2)
    made = point(measured, wanted, certified=measured)
    assert made["estimate"]["fmr_upper"] == told["fmr"]["high"]
    assert "certified on other people" in made["source"]


WISHES: dict[str, dict[str, object]] = {
    "1:1": {},
    "1:1 in the same group": {"value": 1e-2, "same_group": "same sex"},
    "above the measured threshold": {"floor": 0.9},
    "1:N": {"rate": "fpir", "value": 0.2, "gallery_size": 105},
    "1:N, extrapolated": {"rate": "fpir", "value": 0.2, "gallery_size": 420, "extrapolate": True},
}


@pytest.mark.parametrize("changes", WISHES.values(), ids=WISHES)
def test_what_calibrate_writes_a_site_can_read(measured: dict[str, Any], changes: dict[str, object]) -> None:
    """Every kind of point goes through the reader's own checks, and says the same after reading."""
    made = point(measured, wish(**changes), label="Ours")
    read = read_untrusted(encoded(made))
    assert read.threshold == made["threshold"]
    assert read.label.startswith("Ours")
    assert (read.extrapolated is not None) == ("extrapolated" in read.label)
    assert encoded(made) == encoded(dict(reversed(made.items())))


def test_a_1_to_1_point_bounds_searches_too(measured: dict[str, Any]) -> None:
    """A point for FMR states what bounds the FPIR of the largest gallery that was searched."""
    made, size = point(measured, wish()), "100"
    curve = measured["identification"][size]["curve"]
    below = [entry for entry in curve if entry["threshold"] <= made["threshold"]]
    assert made["envelope"]["largest_gallery"] == int(size)
    assert made["estimate"]["fpir_upper"] == below[-1]["fpir_high"]
    assert made["estimate"]["fpir"] is None


def test_a_certificate_of_too_few_people_bounds_nothing(measured: dict[str, Any]) -> None:
    """Where the other people's false matches are too few for a rate, the point states none, nor a bound."""
    few = deepcopy(measured)
    for entry in few["verification"]["at_threshold"].values():
        entry["fmr"] |= {"state": "insufficient data", "value": None, "low": None, "high": None}
        entry["false_match_bound"] = None
    made = point(measured, wish(floor=THRESHOLD, value=1e-2), certified=few)
    assert (made["estimate"]["fmr"], made["estimate"]["fmr_upper"]) == (None, None)
    assert read_untrusted(encoded(made)).unmeasured(Mode.VERIFY)


def test_every_number_in_a_report_is_one(measured: dict[str, Any]) -> None:
    """A report is strict JSON: nothing infinite, nothing "not a number"."""
    assert encode(measured)
    assert measured["kind"] == "self-evaluation"
    assert len(measured["worst"]["mated"]) == len(measured["worst"]["nonmated"]) == 20
    lowest = [row["score"] for row in measured["worst"]["mated"]]
    assert lowest == sorted(lowest)
