"""What a trial charter says where nobody has said anything yet: true, and plainly unfinished."""

from __future__ import annotations

from countenance.terms import Instant, iso

TRIAL_DAYS = 90
DAY_MS = 86_400_000


def trial_values(profile: str, now: Instant) -> dict[str, str]:
    """Return a value for each place of a shipped profile but weights and operating point; in force from today."""
    midnight = Instant(now - now % DAY_MS)
    return {
        "charter_id": profile,
        "legal_basis": "None: a trial with volunteers, without effect for anybody",
        "controller": "Not stated (trial)",
        "contact": "Not stated (trial)",
        "place": "Not stated (trial)",
        "valid_from": iso(midnight),
        "valid_until": iso(Instant(midnight + TRIAL_DAYS * DAY_MS)),
        "review_reference": "None yet (trial)",
    }
