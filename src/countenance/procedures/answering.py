"""How one attempt is answered: photographs to extractions, scores to a decision, everything into one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from countenance.access import attempts
from countenance.decision import (
    decide_identify,
    decide_verify,
    outcome_of,
    quality_exhausted,
    still_referred,
    unavailable,
)
from countenance.errors import InferenceError
from countenance.face import compare
from countenance.ports import Entropy, Extractor, Galleries, Transactions, UnitOfWork
from countenance.procedures.lanes import Lane, Lanes
from countenance.procedures.linking import open_referral_of
from countenance.procedures.monitoring import Counting, Search
from countenance.procedures.querying import from_document
from countenance.procedures.recording import Recorder, expiry, latest, subject_of
from countenance.procedures.referring import Referring
from countenance.procedures.replies import encode_reply
from countenance.procedures.rolls import shows_other
from countenance.procedures.suspending import check_limit
from countenance.terms import (
    Accepted,
    Attempt,
    Decision,
    Encounter,
    Extraction,
    Instant,
    ItemLabel,
    JsonObject,
    Match,
    Mode,
    NextStep,
    NotCompared,
    Outcome,
    ReferenceFrom,
    Referred,
    Refused,
    Reply,
    Score,
    StageTime,
    Submission,
)

CANDIDATES = 10
"""How many candidates a search returns: the best decides, the others show ambiguity."""
SCORE_SCALE = 1_000_000
"""Scores are recorded as integers: the cosine times this, rounded."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was established before the frames: whose turn it is, where, under which policy, when."""

    encounter: Encounter
    lane: Lane
    policy_id: str
    sent_by: str
    """Who sent the photographs: an operator, or a device's key."""
    reference_from: ReferenceFrom
    now: Instant


@dataclass(frozen=True, slots=True)
class Capture:
    """One attempt's frames and what became of them."""

    submission: Submission
    live: Extraction | None
    portrait: Extraction | None
    unavailable: bool
    """True when no inference process answered: nothing is known about the photographs."""
    millis: tuple[StageTime, ...]

    @classmethod
    def none(cls, submission: Submission) -> Capture:
        """Return a capture of which no frame was decoded."""
        return cls(submission, None, None, unavailable=False, millis=())


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision with what goes beside it into the record, never into a reply."""

    decision: Decision | Refused
    """``Refused`` means: the attempt may be repeated."""
    portrait_refused: bool
    score: Score | None
    person_id: str
    search: Search | None = None
    """What a search returned, for the aggregates alone."""
    earlier: str = ""
    """The person's referral that is still in secondary inspection, for which nothing is compared."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The part of a crossing that touches frames. One is made per attempt."""

    transactions: Transactions
    recorder: Recorder
    extractor: Extractor
    galleries: Galleries
    entropy: Entropy
    stopwatch: Callable[[], float]
    counting: Counting
    lanes: Lanes

    def capture(self, submission: Submission) -> Capture:
        """Turn the submission's photographs into probes or refusals, in parallel where there are two."""
        images = [submission.live] + ([submission.portrait] if submission.portrait else [])
        start = self.stopwatch()
        try:
            results = self.extractor.extract_many(images)
        except InferenceError:
            return Capture(submission, None, None, unavailable=True, millis=())
        elapsed = (self.stopwatch() - start) * 1000
        return Capture(
            submission,
            live=results[0],
            portrait=results[1] if submission.portrait else None,
            unavailable=False,
            millis=(*_stages("live", results[0]), *(_stages("portrait", results[1]) if len(results) > 1 else ()),
                    StageTime("extract", round(elapsed, 2))),
        )  # fmt: skip

    def conclude(self, standing: Standing, capture: Capture, refused: NotCompared | None) -> Reply:
        """Decide, commit encounter, stored reply, entry and referral together, and only then return the reply."""
        start = self.stopwatch()
        with self.transactions.write() as tx:
            verdict = self._decide(tx, standing, capture, refused)
            compared = self.stopwatch()
            reply = self._record(tx, standing, capture, verdict, (compared - start) * 1000)
            tx.commit()
        return reply

    def _decide(self, tx: UnitOfWork, standing: Standing, capture: Capture, refused: NotCompared | None) -> Verdict:
        encounter, lane = standing.encounter, standing.lane
        earlier = open_referral_of(
            tx, self.lanes, lane, encounter.claim, standing.now, portrait=capture.submission.portrait
        )
        if earlier is not None:  # two encounters were open at once
            return replace(_verdict(still_referred()), earlier=earlier.referral.referral_id)
        if refused is not None:
            return _verdict(refused)
        if capture.unavailable or capture.live is None:
            return _verdict(unavailable())
        for extraction, is_portrait in ((capture.live, False), (capture.portrait, True)):
            if isinstance(extraction, Refused):
                return self._quality(capture.submission.attempt, extraction, is_portrait=is_portrait)
        if standing.lane.charter.mode is Mode.IDENTIFY:
            return self._search(tx, standing, capture.live)
        return _compare(standing, capture)

    def _quality(self, attempt: int, refused: Refused, *, is_portrait: bool) -> Verdict:
        if attempts.may_retry(attempt, refused):
            return Verdict(refused, is_portrait, None, "")
        return _verdict(quality_exhausted(refused, is_portrait=is_portrait))

    def _search(self, tx: UnitOfWork, standing: Standing, live: Extraction) -> Verdict:
        assert isinstance(live, Accepted)  # noqa: S101 - _decide has sent refusals away
        gallery_id = standing.encounter.gallery_id
        tx.galleries.spend_search(gallery_id)
        candidates = self.galleries.search(gallery_id, live.probe.template, CANDIDATES)
        persons: dict[str, str] = {}
        for candidate in candidates:
            persons[candidate.reference_id] = tx.galleries.person_of(gallery_id, candidate.reference_id) or ""
        best = persons.get(candidates[0].reference_id, "") if candidates else ""
        boarded = bool(best) and tx.galleries.boarded(gallery_id, best)
        claim = standing.encounter.claim
        other = bool(best) and from_document(claim) and shows_other(tx, gallery_id, best, claim)
        decision = decide_identify(
            candidates, standing.lane.point, person_of=persons, boarded=boarded, other_document=other
        )
        if isinstance(decision, Match):
            tx.galleries.board(gallery_id, best, standing.now)
        person = best if isinstance(decision, Match | Referred) else ""
        return Verdict(
            decision, portrait_refused=False, score=candidates[0].score if candidates else None, person_id=person,
            search=Search(candidates, persons, person, self.galleries.size(gallery_id)),
        )  # fmt: skip

    def _record(
        self, tx: UnitOfWork, standing: Standing, capture: Capture, verdict: Verdict, compare_ms: float
    ) -> Reply:
        encounter, lane, now = standing.encounter, standing.lane, standing.now
        submission = capture.submission
        outcome, reason, advice, step = _wording(verdict)
        decision = verdict.decision
        after = attempts.after(submission.attempt, decision)
        rules = () if isinstance(decision, Refused) else decision.rules
        tx.encounters.advance(encounter.encounter_id, after.state, after.attempts_used)
        facts: JsonObject = {
            "event": "attempt.answered", "encounter": encounter.encounter_id, "policy": standing.policy_id,
            "mode": encounter.mode, "attempt": submission.attempt, "device": submission.device_id,
            "decision": outcome, "reason": reason, "rules": [rule.rule_id for rule in rules], "next_step": step,
            "reference_from": standing.reference_from,
            "kept_until": latest(lane.charter, now, classes=("personal", "reply"), at_least=encounter.expires_at),
        }  # fmt: skip
        person = verdict.person_id or encounter.claim
        personal: JsonObject = {
            "pseudonym": person,
            "score": None if verdict.score is None else round(verdict.score * SCORE_SCALE),
        }
        receipt = self.recorder.append(tx, lane, facts, personal, subject=subject_of(encounter.encounter_id), now=now)
        reply = Reply(
            encounter_id=encounter.encounter_id, outcome=outcome, reason=reason, advice=advice, next_step=step,
            attempts_left=after.attempts_left,
            reference_id=decision.reference_id if isinstance(decision, Match | Referred) else "",
            rules=rules, operating_point=lane.point.sha256, receipt=receipt,
            millis=(*capture.millis, StageTime("compare", round(compare_ms, 2))),
        )  # fmt: skip
        self._keep(tx, standing, capture, reply, verdict.earlier)
        self.counting.answered(tx, encounter, lane, decision, verdict.search, now)
        check_limit(tx, self.recorder, lane, decision, now)
        return reply

    def _keep(self, tx: UnitOfWork, standing: Standing, capture: Capture, reply: Reply, earlier: str) -> None:
        """Store the reply for resends, and, for a referral alone, probe and portrait for another human."""
        encounter, charter, now = standing.encounter, standing.lane.charter, standing.now
        subject = subject_of(encounter.encounter_id)
        item = f"reply/{encounter.encounter_id}/{capture.submission.attempt}"
        keep_until = max(expiry(charter, "reply", now), encounter.expires_at)
        tx.vault.seal(ItemLabel(item, subject, "reply", "reply/v1", "reply", Instant(keep_until)), encode_reply(reply))
        tx.encounters.save_attempt(
            Attempt(
                encounter.encounter_id,
                capture.submission.attempt,
                capture.submission.body_sha256,
                capture.submission.device_id,
                item,
            )
        )
        if reply.next_step is not NextStep.REFER_TO_OFFICER:
            return
        images = {"probe": capture.submission.live, "reference": capture.submission.portrait}
        Referring(self.recorder, self.entropy).refer(
            tx, encounter, standing.lane, reason=reply.reason or "no_match", by="", referred_by=standing.sent_by,
            images={} if earlier else images, compared=not earlier, entry=reply.receipt.commitment, personal={},
            now=now, earlier=earlier,
        )  # fmt: skip


def _compare(standing: Standing, capture: Capture) -> Verdict:
    assert isinstance(capture.live, Accepted)  # noqa: S101 - _decide has sent refusals away
    assert isinstance(capture.portrait, Accepted)  # noqa: S101 - verify demands a portrait
    score = compare(capture.live.probe.template, capture.portrait.probe.template)
    decision = decide_verify(score, standing.lane.point, reference_id=standing.encounter.claim)
    return Verdict(decision, portrait_refused=False, score=score, person_id=standing.encounter.claim)


def _verdict(decision: Decision) -> Verdict:
    return Verdict(decision, portrait_refused=False, score=None, person_id="")


def _wording(verdict: Verdict) -> tuple[Outcome, str, str, NextStep]:
    """Return outcome, reason, advice and next step; none of them an adverse finding about the person."""
    decision = verdict.decision
    if isinstance(decision, Refused):
        prefix = "reference." if verdict.portrait_refused else "quality."
        return Outcome.RETRY, prefix + decision.reason, decision.advice, NextStep.TRY_AGAIN
    outcome, step = outcome_of(decision)
    reason = decision.reason if isinstance(decision, NotCompared | Referred) else ""
    return outcome, reason, "" if isinstance(decision, Match) else decision.rules[-1].sentence, step


def _stages(name: str, extraction: Extraction) -> tuple[StageTime, ...]:
    spent: Mapping[str, float] = {
        "decode": extraction.millis.decode, "detect": extraction.millis.detect,
        "quality": extraction.millis.quality, "embed": extraction.millis.embed,
    }  # fmt: skip
    return tuple(StageTime(f"{name}.{stage}", round(millis, 2)) for stage, millis in spent.items())
