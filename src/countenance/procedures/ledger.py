"""Who may act, and whether they still should: training, partners, and the audits of their promise to store nothing."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.access import check_new_partner, check_stated, ledger_line
from countenance.errors import AccessError, NotFound
from countenance.ports import Clock, Policy, Transactions
from countenance.procedures.lanes import Lanes, permit
from countenance.procedures.recording import Recorder
from countenance.terms import (
    Action,
    Actor,
    Instant,
    JsonObject,
    LedgerLine,
    Partner,
    PartnerAudit,
    Receipt,
    Training,
    iso,
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything the ledger needs, chosen by ``bootstrap``."""

    clock: Clock
    transactions: Transactions
    recorder: Recorder
    policy: Policy
    lanes: Lanes

    def record_training(self, actor_id: str, course: str, until: Instant, actor: Actor) -> Receipt:
        """Record that ``actor_id`` did a training that holds until ``until``.

        Raises:
            AccessError: ``access.denied``, ``access.training_over``, ``partner.not_stated``.
        """
        now = self.clock.now()
        policy_id = permit(self.policy, actor, Action.ADMINISTER, "")
        check_stated("holder", actor_id)
        check_stated("course", course)
        if until <= now:
            raise AccessError(
                "access.training_over", "This training is over already.", remedy="Give the day on which it ends."
            )
        training = Training(actor_id, course, now, until, actor.actor_id)
        facts: JsonObject = {
            "event": "training.recorded", "by": actor.actor_id, "policy": policy_id, "holder": actor_id,
            "course": course, "valid_until": iso(until),
        }  # fmt: skip
        with self.transactions.write() as tx:
            tx.access.add_training(training)
            entry = self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)
            receipt = self.recorder.log.receipt(entry)
            tx.commit()
        return receipt

    def trainings(self, actor: Actor) -> tuple[tuple[Training, bool], ...]:
        """Return everybody's newest training, and whether it holds now.

        Raises:
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        permit(self.policy, actor, Action.READ_LEDGER, "")
        with self.transactions.read() as tx:
            return tuple((training, now < training.valid_until) for training in tx.access.trainings())

    def add_partner(self, partner: Partner, actor: Actor) -> Receipt:
        """Record a partner with its signed obligation to store and reuse no photograph (CBP-20).

        Raises:
            AccessError: ``access.denied``, ``partner.not_stated``, ``partner.obliged_ahead``.
        """
        now = self.clock.now()
        policy_id = permit(self.policy, actor, Action.ADMINISTER, "")
        check_new_partner(partner, now)
        facts: JsonObject = {
            "event": "partner.recorded", "partner": partner.partner_id, "obligation": partner.obligation,
            "audit_every_days": partner.audit_every_days, "by": actor.actor_id, "policy": policy_id,
        }  # fmt: skip
        with self.transactions.write() as tx:
            tx.access.add_partner(partner)
            entry = self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)
            receipt = self.recorder.log.receipt(entry)
            tx.commit()
        return receipt

    def note_audit(self, partner_id: str, *, passed: bool, reference: str, actor: Actor) -> Receipt:
        """Note an audit of a partner.

        Raises:
            NotFound: ``partner.unknown``.
            AccessError: ``access.denied``, ``partner.not_stated``.
        """
        now = self.clock.now()
        policy_id = permit(self.policy, actor, Action.NOTE_AUDIT, "")
        check_stated("reference", reference)
        facts: JsonObject = {
            "event": "partner.audited", "partner": partner_id, "passed": passed, "reference": reference,
            "by": actor.actor_id, "policy": policy_id,
        }  # fmt: skip
        with self.transactions.write() as tx:
            if tx.access.partner(partner_id) is None:
                raise NotFound("partner.unknown", f"There is no partner {partner_id!r}.", remedy="List the partners.")
            tx.access.add_audit(PartnerAudit(partner_id, now, actor.actor_id, passed, reference))
            entry = self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)
            receipt = self.recorder.log.receipt(entry)
            tx.commit()
        return receipt

    def ledger(self, actor: Actor) -> tuple[LedgerLine, ...]:
        """Return every partner with its devices and audits, and whether an audit is overdue.

        Raises:
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        permit(self.policy, actor, Action.READ_LEDGER, "")
        with self.transactions.read() as tx:
            devices = tx.access.devices()
            return tuple(
                ledger_line(partner, devices, tx.access.audits(partner.partner_id), now)
                for partner in tx.access.partners()
            )

    def partner_of(self, actor: Actor) -> str:
        """Return who runs the device that ``actor`` is, or "" for the controller's own and for people."""
        if not actor.device_id:
            return ""
        with self.transactions.read() as tx:
            device = tx.access.device(actor.device_id)
        return "" if device is None else device.partner
