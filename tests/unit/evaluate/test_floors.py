"""Nothing in a whole report says more than the data: each rate above its floor, each bound by people, else nothing."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest

from countenance.evaluate import comparisons as module
from countenance.evaluate.evaluation import Plan
from countenance.evaluate.page import page
from countenance.evaluate.report import schema
from fakes.evaluated import MADE, Json, evaluated, listed, made, photographs, rates, reported, templates, two_groups

NAMES = [maker.__name__ for maker in MADE]


@pytest.mark.parametrize("name", NAMES)
def test_every_rate_of_a_report_keeps_its_floor(name: str) -> None:
    """Thirty errors by twenty people, or three over more than three people without an error, or nothing at all."""
    document = made(name)
    assert [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(document)] == []
    found = list(rates(document))
    assert len(found) > 30
    for one in found:
        if one["state"] == "measured":
            assert one["value"] is not None
            assert (one["errors"] >= 30, one["people"] >= 20) == (True, True)
        elif one["state"] == "upper bound":
            assert (one["value"], one["errors"], one["high"]) == (None, 0, 3 / one["independent"])
            assert one["high"] < 1
        else:
            assert (one["state"], one["value"], one["low"], one["high"]) == ("insufficient data", None, None, None)


@pytest.mark.parametrize("name", NAMES)
def test_every_report_has_a_page(name: str) -> None:
    """However little was measured the page is made, without a warning and without "nan"."""
    text = page(made(name), Path("/nowhere"), {}).decode()
    assert not re.search(r"\bnan\b|\bNone\b(?!:)", text)


def test_the_states_are_those_one_expects() -> None:
    """Enough people measure; ten people measure nothing; no error gives bounds; one class alone gives nothing."""
    cells = {
        name: document["verification"]["fnmr_at_fmr"]["1e-2"]
        for name, document in ((name, made(name)) for name in NAMES)
    }
    assert cells["plenty"]["state"] == cells["no_intervals"]["state"] == "measured"
    apart = cells["apart"]
    assert (apart["state"], apart["high"], apart["independent"]) == ("upper bound", 0.03, 100)
    for name in ("few_people", "one_with_most", "all_equal", "no_strangers", "no_mates", "nobody"):
        assert cells[name]["state"] == "insufficient data", name
    assert cells["few_people"]["errors"] > 1000
    assert cells["one_with_most"]["errors"] > 300
    assert cells["no_strangers"]["fmr"]["state"] == "insufficient data"


def test_equal_errors_need_both_kinds() -> None:
    """Measured with both kinds above their floor, 0 where nothing is on the wrong side, null otherwise, with why."""
    told = {name: made(name)["verification"] for name in NAMES}
    assert told["plenty"]["eer_state"] == "measured"
    at = told["plenty"]["eer_at"]
    assert told["plenty"]["eer"] == pytest.approx((at["fmr"]["value"] + at["fnmr"]["value"]) / 2)
    assert (told["apart"]["eer"], told["apart"]["eer_state"]) == (0.0, "no error")
    assert (told["apart"]["eer_at"]["fnmr"]["high"], told["apart"]["eer_at"]["fmr"]["high"]) == (3 / 100, 3 / 50)
    for name in ("few_people", "one_with_most", "all_equal", "no_strangers", "no_mates", "nobody"):
        assert (told[name]["eer"], told[name]["eer_state"]) == (None, "insufficient data"), name
    assert told["few_people"]["eer_at"]["fmr"]["errors"] > 1000
    assert told["no_mates"]["eer_at"] is told["no_strangers"]["eer_at"] is None


def test_three_people_have_no_equal_error_rate_of_zero() -> None:
    """Nothing on the wrong side among three people bounds nothing, so it is no 0 either."""
    found = reported(evaluated(photographs(2, 2, 2), templates(photographs(2, 2, 2), spread=0.0, dimension=64)))
    assert (found["verification"]["eer"], found["verification"]["eer_state"]) == (None, "insufficient data")


def test_the_curve_has_nothing_below_the_floor() -> None:
    """Points of the trade-off are null where too few errors or people stand behind them."""
    counts, curve = made("plenty")["counts"], made("plenty")["verification"]["det"]
    for kind, total in (("fmr", counts["nonmated"]), ("fnmr", counts["mated"])):
        shares = [share for share in curve[kind] if share is not None]
        assert min(shares) * total >= 30 - 1e-6
        assert max(shares) == 1.0
        assert None in curve[kind]
    for name in ("few_people", "no_strangers", "no_mates", "nobody"):
        assert not [share for share in made(name)["verification"]["det"]["fnmr"] if share is not None], name
    assert made("few_people")["verification"]["det"] == {"threshold": [], "fmr": [], "fnmr": []}


def test_a_fixed_threshold_is_bounded_or_nothing() -> None:
    """The bound of false matches is the interval's end where measured, three over pairs of people, or null."""
    for name, threshold, state in (
        ("plenty", "0.300000", "measured"), ("plenty", "0.999000", "upper bound"),
        ("few_people", "0.300000", "insufficient data"), ("no_strangers", "0.300000", "insufficient data"),
        ("nobody", "0.999000", "insufficient data"), ("no_intervals", "0.300000", "measured"),
        ("no_intervals", "0.999000", "upper bound"), ("pairs_of_a_file", "0.999000", "upper bound"),
    ):  # fmt: skip
        entry = made(name)["verification"]["at_threshold"][threshold]
        assert entry["fmr"]["state"] == state, (name, threshold)
        assert entry["false_match_bound"] == entry["fmr"]["high"]
        known = state == "upper bound" or (state == "measured" and name != "no_intervals")
        assert (entry["false_match_bound"] is not None) == known, (name, threshold)
    assert made("plenty")["verification"]["at_threshold"]["0.999000"]["false_match_bound"] == 3 / 150


def test_a_threshold_below_what_was_kept_has_no_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large set only the highest scores are kept: below them false matches are not counted, so none are told."""
    monkeypatch.setattr(module, "_KEEP_ALL", 1000)
    persons = photographs(*[3] * 200)
    plan = Plan.of(resamples=20, identify=False, thresholds=[0.0, 0.9], extra_targets=[0.2])
    document = reported(evaluated(persons, templates(persons, dimension=12), plan=plan))
    entry = document["verification"]["at_threshold"]["0.000000"]
    assert (entry["fmr"]["state"], entry["false_match_bound"]) == ("insufficient data", None)
    assert document["verification"]["fnmr_at_fmr"]["2e-1"]["fmr"]["state"] == "insufficient data"
    assert document["verification"]["fnmr_at_fmr"]["1e-2"]["fmr"]["state"] == "measured"


def test_only_people_who_were_compared_count() -> None:
    """The effective number for false matches is half of those in some pair of strangers, not of all in the manifest."""
    persons = photographs(*[2] * 100)
    pairs = [(0, 2), (1, 4), (6, 8), (10, 12), (0, 1)]
    by_file = reported(evaluated(persons, templates(persons), pairs=listed(persons, pairs)))
    assert by_file["verification"]["fnmr_at_fmr"]["1e-6"]["fmr"]["independent"] == 7 // 2
    assert by_file["verification"]["fnmr_at_fmr"]["1e-6"]["fmr"]["state"] == "insufficient data"
    usable = [number < 20 for number in range(200)]
    lost = reported(evaluated(persons, templates(persons), usable=usable, **two_groups(100)))
    assert lost["verification"]["fnmr_at_fmr"]["1e-6"]["fmr"]["independent"] == 10 // 2
    assert lost["groups"]["sex"]["values"]["f"]["at"]["1e-6"]["fmr"]["independent"] == 5 // 2
    assert lost["same_group"]["same sex"]["at"]["1e-6"]["fmr"]["independent"] == 2 * (5 // 2)


def told(wrong: int) -> Json:
    """Return the report of a list of 400 pairs in ten folds, of which ``wrong`` are told wrongly."""
    persons = photographs(*[2] * 200)
    rows = templates(persons, spread=0.05, dimension=64)
    for number in range(wrong):
        rows[2 * number + 1] = -rows[2 * number]
    pairs = [(number, number + 1) for number in range(0, 400, 2)]
    pairs += [(number, (number + 2) % 400) for number in range(0, 400, 2)]
    plan = Plan.of(resamples=20, identify=False, folds=True)
    return reported(evaluated(persons, rows, pairs=listed(persons, pairs, [n % 10 for n in range(400)]), plan=plan))


@pytest.mark.parametrize("wrong, state", [(0, "upper bound"), (12, "insufficient data"), (40, "measured")])
def test_accuracy_is_told_above_the_floor_alone(wrong: int, state: str) -> None:
    """Accuracy is 1 less a rate: told from 30 wrong pairs on, in folds with its standard error; else null."""
    document = told(wrong)
    for entry in (document["lfw"], document["pairs"]):
        assert (entry["wrong"]["state"], entry["wrong"]["errors"], entry["wrong"]["trials"]) == (state, wrong, 400)
        assert entry["accuracy"] == (pytest.approx(0.9) if state == "measured" else None)
    assert (document["lfw"]["standard_error"] is None) == (state != "measured")
    assert document["lfw"]["wrong"]["independent"] == 100


def test_accuracy_by_few_people_is_not_told() -> None:
    """However many pairs are told wrongly, of fewer than 20 people they give no accuracy."""
    persons = photographs(*[20] * 10)
    rows = templates(persons, spread=2.0, dimension=4)
    pairs = [(a, b) for a in range(200) for b in range(a + 1, 200) if (a + b) % 7 == 0]
    found = reported(evaluated(persons, rows, pairs=listed(persons, pairs)))["pairs"]
    assert found["wrong"]["errors"] > 100
    assert (found["wrong"]["people"], found["accuracy"]) == (10, None)
