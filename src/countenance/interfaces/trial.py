"""What a trial charter says where nobody has said anything yet: true, and plainly unfinished."""

from __future__ import annotations

from countenance.terms import NOBODY, Instant, iso

TRIAL_DAYS = 90
DAY_MS = 86_400_000
_NOT_STATED = "Not stated (trial)"


def trial_values(profile: str, now: Instant) -> dict[str, str]:
    """Return a value for each place of a shipped profile but weights and operating point; in force from today."""
    midnight = Instant(now - now % DAY_MS)
    unstated = dict.fromkeys(
        ("controller", "contact", "place", "system_manager", "data_protection_officer", "special_category_ground",
         "impact_assessments", "registration"),
        _NOT_STATED,
    )  # fmt: skip
    return {
        **unstated,
        "charter_id": profile,
        "legal_basis": "None: a trial with volunteers, without effect for anybody",
        "public_page": "https://example.invalid/not-stated",
        "valid_from": iso(midnight),
        "valid_until": iso(Instant(midnight + TRIAL_DAYS * DAY_MS)),
        "review_reference": "None yet (trial)",
        "review_signed_on": iso(midnight)[:10],
        "review_privacy": NOBODY,
        "review_civil_rights": NOBODY,
        "review_technology": NOBODY,
    }
