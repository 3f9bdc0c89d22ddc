"""An earlier encounter whose photograph is kept: referred, and cleared by a human, years ago."""

from __future__ import annotations

from dataclasses import replace

from countenance.bootstrap import Service
from countenance.cases import make_referral
from countenance.terms import (
    DAY_MS,
    CaseEvent,
    CaseState,
    CaseStep,
    EncounterState,
    Instant,
    ItemLabel,
    Role,
)
from fakes.papers import encounter


def remembering(charter: bytes) -> bytes:
    """Return a charter that lets photographs kept of cleared encounters serve as references."""
    return charter.replace(b"encounter_seconds:", b"past_encounters: true\nencounter_seconds:", 1)


def keep_cleared(
    service: Service, name: str, claim: str, image: bytes, *, years: int = 0, newer: int = 0, checkpoint: str = "lane-1"
) -> str:
    """Keep a live photograph of a cleared encounter at a checkpoint; return its vault item."""
    lane = service.lanes.at(checkpoint)
    now = service.clock.now()
    then, later = Instant(now - years * 366 * DAY_MS + newer), Instant(now + DAY_MS)
    crossed = replace(
        encounter(claim=claim, mode=lane.charter.mode, checkpoint_id=checkpoint, gallery_id=""),
        charter=lane.charter.sha256,
        encounter_id=name * 32, token_sha256=(name * 32).encode(), opened_at=then, state=EncounterState.CLEARED,
    )  # fmt: skip
    item = f"referral/{name * 32}/probe"
    referral = make_referral(
        referral_id=name * 32, encounter=crossed, reason="no_match", now=then, expires_at=later, contest_days=1,
        probe_item=item, reference_item="", entry="", referred_by="operator:1",
    )  # fmt: skip
    step = CaseStep(
        name * 32, 1, CaseEvent.CLEAR, CaseState.CLEARED, "supervisor:1", Role.SUPERVISOR, now, (), Instant(0), ""
    )
    with service.transactions.write() as tx:
        tx.encounters.insert(crossed, retention="personal", keep_until=later)
        tx.vault.seal(ItemLabel(item, f"encounter/{name * 32}", "referral", "image/v1", "referred", later), image)
        tx.cases.add(referral)
        tx.cases.add_step(step)
        tx.commit()
    return item
