"""The operating points that ship: one for each packaged configuration of weights, each pinned by hash."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

from countenance.decision.operating_point.pins import PINS
from countenance.decision.operating_point.reading import parse
from countenance.terms import OperatingPoint

PACKAGED: Mapping[str, str] = MappingProxyType({weights: sha256 for _, weights, sha256 in PINS})
"""For each name of weights (``Extractor.weights``) the SHA-256 of the operating point that ships for it."""


def packaged() -> Mapping[str, OperatingPoint]:
    """Return every packaged operating point by the weights that it is for.

    Raises:
        OperatingPointError: a file of the installed package is not the pinned one.
    """
    folder = files("countenance.decision.operating_point").joinpath("packaged")
    return MappingProxyType(
        {
            weights: parse(folder.joinpath(f"{name}.json").read_bytes(), trusted=frozenset({sha256}))
            for name, weights, sha256 in PINS
        }
    )
