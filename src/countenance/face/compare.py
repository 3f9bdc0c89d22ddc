"""Two templates → a score, and templates as bytes. Pure; needs no network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from countenance.errors import WeightsError
from countenance.terms import Probe, Score, Template

_UNIT = 1e-3
"""How far a template's squared length may be from 1: a thousand times what float32 rounding does."""


def compare(probe: Template | Probe, reference: Template | Probe) -> Score:
    """Return the cosine of two templates in [-1, 1], higher = more alike; float64, summed in index order.

    The same two templates give the same bits on every machine.

    Raises:
        WeightsError: ``weights.other``: the templates come from different weights or preprocessing;
            ``weights.bad_template``: a template is not of length 1, so its score would mean nothing.
    """
    first, second = _template(probe), _template(reference)
    if first.weights != second.weights or first.values.shape != second.values.shape:
        raise WeightsError(
            "weights.other",
            f"A template of {first.weights[:16]}… cannot be compared with one of {second.weights[:16]}….",
            remedy="Extract both photographs with the same weights and the same pipeline setting.",
        )
    ours, theirs = first.values.astype(np.float64), second.values.astype(np.float64)
    if not all(abs(_sum(values * values) - 1.0) <= _UNIT for values in (ours, theirs)):  # not: also for NaN
        raise WeightsError(
            "weights.bad_template",
            "A template does not have the length 1.",
            remedy="Extract the photograph again; a stored template that says this was damaged.",
        )
    return Score(max(-1.0, min(1.0, _sum(ours * theirs))))


def _sum(values: NDArray[np.float64]) -> float:
    """Return the sum in index order: ``np.sum`` may regroup, and so differ from machine to machine."""
    return float(np.cumsum(values)[-1]) if values.size else 0.0


def template_to_bytes(template: Template) -> bytes:
    """Return the values as float32 little-endian, 4 bytes each; the weights' name goes beside them."""
    return template.values.astype("<f4").tobytes()


def template_from_bytes(data: bytes, weights: str) -> Template:
    """Return the template that :func:`template_to_bytes` wrote, bit for bit."""
    return Template(np.frombuffer(data, "<f4").astype(np.float32), weights)


def _template(given: Template | Probe) -> Template:
    return given.template if isinstance(given, Probe) else given
