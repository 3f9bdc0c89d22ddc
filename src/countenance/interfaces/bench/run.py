"""One run of the bench: every part in turn, the quiet single-core ones first."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.console import Console

from countenance.config import Settings
from countenance.interfaces.bench import authority, machine, pipeline, record, search, served, workers
from countenance.interfaces.bench.portraits import MATED, package_portraits, portraits
from countenance.interfaces.bench.report import Report
from countenance.interfaces.cli.lazy import later

if TYPE_CHECKING:
    from countenance.interfaces.bench import accuracy
else:
    accuracy = later("countenance.interfaces.bench.accuracy")


@dataclass(frozen=True, slots=True)
class Effort:
    """How often things are done."""

    pipeline_rounds: int
    million: int
    probes: int
    references: int
    crossings: int
    worker_rounds: int
    decisions: int


FULL = Effort(
    pipeline_rounds=40,
    million=1_000_000,
    probes=5000,
    references=search.AIRPORT,
    crossings=400,
    worker_rounds=9,
    decisions=5000,
)
QUICK = Effort(
    pipeline_rounds=4,
    million=1_000_000,
    probes=1000,
    references=search.AIRPORT,
    crossings=40,
    worker_rounds=2,
    decisions=1000,
)


def run_bench(
    photos: Path, settings: Settings, *, faces: Path | None, quick: bool, live: bool, effort: Effort | None = None
) -> Report:
    """Measure everything and return the report; ``live`` names each part on standard error as it begins.

    Raises:
        ConfigurationError: a photograph is missing.
        SiteError: the site that is measured did not start, or did not match a mated pair.
    """
    start = time.perf_counter()
    described = machine.describe()
    console = Console(stderr=True, quiet=not live)
    figures: dict[str, float] = {}
    for name, part in _parts(photos, settings, faces, effort or (QUICK if quick else FULL)):
        with console.status(f"measuring {name}"):
            figures |= part()
    return Report(described, figures, quick, time.perf_counter() - start)


def _parts(
    photos: Path, settings: Settings, faces: Path | None, effort: Effort
) -> Iterator[tuple[str, Callable[[], Mapping[str, float]]]]:
    core = max(os.sched_getaffinity(0))
    images = package_portraits(photos)
    yield (
        "photographs to probes",
        lambda: pipeline.measure(portraits(photos, faces), settings, core, effort.pipeline_rounds),
    )
    yield (
        "exact search",
        lambda: search.measure(core, million=effort.million, airport=search.AIRPORT, probes=effort.probes),
    )
    yield "charters and policies", lambda: authority.measure(settings, core, effort.decisions)
    yield "a million entries", lambda: _record(effort)
    yield (
        "two inference processes",
        lambda: {"workers.speedup_2": workers.speedup(settings, images, effort.worker_rounds)},
    )
    yield "a served site", lambda: _served(settings, images, effort)
    if faces is not None:
        yield "accuracy", lambda: accuracy.measure(faces, settings)


def _record(effort: Effort) -> Mapping[str, float]:
    with TemporaryDirectory(prefix="countenance-bench-") as folder:
        return record.measure(Path(folder), entries=effort.million)


def _served(settings: Settings, images: list[bytes], effort: Effort) -> Mapping[str, float]:
    with TemporaryDirectory(prefix="countenance-bench-") as folder:
        return served.measure(
            Path(folder) / "site", settings, images, MATED, references=effort.references, crossings=effort.crossings
        )
