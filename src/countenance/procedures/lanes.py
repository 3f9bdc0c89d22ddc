"""What a checkpoint may do: its charter and the operating point the charter names, checked at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from countenance.errors import AccessError, CharterError, NotFound
from countenance.ports import Policy
from countenance.terms import Action, Actor, Charter, Checkpoint, Instant, OperatingPoint, PolicyRequest, iso


@dataclass(frozen=True, slots=True)
class Lane:
    """One checkpoint under one charter with one operating point."""

    checkpoint: Checkpoint
    charter: Charter
    point: OperatingPoint

    def for_class(self, person_class: str) -> Lane:
        """Return this lane with the clocks that hold for one class of person (CBP-14, 15)."""
        return replace(self, charter=self.charter.for_class(person_class))


def _nothing(_checkpoint_id: str, _charter: str) -> None:
    """Know no charter from before."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """Every checkpoint of the site, by id."""

    by_checkpoint: Mapping[str, Lane]
    """The lane in force when the service started; where none was, the one that was last, or is next."""
    further: tuple[Lane, ...] = ()
    """Under charters that go before or follow at the same checkpoints; no two are in force at once."""
    retired: Callable[[str, str], Lane | None] = _nothing
    """The lane at a checkpoint under a charter, by hash, that this site signed once and has no more, or None."""

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

    def governing(self, checkpoint_id: str, charter: str) -> Lane:
        """Return the lane there under the charter with this hash, be it retired; else the one :meth:`at` returns.

        What began under a charter ends under it, also where the next version has no such checkpoint any more. The
        fallback is for what names no charter (referrals of 0.1.0).

        Raises:
            NotFound: ``checkpoint.unknown``.
        """
        known = [lane for lane in self.all if lane.checkpoint.checkpoint_id == checkpoint_id]
        found = next((lane for lane in known if lane.charter.sha256 == charter), None)
        return found or self.retired(checkpoint_id, charter) or self.at(checkpoint_id)

    def uses_camera(self, checkpoint_id: str) -> bool:
        """Return whether any charter lets a camera compare there; nothing is known of other sites' checkpoints."""
        lane = self.by_checkpoint.get(checkpoint_id)
        return lane is None or any(one.checkpoint.biometric for one in (lane, *self._further(checkpoint_id)))

    @property
    def all(self) -> tuple[Lane, ...]:
        """Every lane, by checkpoint, what holds now before what follows or went before."""
        return (*(lane for _, lane in sorted(self.by_checkpoint.items())), *self.further)

    @property
    def charters(self) -> tuple[Charter, ...]:
        """Every charter of the site, once each."""
        return tuple({lane.charter.sha256: lane.charter for lane in self.all}.values())

    def _further(self, checkpoint_id: str) -> tuple[Lane, ...]:
        return tuple(lane for lane in self.further if lane.checkpoint.checkpoint_id == checkpoint_id)

    def longest_record(self) -> Charter:
        """Return which of the site's charters :func:`longest_record` says.

        Raises:
            CharterError: ``charter.none``.
        """
        return longest_record(self.charters)

    def in_force(self, checkpoint_id: str, now: Instant) -> Lane:
        """Return the lane, its charter in force at ``now`` (W-1: no authority in date, nothing computed).

        Raises:
            NotFound: ``checkpoint.unknown``.
            CharterError: ``charter.not_in_force``.
        """
        lanes = (self.at(checkpoint_id), *self._further(checkpoint_id))
        found = next((lane for lane in lanes if lane.charter.in_force(now)), None)
        if found is None:
            charter = lanes[0].charter
            raise CharterError(
                "charter.not_in_force",
                f"The charter {charter.charter_id!r} is not in force at {checkpoint_id!r} now: it holds from "
                f"{iso(charter.valid_from)} to {iso(charter.valid_until)}.",
                remedy="Do an ordinary manual check; ask the controller to renew the charter.",
            )
        return found


def longest_record(charters: Sequence[Charter]) -> Charter:
    """Return the charter whose record is kept longest; it lends its clock to events of no checkpoint.

    Raises:
        CharterError: ``charter.none``, the site has no charter.
    """
    if not charters:
        raise CharterError("charter.none", "This site has no charter.", remedy="Put one into charters/ first.")
    return max(charters, key=lambda charter: (charter.seconds_kept("facts"), charter.sha256))


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
