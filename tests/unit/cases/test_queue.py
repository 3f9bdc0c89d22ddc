"""What waits for a human comes in the order in which it is due, and what is over does not come."""

from __future__ import annotations

from dataclasses import replace

from countenance.cases import overdue, queue
from countenance.terms import Case, CaseEvent, CaseState, CaseStep, Compared, Instant, Referral, Role

NOW = Instant(1_000_000)
BASE = Referral(
    "0" * 32, "e" * 32, "lane-1", "c" * 64, "no_match", Compared.PORTRAIT, CaseState.SECONDARY, "operator:1",
    Instant(1), Instant(NOW + 10), Instant(NOW + 100), "", "", "", "", "",
)  # fmt: skip


def case(name: str, begins: CaseState, opened_at: int = 1, **step: object) -> Case:
    """Return a case with at most one step."""
    referral = replace(BASE, referral_id=name * 32, begins=begins, opened_at=Instant(opened_at))
    fields: dict[str, object] = {"event": CaseEvent.CONTEST, "at": Instant(opened_at), "until": Instant(0)} | step
    if not step:
        return Case(referral, ())
    done = CaseStep(
        referral_id=name * 32, number=1, by="x:1", role=Role.SUPERVISOR, second_facts=(), entry="", **fields  # type: ignore[arg-type] # fields by name
    )  # fmt: skip
    return Case(referral, (done,))


def test_people_first_then_contests_late_ones_before_all() -> None:
    """A late contest, secondary, the officer's, contests; in each the oldest; lapsed and ended ones wait for nobody."""
    late = case("1", CaseState.SECONDARY, 9, state=CaseState.CONTESTED, until=NOW)
    second_old, second = case("2", CaseState.SECONDARY, 2), case("3", CaseState.SECONDARY, 3)
    waiting = case("4", CaseState.WAITING, 1)
    contested = case("5", CaseState.SECONDARY, 1, state=CaseState.CONTESTED, until=Instant(NOW + 1))
    over = case("6", CaseState.SECONDARY, 1, event=CaseEvent.CLEAR, state=CaseState.CLEARED)
    lapsed = Case(replace(BASE, expires_at=NOW), ())
    cases = [over, contested, lapsed, waiting, second, second_old, late]
    assert queue(cases, NOW) == (late, second_old, second, waiting, contested)


def test_a_contest_is_overdue_at_its_clock() -> None:
    """One instant before its clock ends a contest is in time."""
    contested = case("5", CaseState.SECONDARY, state=CaseState.CONTESTED, until=NOW)
    assert (overdue(contested, Instant(NOW - 1)), overdue(contested, NOW)) == (False, True)
    assert not overdue(case("2", CaseState.SECONDARY), NOW)
