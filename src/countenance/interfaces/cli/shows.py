"""``demo`` and ``bench`` as commands: run them, then say what they found."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from countenance.config import read_settings
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import Said

if TYPE_CHECKING:
    from countenance.interfaces import bench as bench_
    from countenance.interfaces import demo as demo_
else:
    bench_ = later("countenance.interfaces.bench")
    demo_ = later("countenance.interfaces.demo")

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""What a worker runs with; set before NumPy loads, which the bench must be measured with too."""


def demo(photos: Path, out: Path, keep: Path | None, *, live: bool) -> Said:
    """Run the demo; ``live`` shows what happens as it happens."""
    done = demo_.run_demo(photos, out, read_settings(os.environ), keep=keep, live=live)
    return Said(data=done.data, shown=done.lines, status=OK if done.as_expected else NOT_AS_EXPECTED)


def bench(photos: Path, faces: Path | None, out: Path | None, *, quick: bool, strict: bool, live: bool) -> Said:
    """Run the measurements; ``live`` names each as it begins."""
    os.environ.update(_ONE_THREAD)
    report = bench_.run_bench(photos, read_settings(os.environ), faces=faces, quick=quick, live=live)
    if out is not None:
        out.write_text(bench_.markdown(report), "utf-8")
    return Said(
        data=bench_.as_json(report), shown=bench_.as_text(report),
        status=NOT_AS_EXPECTED if strict and bench_.missed(report) else OK,
    )  # fmt: skip
