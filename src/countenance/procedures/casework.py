"""What humans do with referrals: refer, clear, send on, decide, contest, review; receipts; and what they are told.

Every act is permitted by the policy, then by the table of ``cases.referral``, and is in the record before it is
answered. Words and names are in the entry's personal part alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from countenance.cases import as_text, had_part, lines, receipt_languages, redress, state_at, take_step, title
from countenance.errors import AccessError, CaseError, NotFound
from countenance.ports import Clock, Entropy, Policy, Transactions, UnitOfWork
from countenance.procedures.freezing import freeze, release
from countenance.procedures.lanes import Lane, Lanes, permit
from countenance.procedures.monitoring import note_cleared
from countenance.procedures.overriding import record_attempt
from countenance.procedures.recording import Recorder, subject_of
from countenance.procedures.referring import Referring, telling
from countenance.procedures.replies import outcome_given
from countenance.procedures.stepping import Basis, in_words, step_facts
from countenance.procedures.suspending import lift, suspended_lanes
from countenance.terms import (
    Action,
    Actor,
    Case,
    CaseEvent,
    CaseState,
    EncounterState,
    Entry,
    Instant,
    JsonObject,
    Notification,
    OfficerReason,
    Outcome,
    Receipt,
    Redress,
    Role,
    Suspension,
    Telling,
)

_ACTIONS: Mapping[CaseEvent, Action] = {
    CaseEvent.CLEAR: Action.REFER, CaseEvent.SEND_ON: Action.REFER, CaseEvent.FIND: Action.JUDGE,
    CaseEvent.CONTEST: Action.CONTEST, CaseEvent.UPHOLD: Action.JUDGE, CaseEvent.CORRECT: Action.JUDGE,
}  # fmt: skip
"""What the policy is asked for each event; which role may do it in which state is the table's matter."""
_COMPARED = frozenset({Outcome.MATCH, Outcome.NO_MATCH, Outcome.REFERRED})


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as somebody may see it: with where it stands now, and what the person is given."""

    case: Case
    state: CaseState
    redress: Redress
    pages: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    """The receipt in each language of the charter's notices: language, title, headings and sentences."""
    text: str
    """The same as plain text to print, one language after the other."""


@dataclass(frozen=True, slots=True)
class Casework:
    """Everything casework needs, chosen by ``bootstrap``."""

    clock: Clock
    entropy: Entropy
    transactions: Transactions
    recorder: Recorder
    policy: Policy
    lanes: Lanes

    def refer(self, encounter_id: str, reason: OfficerReason, words: str, actor: Actor) -> Standing:
        """Refer the person of an encounter whatever was answered: a match never binds an officer.

        (1) read the clock once; (2) the encounter is known; (3) the policy lets this actor; (4) its person was not
        referred before, or was cleared: no second referral begins where the first was not overridden; (5) an encounter
        that was open is over, its token spent; (6) case and entry commit together; (7) the receipt for the person.

        Raises:
            NotFound: ``encounter.unknown``, ``checkpoint.unknown``.
            CaseError: ``case.already_referred``.
            AccessError, StorageError: nothing changed.
        """
        now = self.clock.now()  # (1)
        with self.transactions.write() as tx:
            encounter = tx.encounters.by_id(encounter_id)  # (2)
            if encounter is None:
                raise NotFound(
                    "encounter.unknown", "There is no such encounter.", remedy="Give the encounter_id of the answer."
                )
            lane = self.lanes.governing(encounter.checkpoint_id, encounter.charter)
            permit(self.policy, actor, Action.REFER, encounter.checkpoint_id)  # (3)
            earlier = tx.cases.get(encounter_id)
            if earlier is not None and state_at(earlier, now) is not CaseState.CLEARED:  # (4)
                error = CaseError(
                    "case.already_referred", "This person was referred already, and not cleared.",
                    remedy="Work on that referral; give the person its receipt.",
                )  # fmt: skip
                record_attempt(tx, self.recorder, lane, earlier, what="refer", actor=actor, refused=error, now=now)
                raise error
            if encounter.state is EncounterState.OPEN:  # (5)
                tx.encounters.advance(encounter_id, EncounterState.DECIDED, encounter.attempts_used)
            referral = Referring(self.recorder, self.entropy).refer(
                tx, encounter, lane, reason=reason, by=actor.actor_id, referred_by=actor.actor_id, images={},
                entry="", now=now, personal={"words": words} if words else {},
                compared=outcome_given(tx, encounter) in _COMPARED,
            )  # fmt: skip
            tx.commit()  # (6)
        return standing_of(Case(referral, ()), lane, now)  # (7)

    def take(self, reference: str, event: CaseEvent, basis: Basis, actor: Actor) -> tuple[Standing, Receipt]:
        """Do something with a referral, named by its own or its encounter's id.

        (1) read the clock once; (2) the case is known; (3) the policy lets this actor; (4) the table lets this event
        now, this role, this person, on this basis; an attempt to end what is another human's is recorded, and told to
        the supervisors, before it is refused (CBP-21); (5) what follows: a supervisor who acts has seen what was told
        of it, a cleared person's wait ends, a contest freezes what is kept, a review releases it; (6) step,
        consequences and entry commit together.

        Raises:
            NotFound: ``referral.unknown``, ``checkpoint.unknown``.
            CaseError, AccessError: nothing changed.
            StorageError: nothing changed.
        """
        now = self.clock.now()  # (1)
        with self.transactions.write() as tx:
            case, lane = self._case(tx, reference)  # (2)
            try:
                policy_id = permit(self.policy, actor, _ACTIONS[event], case.referral.checkpoint_id)  # (3)
                step = take_step(  # (4)
                    case, event, actor, second_facts=basis.second_facts, named=basis.named,
                    contest_days=lane.charter.contest_days, now=now,
                )  # fmt: skip
            except (AccessError, CaseError) as error:
                record_attempt(tx, self.recorder, lane, case, what=event, actor=actor, refused=error, now=now)
                raise
            facts = step_facts(case.referral, step, policy_id)
            subject = subject_of(case.referral.encounter_id)
            entry = self.recorder.append_entry(tx, lane, facts, in_words(basis), subject=subject, now=now)
            step = replace(step, entry=entry.commitment.hex())
            tx.cases.add_step(step)
            if actor.role is Role.SUPERVISOR and actor.actor_id not in had_part(case):
                tx.cases.see(step.referral_id, actor.actor_id)
            case = Case(case.referral, (*case.steps, step))
            self._follow(tx, case, entry, lane, now)  # (5)
            receipt = self.recorder.log.receipt(entry)
            tx.commit()  # (6)
        return standing_of(case, lane, now), receipt

    def redress(self, reference: str, actor: Actor) -> Standing:
        """Return what the person of this referral, or encounter, is given.

        Raises:
            NotFound: ``referral.unknown``, ``checkpoint.unknown``.
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        with self.transactions.read() as tx:
            case, lane = self._case(tx, reference)
        permit(self.policy, actor, Action.CONTEST, case.referral.checkpoint_id)
        return standing_of(case, lane, now)

    def told(self, actor: Actor) -> tuple[Notification, ...]:
        """Return what supervisors were told and nobody has acknowledged.

        Raises:
            AccessError: ``access.denied``.
        """
        permit(self.policy, actor, Action.REVIEW, "")
        with self.transactions.read() as tx:
            return tx.cases.told()

    def see(self, notification_id: str, actor: Actor) -> Receipt:
        """Note that ``actor`` has seen what was told, by its id or by what it is about.

        Raises:
            NotFound: ``case.not_told``.
            CaseError: ``case.own_notification``, the actor had a part in what it is about.
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        policy_id = permit(self.policy, actor, Action.REVIEW, "")
        with self.transactions.write() as tx:
            _check_not_own(tx, notification_id, actor)
            if not tx.cases.see(notification_id, actor.actor_id):
                raise NotFound(
                    "case.not_told", "Nothing of this id waits to be acknowledged.", remedy="List what was told."
                )
            facts: JsonObject = {
                "event": "notification.seen", "notification": notification_id, "by": actor.actor_id,
                "policy": policy_id,
            }  # fmt: skip
            entry = self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)
            receipt = self.recorder.log.receipt(entry)
            tx.commit()
        return receipt

    def suspensions(self, actor: Actor) -> tuple[Suspension, ...]:
        """Return every charter that stopped.

        Raises:
            AccessError: ``access.denied``.
        """
        permit(self.policy, actor, Action.REVIEW, "")
        with self.transactions.read() as tx:
            return tx.cases.suspensions()

    def resume(self, charter_id: str, named: str, reason: str, actor: Actor) -> Receipt:
        """Resume a suspended charter: by a named supervisor, for a reason, both recorded (W-9).

        Raises:
            CaseError: ``case.resume_reason``.
            NotFound: ``case.not_suspended``.
            AccessError: ``access.denied``.
        """
        now = self.clock.now()
        policy_id = permit(self.policy, actor, Action.RESUME, "")
        if not named.strip() or not reason.strip():
            raise CaseError(
                "case.resume_reason", "A suspension ends by a named supervisor and for a reason.",
                remedy="Say who resumes, and what was found and changed.",
            )  # fmt: skip
        with self.transactions.write() as tx:
            lanes = suspended_lanes(tx, self.lanes, charter_id)
            if not lanes or not lift(tx, lanes, now):
                raise NotFound("case.not_suspended", "No such charter is suspended.", remedy="List the suspensions.")
            tx.cases.see(charter_id, actor.actor_id)
            facts: JsonObject = {
                "event": "charter.resumed", "charter_id": charter_id, "by": actor.actor_id, "policy": policy_id,
            }  # fmt: skip
            personal: JsonObject = {"named": named, "words": reason}
            receipt = self.recorder.append(tx, lanes[0], facts, personal, subject="site", now=now)
            tx.commit()
        return receipt

    def _case(self, tx: UnitOfWork, reference: str) -> tuple[Case, Lane]:
        case = tx.cases.get(reference)
        if case is None:
            raise NotFound("referral.unknown", "There is no such referral.", remedy="List what waits.")
        return case, governing(self.lanes, case)

    def _follow(self, tx: UnitOfWork, case: Case, entry: Entry, lane: Lane, now: Instant) -> None:
        step = case.steps[-1]
        if step.event is CaseEvent.CLEAR:
            encounter = tx.encounters.by_id(case.referral.encounter_id)
            if encounter is not None:
                note_cleared(tx, encounter, lane, now)
        elif step.event is CaseEvent.CONTEST:
            freeze(tx, case, until=step.until)
            tx.cases.tell(telling(Telling.CONTESTED, lane, entry, about=step.referral_id, now=now))
        elif step.event in {CaseEvent.UPHOLD, CaseEvent.CORRECT}:
            release(tx, case, now)


def _check_not_own(tx: UnitOfWork, reference: str, actor: Actor) -> None:
    """Let nobody dismiss what was told of an encounter or a referral in which they had a part."""
    for one in tx.cases.told():
        about = tx.cases.get(one.about) if reference in {one.notification_id, one.about} else None
        if about is not None and actor.actor_id in had_part(about):
            raise CaseError(
                "case.own_notification", "You had a part in what this tells: somebody else must see it.",
                remedy="Leave it to another supervisor, who acts with a key of their own.",
            )  # fmt: skip


def governing(lanes: Lanes, case: Case) -> Lane:
    """Return the lane of a case under the charter it began under, whatever holds there now."""
    return lanes.governing(case.referral.checkpoint_id, case.referral.charter)


def standing_of(case: Case, lane: Lane, now: Instant) -> Standing:
    """Return a case as it stands at ``now``."""
    languages = receipt_languages(lane.charter)
    given = tuple(redress(case, lane.charter, lane.checkpoint, now, language) for language in languages)
    pages = tuple((one.language, title(one), lines(one)) for one in given)
    return Standing(case, state_at(case, now), given[0], pages, "\n".join(map(as_text, given)))
