"""The state machine of an encounter: open, at most three attempts, then decided; or refused by the person.

    state        event                              next state   attempts left
    OPEN         photograph refused, attempt 1, 2   OPEN         2, 1
    OPEN         photograph refused, attempt 3      DECIDED      0   (NotCompared: ordinary manual check)
    OPEN         any decision                       DECIDED      0   (a NoMatch ends comparison; nobody tries again)
    OPEN         opt-out                            OPTED_OUT    0
    DECIDED, OPTED_OUT, or past its time            nothing more: refused with a reason

Only a photograph that could not be used is worth another attempt. One that did not look live is not: its answer would
teach how to pass. An identical resend is answered from the store before any of this is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from countenance.errors import EncounterError
from countenance.terms import Decision, Encounter, EncounterState, Instant, Refused, Stage

MAX_ATTEMPTS = 3
"""How many photographs one encounter may send."""


@dataclass(frozen=True, slots=True)
class AfterAttempt:
    """Where an encounter stands after an attempt was answered."""

    state: EncounterState
    attempts_used: int
    attempts_left: int


def check_open(encounter: Encounter, now: Instant) -> None:
    """Return only if something may still happen under this encounter's token.

    Raises:
        EncounterError: ``encounter.opted_out``, ``encounter.closed``, ``encounter.expired``, in this order.
    """
    if encounter.state is EncounterState.OPTED_OUT:
        raise EncounterError(
            "encounter.opted_out",
            "The person refused; nothing is compared in this encounter.",
            remedy="Do the ordinary manual check. The token is spent.",
        )
    if encounter.state is not EncounterState.OPEN:
        raise EncounterError(
            "encounter.closed",
            "This encounter was decided; one token covers one encounter.",
            remedy="Follow the reply that was given; open a new encounter for the next person.",
        )
    if now >= encounter.expires_at:
        raise EncounterError(
            "encounter.expired",
            "This encounter's token has expired.",
            remedy="Open a new encounter, with the notice and the offer to refuse.",
        )


def check_next(encounter: Encounter, attempt: int, now: Instant) -> None:
    """Return only if ``attempt`` (1, 2 or 3) is the one that may come next.

    Raises:
        EncounterError: as :func:`check_open`, then ``encounter.no_attempts_left`` and
            ``encounter.attempt_out_of_order``; no frame was decoded.
    """
    check_open(encounter, now)
    if attempt > MAX_ATTEMPTS or encounter.attempts_used >= MAX_ATTEMPTS:
        raise EncounterError(
            "encounter.no_attempts_left",
            f"An encounter has {MAX_ATTEMPTS} attempts.",
            remedy="Do the ordinary manual check.",
        )
    if attempt != encounter.attempts_used + 1:
        raise EncounterError(
            "encounter.attempt_out_of_order",
            f"Attempt {attempt} cannot follow {encounter.attempts_used} used.",
            remedy=f"Send attempt {encounter.attempts_used + 1}; resend an answered one with exactly the same body.",
        )


def may_retry(attempt: int, refused: Refused) -> bool:
    """Return whether another photograph may follow a refused one."""
    return attempt < MAX_ATTEMPTS and refused.stage is not Stage.LIVENESS


def after(attempt: int, result: Refused | Decision) -> AfterAttempt:
    """Return where the encounter stands once ``attempt`` gave ``result``; the table in this module's docstring."""
    if isinstance(result, Refused) and may_retry(attempt, result):
        return AfterAttempt(EncounterState.OPEN, attempt, MAX_ATTEMPTS - attempt)
    return AfterAttempt(EncounterState.DECIDED, attempt, 0)
