"""A report holds every figure beside its target, and says the same as text, as JSON and as the kept page."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from rich.console import Console

from countenance.interfaces.bench import Report, as_json, as_text, markdown, missed
from countenance.interfaces.bench.catalogue import ACCURACY, CATALOGUE, Side, Target

ROOT = Path(__file__).resolve().parents[3]
PROMISED = {
    "pipeline.ratio_to_opencv", "pipeline.ratio_to_opencv_fp32", "pipeline.over_network_time", "pipeline.ms",
    "search.bandwidth_ratio_1m", "search.p99_ms_42000", "record.append_ms_1m", "record.proof_ms_1m",
    "record.audit_s_1m", "http.p50_ms", "http.p95_ms", "http.p99_ms", "http.overhead_p95_ms", "workers.speedup_2",
    "memory.pss_mb", "ready_s",
}  # fmt: skip


def report(**changed: float) -> Report:
    """Return a report in which every figure reaches its target exactly, but those that are changed."""
    always = (one for one in CATALOGUE if not one.key.startswith(ACCURACY))
    figures = {one.key: one.target.value if one.target else 1.0 for one in always}
    figures |= {key.replace("__", "."): value for key, value in changed.items()}
    return Report({"processor": "a test", "memory": "enough"}, figures, quick=True, seconds=1.25)


def test_json_has_every_promised_key_nested_by_its_dots() -> None:
    """Programs find each promised figure where its dotted key says, as a number."""
    data = json.loads(json.dumps(as_json(report(pipeline__ms=5.25))))
    for key in PROMISED:
        value = data
        for part in key.split("."):
            value = value[part]
        assert isinstance(value, int | float), key
    assert data["pipeline"]["ms"] == 5.25
    assert data["targets"]["memory.pss_mb"] == "at most 900"
    assert (data["missed"], data["quick"]) == ([], True)


def test_no_figure_is_also_a_group() -> None:
    """Dotted keys nest without collision, and each is there once."""
    keys = [one.key for one in CATALOGUE]
    assert len(keys) == len(set(keys))
    assert not {one for one in keys for other in keys if other.startswith(one + ".")}


@pytest.mark.parametrize("key, value", [("pipeline__ratio_to_opencv", 2.99), ("http__overhead_p95_ms", 25.01)])
def test_a_missed_target_is_named_and_marked(key: str, value: float) -> None:
    """A figure on the wrong side is listed as missed and marked in the text; the others are not."""
    bad = report(**{key: value})
    assert missed(bad) == (key.replace("__", "."),)
    assert text_of(bad).count("✗") == 1
    assert markdown(bad).count("✗") == 1


@pytest.mark.parametrize("side, met", [(Side.AT_LEAST, (False, True, True)), (Side.AT_MOST, (True, True, False))])
def test_the_limit_itself_is_met_and_no_number_never(side: Side, met: tuple[bool, bool, bool]) -> None:
    """Both kinds of target include their limit; a figure that is no number misses every target."""
    target = Target(side, 2.0)
    assert (target.met(1.9), target.met(2.0), target.met(2.1)) == met
    assert not target.met(math.nan)


@pytest.mark.parametrize("change", ["missing", "unknown"])
def test_a_report_with_a_wrong_figure_is_refused(change: str) -> None:
    """A run that lost a figure, or invented one, is no report."""
    figures = dict(report().figures)
    if change == "missing":
        del figures["ready_s"]
    else:
        figures["pipeline.marketing"] = 10.0
    with pytest.raises(ValueError, match=change):
        as_json(Report({}, figures, quick=False, seconds=0))


def test_text_and_page_tell_the_same() -> None:
    """Every figure stands in both, with unit and target, and both name the machine."""
    for shown in (text_of(report()), markdown(report())):
        assert "900 MB" in shown
        assert "at most 900" in shown
        assert "a test" in shown
        for key in PROMISED:
            assert key in shown


def test_the_kept_page_holds_every_promised_figure() -> None:
    """docs/benchmarks.md is a run's page: each figure and the machine are named."""
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    assert all(f"| `{key}` |" in page for key in PROMISED)
    assert "* processor: " in page


def text_of(shown: Report) -> str:
    """Return a report as a wide terminal shows it."""
    console = Console(width=400)
    with console.capture() as captured:
        for part in as_text(shown):
            console.print(part)
    return captured.get()
