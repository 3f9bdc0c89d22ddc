"""Who may do what: a frozen table of roles and actions behind the :class:`~countenance.ports.Policy` port.

Whatever the table does not allow is denied. Issue 4 puts Cedar policies, checked against a schema and readable by
auditors, behind the same port; the ids here keep their form so that old entries stay readable.

Separation of duties, as far as a table can say it: people who run lanes do not export the record, the auditor sees
counts and the record and nothing else, the administrator prepares and does not compare faces, and a device acts only
where it says it stands (that it really stands there is ``access.check_device``'s and ``access.check_place``'s matter).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from countenance.terms import Action, PolicyDecision, PolicyRequest, Role

DENIED = "builtin/deny"
"""The id of the rule that decides when no other does."""

_AT_A_CHECKPOINT = frozenset({Action.OPEN_ENCOUNTER, Action.OPT_OUT, Action.VERIFY, Action.IDENTIFY})
_GALLERY_KEEPING = frozenset({Action.ENROL, Action.MANAGE_GALLERY, Action.READ_GALLERY})

TABLE: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.OPERATOR: _AT_A_CHECKPOINT | {Action.READ_GALLERY, Action.COUNT_PEOPLE, Action.REFER, Action.CONTEST},
        Role.SUPERVISOR: _AT_A_CHECKPOINT
        | _GALLERY_KEEPING
        | {Action.REVIEW, Action.READ_METRICS, Action.COUNT_PEOPLE}
        | {Action.REFER, Action.JUDGE, Action.CONTEST, Action.RESUME},
        Role.AUDITOR: frozenset({Action.READ_METRICS, Action.READ_MONITORING, Action.EXPORT_RECORD})
        | {Action.CONTEST, Action.READ_LEDGER, Action.NOTE_AUDIT},
        Role.ADMINISTRATOR: _GALLERY_KEEPING
        | {Action.READ_METRICS, Action.READ_MONITORING, Action.ADMINISTER, Action.READ_LEDGER},
        Role.DEVICE: _AT_A_CHECKPOINT,
    }
)
"""Everything that is allowed. ``docs/charters.md`` shows the same table."""


@dataclass(frozen=True, slots=True)
class RolePolicy:
    """Answers from :data:`TABLE`, deny by default."""

    table: Mapping[Role, frozenset[Action]] = field(default_factory=lambda: TABLE)

    def decide(self, request: PolicyRequest) -> PolicyDecision:
        """Return the answer and the deciding rule's id, such as ``builtin/operator-open-encounter``.

        Denied as ``builtin/deny``: what the table does not hold. Denied as ``builtin/deny-nowhere``: an action at a
        checkpoint that names none. Denied as ``builtin/deny-device``: the role ``device`` without a device, or another
        role that claims one.
        """
        actor, action = request.actor, request.action
        if action not in self.table.get(actor.role, frozenset()):
            return PolicyDecision(allowed=False, policy_id=DENIED)
        if (actor.role is Role.DEVICE) is not bool(actor.device_id):
            return PolicyDecision(allowed=False, policy_id=f"{DENIED}-device")
        if action in _AT_A_CHECKPOINT and not request.checkpoint_id:
            return PolicyDecision(allowed=False, policy_id=f"{DENIED}-nowhere")
        return PolicyDecision(allowed=True, policy_id=f"builtin/{actor.role}-{action.replace('_', '-')}")
