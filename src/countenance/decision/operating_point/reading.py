"""From an operating point's file to a value: trusted by hash, or named untrusted and fit for looking only."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from countenance.decision.operating_point.checks import dates, read_fields
from countenance.errors import OperatingPointError
from countenance.terms import (
    Bounds,
    Envelope,
    ErrorRate,
    Estimate,
    Extrapolated,
    GroupEstimate,
    Mode,
    OperatingPoint,
    Pairs,
    Target,
    Unmeasured,
)


def parse(data: bytes, *, trusted: frozenset[str]) -> OperatingPoint:
    """Return the operating point in the file ``data``, whose SHA-256 is in ``trusted``: asked before a byte is read.

    An empty ``trusted`` trusts nothing.

    Raises:
        OperatingPointError: ``operating_point.untrusted``; or what :func:`read_untrusted` raises.
    """
    name = sha256(data).hexdigest()
    if name not in trusted:
        raise OperatingPointError(
            "operating_point.untrusted",
            f"The operating point {name[:16]}… is not one that is trusted here.",
            remedy="Use a packaged operating point, or have this one signed: countenance operating-point sign.",
        )
    return read_untrusted(data)


def read_untrusted(data: bytes) -> OperatingPoint:
    """Return what the file ``data`` says about itself, whoever wrote it: for looking, never for deciding.

    (1) strict JSON; (2) the format of this version; (3) the schema; (4) bounds in order, evidence for three years at
    most (CBP-13).

    Raises:
        OperatingPointError: ``operating_point.not_json`` (1), ``.old_format`` (2), ``.invalid`` (3), ``.bounds``,
            ``.dates`` (4).
    """
    fields = read_fields(data)
    issued, expires = dates(fields)
    return OperatingPoint(
        sha256=sha256(data).hexdigest(),
        label=fields["label"],
        weights=fields["weights"],
        recogniser=fields["recogniser"],
        preprocessing=fields["preprocessing"],
        threshold=float(fields["threshold"]),
        target=_target(fields["target"]),
        estimate=_estimate(fields["estimate"]),
        minimum_age=int(fields["minimum_age"]),
        envelope=_envelope(fields["envelope"]),
        extrapolated=_extrapolated(fields["extrapolated"]),
        groups=tuple(_group(group) for group in fields["groups"]),
        data=fields["data"] or "",
        report=fields["report"] or "",
        code=fields["code"],
        issued_at=issued,
        expires_at=expires,
        source=fields["source"],
    )


def _target(fields: Mapping[str, Any]) -> Target:
    return Target(
        ErrorRate(fields["rate"]), float(fields["value"]), int(fields["gallery_size"]), Pairs(fields["pairs"])
    )


def _estimate(fields: Mapping[str, Any]) -> Estimate:
    return Estimate(
        fmr=_rate(fields["fmr"]),
        fmr_upper=_rate(fields["fmr_upper"]),
        fnmr=_rate(fields["fnmr"]),
        fnmr_upper=_rate(fields["fnmr_upper"]),
        fpir=_rate(fields["fpir"]),
        fpir_upper=_rate(fields["fpir_upper"]),
        persons=int(fields["persons"]),
        mated_pairs=int(fields["mated_pairs"]),
        non_mated_pairs=int(fields["non_mated_pairs"]),
        sentence=fields["sentence"],
    )


def _group(fields: Mapping[str, Any]) -> GroupEstimate:
    return GroupEstimate(
        group=fields["group"],
        persons=int(fields["persons"]),
        fmr=_rate(fields["fmr"]),
        fmr_upper=_rate(fields["fmr_upper"]),
        fnmr=_rate(fields["fnmr"]),
        fnmr_upper=_rate(fields["fnmr_upper"]),
    )


def _rate(value: float | None) -> float | None:
    return None if value is None else float(value)


def _envelope(fields: Mapping[str, Any]) -> Envelope:
    classes, largest = fields["capture_classes"], fields["largest_gallery"]
    return Envelope(
        ages=_bounds(fields["ages"]),
        reference_years=_bounds(fields["reference_years"]),
        capture_classes=Unmeasured() if isinstance(classes, str) else tuple(classes),
        modes=tuple(Mode(mode) for mode in fields["modes"]),
        largest_gallery=Unmeasured() if isinstance(largest, str) else int(largest),
    )


def _bounds(value: str | Mapping[str, int]) -> Bounds | Unmeasured:
    return Unmeasured() if isinstance(value, str) else Bounds(int(value["low"]), int(value["high"]))


def _extrapolated(value: Mapping[str, Any] | None) -> Extrapolated | None:
    return None if value is None else Extrapolated(int(value["measured_gallery"]), value["method"])
