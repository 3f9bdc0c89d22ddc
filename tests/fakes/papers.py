"""Valid charters, operating points and encounters, as values; tests change one field and see what follows."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from countenance.terms import (
    Bounds,
    Charter,
    Checkpoint,
    ClassRule,
    Eligibility,
    EligibilityRules,
    Encounter,
    EncounterState,
    Envelope,
    ErrorRate,
    Estimate,
    Instant,
    Mode,
    Notice,
    OperatingPoint,
    Pairs,
    Retention,
    Review,
    Target,
    parse_iso,
)

BEGIN = parse_iso("2026-01-01T00:00:00Z")
NOW = parse_iso("2026-12-01T08:00:00Z")
END = parse_iso("2027-12-31T00:00:00Z")
POINT_SHA256 = "a" * 64
WEIGHTS = "b" * 64
PROFILE_VALUES = {
    "charter_id": "test-2026",
    "legal_basis": "8 CFR 235.1: an Act, article \"1\" \\ '2' #3",
    "controller": "Zollamt Čadca & Söhne, 1 Test Street",
    "contact": "privacy@example.invalid, +1 000 000 0000",
    "place": "Test crossing - north, El Paso",
    "operating_point": POINT_SHA256,
    "weights": WEIGHTS,
    "valid_from": "2026-11-21T00:00:00Z",
    "valid_until": "2027-11-21T00:00:00Z",
    "review_reference": "TEST-1",
    "public_page": "https://example.invalid/charter",
    "system_manager": "A manager",
    "data_protection_officer": "An officer, privacy@example.invalid",
    "special_category_ground": "A ground",
    "impact_assessments": "An assessment of 2026-11-01",
    "registration": "A register's number",
    "review_signed_on": "2026-11-20",
    "review_privacy": "A privacy officer",
    "review_civil_rights": "A civil rights officer",
    "review_technology": "A technology officer",
}

_CHARTER = Charter(
    sha256="d" * 64,
    charter_id="test-2026",
    version=1,
    profile="air-gate",
    trial=False,
    setting="checkpoint",
    jurisdiction="us",
    use="expected-traveller",
    forbidden_uses=("training",),
    conditions=(),
    purpose="A test",
    legal_basis="A law",
    controller="A controller",
    contact="contact@example.invalid",
    place="A place",
    public_page="https://example.invalid/charter",
    checkpoints=(Checkpoint("gate-1", "Gate 1", "Staff look at the document.", "before", biometric=True),),
    mode=Mode.IDENTIFY,
    attended=True,
    capture_class="portrait",
    eligibility=(
        EligibilityRules(BEGIN, "A law", (ClassRule("citizen", may_refuse=True, exempt_under=0, exempt_over=-1),)),
    ),
    retention=(Retention("probe", 0), Retention("referred", 43_200)),
    class_retention=(),
    operating_point=POINT_SHA256,
    weights=WEIGHTS,
    max_gallery_size=400,
    notices=(Notice("before", "en", "A text", "e" * 64),),
    notice_check_days=90,
    encounter_seconds=120,
    valid_from=BEGIN,
    valid_until=END,
    review=Review("A review", "1970-01-01", "An officer", "An officer", "An officer"),
)
_POINT = OperatingPoint(
    sha256=POINT_SHA256,
    label="a point",
    weights=WEIGHTS,
    recogniser="c" * 64,
    preprocessing="align5/v1, a test's",
    threshold=0.5,
    target=Target(ErrorRate.FMR, 1e-5, 0, Pairs.ALL),
    estimate=Estimate(1e-5, 3e-5, 0.01, 0.02, 0.004, 0.01, 3000, 9000, 20_000_000, "Measured for a test."),
    minimum_age=14,
    envelope=Envelope(Bounds(16, 79), Bounds(0, 10), ("portrait", "gate"), (Mode.VERIFY, Mode.IDENTIFY), 420),
    extrapolated=None,
    groups=(),
    data="d" * 64,
    report="e" * 64,
    code="0.2.0",
    issued_at=BEGIN,
    expires_at=END,
    source="A test.",
)
_ENCOUNTER = Encounter(
    encounter_id="f" * 32,
    token_sha256=bytes(32),
    checkpoint_id="gate-1",
    charter="d" * 64,
    mode=Mode.IDENTIFY,
    gallery_id="flight-1",
    claim="traveller-1",
    eligibility=Eligibility("citizen", 30, 5, refusal_offered=True),
    opened_by="operator:1",
    opened_at=NOW,
    expires_at=Instant(NOW + 120_000),
    state=EncounterState.OPEN,
    attempts_used=0,
)


def charter(**changes: Any) -> Charter:
    """Return a charter of an air gate that is no trial, with ``changes``."""
    return replace(_CHARTER, **changes)


def point(**changes: Any) -> OperatingPoint:
    """Return a fully measured operating point, with ``changes``; those of envelope and estimate by their own names."""
    parts = {}
    for part in ("envelope", "estimate"):
        whole = getattr(_POINT, part)
        parts[part] = replace(
            whole, **{item.name: changes.pop(item.name) for item in fields(whole) if item.name in changes}
        )
    return replace(_POINT, **parts, **changes)


def encounter(**changes: Any) -> Encounter:
    """Return an open encounter without attempts, with ``changes``."""
    return replace(_ENCOUNTER, **changes)
