"""The census: every encounter from its opening to the end of what was kept of it, with nothing left out (CBP-22).

Read from the facts alone; no database is opened. What contradicts itself is a fault; a person who left before an answer
is none, and is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from .custody import judge_custody
from .erasures import receipts_in
from .events import Erased, Event, Excuses
from .findings import Report
from .rows import Census, Row
from .steps import UNDECIDED, Replayed, replay

OPENED, ANSWERED, OPTED_OUT = "encounter.opened", "attempt.answered", "encounter.opted_out"
RAISED, STEPPED = "referral.raised", "referral.stepped"
_UNANSWERED = frozenset({"opened", "retry"})
Fault = Callable[[str, str], None]


def take_census(report: Report, events: Sequence[Event], erased: Sequence[Erased], exported_at_ms: int) -> Census:
    """Return one row for each encounter, naming what contradicts itself or is missing without an erasure's receipt."""
    since = report.found
    by_encounter: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: event.order):
        if event.text("encounter") and (event.time("time") < 0 or not event.kind):
            report.fault("census.facts", f"{event.called} does not say what happened to its encounter, and when.")
        elif event.text("encounter"):
            by_encounter.setdefault(event.text("encounter"), []).append(event)
    last_receipt = {encounter: receipt for receipt in receipts_in(events) for encounter in receipt.texts("encounters")}
    excuses = Excuses.of(erased)
    rows = tuple(
        _row(report, story, excuses, last_receipt.get(encounter), exported_at_ms)
        for encounter, story in by_encounter.items()
    )
    census = _summed(rows, events, len(erased))
    told = ", ".join(f"{count} {decision}" for decision, count in census.by_decision.items()) or "none"
    report.checked("census", f"Every encounter ({len(rows)}) is accounted for: {told}.", since=since)
    return census


def _row(
    report: Report, story: Sequence[Event], excuses: Excuses, receipt: Event | None, exported_at_ms: int
) -> Row:  # fmt: skip
    encounter, gaps = story[0].text("encounter"), list[str]()

    def gap(code: str, what: str) -> None:
        gaps.append(what)
        report.fault(code, f"Encounter {encounter}: {what}.")

    openings, answers = _of(story, OPENED), _of(story, ANSWERED)
    first = _opening(openings, story, excuses, gap)
    last = _decision(openings, answers, _of(story, OPTED_OUT), excuses, gap)
    if last is None:
        gaps.append("no decision")
    for event in (*answers, *_of(story, OPTED_OUT)):
        if openings and event.text("charter") != first.text("charter"):
            gap("census.other_charter", f"{event.called} is under another charter than the opening")
    cases = _cases(story, [*openings[:1], *answers], excuses, gap)
    custody = judge_custody(story, receipt, exported_at_ms, gap)
    shown = last or first
    return Row(
        encounter=encounter, checkpoint=first.text("checkpoint"), mode=first.text("mode") or shown.text("mode"),
        opened=first.text("time") if openings else "", decided=last.text("time") if last else "",
        decision=last.text("decision") if last else "undecided", reason=last.text("reason") if last else "",
        charter=shown.text("charter"), operating_point=shown.text("operating_point"), weights=shown.text("weights"),
        policy=shown.text("policy"), attempts=len(answers), referrals=len(cases),
        case=_stands(cases, exported_at_ms), settled=cases[-1].settled if cases else "",
        custody=custody.outcome, kept_until=custody.kept_until, erased_by=custody.erased_by, gaps=tuple(gaps),
    )  # fmt: skip


def _of(story: Sequence[Event], kind: str) -> list[Event]:
    return [event for event in story if event.kind == kind]


def _opening(openings: Sequence[Event], story: Sequence[Event], excuses: Excuses, gap: Fault) -> Event:
    """Return the opening, or where it is gone what came first."""
    if not openings and not excuses.excuse(story[0]):
        gap("census.no_opening", f"{story[0].called} ({story[0].kind}) has no opening before it")
    if len(openings) > 1:
        gap("census.two_openings", f"{openings[1].called} opens it a second time")
    first = openings[0] if openings else story[0]
    if first is not story[0]:
        gap("census.no_opening", f"{story[0].called} ({story[0].kind}) is earlier than the opening")
    return first


def _decision(
    openings: Sequence[Event], answers: Sequence[Event], refusals: Sequence[Event], excuses: Excuses, gap: Fault
) -> Event | None:
    """Return the event that answered, which must be one; attempts count from 1 and only the last may answer."""
    for number, answer in enumerate(answers, start=1):
        missing = answer.number("attempt") - number
        if missing < 0 or (missing > 0 and not excuses.excuse(answer)):
            gap(
                "census.attempts",
                f"{answer.called} says attempt {answer.number('attempt')} and is number {number}",
            )
    decided = [one for one in (*openings[:1], *answers, *refusals) if one.text("decision") not in _UNANSWERED]
    if len(decided) > 1:
        gap("census.two_decisions", f"{decided[1].called} answers a second time, after {decided[0].called}")
    later = [one for one in answers if decided and one.order > decided[0].order and one not in decided]
    if later:
        gap("census.two_decisions", f"{later[0].called} comes after the answer")
    return decided[-1] if decided else None


def _cases(story: Sequence[Event], answers: Sequence[Event], excuses: Excuses, gap: Fault) -> list[Replayed]:
    """Return the referrals after their steps; whom an answer, even at once, sends to an officer, a referral follows."""
    raised, steps = _of(story, RAISED), _of(story, STEPPED)
    sent = [answer for answer in answers if answer.text("next_step") == "refer_to_officer"]
    automatic = [event for event in raised if not event.text("by")]
    if len(automatic) < len(sent) and not excuses.excuse(sent[-1]):
        gap("census.no_referral", f"{sent[-1].called} sends the person to an officer, and no referral was raised")
    if len(automatic) > len(sent) and not excuses.excuse(automatic[-1]):
        gap("census.no_answer", f"{automatic[-1].called} refers the person, and no answer asked for it")
    known = {event.text("referral") for event in raised}
    for step in steps:
        if step.text("referral") not in known and not excuses.excuse(step):
            gap("census.no_referral", f"{step.called} ({step.text('step')}) is a step of no referral that was raised")
    replayed = []
    for event in raised:
        case = replay(event, [step for step in steps if step.text("referral") == event.text("referral")])
        for step in case.wrong:
            if not excuses.excuse(step):
                gap("census.step_order", f"{step.called}: a referral in that state does not take {step.text('step')}")
        replayed.append(case)
    return replayed


def _stands(cases: Sequence[Replayed], exported_at_ms: int) -> str:
    """Return where the last referral stands; undecided past its clock it has lapsed."""
    if not cases:
        return ""
    last = cases[-1]
    return "lapsed" if last.state in UNDECIDED and 0 <= last.due_ms < exported_at_ms else last.state


def _summed(rows: tuple[Row, ...], events: Sequence[Event], erased: int) -> Census:
    return Census(
        rows=rows,
        by_decision=dict(sorted(Counter(row.decision for row in rows).items())),
        by_case=dict(sorted(Counter(row.case for row in rows if row.case).items())),
        by_custody=dict(sorted(Counter(row.custody for row in rows).items())),
        by_event=dict(sorted(Counter(event.kind for event in events).items())),
        erased=erased,
        with_gaps=sum(1 for row in rows if row.gaps),
    )
