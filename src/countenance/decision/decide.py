"""Scores become decisions, here and nowhere else; each lists the rules that fired, in the order in which they did.

A decision is never an adverse finding about the person: below the threshold an officer looks at the document
(CBP-5, CBP-21), and whatever could not be compared is an ordinary manual check. ``score >= threshold`` is a match; a
score that is not a number, or lies outside cosine's range, is no score at all and fails closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from countenance.decision import rules
from countenance.terms import (
    EARLIER_REFERRAL,
    Candidate,
    ChipStep,
    Decision,
    Match,
    NextStep,
    NoMatch,
    NotCompared,
    OperatingPoint,
    Outcome,
    Referred,
    Refused,
    Rule,
    Score,
    Stage,
)

_WORDS: Mapping[type[Decision], tuple[Outcome, NextStep]] = MappingProxyType(
    {
        Match: (Outcome.MATCH, NextStep.PROCEED),
        NoMatch: (Outcome.NO_MATCH, NextStep.REFER_TO_OFFICER),
        Referred: (Outcome.REFERRED, NextStep.REFER_TO_OFFICER),
        NotCompared: (Outcome.NOT_COMPARED, NextStep.MANUAL_CHECK),
    }
)
_ROUNDING = 1e-3
"""How far beyond [-1, 1] a cosine may come out of float32 arithmetic before it counts as broken."""


def decide_verify(score: Score, point: OperatingPoint, reference_id: str) -> Match | NoMatch | NotCompared:
    """Return what a 1:1 comparison means: a match at or above the threshold, else an officer looks.

    ``score`` is a cosine in [-1, 1], higher = more alike; ``reference_id`` names the claimed reference in a match.
    ``NotCompared`` (``score.not_usable``) stands for a score that is no number or out of range.
    """
    if not _usable(score):
        return _not_usable()
    if score >= point.threshold:
        return Match(reference_id, (rules.SCORE_REACHED,))
    return NoMatch((rules.SCORE_BELOW,))


def decide_identify(
    candidates: Sequence[Candidate],
    point: OperatingPoint,
    *,
    person_of: Mapping[str, str],
    boarded: bool,
    other_document: bool,
) -> Match | NoMatch | Referred | NotCompared:
    """Return what a search of a closed gallery means; candidates may come in any order.

    ``person_of`` maps each candidate's reference id to its person ("" or absent = no longer enrolled); ``boarded`` says
    whether the best candidate's person went through before; ``other_document`` whether a document was shown that is not
    one of that person's.

    (1) every score is usable and there is a candidate, else ``NotCompared``; (2) the best one reaches the threshold,
    else ``NoMatch``; (3) everybody who reaches it is still enrolled, else ``NotCompared``; (4) no other
    document was shown, else ``Referred`` (``other_traveller``); (5) the person did not go through before, else
    ``Referred`` (``already_boarded``); (6) no second, different person reaches it too, else ``Referred``
    (``ambiguous``). Of several the last is the reason. Several references of one person are one person.
    """
    if not all(_usable(candidate.score) for candidate in candidates):  # (1)
        return _not_usable()
    if not candidates:
        return NotCompared("gallery.empty", (rules.GALLERY_EMPTY,))
    ranked = sorted(candidates, key=lambda candidate: (-candidate.score, candidate.reference_id))
    reached = [candidate for candidate in ranked if candidate.score >= point.threshold]
    if not reached:  # (2)
        return NoMatch((rules.SCORE_BELOW,))
    persons = [person_of.get(candidate.reference_id, "") for candidate in reached]
    if not all(persons):  # (3)
        return NotCompared("gallery.changed", (rules.GALLERY_CHANGED,))
    fired: tuple[Rule, ...] = (rules.SCORE_REACHED,)
    reason = ""
    if other_document:  # (4)
        fired, reason = (*fired, rules.OTHER_TRAVELLER), "other_traveller"
    if boarded:  # (5)
        fired, reason = (*fired, rules.ALREADY_BOARDED), "already_boarded"
    if len(set(persons)) > 1:  # (6)
        fired, reason = (*fired, rules.SECOND_PERSON), "ambiguous"
    best = reached[0].reference_id
    return Referred(best, reason, fired) if reason else Match(best, fired)


def quality_exhausted(refused: Refused, *, is_portrait: bool = False) -> NotCompared:
    """Return what a refused photograph means that none may follow: ordinary manual check, the advice on record.

    The reason is ``quality.<reason>``, or ``reference.<reason>`` when it was the document's portrait. Usually it was
    the third; one that did not look live ends the encounter at once.
    """
    prefix = "reference" if is_portrait else "quality"
    ended = rules.LIVENESS_NOT_SHOWN if refused.stage is Stage.LIVENESS else rules.THIRD_ATTEMPT
    return NotCompared(f"{prefix}.{refused.reason}", (rules.quality_refused(refused.advice), ended))


def unavailable(part: str = "inference") -> NotCompared:
    """Return what an unreachable part means: ordinary manual check; nothing is known about the person."""
    return NotCompared(f"unavailable.{part}", (rules.UNAVAILABLE,))


def chip_not_authentic(broken: ChipStep) -> NotCompared:
    """Return what a broken chain means, by its first broken step: its portrait is no reference (Doc 9303-11 5.1)."""
    return NotCompared("document.chip_not_authentic", (rules.chip_not_authentic(broken),))


def no_csca_store() -> NotCompared:
    """Return what it means that a chip was read where nothing can check it."""
    return NotCompared("document.no_csca_store", (rules.NO_CSCA_STORE,))


def other_chip() -> NotCompared:
    """Return what it means that the page's zone and the chip's are of two documents."""
    return NotCompared("document.other_chip", (rules.OTHER_CHIP,))


def document_expired() -> NotCompared:
    """Return what it means that a document's last day has passed: whether it still counts is for a human."""
    return NotCompared("document.expired", (rules.DOCUMENT_EXPIRED,))


def no_reference() -> NotCompared:
    """Return what it means that nobody has a portrait of this document."""
    return NotCompared("reference.none", (rules.NO_REFERENCE,))


def reference_unavailable() -> NotCompared:
    """Return what it means that the source of portraits failed, and the document holds none."""
    return NotCompared("reference.unavailable", (rules.REFERENCE_UNAVAILABLE,))


def suspended() -> NotCompared:
    """Return what a suspended charter means where the check is a legal duty: staff alone do it (W-9)."""
    return NotCompared("suspended.referral_limit", (rules.SUSPENDED,))


def still_referred() -> Referred:
    """Return what an earlier referral means still in secondary inspection: that goes on, no comparison ends it."""
    return Referred("", EARLIER_REFERRAL, (rules.EARLIER_REFERRAL,))


def outcome_of(decision: Decision) -> tuple[Outcome, NextStep]:
    """Return the word for the device and what happens to the person now; never an adverse step."""
    return _WORDS[type(decision)]


def _usable(score: Score) -> bool:
    return abs(score) <= 1 + _ROUNDING


def _not_usable() -> NotCompared:
    return NotCompared("score.not_usable", (rules.SCORE_INVALID,))
