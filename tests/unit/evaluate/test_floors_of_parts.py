"""Groups, searches, quality curves and worst pairs of whole reports: no ratio, and no rate, below the floor."""

from __future__ import annotations

import pytest

from countenance.evaluate.evaluation import Plan
from fakes.evaluated import MADE, TARGETS, evaluated, made, photographs, reported, templates


def test_groups_say_nothing_under_a_target_nobody_could_see() -> None:
    """Where strangers are too few for the rate aimed at, a group's misses at its threshold are not told under it."""
    document = made("plenty")
    for target in TARGETS:
        measured = document["verification"]["fnmr_at_fmr"][target]["fmr"]["state"] == "measured"
        for value in document["groups"]["sex"]["values"].values():
            states = {value["at"][target][kind]["state"] for kind in ("fnmr", "balanced")}
            assert states == ({"measured"} if measured else {"insufficient data"}), target
    assert document["verification"]["fnmr_at_fmr"]["1e-6"]["fmr"]["state"] == "upper bound"


def test_groups_have_balanced_rates_with_intervals() -> None:
    """Each group, and people who stated the same, have FNMR in which people weigh the same, with its interval."""
    document = made("plenty")
    parts = [value["at"]["1e-2"] for value in document["groups"]["sex"]["values"].values()]
    parts.append(document["same_group"]["same sex"]["at"]["1e-2"])
    for part in parts:
        balanced = part["balanced"]
        assert balanced["low"] < balanced["value"] < balanced["high"]
        # Everybody has three pairs: weighing people and weighing pairs come to the same.
        assert balanced["value"] == pytest.approx(part["fnmr"]["value"])


def test_a_group_s_busiest_person_weighs_one_person() -> None:
    """In a group too, one person with most pairs moves the pooled rate and not the balanced one."""
    persons = photographs(30, *[2] * 80)
    rows = templates(persons, spread=0.0, dimension=12)
    strange = templates(persons, spread=0.0, dimension=12, seed=9)
    rows[31:111:2] = strange[31:111:2]  # of forty people the second photograph is somebody else's
    found = reported(evaluated(persons, rows, groups=[("all",)] * 81, names=("g",), plan=Plan.of(resamples=40)))
    at = found["groups"]["g"]["values"]["all"]["at"]["1e-2"]
    cell = found["verification"]["fnmr_at_fmr"]["1e-2"]
    assert at["fnmr"]["value"] < 0.1
    assert at["balanced"]["value"] > 0.4
    for key, whole in (("value", "balanced"), ("low", "balanced_low"), ("high", "balanced_high")):
        assert at["balanced"][key] == pytest.approx(cell[whole])


def test_bounds_stand_in_no_measure_of_difference() -> None:
    """Groups in which no error occurred give no ratio, and are counted as left out."""
    measures = ("fmr_max_over_geomean", "fnmr_max_over_geomean", "fdr", "garbe")
    apart, enough = (made(name)["groups"]["sex"]["disparity"]["1e-2"] for name in ("apart", "plenty"))
    assert (apart["fmr_groups"], apart["fnmr_groups"], apart["groups"], apart["bounded"]) == (2, 0, 0, 2)
    assert apart["fmr_max_over_geomean"] is not None
    assert [apart[measure] for measure in measures[1:]] == [None, None, None]
    assert None not in [enough[measure] for measure in measures]
    for name in ("few_people", "no_strangers", "no_mates", "nobody"):
        for found in made(name)["groups"]["sex"]["disparity"].values():
            assert [found[measure] for measure in measures if found["groups"] < 2][2:] in ([], [None, None]), name


def test_a_threshold_of_alike_strangers_needs_its_errors() -> None:
    """The threshold that strangers alike would need is told where 30 of their false matches set it, nowhere else."""
    at = made("plenty")["same_group"]["same sex"]["at"]
    assert (at["1e-2"]["own_state"], at["1e-6"]["own_state"]) == ("measured", "insufficient data")
    assert at["1e-2"]["own_threshold"] is not None
    assert at["1e-6"]["own_threshold"] is None
    assert made("few_people")["same_group"]["same sex"]["at"]["1e-2"]["own_threshold"] is None


def test_refusals_are_a_rate_like_any_other() -> None:
    """The share of photographs refused is told from 30 of 20 people on; the count always."""
    many = made("refused")["groups"]["sex"]["values"]["m"]
    assert (many["refused"], many["images"], many["refused_share"]) == (30, 90, pytest.approx(1 / 3))
    few = made("nobody")["groups"]["sex"]["values"]["m"]
    assert (few["refused"], few["images"], few["refused_share"]) == (4, 4, None)
    none = made("plenty")["groups"]["sex"]["values"]["m"]
    assert (none["refused_share"], none["refusals"]["high"]) == (None, 3 / 150)


def test_quality_has_no_rate_where_its_threshold_has_none() -> None:
    """Curves at the threshold of FMR 1e-3 are empty where that rate was not measured, whatever was missed there."""
    assert made("one_with_most")["verification"]["fnmr_at_fmr"]["1e-3"]["fmr"]["state"] != "measured"
    found = made("one_with_most")["discard"]
    assert found["behind"]["all"]["sharpness"]["errors"][0] > 100
    persons = photographs(*[2] * 60)
    small = reported(evaluated(persons, templates(persons, spread=2.0, dimension=4)))
    behind = small["discard"]["behind"]["all"]["sharpness"]
    assert (behind["errors"][0] >= 30, behind["people"][0] >= 20) == (True, True)
    for document in (found, small["discard"]):
        assert {value for kind in ("all", "frontal") for curve in document[kind].values() for value in curve} == {None}
    assert any(value is not None for value in made("plenty")["discard"]["all"]["sharpness"])


def test_searches_say_what_lies_behind_them() -> None:
    """Each size and each threshold states errors, people and state, with one reference and with several."""
    found = made("plenty")["identification"]["100"]
    states = {(point["fpir_state"], point["fpir"] is None) for point in found["curve"]}
    assert states == {("measured", False), ("insufficient data", True)}
    last = made("apart")["identification"]["40"]["curve"][-1]
    assert (last["fpir_state"], last["fpir_errors"], last["fpir_independent"]) == ("upper bound", 0, 50)
    assert (last["fpir"], last["fpir_high"]) == (None, 3 / 50)
    for entry in (found, found["several"]):
        assert entry["fnir_low"] < entry["fnir"] < entry["fnir_high"]
        assert entry["fnir_errors"] == round(entry["fnir"] * entry["mated_searches"])
    small = made("few_people")["identification"]
    assert [key for key in small if key.isdecimal()] == []
    assert made("one_with_most")["identification"]["20"]["fnir"] is None


def test_the_single_figures_of_searches_are_at_a_measured_rate() -> None:
    """They are told at the strictest threshold whose false match rate was measured, not at one that stands for none."""
    for document in (made(maker.__name__) for maker in MADE):
        cells = document["verification"]["fnmr_at_fmr"]
        measured = [target for target in TARGETS[:4] if cells[target]["fmr"]["state"] == "measured"]
        assert document["identification"]["at"] == (measured[-1] if measured else "1e-2")


def test_one_photograph_cannot_fill_the_worst_pairs() -> None:
    """A photograph under a wrong name is in two pairs of each list, however badly it does; worst first all the same."""
    persons = photographs(*[8] * 30)
    rows = templates(persons, spread=0.1, dimension=24)
    rows[0] = rows[100]  # of another person: like eight strangers, unlike its own seven others
    worst = reported(evaluated(persons, rows))["worst"]
    for kind, falls in (("mated", False), ("nonmated", True)):
        pairs = worst[kind]
        seen = [pair[side] for pair in pairs for side in ("a", "b")]
        assert len(pairs) == 20
        assert max(seen.count(name) for name in seen) == 2
        assert seen.count("0.jpg") == 2
        assert {pairs[0]["a"], pairs[0]["b"], pairs[1]["a"], pairs[1]["b"]} > {"0.jpg"}
        scores = [pair["score"] for pair in pairs]
        assert scores == sorted(scores, reverse=falls)
