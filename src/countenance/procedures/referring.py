"""How a person comes before a human: photographs sealed, the case begun, its entry, and a supervisor told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from countenance.cases import make_referral
from countenance.errors import VaultError
from countenance.ports import Entropy, UnitOfWork
from countenance.procedures.lanes import Lane
from countenance.procedures.recording import Recorder, expiry, latest, subject_of
from countenance.terms import (
    CaseState,
    Encounter,
    Entry,
    Instant,
    ItemLabel,
    JsonObject,
    Notification,
    Referral,
    Telling,
)


@dataclass(frozen=True, slots=True)
class Referring:
    """What referring needs besides a transaction."""

    recorder: Recorder
    entropy: Entropy

    def refer(
        self,
        tx: UnitOfWork,
        encounter: Encounter,
        lane: Lane,
        *,
        reason: str,
        by: str,
        referred_by: str,
        images: Mapping[str, bytes],
        compared: bool,
        entry: str,
        personal: JsonObject,
        now: Instant,
        earlier: str = "",
    ) -> Referral:
        """Begin a case inside ``tx``: ``images`` ("probe", "reference") are kept under the ``referred`` clock.

        ``by`` is the officer who refers, or "" where an answer does; ``referred_by`` is whoever had that part in it,
        the sender of photographs too. ``personal`` is what the entry's personal part holds; ``entry`` is the commitment
        (hex) of the answer's entry, or "" where the referral has only its own. Whoever must not be overridden (CBP-21)
        is in secondary inspection at once, and a supervisor is told in the same transaction. ``earlier`` is the same
        person's referral that is still open, or "".
        """
        referral_id = self.entropy.token_bytes(16).hex()
        until = expiry(lane.charter, "referred", now)
        subject = subject_of(encounter.encounter_id)
        items = {kind: f"referral/{referral_id}/{kind}" for kind, image in images.items() if image}
        for kind, item in items.items():
            tx.vault.seal(ItemLabel(item, subject, "referral", "image/v1", "referred", until), images[kind])
        referral = make_referral(
            referral_id=referral_id, encounter=encounter, reason=reason, now=now, expires_at=until,
            contest_days=lane.charter.contest_days, probe_item=items.get("probe", ""),
            reference_item=items.get("reference", ""), entry=entry, compared=compared,
            referred_by=referred_by, earlier=earlier,
        )  # fmt: skip
        tell = referral.begins is CaseState.SECONDARY
        tx.cases.add(referral)
        facts: JsonObject = {
            "event": "referral.raised", "referral": referral_id, "encounter": encounter.encounter_id, "by": by,
            "reason": reason, "state": referral.begins, "supervisor_told": tell, "earlier": earlier,
            "kept_until": latest(lane.charter, now, classes=("personal", "referred"), at_least=now),
        }  # fmt: skip
        raised = self.recorder.append_entry(
            tx, lane, facts, personal, subject=f"encounter/{encounter.encounter_id}", now=now
        )
        if tell:
            tx.cases.tell(
                telling(Telling.CAME_BACK if earlier else Telling.NO_MATCH, lane, raised, about=referral_id, now=now)
            )
        return referral


def photograph(tx: UnitOfWork, item: str) -> bytes:
    """Return a photograph that a referral keeps, or b"" where none was kept or it is gone.

    Raises:
        VaultError: it is there and does not open.
    """
    try:
        return tx.vault.open(item) if item else b""
    except VaultError as error:
        if error.code != "vault.unknown_item":
            raise
        return b""


def telling(kind: Telling, lane: Lane, entry: Entry, *, about: str, now: Instant) -> Notification:
    """Return what a human must see; who answers for the charter is named where somebody outside has to know.

    Named after ``entry``, which recorded what is told: one notification, one entry.
    """
    outside = kind in {Telling.SUSPENDED, Telling.CONTESTED}
    return Notification(
        notification_id=entry.commitment.hex()[:32], at=now, telling=kind,
        checkpoint_id=lane.checkpoint.checkpoint_id, about=about,
        contact=lane.charter.contact if outside else "", seen_by="",
    )  # fmt: skip
