"""Clocks that people change: an evidence lock lengthens one, with reason, person and end; a class change may shorten.

Nothing else moves a clock, and nothing lengthens one silently (CBP-15).
"""

from __future__ import annotations

from dataclasses import dataclass

from countenance.errors import CustodyError, NotFound
from countenance.ports import Clock, Entropy, Policy, Transactions, UnitOfWork
from countenance.procedures.lanes import Lane, Lanes, permit
from countenance.procedures.recording import Recorder, expiry, subject_of
from countenance.terms import DAY_MS, Action, Actor, Encounter, Hold, HoldReason, Instant, JsonObject, Receipt, iso

LONGEST_DAYS = 366
"""No evidence lock lasts longer; another one may follow, with its own reason and person."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Everything that changing a clock needs, chosen by ``bootstrap``."""

    clock: Clock
    entropy: Entropy
    transactions: Transactions
    recorder: Recorder
    policy: Policy
    lanes: Lanes

    def place(self, encounter_id: str, reason: HoldReason, named: str, days: int, actor: Actor) -> Hold:
        """Keep what is left of an encounter for ``days`` more days from now, and no longer.

        Raises:
            AccessError: ``access.denied``.
            NotFound: ``encounter.unknown``: none, or nothing is left of it.
            CustodyError: ``custody.hold``: no named person, too long, held already, or nothing would go before.
        """
        now = self.clock.now()
        with self.transactions.write() as tx:
            encounter = _encounter(tx, encounter_id)
            policy_id = permit(self.policy, actor, Action.ERASE, encounter.checkpoint_id)
            until = Instant(now + days * DAY_MS)
            labels = tx.vault.of_subjects([subject_of(encounter_id)])
            clocks = {label.item_id: label.expires_at for label in labels if now < label.expires_at < until}
            _check_hold(tx, encounter_id, named, days, clocks, now)
            hold = Hold(
                self.entropy.token_bytes(16).hex(), encounter_id, reason, named, actor.actor_id, now, until, clocks
            )
            tx.vault.hold(list(clocks), until)
            tx.holds.add(hold)
            facts: JsonObject = {
                "event": "hold.placed", "encounter": encounter_id, "hold": hold.hold_id, "by": actor.actor_id,
                "policy": policy_id, "reason": reason, "until": iso(until), "kept_until": iso(until),
                "items": len(clocks),
            }  # fmt: skip
            self.recorder.append(tx, self._lane(encounter), facts, {"named": named}, subject="site", now=now)
            tx.commit()
        return hold

    def release(self, hold_id: str, actor: Actor) -> Receipt:
        """Give everything that a hold kept its own clock back; what that has passed goes with the next sweep.

        Raises:
            AccessError: ``access.denied``.
            NotFound: ``hold.unknown``.
        """
        now = self.clock.now()
        with self.transactions.write() as tx:
            hold = next((one for one in tx.holds.all(now) if one.hold_id == hold_id), None)
            if hold is None:
                raise NotFound("hold.unknown", "There is no such evidence lock in force.", remedy="List them first.")
            encounter = _encounter(tx, hold.encounter_id)
            policy_id = permit(self.policy, actor, Action.ERASE, encounter.checkpoint_id)
            for item_id, clock in hold.clocks.items():
                tx.vault.release([item_id], hold.until, Instant(max(clock, now)))
            tx.holds.remove(hold_id)
            kept = max([*hold.clocks.values(), now])
            facts: JsonObject = {
                "event": "hold.released", "encounter": hold.encounter_id, "hold": hold_id, "by": actor.actor_id,
                "policy": policy_id, "kept_until": iso(Instant(kept)),
            }  # fmt: skip
            receipt = self.recorder.append(tx, self._lane(encounter), facts, {}, subject="site", now=now)
            tx.commit()
        return receipt

    def holds(self, actor: Actor) -> tuple[Hold, ...]:
        """Return the evidence locks in force, the first to end first.

        Raises:
            AccessError: ``access.denied``.
        """
        permit(self.policy, actor, Action.ERASE, "")
        with self.transactions.read() as tx:
            return tx.holds.all(self.clock.now())

    def change_class(self, encounter_id: str, person_class: str, actor: Actor) -> tuple[int, Receipt]:
        """Note that a person is of another class; return how many clocks that shortened. It lengthens none.

        Raises:
            AccessError: ``access.denied``.
            NotFound: ``encounter.unknown``.
            CustodyError: ``custody.held``: an evidence lock rules these clocks now.
        """
        now = self.clock.now()
        with self.transactions.write() as tx:
            encounter = _encounter(tx, encounter_id)
            policy_id = permit(self.policy, actor, Action.ERASE, encounter.checkpoint_id)
            if tx.holds.of_encounter(encounter_id, now) is not None:
                raise CustodyError(
                    "custody.held", f"Encounter {encounter_id} is under an evidence lock.",
                    remedy="Release the lock first; then change the class.",
                )  # fmt: skip
            lane, subject = self._lane(encounter).for_class(person_class), subject_of(encounter_id)
            tx.encounters.change_class(encounter_id, person_class)
            shortened = 0
            for label in tx.vault.of_subjects([subject]):
                clock = expiry(lane.charter, label.retention, encounter.opened_at)
                shortened += tx.vault.shorten([label.item_id], Instant(max(clock, now)))
            facts: JsonObject = {
                "event": "class.changed", "encounter": encounter_id, "by": actor.actor_id, "policy": policy_id,
                "shortened": shortened,
            }  # fmt: skip
            personal: JsonObject = {"person_class": person_class}
            receipt = self.recorder.append(tx, lane, facts, personal, subject=subject, now=now)
            tx.commit()
        return shortened, receipt

    def _lane(self, encounter: Encounter) -> Lane:
        return self.lanes.governing(encounter.checkpoint_id, encounter.charter)


def _encounter(tx: UnitOfWork, encounter_id: str) -> Encounter:
    encounter = tx.encounters.by_id(encounter_id)
    if encounter is None:
        raise NotFound(
            "encounter.unknown", "There is no such encounter.", remedy="Name an encounter by the id in its receipt."
        )
    return encounter


def _check_hold(  # noqa: PLR0917 - one order's whole context
    tx: UnitOfWork, encounter_id: str, named: str, days: int, clocks: dict[str, Instant], now: Instant
) -> None:
    if not named.strip() or not named.isprintable():
        fault = "names nobody who ordered it"
    elif not 1 <= days <= LONGEST_DAYS:
        fault = f"lasts from 1 to {LONGEST_DAYS} days"
    elif tx.holds.of_encounter(encounter_id, now) is not None:
        fault = "is on this encounter already"
    elif not clocks:
        fault = "would keep nothing: all is gone already, or stays longer anyway"
    else:
        return
    raise CustodyError(
        "custody.hold", f"An evidence lock {fault}.",
        remedy="Nothing was changed. Give a reason, the person who ordered it, and an end.",
    )  # fmt: skip
