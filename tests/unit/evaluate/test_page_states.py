"""What the page says of a rate: measured, bounded by so many people, or not known, and why."""

from __future__ import annotations

import re

from read_page import Read, made, read, report_page
from sample_report import bounded, insufficient, rich, searched


def test_insufficient_data_is_never_a_number() -> None:
    """Where the report has too little, no rate, threshold or measure is printed: not one per cent in such a place."""
    found = Read(report_page("poor"))
    places = [cell for cell in found.cells if "insufficient data" in cell and "“" not in cell]
    assert len(places) > 20
    assert [cell for cell in places if re.search(r"\d\s*%|0\.\d", cell)] == []
    assert "0.418" not in found.text
    assert not found.all("svg") or len(found.all("svg")) == 1


def test_an_upper_bound_says_among_how_many() -> None:
    """No error is no zero: a bound with its number of people, and none where it would be one hundred per cent."""
    text = Read(report_page("rich")).text
    assert "below 33.3\u00a0%" in text or "below 33.3 %" in text
    assert "no error among 9 people" in text
    assert "below 100" not in Read(report_page("poor")).text


def test_how_far_groups_lie_apart_says_over_how_many() -> None:
    """Beside the measures stand how many groups were measured and how many bounds were left out; null is no number."""
    document = rich()
    for entry in document["groups"]["region"]["disparity"].values():
        entry.update(fmr_max_over_geomean=None, fdr=None, garbe=None, fmr_groups=1, groups=1, bounded=3)
    found = read(document)
    assert "FMR of 1, FNMR of 2, both of 1of 3; rates with an upper bound alone, left out: 3" in found.text
    assert "1.41" in found.text
    assert not {"1.73", "0.987", "0.31"} & set(found.cells)
    assert {"1.73", "0.987"} <= set(read(rich()).cells)


def test_people_weigh_the_same_in_groups_too() -> None:
    """Pooled and person-balanced stand beside each other for groups and for people who stated the same."""
    text = Read(report_page("rich")).text
    assert text.count("FNMR, person-balanced") >= 4
    assert "2.34\u00a0%" in report_page("rich")
    assert "3.45\u00a0%" in report_page("rich")


def test_no_error_is_zero_only_beside_its_bounds() -> None:
    """An equal error rate of 0 is told with what it leaves open, by how many people; too few errors with what lacks."""
    document = rich()
    document["verification"].update(eer=0.0, eer_state="no error")
    document["verification"]["eer_at"].update(fmr=bounded(51), fnmr=bounded(102))
    told = next(cell for cell in read(document).cells if cell.startswith("Equal error rate"))
    assert "equally frequent: 0, no error at all at the threshold 0.310" in told
    assert "missed matches below 2.94\u00a0% (no error among 102 people)" in told
    assert "false matches below 5.88\u00a0% (no error among 51 pairs of people)" in told
    lacks = next(cell for cell in Read(report_page("poor")).cells if cell.startswith("Equal error rate"))
    assert "insufficient data (1 missed pair by 1 person; 30 errors by 20 people are needed; 3 false" in lacks
    document["verification"].update(eer=None, eer_state="insufficient data", eer_at=None)
    assert "there are not both kinds of pairs" in read(document).text


def test_accuracy_has_a_floor() -> None:
    """Shares of pairs told rightly stand there with enough wrong ones, else it is said what lacks, or a bound."""
    assert "99.38\u00a0%" in report_page("rich")
    assert "insufficient data (3 errors by 4 people" in Read(report_page("poor")).text
    document = rich()
    document["lfw"].update(accuracy=None, standard_error=None, wrong=bounded(50, 6000))
    assert "all of 6,000; of other people this says no more than that fewer than 6.00\u00a0%" in made(document)


def test_curves_have_gaps_where_too_little_is_left() -> None:
    """A curve ends where errors are too few: its words say so, its table says what is left, and a bound is a bound."""
    document = rich()
    behind = document["discard"]["behind"]["all"]["sharpness"]
    document["discard"]["all"]["sharpness"][10:] = [None] * 6
    for place in range(10, 16):
        behind["state"][place], behind["errors"][place], behind["people"][place] = "insufficient data", 12, 9
    behind.update(state=[*behind["state"][:15], "upper bound"], errors=[*behind["errors"][:15], 0],
                  high=[None] * 15 + [0.06], independent=[*behind["independent"][:15], 50])  # fmt: skip
    found = read(document)
    drawn = [svg["aria-label"] or "" for svg in found.all("svg")]
    assert any("sharpness: FNMR from 0.4 % with 0 % left out to 0.04 % with 18 %; insufficient data elsewhere" in one
               for one in drawn)  # fmt: skip
    assert "insufficient data12 errors by 9 people; 30 errors by 20 people are needed" in found.cells
    assert "below 6.00\u00a0%no error among 50 people" in found.cells
    assert "Not drawn: insufficient data" in Read(report_page("poor")).text


def test_a_measure_without_any_rate_is_still_there() -> None:
    """Where one measure's curve has no point at all its figure says so; nothing warns, nothing is drawn."""
    document = rich()
    for kind in ("all", "frontal"):
        document["discard"][kind]["odd_one"] = [None] * 16
        document["discard"]["behind"][kind]["odd_one"]["state"] = ["insufficient data"] * 16
    assert "odd one: FNMR insufficient data; frontal alone insufficient data." in made(document)


def test_each_search_says_what_lies_behind_it() -> None:
    """Measured with its interval, bounded with its people, insufficient with what lacks: at single thresholds too."""
    document = rich()
    document["identification"]["420"].update(searched("fpir", bounded(77)))
    document["identification"]["420"].update(searched("fnir", insufficient(29, 19)))
    found = read(document)
    assert "below 3.90\u00a0%no error among 77 people" in found.cells
    assert "insufficient data29 errors by 19 people; 30 errors by 20 people are needed" in found.cells
    assert "1.00\u00a0%95\u00a0%: 0.500 to 2.00\u00a0%" in found.cells


def test_a_threshold_without_a_rate_says_so() -> None:
    """Where no false match rate was measured the threshold stands for none, and the table says it."""
    assert "stands for no known rate" not in report_page("rich")
    assert Read(report_page("poor")).text.count("stands for no known rate") == 5


def test_a_photograph_cannot_fill_the_list() -> None:
    """The page says that each photograph is in two of the worst pairs at most."""
    assert "Each photograph is in two pairs of a list at most" in report_page("rich")


def test_thresholds_fixed_beforehand_have_their_own_table() -> None:
    """What a threshold does that was chosen on other people stands apart from those chosen on these."""
    text = Read(report_page("rich")).text
    assert "At thresholds chosen on other people" in text
    for words in ("0.543", "0.00123", "4.56", "5.67"):
        assert words in text
    assert "chosen on other people" not in Read(report_page("poor")).text
