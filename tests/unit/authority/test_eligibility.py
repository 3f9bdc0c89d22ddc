"""Who may refuse and who must not be photographed is data with dates: the same person may get two answers (CBP-30)."""

from __future__ import annotations

from typing import Any

import pytest

from countenance.authority import (
    check_offer,
    check_refusal,
    may_refuse,
    parse_charter,
    render_profile,
    rule_for,
    rules_at,
    spare,
)
from countenance.errors import CharterError, EncounterError
from countenance.terms import (
    Charter,
    Checkpoint,
    ClassRetention,
    ClassRule,
    Eligibility,
    EligibilityRules,
    Instant,
    Retention,
    parse_iso,
)
from fakes.papers import BEGIN, NOW, PROFILE_VALUES, charter

BEFORE, AFTER = parse_iso("2025-12-25T12:00:00-05:00"), parse_iso("2025-12-26T12:00:00-05:00")
LAND = parse_charter(render_profile("land-pedestrian", PROFILE_VALUES))
LANE = Checkpoint("lane-1", "Lane 1", "An officer looks.", "n", biometric=True)


def rule(name: str, *, refuse: bool, under: int = 0, over: int = -1) -> ClassRule:
    """Return one class's rule."""
    return ClassRule(name, may_refuse=refuse, exempt_under=under, exempt_over=over)


def paper(*rules: ClassRule) -> Charter:
    """Return a charter with these rules from its beginning on."""
    return charter(eligibility=(EligibilityRules(BEGIN, "A law", rules),))


def person(name: str, age: int = 30, *, offered: bool = False) -> Eligibility:
    """Return somebody of this class and age."""
    return Eligibility(name, age, 5, refusal_offered=offered)


CITIZENS = paper(rule("citizen", refuse=True), rule("visitor", refuse=False))
EVERYONE = paper(rule("everyone", refuse=True))
NOBODY = paper(rule("everyone", refuse=False))
STAFF = charter(
    eligibility=(
        EligibilityRules(BEGIN, "A law", (rule("staff", refuse=True),)),
        EligibilityRules(Instant(BEGIN + 1), "Another law", (rule("everyone", refuse=False),)),
    ),
    class_retention=(ClassRetention("staff", (Retention("personal", 1),)),),
)
"""Names a class that only the rule for everybody holds for now."""
CASES = [
    (CITIZENS, "citizen", True, ""),
    (CITIZENS, "citizen", False, "encounter.refusal_not_offered"),
    (CITIZENS, "visitor", False, ""),
    (CITIZENS, "visitor", True, "encounter.refusal_not_due"),
    (CITIZENS, "unknown", False, "encounter.refusal_not_offered"),
    (CITIZENS, "unknown", True, ""),
    (CITIZENS, "of no known class", False, "encounter.refusal_not_offered"),
    (CITIZENS, "of no known class", True, ""),
    (EVERYONE, "visitor", False, "encounter.refusal_not_offered"),
    (EVERYONE, "visitor", True, ""),
    (NOBODY, "everyone", False, ""),
    (NOBODY, "everyone", True, "encounter.refusal_not_due"),
    (NOBODY, "visitor", False, "encounter.refusal_not_offered"),
    (STAFF, "staff", True, "encounter.refusal_not_due"),
    (STAFF, "staf", False, "encounter.refusal_not_offered"),
    (STAFF, "staf", True, ""),
    (NOBODY, "unknown", False, "encounter.refusal_not_offered"),
    (NOBODY, "unknown", True, ""),
]


@pytest.mark.parametrize("rules, person_class, offered, code", CASES)
def test_refusal_comes_before_the_camera(*, rules: Charter, person_class: str, offered: bool, code: str) -> None:
    """Whoever may refuse is offered it, and nobody else; people of unknown class always may (CBP-16)."""
    someone = person(person_class, offered=offered)
    if not code:
        check_offer(rules, someone, NOW)
        return
    with pytest.raises(EncounterError) as refusal:
        check_offer(rules, someone, NOW)
    assert refusal.value.code == code
    assert refusal.value.remedy


@pytest.mark.parametrize("rules, person_class, right", [
    (CITIZENS, "citizen", True), (CITIZENS, "visitor", False), (CITIZENS, "unknown", True), (STAFF, "staff", False),
    (STAFF, "staf", True),
])  # fmt: skip
def test_a_refusal_needs_the_right(*, rules: Charter, person_class: str, right: bool) -> None:
    """Who has the right refuses; who has none is told by which law, and nothing changes."""
    if right:
        check_refusal(rules, person(person_class), NOW)
        return
    with pytest.raises(EncounterError, match="law") as refusal:
        check_refusal(rules, person(person_class), NOW)
    assert refusal.value.code == "encounter.no_right_to_refuse"


# --- dates ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("age, before, after", [
    (80, "eligibility.exempt", ""), (79, "", ""), (14, "", ""), (13, "eligibility.exempt", ""),
])  # fmt: skip
def test_the_same_person_on_two_days(*, age: int, before: str, after: str) -> None:
    """By the shipped rules of the US: a noncitizen over 79 or under 14 is exempt on 2025-12-25, and not on the 26th."""
    for at, expected in ((BEFORE, before), (AFTER, after)):
        spared = spare(LANE, LAND, person("noncitizen", age), at)
        assert (spared.reason if spared else "") == expected


@pytest.mark.parametrize("at", [BEFORE, AFTER])
def test_citizens_may_refuse_on_both_days(at: Instant) -> None:
    """The change of law left citizens the choice: the same answer on both days (CBP-16, CBP-30)."""
    assert may_refuse(LAND, person("citizen"), at)
    assert not may_refuse(LAND, person("noncitizen"), at)


def test_the_day_changes_where_the_law_is() -> None:
    """The rule begins with the 26th in Washington, not in Greenwich."""
    assert rules_at(LAND, parse_iso("2025-12-26T04:59:59Z")).source != "90 FR 48604"
    assert rules_at(LAND, parse_iso("2025-12-26T05:00:00Z")).source == "90 FR 48604"


def test_before_every_rule_nothing_is_answered() -> None:
    """Where no rule has begun, that is a fault of the charter and not a right of anybody."""
    with pytest.raises(CharterError) as refusal:
        rules_at(LAND, parse_iso("2019-01-01T00:00:00Z"))
    assert refusal.value.code == "charter.eligibility_gap"


# --- ages -------------------------------------------------------------------------------------------------------------
def test_an_exempt_person_is_asked_nothing() -> None:
    """Who must not be photographed has nothing to refuse: no offer is needed, and none is wrong."""
    rules = paper(rule("visitor", refuse=False, under=14))
    for offered in (True, False):
        check_offer(rules, person("visitor", 13, offered=offered), NOW)


def test_unknown_age_gets_the_benefit() -> None:
    """Where an exemption depends on an age that nobody stated, the person may refuse."""
    rules = paper(rule("visitor", refuse=False, over=79))
    assert may_refuse(rules, person("visitor", -1), NOW)
    assert not may_refuse(rules, person("visitor", 30), NOW)


def test_unknown_class_is_exempt_where_any_class_is() -> None:
    """Somebody of unknown class gets the mildest of all rules."""
    rules = paper(rule("a", refuse=False, under=10, over=90), rule("b", refuse=False, under=14, over=70))
    assert rule_for(rules, "unknown", NOW) == rule("unknown", refuse=True, under=14, over=70)
    assert spare(LANE, rules, person("unknown", 75), NOW) is not None
    assert spare(LANE, rules, person("a", 75), NOW) is None


def test_a_lane_without_a_camera_spares_everybody() -> None:
    """At a checkpoint with ``biometric: false`` nobody is compared, whoever it is (CBP-18)."""
    lane = Checkpoint("lane-2", "Lane 2", "An officer looks.", "n", biometric=False)
    spared = spare(lane, CITIZENS, person("visitor"), NOW)
    assert spared is not None
    assert spared.reason == "checkpoint.not_biometric"


# --- clocks -----------------------------------------------------------------------------------------------------------
CLOCKS: dict[str, Any] = {
    "retention": (Retention("personal", 100), Retention("referred", 200)),
    "class_retention": (
        ClassRetention("citizen", (Retention("personal", 10),)),
        ClassRetention("visitor", (Retention("personal", 1000), Retention("referred", 50))),
    ),
    "eligibility": CITIZENS.eligibility,
}


@pytest.mark.parametrize("person_class, personal, referred", [
    ("citizen", 10, 200), ("visitor", 1000, 50), ("unknown", 10, 50), ("of no known class", 10, 50),
])  # fmt: skip
def test_unknown_class_gets_the_shortest_clock(person_class: str, personal: int, referred: int) -> None:
    """Each class has its clocks, and who is of none gets each shortest one (CBP-14, CBP-15)."""
    clocks = charter(**CLOCKS).for_class(person_class)
    assert (clocks.seconds_kept("personal"), clocks.seconds_kept("referred")) == (personal, referred)
    assert clocks.sha256 == charter(**CLOCKS).sha256
