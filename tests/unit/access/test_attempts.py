"""The state machine of an encounter, row by row and as a walk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.access import MAX_ATTEMPTS, attempts
from countenance.access.attempts import AfterAttempt
from countenance.errors import EncounterError
from countenance.terms import (
    Decision,
    EncounterState,
    Instant,
    Match,
    NoMatch,
    NotCompared,
    Reason,
    Referred,
    Refused,
    Stage,
    StageMillis,
)
from fakes.papers import NOW, encounter

OPEN, DECIDED, OPTED_OUT = EncounterState.OPEN, EncounterState.DECIDED, EncounterState.OPTED_OUT
IN_TIME, LAST, TOO_LATE = NOW, NOW + 119_999, NOW + 120_000


def refused(stage: Stage) -> Refused:
    """Return a refusal at a stage."""
    return Refused(stage, Reason.BLURRED, "Hold still.", StageMillis(0, 0, 0, 0))


NEXT: list[tuple[EncounterState, int, int, int, str]] = [
    (OPEN, 0, 1, IN_TIME, ""),
    (OPEN, 0, 1, LAST, ""),
    (OPEN, 1, 2, IN_TIME, ""),
    (OPEN, 2, 3, IN_TIME, ""),
    (OPEN, 0, 1, TOO_LATE, "encounter.expired"),
    (OPEN, 2, 3, TOO_LATE, "encounter.expired"),
    (OPEN, 0, 0, IN_TIME, "encounter.attempt_out_of_order"),
    (OPEN, 0, -1, IN_TIME, "encounter.attempt_out_of_order"),
    (OPEN, 0, 2, IN_TIME, "encounter.attempt_out_of_order"),
    (OPEN, 0, 3, IN_TIME, "encounter.attempt_out_of_order"),
    (OPEN, 1, 1, IN_TIME, "encounter.attempt_out_of_order"),
    (OPEN, 1, 3, IN_TIME, "encounter.attempt_out_of_order"),
    (OPEN, 2, 1, IN_TIME, "encounter.attempt_out_of_order"),
    (OPEN, 2, 2, IN_TIME, "encounter.attempt_out_of_order"),
    (OPEN, 0, 4, IN_TIME, "encounter.no_attempts_left"),
    (OPEN, 3, 4, IN_TIME, "encounter.no_attempts_left"),
    (OPEN, 3, 3, IN_TIME, "encounter.no_attempts_left"),
    (OPEN, 3, 1, IN_TIME, "encounter.no_attempts_left"),
    (DECIDED, 0, 1, IN_TIME, "encounter.closed"),
    (DECIDED, 1, 2, IN_TIME, "encounter.closed"),
    (DECIDED, 3, 4, IN_TIME, "encounter.closed"),
    (DECIDED, 1, 2, TOO_LATE, "encounter.closed"),
    (OPTED_OUT, 0, 1, IN_TIME, "encounter.opted_out"),
    (OPTED_OUT, 2, 3, IN_TIME, "encounter.opted_out"),
    (OPTED_OUT, 0, 1, TOO_LATE, "encounter.opted_out"),
]


@pytest.mark.parametrize("state, used, attempt, now, code", NEXT)
def test_which_attempt_may_come(state: EncounterState, used: int, attempt: int, now: int, code: str) -> None:
    """Only the next attempt of an open encounter in its time may come; everything else has its reason."""
    told = ""
    try:
        attempts.check_next(encounter(state=state, attempts_used=used), attempt, Instant(now))
    except EncounterError as error:
        told = error.code
    assert told == code


OPENNESS = [
    (OPEN, IN_TIME, ""),
    (OPEN, LAST, ""),
    (OPEN, TOO_LATE, "encounter.expired"),
    (DECIDED, IN_TIME, "encounter.closed"),
    (OPTED_OUT, IN_TIME, "encounter.opted_out"),
]


@pytest.mark.parametrize("state, now, code", OPENNESS)
def test_whether_anything_may_still_happen(state: EncounterState, now: int, code: str) -> None:
    """A refusal by the person needs an open encounter in its time too, whatever attempts were used."""
    told = ""
    try:
        attempts.check_open(encounter(state=state, attempts_used=3), Instant(now))
    except EncounterError as error:
        told = error.code
    assert told == code


AFTER: list[tuple[int, Refused | Decision, AfterAttempt]] = [
    *[(1, refused(stage), AfterAttempt(OPEN, 1, 2)) for stage in Stage if stage is not Stage.LIVENESS],
    *[(2, refused(stage), AfterAttempt(OPEN, 2, 1)) for stage in Stage if stage is not Stage.LIVENESS],
    *[(3, refused(stage), AfterAttempt(DECIDED, 3, 0)) for stage in Stage],
    *[(number, refused(Stage.LIVENESS), AfterAttempt(DECIDED, number, 0)) for number in (1, 2)],
    *[
        (number, decision, AfterAttempt(DECIDED, number, 0))
        for number in (1, 2, 3)
        for decision in (Match("r", ()), NoMatch(()), NotCompared("x", ()), Referred("r", "ambiguous", ()))
    ],
]


@pytest.mark.parametrize("attempt, result, after", AFTER)
def test_what_follows_an_attempt(attempt: int, result: Refused | Decision, after: AfterAttempt) -> None:
    """Only a photograph that could not be used is worth another; the third ends it, and so does any decision."""
    assert attempts.after(attempt, result) == after


RESULTS = st.sampled_from([refused(stage) for stage in Stage] + [Match("r", ()), NoMatch(()), NotCompared("x", ())])


@given(st.lists(st.tuples(st.integers(0, 5), RESULTS), max_size=12))
def test_no_walk_gets_a_fourth_photograph(steps: list[tuple[int, Refused | Decision]]) -> None:
    """Whatever is sent in whatever order, at most three attempts are answered, and none after a decision."""
    state, answered, ended = encounter(), 0, False
    for attempt, result in steps:
        try:
            attempts.check_next(state, attempt, Instant(NOW))
        except EncounterError:
            continue
        assert not ended
        answered += 1
        after = attempts.after(attempt, result)
        assert after.attempts_used == answered
        assert after.attempts_left == (0 if after.state is DECIDED else MAX_ATTEMPTS - answered)
        ended = after.state is DECIDED
        state = encounter(state=after.state, attempts_used=after.attempts_used)
    assert answered <= MAX_ATTEMPTS == 3
