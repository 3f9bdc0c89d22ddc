"""``evaluate``: error rates measured offline, with progress while it lasts; no site is opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from countenance import __version__
from countenance.config import read_settings
from countenance.errors import EvaluationError
from countenance.evaluate.evaluation import Plan, evaluate, with_seconds
from countenance.evaluate.extraction import extract, networks
from countenance.evaluate.manifest import Manifest, read_manifest
from countenance.evaluate.page import page
from countenance.evaluate.pairs import PairList, read_pairs
from countenance.evaluate.report import Source, encode, report
from countenance.evaluate.samples import Samples
from countenance.interfaces.cli.said import Said

KEPT = "samples.bin"
REPORT, PAGE = "report.json", "report.html"


def evaluate_manifest(
    manifest: Path, out: Path, *, pairs: Path | None, plan: Plan, title: str, thumbnails: bool, live: bool
) -> Said:
    """Measure on the manifest's photographs and write ``report.json`` and ``report.html`` into ``out``."""
    settings = read_settings(os.environ)
    read = read_manifest(manifest)
    if not read.images:
        told = "; ".join(fault.sentence for fault in read.faults[:3])
        raise EvaluationError(
            "evaluate.nothing", f"{manifest.name} names no photograph that can be read: {told or 'it has no rows'}.",
            remedy="Add rows with path and person; paths start from the manifest's folder.",
        )  # fmt: skip
    listed = read_pairs(pairs, read) if pairs else None
    if plan.folds and (listed is None or not (listed.fold >= 0).any()):
        raise EvaluationError(
            "evaluate.no_folds", "LFW's protocol needs a list of pairs with a column 'fold'.",
            remedy="Name it with --pairs; scripts/lfw_manifest.py writes LFW's own.",
        )  # fmt: skip
    with _bars(live=live) as bars:
        start = perf_counter()
        samples = extract(
            [image.file for image in read.images], settings, out / KEPT,
            lambda done, of: bars("photographs to templates", done, of),
        )  # fmt: skip
        embedded = perf_counter() - start
        found = evaluate(read, samples, listed, plan, stopwatch=perf_counter, progress=bars)
    source = Source(title or manifest.stem, _now(), __version__, networks(settings), thumbnails)
    document = report(with_seconds(found, embed=embedded), source)
    (out / REPORT).write_bytes(encode(document))
    (out / PAGE).write_bytes(page(document, manifest.parent, _boxes(read, samples)))
    return Said(data=document, shown=_shown(document, read, listed, out))


def plan(
    protocols: Collection[str],
    targets: Sequence[float],
    sizes: Sequence[int],
    resamples: int,
    thresholds: Sequence[float],
    *,
    listed: bool,
) -> Plan:
    """Return what is measured: by default pairs, and random galleries unless a file names the pairs."""
    identify = "identification" in protocols if protocols else not listed
    return Plan.of(
        extra_targets=targets,
        extra_sizes=sizes,
        identify=identify,
        folds="lfw" in protocols,
        resamples=resamples,
        thresholds=thresholds,
    )


def _boxes(manifest: Manifest, samples: Samples) -> dict[str, tuple[float, float, float, float]]:
    """Return where each photograph's face is, by its name in the manifest, for thumbnails."""
    rows = zip(manifest.images, samples.boxes.tolist(), strict=True)
    return {image.name: (box[0], box[1], box[2], box[3]) for image, box in rows}


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


@contextmanager
def _bars(*, live: bool) -> Iterator[Any]:
    """Yield a function that shows progress on standard error, with the time left; silent unless ``live``."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), disable=not live) as progress:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=of)
            progress.update(tasks[what], completed=done, total=of)

        yield told


def _shown(document: dict[str, Any], manifest: Manifest, pairs: PairList | None, out: Path) -> tuple[Any, ...]:
    counts = document["counts"]
    line = (f"{counts['images']:,} photographs of {counts['persons']:,} people, {counts['failed_to_enrol']} without a "
            f"template; {counts['mated']:,} mated and {counts['nonmated']:,} non-mated pairs")  # fmt: skip
    table = Table("FMR", "threshold", "FNMR pooled", "95 %", "person-balanced", "95 %", box=None, padding=(0, 2, 0, 0))
    for name, cell in document["verification"]["fnmr_at_fmr"].items():
        table.add_row(name, f"{cell['threshold']:.3f}", *_cells(cell))
    faults = [f"row {fault.row}: {fault.sentence}" for fault in [*manifest.faults, *(pairs.faults if pairs else ())]]
    more = [f"… and {len(faults) - 5} more rows left out"] if len(faults) > 5 else []  # noqa: PLR2004 - a screen's worth
    verification, lfw = document["verification"], document["lfw"]
    lines = [line, *faults[:5], *more, table, f"EER {_or_why(verification['eer'], verification['eer_state'])}"]
    if lfw:
        error = "" if lfw["standard_error"] is None else f" ± {percent(lfw['standard_error'])}"
        lines.append(f"LFW protocol: {_or_why(lfw['accuracy'], lfw['wrong']['state'])}{error}")
    return (*lines, f"Self-evaluation written to {out / REPORT} and {out / PAGE}.")


def _cells(cell: dict[str, Any]) -> Sequence[str]:
    if cell["state"] == "insufficient data":
        return "insufficient data", "", "", ""
    if cell["state"] == "upper bound":
        return f"< {percent(cell['high'])}", "", f"< {percent(cell['balanced_high'])}", ""
    return (percent(cell["pooled"]), f"{percent(cell['low'])} to {percent(cell['high'])}", percent(cell["balanced"]),
            f"{percent(cell['balanced_low'])} to {percent(cell['balanced_high'])}")  # fmt: skip


def _or_why(share: float | None, state: str) -> str:
    """Return a rate, or why there is none."""
    return state if share is None else percent(share)


def percent(share: float | None) -> str:
    """Return a fraction as per cent, with two figures that mean something."""
    return "unknown" if share is None else f"{100 * share:.3g} %"
