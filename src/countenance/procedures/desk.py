"""The desk: what waits for another human, and the auditor's export. Opening a referral is itself recorded."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.errors import NotFound
from countenance.ports import Clock, Policy, Transactions
from countenance.procedures.lanes import Lanes, permit
from countenance.procedures.recording import Recorder
from countenance.terms import Action, Actor, JsonObject, Referral


@dataclass(frozen=True, slots=True)
class OpenedReferral:
    """A referral with its photographs, for the person who reviews it. No score (invariant 4)."""

    referral: Referral
    probe: bytes
    reference: bytes


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the desk needs, chosen by ``bootstrap``."""

    clock: Clock
    transactions: Transactions
    recorder: Recorder
    policy: Policy
    lanes: Lanes

    def waiting(self, actor: Actor) -> tuple[Referral, ...]:
        """Return what waits, oldest first; past its clock nothing waits.

        Raises:
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        permit(self.policy, actor, Action.REVIEW, "")
        with self.transactions.read() as tx:
            return tuple(referral for referral in tx.cases.waiting() if referral.expires_at > now)

    def open_referral(self, referral_id: str, actor: Actor) -> OpenedReferral:
        """Return a referral with its photographs; who opened it, and when, is recorded first.

        Raises:
            NotFound: ``referral.unknown``, also when its clock has run out.
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        with self.transactions.write() as tx:
            referral = tx.cases.get(referral_id)
            if referral is None or referral.expires_at <= now:
                raise NotFound(
                    "referral.unknown", "There is no such referral, or its clock has run out.",
                    remedy="List what waits.",
                )  # fmt: skip
            policy_id = permit(self.policy, actor, Action.REVIEW, referral.checkpoint_id)
            lane = self.lanes.at(referral.checkpoint_id)
            facts: JsonObject = {
                "event": "referral.opened", "encounter": referral.encounter_id, "by": actor.actor_id,
                "policy": policy_id,
            }  # fmt: skip
            probe = tx.vault.open(referral.probe_item) if referral.probe_item else b""
            reference = tx.vault.open(referral.reference_item) if referral.reference_item else b""
            self.recorder.append_entry(tx, lane, facts, {}, subject=f"encounter/{referral.encounter_id}", now=now)
            tx.commit()
        return OpenedReferral(referral, probe, reference)

    def export_record(self, actor: Actor) -> JsonObject:
        """Return every entry opened for the auditor; the opening is recorded first and so is part of the bundle.

        Raises:
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        policy_id = permit(self.policy, actor, Action.EXPORT_RECORD, "")
        with self.transactions.write() as tx:
            facts: JsonObject = {"event": "record.exported", "by": actor.actor_id, "policy": policy_id}
            self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)
            tx.commit()
        with self.transactions.read() as tx:
            return self.recorder.log.export_bundle(tx, now)
