"""The desk: what waits for another human, and the auditor's export. Opening a referral is itself recorded."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.cases import kept_until, queue
from countenance.errors import NotFound
from countenance.ports import Clock, Policy, Transactions
from countenance.procedures.casework import Standing, governing, standing_of
from countenance.procedures.erasing import Erasures
from countenance.procedures.lanes import Lanes, permit
from countenance.procedures.recording import Recorder
from countenance.procedures.referring import photograph
from countenance.terms import Action, Actor, JsonObject


@dataclass(frozen=True, slots=True)
class OpenedReferral:
    """A referral with its photographs, for the person who reviews it. No score (invariant 4)."""

    standing: Standing
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
    erasures: Erasures

    def waiting(self, actor: Actor) -> tuple[Standing, ...]:
        """Return what waits, in the order in which it is due; past its clock nothing waits.

        Raises:
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        permit(self.policy, actor, Action.REVIEW, "")
        with self.transactions.read() as tx:
            cases = queue(tx.cases.unsettled(now), now)
        return tuple(standing_of(case, governing(self.lanes, case), now) for case in cases)

    def open_referral(self, referral_id: str, actor: Actor) -> OpenedReferral:
        """Return a referral with its photographs; who opened it, and when, is recorded first.

        Raises:
            NotFound: ``referral.unknown``, also when its clock has run out.
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        with self.transactions.write() as tx:
            case = tx.cases.get(referral_id)
            if case is None or kept_until(case) <= now:
                raise NotFound(
                    "referral.unknown", "There is no such referral, or its clock has run out.",
                    remedy="List what waits.",
                )  # fmt: skip
            referral = case.referral
            policy_id = permit(self.policy, actor, Action.REVIEW, referral.checkpoint_id)
            lane = governing(self.lanes, case)
            facts: JsonObject = {
                "event": "referral.opened", "encounter": referral.encounter_id, "by": actor.actor_id,
                "policy": policy_id,
            }  # fmt: skip
            probe, reference = (photograph(tx, item) for item in (referral.probe_item, referral.reference_item))
            self.recorder.append_entry(tx, lane, facts, {}, subject=f"encounter/{referral.encounter_id}", now=now)
            tx.commit()
        return OpenedReferral(standing_of(case, lane, now), probe, reference)

    def export_record(self, actor: Actor) -> JsonObject:
        """Return every entry opened for the auditor; the opening is recorded first and so is part of the bundle.

        Receipts of erasures that would wait for others are written before, so that a census finds each.

        Raises:
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        policy_id = permit(self.policy, actor, Action.EXPORT_RECORD, "")
        self.erasures.complete(now, everything=True)
        with self.transactions.write() as tx:
            facts: JsonObject = {"event": "record.exported", "by": actor.actor_id, "policy": policy_id}
            self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)
            tx.commit()
        with self.transactions.read() as tx:
            return self.recorder.log.export_bundle(tx, now)

    def open_body(self, commitment: bytes, actor: Actor) -> JsonObject:
        """Return one entry opened for the auditor; that it was opened, and by whom, is recorded first.

        Raises:
            NotFound: ``record.no_such_entry``; dummies are leaves without an entry.
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        policy_id = permit(self.policy, actor, Action.EXPORT_RECORD, "")
        with self.transactions.write() as tx:
            body = tx.record.body(commitment)
            if body is None:
                raise NotFound(
                    "record.no_such_entry", "No entry with this commitment was recorded here.",
                    remedy="Compare it with the receipt; if the receipt's signature is good, audit the log with it.",
                )  # fmt: skip
            facts: JsonObject = {
                "event": "body.opened", "commitment": commitment.hex(), "by": actor.actor_id, "policy": policy_id,
            }  # fmt: skip
            self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)
            tx.commit()
        return body
