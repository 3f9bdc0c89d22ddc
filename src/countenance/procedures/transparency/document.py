"""What the site tells the public, as JSON-LD: terms of the W3C Data Privacy Vocabulary where it has one, else ours.

Made of charters, operating points, partners' audits, and counts that were told. No count is made here that is not a sum
of told ones, and nobody who works here, no device and no person is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from countenance.procedures.lanes import Lane, Lanes
from countenance.procedures.transparency.kinds import OF_SCREENING, OF_THE_SITE, TOTALS, Kind
from countenance.procedures.transparency.runs import SMALLEST
from countenance.terms import (
    Bounds,
    Charter,
    Instant,
    LedgerLine,
    Mode,
    OperatingPoint,
    PublicRun,
    Retention,
    Unmeasured,
    iso,
)

FORMAT = "countenance/transparency/v1"
_DPV = "https://w3id.org/dpv#"
CONTEXT: Mapping[str, str] = {
    "@vocab": "urn:countenance:transparency:v1#",
    "charters": f"{_DPV}hasProcess",
    "purpose": f"{_DPV}hasPurpose",
    "legal_basis": f"{_DPV}hasLegalBasis",
    "controller": f"{_DPV}hasDataController",
    "recipients": f"{_DPV}hasRecipient",
    "data": f"{_DPV}hasPersonalData",
    "people": f"{_DPV}hasDataSubject",
    "clocks": f"{_DPV}hasStorageCondition",
    "duration": f"{_DPV}hasDuration",
    "notices": f"{_DPV}hasNotice",
    "language": "http://purl.org/dc/terms/language",
    "security": f"{_DPV}hasTechnicalOrganisationalMeasure",
    "risks": f"{_DPV}hasRisk",
    "jurisdiction": f"{_DPV}hasJurisdiction",
}
"""JSON-LD: fields that the Data Privacy Vocabulary, or Dublin Core, has a word for."""
_FROM_THE_FILE = ("recipients", "data", "people", "security", "risks")
"""Fields that nothing here reads: they are told as the charter's file has them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a document is made of."""

    site: str
    """The log's origin, by which everything here can be looked up."""
    lanes: Lanes
    records: Mapping[str, Mapping[str, Any]]
    """Charter files as JSON, by SHA-256."""
    partners: Sequence[LedgerLine]
    runs: Sequence[PublicRun]
    through: int
    """The last day counted in, days since 1970; -1 before the first."""
    statement: Mapping[str, Any] | None
    now: Instant


def document(told: Told) -> dict[str, Any]:
    """Return everything that ``GET /transparency`` answers."""
    held = [lane for lane in told.lanes.all if lane.charter.in_force(told.now)]
    charters = {lane.charter.sha256: lane.charter for lane in held}
    points = {lane.point.sha256: lane.point for lane in held}
    return {
        "@context": CONTEXT,
        "@id": f"urn:countenance:site:{told.site}",
        "format": FORMAT,
        "site": told.site,
        "log": {"tree_head": "/log/checkpoint"},
        "charters": [
            _charter(charter, [lane for lane in held if lane.charter is charter], told.records.get(sha256, {}))
            for sha256, charter in charters.items()
        ],
        "operating_points": [_point(point) for point in points.values()],
        "partners": [_partner(line) for line in told.partners],
        "counts": counts(told.lanes, told.runs, told.through),
        "statement": told.statement,
    }


def counts(lanes: Lanes, runs: Iterable[PublicRun], through: int) -> dict[str, Any]:
    """Return the told counts, and sums of these: a total that is not made of told counts would give others away."""
    told: dict[tuple[str, str], list[PublicRun]] = {(place, kind.value): [] for place, kind in all_series(lanes)}
    for run in runs:
        if run.closed:
            told.setdefault((run.checkpoint_id, run.kind), []).append(run)
    screens = any(lane.charter.mode is Mode.SCREEN for lane in lanes.all)
    numbers = {series: sum(run.number for run in own) for series, own in told.items()}
    series = [
        {
            "checkpoint": place, "kind": kind, "used": screens or kind not in OF_SCREENING,
            "number": numbers[place, kind] or None,
            "told": [{"since": day(run.since), "until": day(run.until), "number": run.number} for run in own],
        }
        for (place, kind), own in told.items()
    ]  # fmt: skip
    totals = [
        {"checkpoint": place, "total": name, "of": list(kinds), "number": _sum(numbers, place, kinds) or None}
        for place in ("", *sorted(lanes.by_checkpoint))
        for name, kinds in TOTALS.items()
    ]
    return {"smallest": SMALLEST, "through": day(through) if through >= 0 else None, "series": series, "totals": totals}


def all_series(lanes: Lanes) -> tuple[tuple[str, Kind], ...]:
    """Return each series of a site: checkpoint, or "" for the site, and kind."""
    places = [(place, kind) for place in sorted(lanes.by_checkpoint) for kind in Kind if kind not in OF_THE_SITE]
    return (*places, *(("", kind) for kind in Kind if kind in OF_THE_SITE))


def _sum(numbers: Mapping[tuple[str, str], int], place: str, kinds: Sequence[Kind]) -> int:
    return sum(number for (at, kind), number in numbers.items() if kind in kinds and place in {"", at})


def day(number: int) -> str:
    """Return a day (since 1970) as ``2026-12-01``."""
    return datetime.fromtimestamp(number * 86_400, UTC).date().isoformat()


def _charter(charter: Charter, lanes: Sequence[Lane], record: Mapping[str, Any]) -> dict[str, Any]:
    stated = record.get("statement", {})
    return {
        "@id": f"urn:sha256:{charter.sha256}", "@type": f"{_DPV}Process",
        "charter": charter.charter_id, "version": charter.version, "sha256": charter.sha256, "trial": charter.trial,
        "valid_from": iso(charter.valid_from), "valid_until": iso(charter.valid_until),
        "purpose": charter.purpose, "use": charter.use, "never_used_for": list(charter.forbidden_uses),
        "legal_basis": charter.legal_basis, "jurisdiction": charter.jurisdiction, "controller": charter.controller,
        "contact": charter.contact, "place": charter.place, "public_page": charter.public_page,
        "mode": charter.mode.value, "attended": charter.attended,
        "referral_limit_per_thousand": charter.referral_limit_per_thousand,
        **{name: stated[name] for name in _FROM_THE_FILE if name in stated},
        "checkpoints": [
            {
                "checkpoint": one.checkpoint.checkpoint_id, "name": one.checkpoint.name,
                "existing_check": one.checkpoint.existing_check, "camera": one.checkpoint.biometric,
                "notice": one.checkpoint.notice_id,
            }
            for one in lanes
        ],
        "notices": [
            {"@type": f"{_DPV}PrivacyNotice", "notice": one.notice_id, "language": one.language, "sha256": one.sha256}
            for one in charter.notices
        ],
        "clocks": [
            *(_clock(one, "") for one in charter.retention),
            *(_clock(one, own.person_class) for own in charter.class_retention for one in own.retention),
        ],
        "operating_point": charter.operating_point, "weights": charter.weights,
    }  # fmt: skip


def _clock(clock: Retention, person_class: str) -> dict[str, Any]:
    days, rest = divmod(clock.seconds, 86_400)
    duration = f"P{days}D" if days and not rest else f"PT{clock.seconds}S"
    found = {
        "@type": f"{_DPV}StorageDuration", "of": clock.retention_class, "seconds": clock.seconds, "duration": duration,
    }  # fmt: skip
    return {**found, "person_class": person_class} if person_class else found


def _point(point: OperatingPoint) -> dict[str, Any]:
    envelope, rates = point.envelope, point.estimate
    return {
        "@id": f"urn:sha256:{point.sha256}", "sha256": point.sha256, "label": point.label,
        "threshold": point.threshold,
        "target": {"rate": point.target.rate.value, "value": point.target.value},
        "evaluated_at": iso(point.issued_at), "expires_at": iso(point.expires_at), "report": point.report or None,
        "extrapolated": point.extrapolated is not None, "minimum_age": point.minimum_age,
        "measured": {
            "false_match_rate": rates.fmr, "false_match_rate_upper": rates.fmr_upper,
            "false_non_match_rate": rates.fnmr, "false_non_match_rate_upper": rates.fnmr_upper,
            "false_positive_identification_rate": rates.fpir,
            "false_positive_identification_rate_upper": rates.fpir_upper,
            "persons": rates.persons, "in_words": rates.sentence,
        },
        "envelope": {
            "ages": _bounds(envelope.ages), "reference_years": _bounds(envelope.reference_years),
            "capture_classes": _listed(envelope.capture_classes), "modes": [mode.value for mode in envelope.modes],
            "largest_gallery": None if isinstance(envelope.largest_gallery, Unmeasured) else envelope.largest_gallery,
        },
        "groups": [
            {
                "group": one.group, "persons": one.persons,
                "false_match_rate": one.fmr, "false_match_rate_upper": one.fmr_upper,
                "false_non_match_rate": one.fnmr, "false_non_match_rate_upper": one.fnmr_upper,
            }
            for one in point.groups
        ],
    }  # fmt: skip


def _bounds(bounds: Bounds | Unmeasured) -> list[int] | None:
    return None if isinstance(bounds, Unmeasured) else [bounds.low, bounds.high]


def _listed(values: Sequence[str] | Unmeasured) -> list[str] | None:
    return None if isinstance(values, Unmeasured) else list(values)


def _partner(line: LedgerLine) -> dict[str, Any]:
    last = line.audits[-1] if line.audits else None
    return {
        "partner": line.partner.name, "audited_on": None if last is None else iso(last.at)[:10],
        "passed": None if last is None else last.passed, "next_audit_by": iso(line.due_at)[:10],
        "overdue": line.overdue,
    }  # fmt: skip
