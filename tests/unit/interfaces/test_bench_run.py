"""A whole run, at sizes that take seconds: real engines, OpenCV beside them, a served site, every figure."""

from __future__ import annotations

import os
from pathlib import Path

from countenance.config import read_settings
from countenance.interfaces.bench import as_json, run_bench
from countenance.interfaces.bench.run import Effort

TINY = Effort(pipeline_rounds=1, million=5_000, probes=20, references=40, crossings=4, worker_rounds=1, decisions=200)


def test_a_run_gives_a_whole_report(photos: Path) -> None:
    """Every promised figure is measured: ours and OpenCV's time are there, the served site matched and was weighed."""
    report = run_bench(photos, read_settings(os.environ), faces=None, quick=True, live=False, effort=TINY)
    data = as_json(report)
    assert data["quick"] is True
    figures = report.figures
    assert figures["pipeline.opencv_ms"] > 0
    assert figures["pipeline.network_ms"] < figures["pipeline.ms"] + figures["pipeline.opencv_ms"]
    assert 0 < figures["http.p50_ms"] <= figures["http.p95_ms"] <= figures["http.p99_ms"]
    assert 50 < figures["memory.pss_mb"] < 2_000
    assert figures["ready_s"] > 0
    assert 0 < figures["authority.decision_p99_ms"] < figures["authority.verification_p99_ms"]
