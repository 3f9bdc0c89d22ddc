"""What a checkpoint may do: its charter and the operating point the charter names, checked at start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from countenance.errors import AccessError, CharterError, NotFound
from countenance.ports import Policy
from countenance.terms import Action, Actor, Charter, Checkpoint, Instant, OperatingPoint, PolicyRequest


@dataclass(frozen=True, slots=True)
class Lane:
    """One checkpoint under one charter with one operating point."""

    checkpoint: Checkpoint
    charter: Charter
    point: OperatingPoint


@dataclass(frozen=True, slots=True)
class Lanes:
    """Every checkpoint of the site, by id."""

    by_checkpoint: Mapping[str, Lane]

    def at(self, checkpoint_id: str) -> Lane:
        """Return the lane at this checkpoint.

        Raises:
            NotFound: ``checkpoint.unknown``.
        """
        lane = self.by_checkpoint.get(checkpoint_id)
        if lane is None:
            raise NotFound(
                "checkpoint.unknown",
                f"No charter of this site names a checkpoint {checkpoint_id!r}.",
                remedy="Use one of: " + (", ".join(sorted(self.by_checkpoint)) or "none, add a charter first") + ".",
            )
        return lane

    def longest_record(self) -> Charter:
        """Return the charter whose record is kept longest; it lends its clock to events of no checkpoint.

        Raises:
            CharterError: ``charter.none``, the site has no charter.
        """
        charters = [lane.charter for lane in self.by_checkpoint.values()]
        if not charters:
            raise CharterError("charter.none", "This site has no charter.", remedy="Put one into charters/ first.")
        return max(charters, key=lambda charter: (charter.seconds_kept("facts"), charter.sha256))

    def in_force(self, checkpoint_id: str, now: Instant) -> Lane:
        """Return the lane, its charter in force at ``now`` (W-1: no authority in date, nothing computed).

        Raises:
            NotFound: ``checkpoint.unknown``.
            CharterError: ``charter.not_in_force``.
        """
        lane = self.at(checkpoint_id)
        if not lane.charter.in_force(now):
            raise CharterError(
                "charter.not_in_force",
                f"The charter {lane.charter.charter_id!r} is not in force at {checkpoint_id!r} now.",
                remedy="Do an ordinary manual check; ask the controller to renew the charter.",
            )
        return lane


def permit(policy: Policy, actor: Actor, action: Action, checkpoint_id: str) -> str:
    """Return the id of the policy that allows this, for the record.

    Raises:
        AccessError: ``access.denied``, naming the policy that decided.
    """
    answer = policy.decide(PolicyRequest(actor=actor, action=action, checkpoint_id=checkpoint_id))
    if not answer.allowed:
        raise AccessError(
            "access.denied",
            f"{actor.role} {actor.actor_id!r} may not {action} here ({answer.policy_id}).",
            remedy="Use a key with the right role, or ask the administrator.",
        )
    return answer.policy_id
