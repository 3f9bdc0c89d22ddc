"""``score`` and ``weights``: the engine by itself; no site, no record, no decision."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from countenance.bootstrap import open_engine
from countenance.bootstrap.looking import compare, describe_weights
from countenance.config import read_settings
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.tables import two_columns
from countenance.terms import Accepted, Extraction, Refused

NOT_A_DECISION = (
    "A score is not a decision: it depends on age, camera and light, and no threshold fits every place. "
    "Deciding needs a charter and an operating point with its evidence: see 'countenance verify'."
)


def score(first: Path, second: Path) -> Said:
    """Return the score and both photographs' quality; nothing is recorded."""
    engine = open_engine(read_settings(os.environ))
    pair = [engine.extract(path.read_bytes()) for path in (first, second)]
    probes = [item.probe for item in pair if isinstance(item, Accepted)]
    value = float(compare(probes[0].template, probes[1].template)) if len(probes) == len(pair) else None
    shown = f"score {value:.4f} (cosine, from -1 to 1; higher = more alike)" if value is not None else "not compared"
    return Said(
        data={
            "score": value,
            "weights": engine.weights,
            "a": _data(pair[0]),
            "b": _data(pair[1]),
            "note": NOT_A_DECISION,
        },
        shown=(shown, _quality_table(first, second, pair[0], pair[1]), NOT_A_DECISION),
        status=OK if value is not None else NOT_AS_EXPECTED,
    )


def weights() -> Said:
    """Return what the networks are, checked by hash."""
    cards = describe_weights(read_settings(os.environ))
    return Said(data=dict(cards), shown=(two_columns(cards.items()),))


def _data(extraction: Extraction) -> dict[str, object]:
    if isinstance(extraction, Refused):
        return {"accepted": False, "stage": extraction.stage, "reason": extraction.reason, "advice": extraction.advice}
    probe = extraction.probe
    return {
        "accepted": True, "quality": asdict(probe.quality), "box": asdict(probe.box),
        "landmarks": [[round(float(value), 2) for value in point] for point in probe.landmarks],
        "frame": [probe.frame_width, probe.frame_height], "image_sha256": probe.image_sha256,
    }  # fmt: skip


def _quality_table(first: Path, second: Path, a: Extraction, b: Extraction) -> Table:
    table = Table("", first.name, second.name, box=None, padding=(0, 2, 0, 0))
    columns = [_cells(a), _cells(b)]
    for name in dict.fromkeys([*columns[0], *columns[1]]):
        table.add_row(name, *(column.get(name, "") for column in columns))
    return table


def _cells(extraction: Extraction) -> dict[str, str]:
    if isinstance(extraction, Refused):
        return {"refused": f"{extraction.stage}.{extraction.reason}", "advice": extraction.advice}
    return {name: f"{value:.3g}" for name, value in asdict(extraction.probe.quality).items()}
