"""What every policy promises: deny by default, an id for each answer, and the same answer to the same question."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.authority import RolePolicy
from countenance.authority.policy import TABLE
from countenance.ports import Policy
from countenance.terms import Action, Actor, PolicyRequest, Role

EMPTY = {"RolePolicy": lambda: RolePolicy(table={})}
"""Each implementation with nothing allowed."""
BUILT_IN: dict[str, Callable[[], Policy]] = {"RolePolicy": RolePolicy}
"""Each implementation as it ships."""
AT_A_CHECKPOINT = {Action.OPEN_ENCOUNTER, Action.OPT_OUT, Action.VERIFY, Action.IDENTIFY}

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
def test_nothing_outside_the_table_is_allowed(make: Callable[[], Policy], request: PolicyRequest) -> None:
    """Allowed is exactly: in the role's row, a device only with its device, and a place where the action needs one."""
    allowed = (
        request.action in TABLE[request.actor.role]
        and (request.actor.role is Role.DEVICE) == (request.actor.device_id != "")
        and (request.action not in AT_A_CHECKPOINT or request.checkpoint_id != "")
    )
    assert make().decide(request).allowed == allowed


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
    assert len(ids) == len(set(ids)) == sum(len(actions) for actions in TABLE.values())
