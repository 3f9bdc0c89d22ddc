"""A person crosses: open an encounter, refuse, verify, identify. Each is a numbered story.

The order is the promise: authority before encounter, refusal before camera, device before decoding, record before
reply. Whatever goes wrong ends as an ordinary manual check with its reason, never as a finding about the person.
Nothing here reads the clock twice: one reading per call governs charter, token, operating point and every retention.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from countenance.access import attempts, check_device, check_place, new_token, token_digest
from countenance.authority import check_offer, check_refusal, may_refuse, spare
from countenance.decision import admit, still_referred
from countenance.errors import EncounterError
from countenance.ports import Clock, Entropy, Extractor, Galleries, Policy, Transactions, UnitOfWork
from countenance.procedures.answering import Answering, Capture, Standing
from countenance.procedures.establishing import gallery_of, lane_of
from countenance.procedures.in_flight import InFlight
from countenance.procedures.ingest import Ingest
from countenance.procedures.lanes import Lane, Lanes, permit
from countenance.procedures.linking import open_referral_of
from countenance.procedures.monitoring import Counting
from countenance.procedures.opening import about, at_once, opening_facts
from countenance.procedures.querying import Found, Querying
from countenance.procedures.recording import Recorder, expiry, subject_of
from countenance.procedures.referring import Referring
from countenance.procedures.replies import decode_reply
from countenance.procedures.suspending import check_not_suspended
from countenance.terms import (
    EARLIER_REFERRAL,
    Action,
    Actor,
    Case,
    Encounter,
    EncounterState,
    Instant,
    JsonObject,
    Mode,
    NextStep,
    NotCompared,
    Opened,
    OpenRequest,
    Outcome,
    Receipt,
    ReferenceFrom,
    Reply,
    Submission,
)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Everything a crossing needs, chosen by ``bootstrap``."""

    clock: Clock
    entropy: Entropy
    transactions: Transactions
    recorder: Recorder
    extractor: Extractor
    galleries: Galleries
    policy: Policy
    lanes: Lanes
    stopwatch: Callable[[], float]
    """Seconds from an arbitrary start, for reporting durations only."""
    in_flight: InFlight
    counting: Counting
    ingest: Ingest
    querying: Querying

    def open_encounter(self, request: OpenRequest, actor: Actor) -> Opened | Reply:
        """Open an encounter before any camera, or answer "ordinary manual check", or "secondary inspection", at once.

        (1) read the clock once; (2) the checkpoint has a charter in force (W-1), with the clocks of the person's
        class; (3) the policy lets this actor open here, a device only where it stands; (4) a document in a claim's
        place becomes one, with the age it states; whoever may refuse was offered it, and nobody else (CBP-16); (5) a
        named gallery is open, of this charter, within its search budget; (6) no referral of this claim is in
        secondary inspection, else the person goes there again (CBP-21); a camera is used here, the person is not
        exempt (CBP-30), the document has not expired, the charter is not suspended (W-9), and age, reference, gallery
        and point lie inside the evidence envelope, else ``NotCompared``; (7) encounter, entry and case commit
        together; (8) the token, shown once, and receipt.

        Raises:
            NotFound, CharterError, AccessError, EncounterError, GalleryError, DocumentError, StorageError: nothing was
                opened.
        """
        now = self.clock.now()  # (1)
        lane = self.lanes.in_force(request.checkpoint_id, now).for_class(request.eligibility.person_class)  # (2)
        policy_id = permit(self.policy, actor, Action.OPEN_ENCOUNTER, request.checkpoint_id)  # (3)
        request, expired = self.querying.claimed(request, lane, now)  # (4)
        person = request.eligibility
        check_offer(lane.charter, person, now)
        token = new_token(self.entropy)
        with self.transactions.write() as tx:
            self._check_place(tx, actor, request.checkpoint_id)  # (3)
            gallery = gallery_of(tx, lane, request.gallery_id, now)  # (5)
            spared = spare(lane.checkpoint, lane.charter, person, now)
            earlier = open_referral_of(tx, self.lanes, lane, request.claim, now)  # (6)
            refused = still_referred() if earlier else spared or expired or check_not_suspended(tx, lane) or admit(
                lane.charter, lane.point, age=person.age, reference_years=person.reference_years,
                gallery_size=gallery.size if gallery else 0, now=now,
            )  # fmt: skip
            encounter = self._encounter(request, lane, actor, token, now, refused=refused is not None)
            tx.encounters.insert(encounter, retention="personal", keep_until=expiry(lane.charter, "personal", now))
            receipt = self.recorder.append(  # (7)
                tx, lane, opening_facts(encounter, policy_id, refused), about(encounter),
                subject=subject_of(encounter.encounter_id), now=now,
            )  # fmt: skip
            if earlier:
                self._refer_too(tx, encounter, lane, actor, receipt, earlier, now)
            self.counting.opened(tx, encounter, lane, request.stated, refused)
            tx.commit()
        if refused is not None:
            return at_once(encounter.encounter_id, refused, receipt, lane)
        return Opened(  # (8)
            token=token,
            encounter_id=encounter.encounter_id,
            expires_at=encounter.expires_at,
            may_refuse=may_refuse(lane.charter, person, now),
            notice_id=lane.checkpoint.notice_id,
            receipt=receipt,
        )

    def opt_out(self, token: str, actor: Actor) -> Reply:
        """Let the person refuse: no reason asked, no flag raised, no frame decoded (CBP-16).

        (1) read the clock once; (2) the encounter is open here, of a person who may refuse; (3) the policy lets this
        actor note it; (4) state and entry commit together; (5) ordinary manual check, or the secondary inspection that
        the person was in already (CBP-21), with the receipt.

        Raises:
            EncounterError, AccessError, StorageError: nothing changed.
        """
        now = self.clock.now()  # (1)
        with self.in_flight.only(token), self.transactions.write() as tx:
            encounter = self._by_token(tx, token)  # (2)
            person = encounter.eligibility
            lane = self.lanes.governing(encounter.checkpoint_id, encounter.charter).for_class(person.person_class)
            policy_id = permit(self.policy, actor, Action.OPT_OUT, encounter.checkpoint_id)  # (3)
            self._check_place(tx, actor, encounter.checkpoint_id)
            attempts.check_open(encounter, now)
            check_refusal(lane.charter, person, encounter.opened_at)  # (2)
            earlier = open_referral_of(tx, self.lanes, lane, encounter.claim, now)
            step = NextStep.REFER_TO_OFFICER if earlier else NextStep.MANUAL_CHECK
            tx.encounters.advance(encounter.encounter_id, EncounterState.OPTED_OUT, encounter.attempts_used)
            facts: JsonObject = {
                "event": "encounter.opted_out", "encounter": encounter.encounter_id, "policy": policy_id,
                "mode": encounter.mode, "decision": Outcome.OPTED_OUT, "next_step": step,
            }  # fmt: skip
            receipt = self.recorder.append(  # (4)
                tx, lane, facts, about(encounter),
                subject=subject_of(encounter.encounter_id), now=now,
            )  # fmt: skip
            self.counting.opted_out(tx, encounter, lane, now)
            if earlier:
                self._refer_too(tx, encounter, lane, actor, receipt, earlier, now)
            tx.commit()
        return Reply(  # (5)
            encounter_id=encounter.encounter_id, outcome=Outcome.OPTED_OUT, reason="",
            advice=still_referred().rules[-1].sentence if earlier
            else "The person chose not to be compared: check the document as usual.",
            next_step=step, attempts_left=0, reference_id="", rules=(), operating_point="",
            receipt=receipt, millis=(),
        )  # fmt: skip

    def verify(self, submission: Submission, actor: Actor) -> Reply:
        """Compare a live photograph with one reference, 1:1: the portrait sent, or the one that its papers lead to.

        The story is :meth:`_answer`'s.
        """
        if bool(submission.portrait) == bool(submission.papers):
            raise EncounterError(
                "encounter.no_portrait", "A verification needs the document's portrait, or what was read from it.",
                remedy="Send 'live' and either 'portrait' or the document's 'mrz', 'chip' or both.",
            )  # fmt: skip
        return self._answer(submission, actor, Mode.VERIFY, Action.VERIFY)

    def identify(self, submission: Submission, actor: Actor) -> Reply:
        """Search the encounter's closed gallery for the person at the camera, 1:N. The story is :meth:`_answer`'s."""
        return self._answer(submission, actor, Mode.IDENTIFY, Action.IDENTIFY)

    def _answer(self, submission: Submission, actor: Actor, mode: Mode, action: Action) -> Reply:
        """Answer one attempt, in this order.

        (1) read the clock once, drop what comes from where no camera is (CBP-18); (2) the token opened an encounter of
        this mode, under a charter in force; (3) the policy lets this actor, and the checkpoint's enrolled device signed
        exactly this body; (4) an identical resend gets the stored reply; (5) the attempt is next; (6) gallery, charter
        and evidence envelope still hold, and papers lead to one reference; (7) photographs become probes, or refusals
        with advice; (8) scores become a decision; (9) encounter, reply, entry, referral commit together; (10) the
        reply, with its receipt.

        Raises:
            EncounterError, AccessError, CharterError, GalleryError, DocumentError: zero frames were decoded.
            StorageError, RecordError: nothing was recorded, so there is no automated answer.
        """
        now = self.clock.now()  # (1)
        with self.in_flight.only(submission.token):
            with self.transactions.read() as tx:
                device = tx.access.device(submission.device_id)
                self.ingest.admit(device, submission)
                encounter = self._by_token(tx, submission.token)  # (2)
                lane = lane_of(self.lanes, encounter, mode, now)
                permit(self.policy, actor, Action.CAPTURE, encounter.checkpoint_id)  # (3)
                policy_id = permit(self.policy, actor, action, encounter.checkpoint_id)
                check_device(device, submission, encounter.checkpoint_id)
                stored = tx.encounters.attempt(encounter.encounter_id, submission.attempt)
                if stored is not None and stored.body_sha256 == submission.body_sha256:  # (4)
                    return decode_reply(tx.vault.open(stored.reply_item))
                attempts.check_next(encounter, submission.attempt, now)  # (5)
                gallery = gallery_of(tx, lane, encounter.gallery_id, now)  # (6)
                held = check_not_suspended(tx, lane)
            answering = Answering(
                self.transactions, self.recorder, self.extractor, self.galleries, self.entropy, self.stopwatch,
                self.counting, self.lanes,
            )  # fmt: skip
            refused = held or admit(
                lane.charter, lane.point, age=encounter.eligibility.age,
                reference_years=encounter.eligibility.reference_years, gallery_size=gallery.size if gallery else 0,
                now=now,
            )  # fmt: skip
            found = refused or self._reference(submission, encounter, lane, now)
            reference_from = ReferenceFrom.NONE if isinstance(found, NotCompared) else found.reference_from
            standing = Standing(encounter, lane, policy_id, actor.actor_id, reference_from, now)
            if isinstance(found, NotCompared):
                return answering.conclude(standing, Capture.none(submission), found)
            capture = answering.capture(replace(submission, portrait=found.image))  # (7)
            return answering.conclude(standing, capture, None)  # (8) (9) (10)

    def _reference(self, submission: Submission, encounter: Encounter, lane: Lane, now: Instant) -> Found | NotCompared:
        if submission.papers:
            return self.querying.reference(submission.papers, encounter, lane, now)
        return Found(submission.portrait, ReferenceFrom.SENT if submission.portrait else ReferenceFrom.GALLERY)

    def _refer_too(  # noqa: PLR0917 - one answer's whole context
        self,
        tx: UnitOfWork,
        encounter: Encounter,
        lane: Lane,
        actor: Actor,
        receipt: Receipt,
        earlier: Case,
        now: Instant,
    ) -> None:
        """Begin a case beside the ``earlier`` one: the person gets a receipt, a supervisor is told."""
        Referring(self.recorder, self.entropy).refer(
            tx, encounter, lane, reason=EARLIER_REFERRAL, by="", referred_by=actor.actor_id, images={},
            compared=False, entry=receipt.commitment, personal={}, now=now,
            earlier=earlier.referral.referral_id,
        )  # fmt: skip

    def _check_place(self, tx: UnitOfWork, actor: Actor, checkpoint_id: str) -> None:
        if actor.device_id:
            check_place(tx.access.device(actor.device_id), checkpoint_id)

    def _by_token(self, tx: UnitOfWork, token: str) -> Encounter:
        encounter = tx.encounters.by_token(token_digest(token))
        if encounter is None:
            raise EncounterError(
                "encounter.unknown_token", "This token opened no encounter here.",
                remedy="Open an encounter at this checkpoint first; nothing was decoded.",
            )  # fmt: skip
        return encounter

    def _encounter(
        self, request: OpenRequest, lane: Lane, actor: Actor, token: str, now: Instant, *, refused: bool
    ) -> Encounter:
        return Encounter(
            encounter_id=self.entropy.token_bytes(16).hex(),
            token_sha256=token_digest(token),
            checkpoint_id=request.checkpoint_id,
            charter=lane.charter.sha256,
            mode=lane.charter.mode,
            gallery_id=request.gallery_id if lane.charter.mode is Mode.IDENTIFY else "",
            claim=request.claim,
            eligibility=request.eligibility,
            opened_by=actor.actor_id,
            opened_at=now,
            expires_at=Instant(now + lane.charter.encounter_seconds * 1000),
            state=EncounterState.DECIDED if refused else EncounterState.OPEN,
            attempts_used=0,
        )
