"""Keys, devices, operating points: an administrator alone changes who may act on what evidence; it is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.access import check_partner, issue_key
from countenance.ports import Clock, Entropy, Policy, Transactions
from countenance.procedures.lanes import Lanes, permit
from countenance.procedures.recording import Recorder
from countenance.terms import Action, Actor, Charter, Device, Instant, JsonObject, OperatingPoint


@dataclass(frozen=True, slots=True)
class Administration:
    """Everything key and device keeping needs, chosen by ``bootstrap``."""

    clock: Clock
    entropy: Entropy
    transactions: Transactions
    recorder: Recorder
    policy: Policy
    lanes: Lanes

    def issue_key(self, holder: Actor, actor: Actor) -> str:
        """Return a new API key for ``holder``, shown this once; only its SHA-256 is stored.

        Raises:
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        policy_id = permit(self.policy, actor, Action.ADMINISTER, "")
        text, record = issue_key(self.entropy, holder, now)
        with self.transactions.write() as tx:
            tx.access.add_key(record)
            facts: JsonObject = {
                "event": "key.issued", "key": record.key_id, "role": holder.role, "by": actor.actor_id,
                "policy": policy_id,
            }  # fmt: skip
            self.recorder.append_site_event(
                tx, self.lanes.longest_record(), facts, {"holder": holder.actor_id}, now=now
            )
            tx.commit()
        return text

    def enrol_device(self, device: Device, actor: Actor) -> None:
        """Enrol a capture device's public key for its checkpoints, replacing an earlier key of the same device.

        Raises:
            AccessError: ``access.denied``, ``access.unknown_partner``.
            NotFound: ``checkpoint.unknown``.
        """
        now = self.clock.now()
        policy_id = permit(self.policy, actor, Action.ADMINISTER, "")
        for checkpoint_id in device.checkpoints:
            self.lanes.at(checkpoint_id)
        with self.transactions.write() as tx:
            check_partner(device, tx.access.partner(device.partner))
            tx.access.add_device(device)
            facts: JsonObject = {
                "event": "device.enrolled", "device": device.device_id, "partner": device.partner,
                "public_key": device.public_key.hex(), "checkpoints": list(device.checkpoints),
                "by": actor.actor_id, "policy": policy_id,
            }  # fmt: skip
            self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)
            tx.commit()


def record_signature(  # noqa: PLR0917 - one act's whole context
    transactions: Transactions, recorder: Recorder, charter: Charter, point: OperatingPoint, key: bytes, now: Instant
) -> None:
    """Record that the site's key for operating points signs ``point``: who holds that key has the authority.

    ``charter`` lends its record clock; ``key`` is the 32-byte public key. The service does not run meanwhile.
    """
    facts: JsonObject = {
        "event": "operating_point.signed", "operating_point": point.sha256, "key": key.hex(),
        "data": point.data, "report": point.report,
    }  # fmt: skip
    with transactions.write() as tx:
        recorder.append_site_event(tx, charter, facts, {}, now=now)
        tx.commit()
