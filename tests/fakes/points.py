"""Operating point files for tests: complete, in date, and easy to change in one field."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from countenance.decision.operating_point import write_operating_point
from fakes.extractor import WEIGHTS

_FIELDS: dict[str, Any] = {
    "label": "a test's point",
    "weights": WEIGHTS,
    "recogniser": "c" * 64,
    "preprocessing": "align5/v1, a test's",
    "threshold": 0.5,
    "target": {"rate": "fmr", "value": 1e-5, "gallery_size": 0, "pairs": "all"},
    "estimate": {
        "fmr": 1e-5, "fmr_upper": 3e-5, "fnmr": 0.01, "fnmr_upper": 0.02, "fpir": 0.004, "fpir_upper": 0.01,
        "persons": 3000, "mated_pairs": 9000, "non_mated_pairs": 20_000_000, "sentence": "Measured for a test.",
    },
    "minimum_age": 14,
    "envelope": {
        "ages": {"low": 16, "high": 79},
        "reference_years": {"low": 0, "high": 10},
        "capture_classes": ["portrait", "gate"],
        "modes": ["verify", "identify"],
        "largest_gallery": 420,
    },
    "extrapolated": None,
    "groups": [
        {"group": "sex=female", "persons": 900, "fmr": 2e-5, "fmr_upper": 9e-5, "fnmr": None, "fnmr_upper": None}
    ],
    "data": "d" * 64,
    "report": "e" * 64,
    "code": "0.2.0",
    "issued": "2026-11-21T00:00:00Z",
    "expires": "2029-11-21T00:00:00Z",
    "source": "A test.",
}  # fmt: skip


def fields(**changes: Any) -> dict[str, Any]:
    """Return the fields of a measured point; a change is named by its path, dots written as two underscores."""
    document = deepcopy(_FIELDS)
    for path, value in changes.items():
        *parents, last = path.split("__")
        inner = document
        for parent in parents:
            inner = inner[parent]
        inner[last] = value
    return document


def point_file(**changes: Any) -> bytes:
    """Return a measured point's file, with ``changes`` as in :func:`fields`."""
    return write_operating_point(fields(**changes))


UNMEASURED = {
    "envelope__ages": "unmeasured", "envelope__reference_years": "unmeasured",
    "envelope__capture_classes": "unmeasured", "envelope__largest_gallery": "unmeasured",
    "estimate__fmr": None, "estimate__fmr_upper": None, "estimate__fpir": None, "estimate__fpir_upper": None,
}  # fmt: skip
"""What makes a point one for trials only."""
TRIAL_POINT = point_file(**UNMEASURED)
"""Nobody under 14, everything else unmeasured: what the package ships says the same of its weights."""
EXTRAPOLATED = {
    "label": "a test's point (extrapolated)",
    "envelope__largest_gallery": 4200,
    "extrapolated": {"measured_gallery": 420, "method": "by a formula"},
}
"""What makes a point one for larger galleries than were tested."""
