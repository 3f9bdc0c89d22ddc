"""The census accounts for every encounter from a bundle alone (CBP-22), and names what is missing or contradictory."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from countenance.audit import COLUMNS, Findings, as_csv, summed
from countenance.audit.steps import TRANSITIONS
from countenance.cases.referral import TRANSITIONS as SITES_OWN
from countenance.terms import Instant, iso
from fakes.record_site import RecordSite
from fakes.stories import HOUR, KEPT, Stories, rows


@pytest.fixture
def stories(tmp_path: Path) -> Stories:
    """Return an empty record to tell stories in."""
    return Stories(RecordSite(tmp_path))


def codes(findings: Findings) -> set[str]:
    """Return the codes of the faults."""
    return {fault.code for fault in findings.faults}


def test_every_encounter_against_ground_truth(stories: Stories) -> None:
    """For 200 encounters of every kind the rows say exactly what happened to each: decision, reason, case, time."""
    truth: dict[str, tuple[str, int, str]] = {}
    for number in range(200):
        name = f"{number:032x}"
        stories.opened(name, **({"decision": "not_compared", "reason": "too_young"} if number % 8 == 7 else {}))
        match number % 8:
            case 0 | 1 | 2:
                stories.answered(name, "match")
                truth[name] = ("match", 1, "")
            case 3:
                stories.answered(name, "retry", 1)
                stories.answered(name, "match", 2)
                truth[name] = ("match", 2, "")
            case 4:
                stories.answered(name, "no_match")
                stories.referred(name)
                stories.stepped(name, "clear", "cleared")
                truth[name] = ("no_match", 1, "cleared")
            case 5:
                stories.answered(name, "retry", 1)
                stories.answered(name, "no_match", 2)
                stories.referred(name)
                stories.stepped(name, "find", "adverse")
                stories.stepped(name, "contest", "contested", kept=KEPT)
                stories.stepped(name, "uphold", "upheld")
                truth[name] = ("no_match", 2, "upheld")
            case 6:
                stories.tell("encounter.opted_out", name, decision="opted_out", mode="verify", kept=KEPT)
                truth[name] = ("opted_out", 0, "")
            case _:
                truth[name] = ("not_compared", 0, "")
    findings = stories.audited()
    assert findings.ok, findings.faults
    assert {name: (row.decision, row.attempts, row.case) for name, row in rows(findings).items()} == truth
    census = findings.census
    assert census is not None
    assert census.by_decision == dict(sorted(Counter(kind for kind, _, _ in truth.values()).items()))
    assert sum(census.by_event.values()) + census.erased == findings.counts.bodies == len(stories.written)
    for row in census.rows:
        assert row.opened < row.decided or row.decision == "not_compared"
        assert (row.charter, row.operating_point, row.custody, row.gaps) == ("c" * 64, "o" * 64, "kept", ())
        assert (row.reason == "") == (row.decision in {"match", "opted_out"})


def test_a_person_who_left_is_counted_and_no_fault(stories: Stories) -> None:
    """An encounter without an answer is named as such; people may leave."""
    stories.opened("a")
    stories.opened("b")
    stories.answered("b", "retry")
    findings = stories.audited()
    assert findings.ok, findings.faults
    assert [(row.decision, row.gaps) for row in rows(findings).values()] == [("undecided", ("no decision",))] * 2


def answer_without_opening(stories: Stories) -> None:
    """Answer what was never opened."""
    stories.answered("a", "match")


def answer_before_opening(stories: Stories) -> None:
    """Answer first, open later."""
    stories.answered("a", "match")
    stories.opened("a")


def two_openings(stories: Stories) -> None:
    """Open twice."""
    stories.opened("a")
    stories.opened("a")


def two_answers(stories: Stories) -> None:
    """Answer twice."""
    stories.opened("a")
    stories.answered("a", "match", 1)
    stories.answered("a", "match", 2)


def retry_after_answer(stories: Stories) -> None:
    """Go on photographing after the answer."""
    stories.opened("a")
    stories.answered("a", "match", 1)
    stories.answered("a", "retry", 2)


def same_attempt_twice(stories: Stories) -> None:
    """Answer an attempt again."""
    stories.opened("a")
    stories.answered("a", "retry", 1)
    stories.answered("a", "match", 1)


def attempt_left_out(stories: Stories) -> None:
    """Begin with the second attempt."""
    stories.opened("a")
    stories.answered("a", "match", 2)


def other_charter(stories: Stories) -> None:
    """Answer under a charter that the person was not told of."""
    stories.opened("a")
    stories.answered("a", "match", charter="d" * 64)


def mismatch_without_referral(stories: Stories) -> None:
    """Send somebody to an officer, and no case begins."""
    stories.opened("a")
    stories.answered("a", "no_match")


def referral_without_answer(stories: Stories) -> None:
    """Refer somebody whom no answer referred, in nobody's name."""
    stories.opened("a")
    stories.referred("a")


def referral_without_encounter(stories: Stories) -> None:
    """Refer somebody who never came."""
    stories.referred("a", by="operator:1")


def step_without_referral(stories: Stories) -> None:
    """Decide in a case that was not begun."""
    stories.opened("a")
    stories.stepped("a", "clear", "cleared")


def steps_out_of_order(stories: Stories) -> None:
    """Find against somebody who was cleared."""
    stories.opened("a")
    stories.answered("a", "no_match")
    stories.referred("a")
    stories.stepped("a", "clear", "cleared")
    stories.stepped("a", "find", "adverse")


def step_to_another_state(stories: Stories) -> None:
    """Call a clearance adverse."""
    stories.opened("a")
    stories.answered("a", "no_match")
    stories.referred("a")
    stories.stepped("a", "clear", "adverse")


def nothing_said(stories: Stories) -> None:
    """Record something about an encounter without saying when."""
    stories.tell("encounter.opened", "a", time="yesterday")


@pytest.mark.parametrize("story,code", [
    (answer_without_opening, "census.no_opening"), (answer_before_opening, "census.no_opening"),
    (two_openings, "census.two_openings"), (two_answers, "census.two_decisions"),
    (retry_after_answer, "census.two_decisions"), (same_attempt_twice, "census.attempts"),
    (attempt_left_out, "census.attempts"), (other_charter, "census.other_charter"),
    (mismatch_without_referral, "census.no_referral"), (referral_without_answer, "census.no_answer"),
    (referral_without_encounter, "census.no_opening"), (step_without_referral, "census.no_referral"),
    (steps_out_of_order, "census.step_order"), (step_to_another_state, "census.step_order"),
    (nothing_said, "census.facts"),
])  # fmt: skip
def test_stories_that_do_not_hold(stories: Stories, story: Callable[[Stories], None], code: str) -> None:
    """Each way in which a record can contradict itself has its name, and the row says so in words."""
    story(stories)
    findings = stories.audited()
    assert codes(findings) == {code}
    assert code == "census.facts" or rows(findings)["a"].gaps
    assert not findings.passed("census")


def test_an_officer_may_refer_whatever_was_answered(stories: Stories) -> None:
    """A referral in somebody's name needs no answer that asked for it, and a cleared person may be referred again."""
    stories.opened("a")
    stories.answered("a", "match")
    stories.referred("a", by="operator:1", state="waiting")
    stories.stepped("a", "clear", "cleared")
    stories.referred("a", by="operator:2", state="waiting", referral="second")
    findings = stories.audited()
    assert findings.ok, findings.faults
    assert (rows(findings)["a"].referrals, rows(findings)["a"].case) == (2, "waiting")


def test_an_opening_may_send_somebody_to_an_officer(stories: Stories) -> None:
    """Whoever comes back while still referred is referred at once: the opening is the answer, and a case follows."""
    stories.opened("a", decision="referred", reason="earlier_referral", next_step="refer_to_officer")
    stories.referred("a", reason="earlier_referral")
    findings = stories.audited()
    assert findings.ok, findings.faults
    assert (rows(findings)["a"].decision, rows(findings)["a"].case) == ("referred", "secondary")
    stories.opened("b", decision="referred", reason="earlier_referral", next_step="refer_to_officer")
    assert codes(stories.audited()) == {"census.no_referral"}


def test_steps_of_one_instant_are_put_in_the_order_that_fits(stories: Stories) -> None:
    """Two steps at the same millisecond are not a contradiction where one order of them is possible."""
    stories.opened("a")
    stories.answered("a", "no_match")
    stories.referred("a", state="waiting")
    stories.stepped("a", "send_on", "secondary")
    stories.now -= 1000
    stories.stepped("a", "find", "adverse")
    findings = stories.audited()
    assert findings.ok, findings.faults
    assert rows(findings)["a"].case == "adverse"


def test_the_verifier_knows_the_sites_own_table() -> None:
    """The table that is replayed says what the site's says, written twice so that one mistake cannot hide in both."""
    assert {(str(at), str(step)): str(after) for (at, step), (after, _) in SITES_OWN.items()} == TRANSITIONS


# --- custody ----------------------------------------------------------------------------------------------------------
def referred_and_settled(stories: Stories) -> None:
    """Let one person pass and one be referred and cleared."""
    stories.opened("passed")
    stories.answered("passed", "match")
    stories.opened("stopped")
    stories.answered("stopped", "no_match")
    stories.referred("stopped")


def test_kept_until_the_clock(stories: Stories) -> None:
    """While the latest clock runs something may be kept; two minutes after it without a receipt it is overdue."""
    referred_and_settled(stories)
    last = stories.now + KEPT
    early = stories.audited(later=last - stories.now - 1000)
    assert early.ok, early.faults
    assert {row.custody for row in rows(early).values()} == {"kept"}
    grace = stories.audited(later=last + 119_000 - stories.now - 1000)
    assert rows(grace)["stopped"].custody == "kept"
    late = stories.audited(later=10_000)
    assert codes(late) == {"census.custody"}
    assert {row.custody for row in rows(late).values()} == {"overdue"}
    assert rows(late)["stopped"].case == "lapsed"


def test_gone_with_a_receipt(stories: Stories) -> None:
    """An erasure that names the encounter ends its custody, whenever it was; the row names it."""
    referred_and_settled(stories)
    stories.erased(encounters=("passed", "stopped"), erasure="5" * 32)
    findings = stories.audited(later=9 * KEPT)
    assert findings.ok, findings.faults
    assert {(row.custody, row.erased_by) for row in rows(findings).values()} == {("gone", "5" * 32)}


def test_what_is_sealed_after_an_erasure_has_a_clock_again(stories: Stories) -> None:
    """A receipt says nothing about what came after its erasure began, unless that ran out before it ended."""
    referred_and_settled(stories)
    begun = iso(Instant(stories.now))
    stories.stepped("stopped", "clear", "cleared", kept=HOUR)
    stories.stepped("stopped", "contest", "contested", kept=HOUR)
    stories.tell("referral.opened", "passed", kept=500)
    stories.erased(encounters=("passed", "stopped"), begun=begun)
    findings = stories.audited(later=HOUR // 2)
    assert (rows(findings)["stopped"].custody, rows(findings)["passed"].custody) == ("kept", "gone")
    assert codes(stories.audited(later=HOUR)) == {"census.custody"}


def test_a_contest_holds_and_a_review_lets_go(stories: Stories) -> None:
    """Frozen until the contest's clock; after its review only the ordinary clock counts, or the review itself."""
    referred_and_settled(stories)
    stories.stepped("stopped", "clear", "cleared")
    stories.stepped("stopped", "contest", "contested", kept=10 * KEPT)
    stories.erased(encounters=("passed",))
    assert rows(stories.audited(later=5 * KEPT))["stopped"].custody == "kept"
    stories.stepped("stopped", "correct", "corrected")
    assert rows(stories.audited())["stopped"].custody == "kept"
    assert rows(stories.audited(later=150_000))["stopped"].custody == "overdue"


def test_an_evidence_lock_lasts_until_it_is_released(stories: Stories) -> None:
    """A lock lengthens the clock to its end; released, what is left goes by the clock that the release states."""
    referred_and_settled(stories)
    stories.tell("hold.placed", "stopped", kept=20 * KEPT, hold="h", by="administrator:1")
    stories.erased(encounters=("passed",))
    assert rows(stories.audited(later=15 * KEPT))["stopped"].custody == "kept"
    stories.tell("hold.released", "stopped", kept=0, hold="h", by="administrator:1")
    assert rows(stories.audited())["stopped"].custody == "kept"
    assert rows(stories.audited(later=150_000))["stopped"].custody == "overdue"


def test_older_records_state_no_clock(stories: Stories) -> None:
    """Entries that do not say until when anything is kept are counted as that, and are no fault."""
    stories.opened("a", kept=None)
    stories.answered("a", "match", kept=None)
    findings = stories.audited(later=9 * KEPT)
    assert findings.ok, findings.faults
    assert rows(findings)["a"].custody == "unstated"


# --- as a table -------------------------------------------------------------------------------------------------------
def test_as_csv_and_in_a_few_lines(stories: Stories) -> None:
    """Every row is a line with every column; nothing in it is a formula; the sums are those of the rows."""
    referred_and_settled(stories)
    stories.answered("=cmd|' /C calc'!A0", "match")
    findings = stories.audited()
    assert findings.census is not None
    told = list(csv.DictReader(io.StringIO(as_csv(findings.census))))
    assert [row["decision"] for row in told] == ["match", "no_match", "match"]
    assert tuple(told[0]) == COLUMNS
    assert told[2]["encounter"].startswith("'=")
    assert ("decisions", "2 match, 1 no_match") in summed(findings.census)
    assert ("encounters", "3, 1 with gaps") in summed(findings.census)
