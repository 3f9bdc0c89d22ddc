"""The built-in table keeps duties apart, cannot be changed, and stands in the documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from countenance.authority import RolePolicy
from countenance.authority.policy import TABLE
from countenance.terms import Action, Actor, PolicyRequest, Role

DOC = Path(__file__).parents[3] / "docs" / "charters.md"
ALLOWED = {
    Role.OPERATOR: "open_encounter opt_out verify identify read_gallery count_people refer contest",
    Role.SUPERVISOR: (
        "open_encounter opt_out verify identify enrol manage_gallery read_gallery review read_metrics count_people "
        "refer judge contest resume"
    ),
    Role.AUDITOR: "read_metrics read_monitoring export_record contest read_ledger note_audit",
    Role.ADMINISTRATOR: "enrol manage_gallery read_gallery read_metrics read_monitoring administer read_ledger",
    Role.DEVICE: "open_encounter opt_out verify identify",
}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_exactly_this(role: Role) -> None:
    """For every role and action the answer is the table's, and it names the rule."""
    device = "camera-1" if role is Role.DEVICE else ""
    allowed = set()
    for action in Action:
        answer = RolePolicy().decide(PolicyRequest(Actor("someone:1", role, device), action, "lane-1"))
        if answer.allowed:
            allowed.add(action.value)
            assert answer.policy_id == f"builtin/{role.value}-{action.value.replace('_', '-')}"
        else:
            assert answer.policy_id == "builtin/deny"
    assert allowed == set(ALLOWED[role].split())


def test_nobody_runs_lanes_and_exports_the_record() -> None:
    """Separation of duties: who compares faces does not export the record, and who exports sees no gallery."""
    for actions in TABLE.values():
        assert not {Action.VERIFY, Action.EXPORT_RECORD} <= actions
        assert not {Action.READ_GALLERY, Action.EXPORT_RECORD} <= actions
        assert not {Action.VERIFY, Action.ADMINISTER} <= actions


def test_the_table_is_frozen() -> None:
    """No code can add a permission at run time."""
    with pytest.raises(TypeError):
        TABLE[Role.AUDITOR] = frozenset(Action)  # type: ignore[index]  # the test is that this fails


def test_the_documents_show_the_same_table() -> None:
    """``docs/charters.md`` has a row for each action with exactly the roles that may."""
    text = DOC.read_text("utf-8")
    for action in Action:
        marks = ["yes" if action in TABLE[role] else "no" for role in Role]
        assert f"| `{action.value}` | " + " | ".join(marks) + " |" in text
