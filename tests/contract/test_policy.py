"""What every policy promises: deny by default, an id for each answer, and the same answer to the same question."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.authority import CedarPolicies
from countenance.ports import Policy
from countenance.terms import Action, Actor, PolicyRequest, Role
from fakes.policies import shipped

EMPTY: dict[str, Callable[[], Policy]] = {"CedarPolicies": lambda: CedarPolicies({})}
"""Each implementation with nothing allowed."""
BUILT_IN: dict[str, Callable[[], Policy]] = {"CedarPolicies": shipped}
"""Each implementation as it ships."""
AT_A_CHECKPOINT = {Action.OPEN_ENCOUNTER, Action.OPT_OUT, Action.CAPTURE, Action.VERIFY, Action.IDENTIFY}

REQUESTS = st.builds(
    PolicyRequest,
    st.builds(Actor, st.text(max_size=8), st.sampled_from(Role), st.sampled_from(["", "camera-1"])),
    st.sampled_from(Action),
    st.sampled_from(["", "lane-1"]),
)


@pytest.mark.parametrize("make", EMPTY.values(), ids=EMPTY)
@given(request=REQUESTS)
def test_an_empty_policy_denies_everything(make: Callable[[], Policy], request: PolicyRequest) -> None:
    """Where nothing is allowed, nothing is allowed."""
    assert not make().decide(request).allowed


@pytest.mark.parametrize("make", BUILT_IN.values(), ids=BUILT_IN)
@given(request=REQUESTS)
def test_nothing_goes_without_device_place_and_build(make: Callable[[], Policy], request: PolicyRequest) -> None:
    """A device only with its device, a place where the action needs one, and no screening in this build (W-2)."""
    if make().decide(request).allowed:
        assert (request.actor.role is Role.DEVICE) == (request.actor.device_id != "")
        assert request.action not in AT_A_CHECKPOINT or request.checkpoint_id != ""
        assert request.action not in {Action.SCREEN, Action.LIST}


@pytest.mark.parametrize("make", BUILT_IN.values(), ids=BUILT_IN)
@given(request=REQUESTS)
def test_every_id_has_a_sentence(make: Callable[[], Policy], request: PolicyRequest) -> None:
    """Whoever reads an id in the record or on the screen can be told what it stands for."""
    answer = make().decide(request)
    told = make().sentences(answer.policy_id)
    assert " ".join(one for one, _ in told) == answer.policy_id
    assert all(len(because) > 20 for _, because in told)


@pytest.mark.parametrize("make", BUILT_IN.values(), ids=BUILT_IN)
@given(request=REQUESTS)
def test_every_answer_names_its_rule_and_repeats(make: Callable[[], Policy], request: PolicyRequest) -> None:
    """The deciding rule's id goes into the record, so it is never empty, and asking again gives the same answer."""
    answer = make().decide(request)
    assert answer.policy_id
    assert answer == make().decide(request)


@pytest.mark.parametrize("make", BUILT_IN.values(), ids=BUILT_IN)
def test_different_permissions_have_different_ids(make: Callable[[], Policy]) -> None:
    """Two roles or two actions never share the id under which they are allowed."""
    ids = [
        answer.policy_id
        for role in Role
        for action in Action
        if (
            answer := make().decide(
                PolicyRequest(Actor("a", role, "camera-1" if role is Role.DEVICE else ""), action, "lane-1")
            )
        ).allowed
    ]
    assert len(ids) == len(set(ids)) > len(Role)
