"""A run's figures beside their targets: as text, as JSON, as the page ``docs/benchmarks.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from countenance.interfaces.bench.catalogue import ACCURACY, CATALOGUE, Meaning


@dataclass(frozen=True, slots=True)
class Report:
    """One run."""

    machine: Mapping[str, str]
    """What it ran on and with: name to sentence."""
    figures: Mapping[str, float]
    """By key, as in the catalogue."""
    quick: bool
    seconds: float


def listed(report: Report) -> Sequence[tuple[Meaning, float]]:
    """Return meaning and value of every figure, in the catalogue's order.

    Raises:
        ValueError: a figure is unknown, or one that every run has is missing.
    """
    known = {meaning.key for meaning in CATALOGUE}
    needed = {key for key in known if not key.startswith(ACCURACY)}
    unknown, missing = set(report.figures) - known, needed - set(report.figures)
    if unknown or missing:
        message = f"unknown figures {sorted(unknown)}, missing figures {sorted(missing)}"
        raise ValueError(message)
    return [(meaning, report.figures[meaning.key]) for meaning in CATALOGUE if meaning.key in report.figures]


def missed(report: Report) -> tuple[str, ...]:
    """Return the keys of the figures that miss their target."""
    return tuple(item.key for item, value in listed(report) if item.target and not item.target.met(value))


def as_json(report: Report) -> dict[str, object]:
    """Return dotted keys as nested objects, with machine, targets and what was missed beside them."""
    nested: dict[str, object] = {}
    for meaning, value in listed(report):
        _put(nested, meaning.key, round(value, 4))
    targets = {item.key: f"{item.target.side} {item.target.value:g}" for item in CATALOGUE if item.target}
    return {
        **nested, "targets": targets, "missed": list(missed(report)), "machine": dict(report.machine),
        "quick": report.quick, "seconds": round(report.seconds, 1),
    }  # fmt: skip


def as_text(report: Report) -> tuple[Text, ...]:
    """Return the lines for a terminal: each figure beside its target, what it means below it."""
    lines: list[Text] = []
    for meaning, value in listed(report):
        style = "bold red" if meaning.key in missed(report) else ""
        figure = f"{_mark(meaning, value) or ' '} {meaning.key:<32} {shown(meaning, value):>12}  {_target(meaning)}"
        lines += [Text(figure.rstrip(), style=style), Text(f"    {meaning.sentence}", style="dim")]
    machine = (Text(f"{name}: {value}", style="dim") for name, value in report.machine.items())
    kind = "quick run" if report.quick else "full run"
    return (*lines, Text(), *machine, Text(f"{kind}, {report.seconds:.0f} s", style="dim"))


def markdown(report: Report) -> str:
    """Return ``docs/benchmarks.md``."""
    rows = "\n".join(
        f"| `{item.key}` | {shown(item, value)} | {_target(item) or 'none'} | {_mark(item, value)} | {item.sentence} |"
        for item, value in listed(report)
    )
    machine = "\n".join(f"* {name}: {value}" for name, value in report.machine.items())
    kind = "quick run (few rounds)" if report.quick else "full run"
    return _PAGE.format(rows=rows, machine=machine, kind=kind, seconds=report.seconds)


def shown(meaning: Meaning, value: float) -> str:
    """Return a figure with its unit: ``3.42 times``."""
    return f"{value:.{meaning.digits}f} {meaning.unit}".rstrip()


def _target(meaning: Meaning) -> str:
    return f"{meaning.target.side} {meaning.target.value:g}" if meaning.target else ""


def _mark(meaning: Meaning, value: float) -> str:
    if meaning.target is None:
        return ""
    return "✓" if meaning.target.met(value) else "✗"


def _put(nested: dict[str, object], key: str, value: float) -> None:
    head, dot, rest = key.partition(".")
    if not dot:
        nested[key] = value
        return
    below = nested.setdefault(head, {})
    assert isinstance(below, dict)  # noqa: S101 - the catalogue has no figure that is also a group; a test says so
    _put(below, rest, value)


_PAGE = """# Benchmarks

The last run of `countenance bench`, written by `countenance bench --out docs/benchmarks.md`. Ratios are taken within
one run, turn by turn, so they carry over to other machines better than milliseconds do; figures of several processes
(`http`, `workers`, `ready_s`) mean something only on a machine without other load. Speed counts only together with
accuracy: the figures under `accuracy` come from runs with `--faces`.

| figure | value | target | | what is measured |
|---|---:|---|---|---|
{rows}

## Machine

{machine}
* {kind}, {seconds:.0f} s

## How

* **pipeline**: portraits scaled to 640 px on the longer side, JPEG; one thread, pinned to one core. OpenCV's side is
  `cv2.imdecode`, `cv2.FaceDetectorYN` (score 0.6, NMS 0.3) at full size, `alignCrop`, `cv2.FaceRecognizerSF`, one
  thread, the same fp32 weights. Bare network time runs the same compiled networks on inputs prepared before.
* **search**: `gallery.slab` on random unit templates; every answer is exact (contract in its docstring).
* **record**: a temporary site whose record has a million made-up entries, rows and tree as a site's own; of these
  nothing is sealed, of the measured ones everything. The audit reads `log/` from the page cache, one process.
* **http**: a served site in its own processes, two clients, each opening an encounter and sending two photographs; the
  entry is on disk before the reply. Time is from complete photographs to the whole answer; opening the encounter,
  which comes before the camera, is apart. Stage times come from the header `Server-Timing`.
* **memory**: sum of PSS from `smaps_rollup` over the service and its inference processes, after the verifications.
* **accuracy**: LFW deep-funneled, every unordered pair, pooled; images without a template count as non-matches. London
  set at 640 px, neutral against smiling. No quality limit applies; of several faces the one nearest the middle counts.
"""
