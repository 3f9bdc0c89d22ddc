"""What scores mean: every outcome with its rules, in order, and nothing adverse anywhere."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.decision import decide_identify, decide_verify, outcome_of, quality_exhausted, rules, unavailable
from countenance.terms import (
    Candidate,
    Decision,
    Match,
    NextStep,
    NoMatch,
    NotCompared,
    Outcome,
    Reason,
    Referred,
    Refused,
    Rule,
    Score,
    Stage,
    StageMillis,
)
from fakes.papers import point

POINT = point(threshold=0.5)
BROKEN = [math.nan, math.inf, -math.inf, 1.01, -1.01, 42.0]
REACHED, BELOW = rules.SCORE_REACHED, rules.SCORE_BELOW


def found(*scores: tuple[str, float]) -> list[Candidate]:
    """Return candidates from (reference id, score)."""
    return [Candidate(reference_id, Score(score)) for reference_id, score in scores]


PERSONS = {"r1": "anna", "r2": "bert", "r3": "anna"}


@pytest.mark.parametrize("score", [0.5, math.nextafter(0.5, 1), 0.9, 1.0, 1.0005])
def test_at_or_above_the_threshold_is_a_match(score: float) -> None:
    """A score equal to the threshold counts, and so does rounding just above 1."""
    assert decide_verify(Score(score), POINT, "r1") == Match("r1", (REACHED,))


@pytest.mark.parametrize("score", [math.nextafter(0.5, 0), 0.0, -1.0, -1.0005])
def test_below_the_threshold_an_officer_looks(score: float) -> None:
    """A score below the threshold is a no-match, never more than that."""
    assert decide_verify(Score(score), POINT, "r1") == NoMatch((BELOW,))


@pytest.mark.parametrize("score", BROKEN)
def test_a_broken_score_is_no_comparison(score: float) -> None:
    """What is no cosine is neither a match nor a no-match, alone or among candidates."""
    expected = NotCompared("score.not_usable", (rules.SCORE_INVALID,))
    assert decide_verify(Score(score), POINT, "r1") == expected
    for candidates in (found(("r1", score)), found(("r1", 0.9), ("r2", score)), found(("r1", 0.1), ("r2", score))):
        assert decide_identify(candidates, POINT, person_of=PERSONS, boarded=False, other_document=False) == expected


IDENTIFY: list[tuple[list[Candidate], bool, Decision]] = [
    ([], False, NotCompared("gallery.empty", (rules.GALLERY_EMPTY,))),
    ([], True, NotCompared("gallery.empty", (rules.GALLERY_EMPTY,))),
    (found(("r1", 0.4), ("r2", 0.3)), False, NoMatch((BELOW,))),
    (found(("r1", 0.4)), True, NoMatch((BELOW,))),
    (found(("gone", 0.4)), False, NoMatch((BELOW,))),
    (found(("r1", 0.5)), False, Match("r1", (REACHED,))),
    (found(("r1", 0.8), ("r2", 0.499)), False, Match("r1", (REACHED,))),
    (found(("r1", 0.8), ("gone", 0.499)), False, Match("r1", (REACHED,))),
    (found(("r1", 0.8), ("r3", 0.7)), False, Match("r1", (REACHED,))),
    (found(("r3", 0.7), ("r1", 0.8)), False, Match("r1", (REACHED,))),
    (found(("r3", 0.7), ("r1", 0.7)), False, Match("r1", (REACHED,))),
    (found(("r1", 0.8), ("r2", 0.5)), False, Referred("r1", "ambiguous", (REACHED, rules.SECOND_PERSON))),
    (found(("r1", 0.8), ("r3", 0.7), ("r2", 0.6)), False, Referred("r1", "ambiguous", (REACHED, rules.SECOND_PERSON))),
    (found(("r1", 0.8)), True, Referred("r1", "already_boarded", (REACHED, rules.ALREADY_BOARDED))),
    (
        found(("r1", 0.8), ("r2", 0.7)), True,
        Referred("r1", "ambiguous", (REACHED, rules.ALREADY_BOARDED, rules.SECOND_PERSON)),
    ),
    (found(("gone", 0.8)), False, NotCompared("gallery.changed", (rules.GALLERY_CHANGED,))),
    (found(("emptied", 0.8)), False, NotCompared("gallery.changed", (rules.GALLERY_CHANGED,))),
    (found(("r1", 0.8), ("gone", 0.7)), False, NotCompared("gallery.changed", (rules.GALLERY_CHANGED,))),
]  # fmt: skip


@pytest.mark.parametrize("candidates, boarded, decision", IDENTIFY)
def test_a_search_means_exactly_this(*, candidates: list[Candidate], boarded: bool, decision: Decision) -> None:
    """Every combination of scores, persons and an earlier boarding has its one outcome, with the rules in order."""
    persons = {**PERSONS, "emptied": ""}
    assert decide_identify(candidates, POINT, person_of=persons, boarded=boarded, other_document=False) == decision


SCORES = st.floats(-1, 1)
REFERENCES = st.sampled_from(["r1", "r2", "r3", "r4"])


@given(SCORES, SCORES, st.floats(-0.99, 1))
def test_a_better_score_never_loses_a_match(one: float, other: float, threshold: float) -> None:
    """Verification is monotone in the score: whatever matches, everything more alike matches too."""
    low, high = sorted((one, other))
    limit = point(threshold=threshold)
    if isinstance(decide_verify(Score(low), limit, "r"), Match):
        assert isinstance(decide_verify(Score(high), limit, "r"), Match)


@given(st.dictionaries(REFERENCES, SCORES, min_size=1), st.permutations(["r1", "r2", "r3", "r4"]), st.booleans())
def test_a_search_does_not_depend_on_order(scores: dict[str, float], order: list[str], boarded: bool) -> None:  # noqa: FBT001 - hypothesis gives it by position
    """Order of candidates changes nothing, and the best one reaches the threshold or nobody is named."""
    persons = {**PERSONS, "r4": "dora"}
    candidates = found(*sorted(scores.items()))
    shuffled = sorted(candidates, key=lambda candidate: order.index(candidate.reference_id))
    decision = decide_identify(candidates, POINT, person_of=persons, boarded=boarded, other_document=False)
    assert decide_identify(shuffled, POINT, person_of=persons, boarded=boarded, other_document=False) == decision
    if isinstance(decision, Match | Referred):
        assert scores[decision.reference_id] == max(scores.values()) >= POINT.threshold
    else:
        assert max(scores.values()) < POINT.threshold


@pytest.mark.parametrize("is_portrait, reason", [(False, "quality.too_dark"), (True, "reference.too_dark")])
def test_three_refused_photographs_are_a_manual_check(*, is_portrait: bool, reason: str) -> None:
    """The last photograph's own reason and advice are on record, and nothing about the person."""
    refused = Refused(Stage.QUALITY, Reason.TOO_DARK, "More light is needed.", StageMillis(0, 0, 0, 0))
    decision = quality_exhausted(refused, is_portrait=is_portrait)
    assert decision.reason == reason
    assert decision.rules == (Rule("quality-refused", "More light is needed."), rules.THIRD_ATTEMPT)
    assert outcome_of(decision) == (Outcome.NOT_COMPARED, NextStep.MANUAL_CHECK)


def test_a_photograph_that_did_not_look_live_ends_it_at_once() -> None:
    """The rule says why no other photograph follows, and accuses nobody."""
    refused = Refused(Stage.LIVENESS, Reason.NOT_LIVE, "Look at the camera.", StageMillis(0, 0, 0, 0))
    decision = quality_exhausted(refused)
    assert decision.reason == "quality.not_live"
    assert decision.rules == (Rule("quality-refused", "Look at the camera."), rules.LIVENESS_NOT_SHOWN)


def test_an_unreachable_part_is_a_manual_check() -> None:
    """What could not be computed says nothing about the person."""
    assert unavailable() == NotCompared("unavailable.inference", (rules.UNAVAILABLE,))
    assert unavailable("gallery").reason == "unavailable.gallery"


OUTCOMES: list[tuple[Decision, Outcome, NextStep]] = [
    (Match("r1", ()), Outcome.MATCH, NextStep.PROCEED),
    (NoMatch(()), Outcome.NO_MATCH, NextStep.REFER_TO_OFFICER),
    (Referred("r1", "ambiguous", ()), Outcome.REFERRED, NextStep.REFER_TO_OFFICER),
    (NotCompared("x", ()), Outcome.NOT_COMPARED, NextStep.MANUAL_CHECK),
]


@pytest.mark.parametrize("decision, outcome, step", OUTCOMES)
def test_what_follows_a_decision(decision: Decision, outcome: Outcome, step: NextStep) -> None:
    """Each of the four decisions has one word and one next step, none of them adverse."""
    assert outcome_of(decision) == (outcome, step)


def constants() -> list[Rule]:
    """Return every rule that the module names."""
    return [value for value in vars(rules).values() if isinstance(value, Rule)]


def test_rules_have_stable_unique_ids() -> None:
    """Ids are lower-case words with hyphens, each used once."""
    ids = [rule.rule_id for rule in constants()]
    assert len(set(ids)) == len(ids) > 15
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in ids)


def test_no_rule_shows_a_number_or_accuses_anybody() -> None:
    """Sentences go to people before their own verdict: no score, threshold or rate, and no finding about the person."""
    for rule in constants():
        assert not re.search(r"\d", rule.sentence)
        assert not re.search(r"impostor|false|fake|fraud|suspect|wrong|liar|deny|denied", rule.sentence, re.IGNORECASE)
