"""``calibrate``: a report and a wish become an operating point's file, unsigned."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from countenance.errors import ConfigurationError, EvaluationError
from countenance.evaluate import calibrate as calibration
from countenance.evaluate.calibrate import Wish
from countenance.evaluate.point import encoded, fields
from countenance.evaluate.report import schema
from countenance.interfaces.cli.said import Said

_MAX_BYTES = 256_000_000


def wish(
    *, fmr: float | None, fpir: float | None, gallery_size: int, same_group: str, floor: float, minimum_age: int,
    extrapolate: bool,
) -> Wish:  # fmt: skip
    """Return what is asked for.

    Raises:
        ConfigurationError: ``calibrate.rate``, neither or both; ``.share``, outside (0, 1); ``.gallery``, no size.
    """
    value = fmr if fmr is not None else fpir
    if value is None or (fmr is not None and fpir is not None):
        raise ConfigurationError(
            "calibrate.rate", "Which rate is wanted?", remedy="Add --fmr 1e-4, or --fpir 1e-2 with --gallery-size."
        )
    if not 0 < value < 1:
        raise ConfigurationError(
            "calibrate.share", f"{value:g} is no error rate.", remedy="Name a share between 0 and 1, such as 1e-4."
        )
    if (fpir is not None) != (gallery_size > 0):
        raise ConfigurationError(
            "calibrate.gallery", "--fpir and --gallery-size go together.",
            remedy="Say how many people the gallery holds, and how many searches may return somebody wrong.",
        )  # fmt: skip
    name = f"same {same_group}" if same_group and not same_group.startswith("same ") else same_group
    rate = "fmr" if fmr is not None else "fpir"
    return Wish(rate, value, gallery_size, name, floor, extrapolate, minimum_age)


def calibrate_report(
    path: Path, wanted: Wish, out: Path, *, certify: Path | None, label: str, days: int
) -> Said:  # fmt: skip
    """Write the operating point that the report supports.

    Raises:
        EvaluationError: the report is none, or does not support the wish.
    """
    report, digest = read_report(path)
    found = calibration.calibrate(report, wanted)
    certified, digest = read_report(certify) if certify else (None, digest)
    if certified and certified["hashes"]["weights"] != report["hashes"]["weights"]:
        raise EvaluationError(
            "evaluate.other_weights", "The two reports are of other networks or another configuration.",
            remedy="Evaluate both with the same COUNTENANCE_PIPELINE and weights.",
        )  # fmt: skip
    issued = datetime.now(UTC)
    made: dict[str, Any] = fields(
        report, digest, wanted, found, certified=certified, issued=issued, label=label, days=days
    )
    data = encoded(made)
    out.write_bytes(data)
    name = sha256(data).hexdigest()
    lines = (
        f"{made['label']}: threshold {found.threshold:.4f}",
        made["estimate"]["sentence"],
        *_warnings(made),
        f"Written to {out}, unsigned; its name is {name}.",
        f"Next: countenance operating-point sign SITE {out}",
    )
    return Said(data={"file": str(out), "sha256": name, "operating_point": made}, shown=lines)


def _warnings(made: Mapping[str, Any]) -> list[str]:
    """Return a line for each rate that too little stands behind: what the point may then be used for."""
    uses = {"fmr_upper": "1:1 verification", "fpir_upper": "1:N identification"}
    return [f"Nothing bounds its {name[:-6].upper()}: charters marked trial alone may use it for {use}."
            for name, use in uses.items() if made["estimate"][name] is None]  # fmt: skip


def read_report(path: Path) -> tuple[dict[str, Any], str]:
    """Return a report and the SHA-256 of its bytes.

    Raises:
        EvaluationError: ``evaluate.no_report``.
    """
    data = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else b""
    try:
        document = json.loads(data)
        faults = list(Draft202012Validator(schema()).iter_errors(document))
    except ValueError:
        document, faults = None, []
    why = f": {faults[0].message[:200]}" if faults else ""
    if not isinstance(document, dict) or faults:
        raise EvaluationError(
            "evaluate.no_report",
            f"{path.name} is no report of 'countenance evaluate'{why}.",
            remedy="Name the report.json that 'countenance evaluate' wrote.",
        )
    return document, sha256(data).hexdigest()
