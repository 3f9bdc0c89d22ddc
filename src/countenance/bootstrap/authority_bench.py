"""What authority costs a verification, alone: for benchmarks only."""

from __future__ import annotations

from collections.abc import Callable

from countenance.authority import CedarPolicies, check_offer, parse_charter, spare
from countenance.bootstrap.dated_policy import DatedPolicy
from countenance.decision import packaged_operating_points
from countenance.ports import Clock
from countenance.procedures import Lane, Lanes
from countenance.terms import Action, Actor, Eligibility, PolicyRequest, Role

_OPERATOR = Actor("operator:17", Role.OPERATOR, "")
_PERSON = Eligibility("citizen", 30, 5, refusal_offered=True)


def one_decision(clock: Clock) -> Callable[[], bool]:
    """Return a call that asks the shipped policies once, as a verification does."""
    policies = DatedPolicy(CedarPolicies.builtin(), clock)
    asked = PolicyRequest(_OPERATOR, Action.VERIFY, "lane-1")
    return lambda: policies.decide(asked).allowed


def authority_of_one(charter: bytes, clock: Clock) -> Callable[[], None]:
    """Return a call that does all that authority does for one verification at ``lane-1``, opening to answer.

    Opening: charter in force, the person's clocks, exemptions, the offer to refuse, the policy. Answering: charter in
    force and clocks again, the policy for the comparison and for the frames.
    """
    policies, parsed = DatedPolicy(CedarPolicies.builtin(), clock), parse_charter(charter)
    point = next(iter(packaged_operating_points().values()))
    lanes = Lanes({place.checkpoint_id: Lane(place, parsed, point) for place in parsed.checkpoints})

    def all_of_it() -> None:
        now = clock.now()
        lane = lanes.in_force("lane-1", now).for_class(_PERSON.person_class)
        spare(lane.checkpoint, lane.charter, _PERSON, now)
        check_offer(lane.charter, _PERSON, now)
        policies.decide(PolicyRequest(_OPERATOR, Action.OPEN_ENCOUNTER, "lane-1"))
        lanes.in_force("lane-1", clock.now()).for_class(_PERSON.person_class)
        for action in (Action.VERIFY, Action.CAPTURE):
            policies.decide(PolicyRequest(_OPERATOR, action, "lane-1"))

    return all_of_it
