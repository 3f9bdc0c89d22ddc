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


def admit(charter: Charter, point: OperatingPoint, *, age: int, gallery_size: int, now: Instant) -> NotCompared | None:
    """Return None if a comparison lies inside every bound, else the first bound that it crosses.

    ``age`` is in completed years, negative when unknown; ``gallery_size`` counts references and is looked at in mode
    ``identify`` only. Tried in this order: (1) the charter is in force; (2) the point is the charter's and in date;
    (3) bounds that nobody measured need a trial; (4) mode; (5) capture class; (6) age; (7) gallery size. An unknown
    age is refused as soon as the point has any rule about ages: a lane reads it from the document.
    """
    found = (
        _authority(charter, point, now)  # (1) (2)
        or _unmeasured(charter, point)  # (3)
        or _capture(charter, point)  # (4) (5)
        or _age(point, age)  # (6)
        or _gallery(charter, point, gallery_size)  # (7)
    )
    if found is None:
        return None
    reason, rule = found
    return NotCompared(reason, (rule,))


_Found = tuple[str, Rule] | None
"""A reason's stable code and the rule that fired, or nothing."""


def _authority(charter: Charter, point: OperatingPoint, now: Instant) -> _Found:
    if not charter.in_force(now):
        return "charter.not_in_force", rules.CHARTER_NOT_IN_FORCE
    if point.sha256 != charter.operating_point:
        return "operating_point.not_the_charters", rules.POINT_NOT_THE_CHARTERS
    if not point.issued_at <= now < point.expires_at:
        return "operating_point.not_in_date", rules.POINT_NOT_IN_DATE
    return None


def _unmeasured(charter: Charter, point: OperatingPoint) -> _Found:
    envelope = point.envelope
    bounds: list[object] = [envelope.ages, envelope.capture_classes]
    if charter.mode is Mode.IDENTIFY:
        bounds.append(envelope.largest_gallery)
    if not charter.trial and any(isinstance(bound, Unmeasured) for bound in bounds):
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
    if isinstance(ages, Bounds) and not ages.low <= age <= ages.high:
        return "outside_envelope.age", rules.AGE_OUTSIDE
    return None


def _gallery(charter: Charter, point: OperatingPoint, size: int) -> _Found:
    if charter.mode is not Mode.IDENTIFY:
        return None
    if size < 1:
        return "gallery.empty", rules.GALLERY_EMPTY
    if size > charter.max_gallery_size:
        return "gallery.over_charter", rules.GALLERY_OVER_CHARTER
    largest = point.envelope.largest_gallery
    if not isinstance(largest, Unmeasured) and size > largest:
        return "outside_envelope.gallery_size", rules.GALLERY_OUTSIDE
    return None
