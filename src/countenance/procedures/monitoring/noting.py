"""What staff note: how many people were presented, and who was cleared by hand and why. Both go into the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from countenance.errors import CountError
from countenance.evaluate.drift import CLEARED, EXEMPT, PEOPLE, WAIT_OTHERS, WAIT_REFUSED, presented_kind, wait_cell
from countenance.ports import Clock, Policy, Transactions, UnitOfWork
from countenance.procedures.lanes import Lane, Lanes, permit
from countenance.procedures.overriding import record_attempt
from countenance.procedures.recording import Recorder, expiry
from countenance.terms import (
    AFTER_AN_ANSWER,
    DAY_MS,
    Action,
    Actor,
    Clearance,
    ClearanceReason,
    Count,
    Encounter,
    EncounterState,
    Instant,
    JsonObject,
    Receipt,
    Tally,
)

_OLDEST_TALLY = 366
_MOST_PEOPLE = 1_000_000
_AFTER = "cleared-after"
_STATES: Mapping[EncounterState, ClearanceReason] = {
    EncounterState.OPTED_OUT: ClearanceReason.REFUSED, EncounterState.DECIDED: ClearanceReason.ANSWERED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noting:
    """Everything noting needs, chosen by ``bootstrap``."""

    clock: Clock
    transactions: Transactions
    recorder: Recorder
    policy: Policy
    lanes: Lanes

    def note_tally(self, tally: Tally, actor: Actor) -> Receipt:
        """Note how many people were presented (CBP-8).

        (1) read the clock once; (2) the checkpoint is known; (3) the policy lets this actor count; (4) the numbers make
        sense and the day has come; (5) cells and entry commit together.

        Raises:
            NotFound, AccessError, StorageError: nothing was counted.
            CountError: ``count.tally``, ``count.day``.
        """
        now = self.clock.now()  # (1)
        lane = self.lanes.at(tally.checkpoint_id)  # (2)
        policy_id = permit(self.policy, actor, Action.COUNT_PEOPLE, tally.checkpoint_id)  # (3)
        _check_tally(tally, now // DAY_MS)  # (4)
        cells = [
            Count(presented_kind(tally.source), PEOPLE, tally.presented),
            Count(presented_kind(tally.source), EXEMPT, tally.exempt),
        ]
        facts: JsonObject = {
            "event": "tally.noted", "policy": policy_id, "by": actor.actor_id, "day": _iso_day(tally.day),
            "source": tally.source, "presented": tally.presented, "exempt": tally.exempt, "replaces": tally.replaces,
        }  # fmt: skip
        with self.transactions.write() as tx:  # (5)
            change = tx.aggregates.put if tally.replaces else tx.aggregates.add
            change(tally.day, tally.checkpoint_id, cells, expires_at=expiry(lane.charter, "facts", now))
            receipt = self.recorder.append(tx, lane, facts, {}, subject="site", now=now)
            tx.commit()
        return receipt

    def note_clearance(self, clearance: Clearance, actor: Actor) -> Receipt:
        """Note that people went on after an ordinary check by hand, and why (CBP-9).

        (1) read the clock once; (2) the checkpoint is known; (3) the policy lets this actor count; (4) reason, words
        and number fit each other; (5) an encounter that is named is of this checkpoint, not cleared yet, and ended as
        the reason says; it is closed, and how long the person waited is counted; (6) all of it and the entry commit
        together. The words are in the entry's personal part alone.

        Raises:
            NotFound, AccessError, StorageError: nothing was counted.
            CountError: ``count.people``, ``count.words``, ``count.encounter``, ``count.cleared``, ``count.reason``,
                ``count.referred``.
        """
        now = self.clock.now()  # (1)
        lane = self.lanes.at(clearance.checkpoint_id)  # (2)
        policy_id = permit(self.policy, actor, Action.COUNT_PEOPLE, clearance.checkpoint_id)  # (3)
        _check_clearance(clearance)  # (4)
        facts: JsonObject = {
            "event": "clearance.noted", "policy": policy_id, "by": actor.actor_id, "reason": clearance.reason,
            "people": clearance.people, "encounter": clearance.encounter_id,
        }  # fmt: skip
        kind = _AFTER if clearance.reason in AFTER_AN_ANSWER else CLEARED
        counts = [Count(kind, clearance.reason, clearance.people)]
        with self.transactions.write() as tx:
            if clearance.encounter_id:
                counts.append(self._end_wait(tx, clearance, lane, actor, now))  # (5)
            expires_at = expiry(lane.charter, "facts", now)
            tx.aggregates.add(now // DAY_MS, clearance.checkpoint_id, counts, expires_at=expires_at)
            personal: JsonObject = {"words": clearance.words} if clearance.words else {}
            subject = f"encounter/{clearance.encounter_id}" if clearance.encounter_id else "site"
            receipt = self.recorder.append(tx, lane, facts, personal, subject=subject, now=now)
            tx.commit()  # (6)
        return receipt

    def _end_wait(self, tx: UnitOfWork, clearance: Clearance, lane: Lane, actor: Actor, now: Instant) -> Count:
        try:
            return _end_wait(tx, clearance, now)
        except CountError as error:
            case = tx.cases.get(clearance.encounter_id)
            if case is not None:
                record_attempt(
                    tx, self.recorder, lane, case, what="note_clearance", actor=actor, refused=error, now=now
                )
            raise


def note_cleared(tx: UnitOfWork, encounter: Encounter, lane: Lane, now: Instant) -> None:
    """Close the encounter of a referred person who was cleared, and count the wait, inside ``tx``."""
    reason = _STATES.get(encounter.state)
    if reason is None:
        return
    counts = [Count(_AFTER, reason, 1), _close(tx, encounter, now)]
    expires_at = expiry(lane.charter, "facts", now)
    tx.aggregates.add(now // DAY_MS, encounter.checkpoint_id, counts, expires_at=expires_at)


def _close(tx: UnitOfWork, encounter: Encounter, now: Instant) -> Count:
    tx.encounters.advance(encounter.encounter_id, EncounterState.CLEARED, encounter.attempts_used)
    kind = WAIT_REFUSED if encounter.state is EncounterState.OPTED_OUT else WAIT_OTHERS
    return Count(kind, wait_cell((now - encounter.opened_at) / 1000), 1)


def _end_wait(tx: UnitOfWork, clearance: Clearance, now: Instant) -> Count:
    encounter = tx.encounters.by_id(clearance.encounter_id)
    if encounter is None or encounter.checkpoint_id != clearance.checkpoint_id:
        raise CountError(
            "count.encounter", "There is no such encounter at this checkpoint.",
            remedy="Give the encounter_id of the answer, or none and only the reason.",
        )  # fmt: skip
    if encounter.state is EncounterState.CLEARED:
        raise CountError(
            "count.cleared", "This encounter's check was noted before.", remedy="Nothing is to be done: it counts once."
        )
    needed = _STATES.get(encounter.state)
    if needed is not (clearance.reason if clearance.reason in AFTER_AN_ANSWER else None):
        raise CountError(
            "count.reason", f"The encounter is {encounter.state.replace('_', ' ')}, which this reason does not fit.",
            remedy="Use 'refused' after an opt-out, 'answered' after an answer, and else what kept the camera away.",
        )  # fmt: skip
    if tx.cases.get(encounter.encounter_id) is not None:
        raise CountError(
            "count.referred", "This person was referred: the referral ends the encounter, not a clearance (CBP-21).",
            remedy="Clear the referral, who may; that counts the wait as well.",
        )  # fmt: skip
    return _close(tx, encounter, now)


def _check_tally(tally: Tally, today: int) -> None:
    if not 0 <= tally.exempt <= tally.presented <= _MOST_PEOPLE:
        raise CountError(
            "count.tally", f"{tally.presented} people, {tally.exempt} of them exempt, is no tally.",
            remedy="Count everybody presented, and of these the exempt.",
        )  # fmt: skip
    if not today - _OLDEST_TALLY <= tally.day <= today:
        raise CountError(
            "count.day", f"The day {_iso_day(tally.day)} lies ahead, or more than a year back.",
            remedy="Name the day (in UTC) on which the people were there.",
        )  # fmt: skip


def _check_clearance(clearance: Clearance) -> None:
    if not 1 <= clearance.people <= (1 if clearance.encounter_id else _MOST_PEOPLE):
        raise CountError(
            "count.people", f"{clearance.people} people cannot be cleared so.",
            remedy="At least one, and with an encounter exactly one.",
        )  # fmt: skip
    if bool(clearance.words.strip()) is not (clearance.reason is ClearanceReason.OTHER):
        raise CountError(
            "count.words", "The reason 'other' needs words, and no other reason takes them.",
            remedy="Choose the reason that fits, or 'other' with a few words and no names.",
        )  # fmt: skip


def _iso_day(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()
