"""Referrals: a comparison did not settle the matter, so an officer looks. Nearly always at an innocent person."""

from __future__ import annotations

from countenance.terms import Encounter, Instant, Referral


def make_referral(
    *,
    referral_id: str,
    encounter: Encounter,
    reason: str,
    now: Instant,
    expires_at: Instant,
    probe_item: str,
    reference_item: str,
) -> Referral:
    """Return the referral of an encounter whose answer was "refer to officer".

    ``reason`` is a stable code (``no_match``, ``ambiguous``, ``already_boarded``); ``expires_at`` is ``now`` plus the
    charter's ``referred`` clock and never earlier; the items are vault item ids, "" where nothing was kept. Carries
    neither claim, class nor age: those stay sealed with the encounter.
    """
    return Referral(
        referral_id=referral_id,
        encounter_id=encounter.encounter_id,
        checkpoint_id=encounter.checkpoint_id,
        reason=reason,
        opened_at=now,
        expires_at=max(now, expires_at),
        probe_item=probe_item,
        reference_item=reference_item,
    )
