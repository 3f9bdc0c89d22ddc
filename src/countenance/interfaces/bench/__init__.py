"""Measuring speed and memory on this machine, each figure beside its target; ``docs/benchmarks.md`` keeps the last run.

``catalogue`` lists every figure with its meaning and target, ``report`` shows them, the others measure. Nothing here
opens a site but temporary ones of its own.
"""

from countenance.interfaces.bench.report import Report, as_json, as_text, markdown, missed
from countenance.interfaces.bench.run import run_bench

__all__ = ["Report", "as_json", "as_text", "markdown", "missed", "run_bench"]
