"""The envelope check: whether anybody may be compared here and now, before any frame is decoded.

The bounds of an operating point's evidence are limits, not advice: outside them no error rate is known, so nothing is
compared, and the person gets the ordinary manual check that exists anyway (invariants 3 and 4; N-6, CBP-13).
"""

from __future__ import annotations

from countenance.decision import rules
from countenance.terms import (
    Bounds,
    Charter,
    Instant,
    Mode,
    NotCompared,
    OperatingPoint,
    Rule,
    Unmeasured,
)


def admit(
    charter: Charter, point: OperatingPoint, *, age: int, reference_years: int, gallery_size: int, now: Instant
) -> NotCompared | None:
    """Return None if a comparison lies inside every bound, else the first bound that it crosses.

    ``age`` is in completed years, ``reference_years`` in completed years since the document's portrait was taken, both
    negative when unknown; ``gallery_size`` counts references. ``reference_years`` is looked at in mode ``verify`` only
    (a gallery's references were looked at by :func:`admit_reference`), ``gallery_size`` in mode ``identify`` only.

    Tried in this order: (1) the charter is in force; (2) the point is the charter's and in date; (3) bounds that nobody
    measured and extrapolated ones need a trial; (4) mode; (5) capture class; (6) age; (7) the reference's age; (8)
    gallery size. What is unknown is refused as soon as the point has any rule about it.
    """
    found = (
        _authority(charter, point, now)  # (1) (2)
        or _trial(charter, point)  # (3)
        or _capture(charter, point)  # (4) (5)
        or _age(point, age)  # (6)
        or (_reference_years(point, reference_years) if charter.mode is Mode.VERIFY else None)  # (7)
        or _gallery(charter, point, gallery_size)  # (8)
    )
    return _refusal(found)


def admit_reference(point: OperatingPoint, *, age: int, reference_years: int) -> NotCompared | None:
    """Return None if a reference of this age, of a person of this age, may be enrolled in a gallery, else the bound.

    Asked before the photograph is decoded; both in completed years, negative when unknown.
    """
    return _refusal(_age(point, age) or _reference_years(point, reference_years))


def admit_age(point: OperatingPoint, age: int) -> NotCompared | None:
    """Return None if somebody of this age, in completed years, may be compared, else the bound."""
    return _refusal(_age(point, age))


_Found = tuple[str, Rule] | None
"""A reason's stable code and the rule that fired, or nothing."""


def _refusal(found: _Found) -> NotCompared | None:
    if found is None:
        return None
    reason, rule = found
    return NotCompared(reason, (rule,))


def _authority(charter: Charter, point: OperatingPoint, now: Instant) -> _Found:
    if not charter.in_force(now):
        return "charter.not_in_force", rules.CHARTER_NOT_IN_FORCE
    if point.sha256 != charter.operating_point:
        return "operating_point.not_the_charters", rules.POINT_NOT_THE_CHARTERS
    if not point.in_date(now):
        return "operating_point.not_in_date", rules.POINT_NOT_IN_DATE
    return None


def _trial(charter: Charter, point: OperatingPoint) -> _Found:
    if charter.trial:
        return None
    if point.extrapolated is not None:
        return "outside_envelope.extrapolated", rules.EXTRAPOLATED
    if point.unmeasured(charter.mode):
        return "outside_envelope.unmeasured", rules.UNMEASURED
    return None


def _capture(charter: Charter, point: OperatingPoint) -> _Found:
    if charter.mode not in point.envelope.modes:
        return "outside_envelope.mode", rules.MODE_OUTSIDE
    classes = point.envelope.capture_classes
    if not isinstance(classes, Unmeasured) and charter.capture_class not in classes:
        return "outside_envelope.capture_class", rules.CAPTURE_CLASS_OUTSIDE
    return None


def _age(point: OperatingPoint, age: int) -> _Found:
    ages = point.envelope.ages
    if age < 0:
        needed = point.minimum_age > 0 or isinstance(ages, Bounds)
        return ("outside_envelope.age_unknown", rules.AGE_UNKNOWN) if needed else None
    if age < point.minimum_age:
        return "outside_envelope.minimum_age", rules.BELOW_MINIMUM_AGE
    if isinstance(ages, Bounds) and not ages.hold(age):
        return "outside_envelope.age", rules.AGE_OUTSIDE
    return None


def _reference_years(point: OperatingPoint, years: int) -> _Found:
    measured = point.envelope.reference_years
    if isinstance(measured, Unmeasured):
        return None
    if years < 0:
        return "outside_envelope.reference_age_unknown", rules.REFERENCE_AGE_UNKNOWN
    if not measured.hold(years):
        return "outside_envelope.reference_age", rules.REFERENCE_AGE_OUTSIDE
    return None


def _gallery(charter: Charter, point: OperatingPoint, size: int) -> _Found:
    if charter.mode is not Mode.IDENTIFY:
        return None
    if size < 1:
        return "gallery.empty", rules.GALLERY_EMPTY
    if size > charter.max_gallery_size:
        return "gallery.over_charter", rules.GALLERY_OVER_CHARTER
    if not point.covers_gallery(size):
        return "outside_envelope.gallery_size", rules.GALLERY_OUTSIDE
    return None
