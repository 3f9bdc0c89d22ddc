"""Closed galleries: opened under a charter, filled with a verdict per row, searched at one checkpoint only, destroyed.

Rules: CBP-1 (only people expected at this event), CBP-2 (templates kept, photographs discarded), CBP-13 and N-6 (nobody
outside the evidence), W-9 (a size limit that acts). Manifests and their updates come on top of this in ``documents``;
the verbs stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

from countenance.errors import GalleryError, NotFound
from countenance.ports import Clock, Extractor, Galleries, Policy, Transactions, UnitOfWork
from countenance.procedures.ending import Ending
from countenance.procedures.enrolling import Enrolling, Expected, RowVerdict
from countenance.procedures.erasing import Erasures
from countenance.procedures.gallery_errors import unknown_gallery
from countenance.procedures.lanes import Lane, Lanes, permit
from countenance.procedures.recording import Recorder
from countenance.terms import (
    Action,
    Actor,
    Cause,
    Enrolment,
    GalleryInfo,
    Instant,
    JsonObject,
    Mode,
    Receipt,
)


def everybody(_tx: UnitOfWork, rows: Sequence[Enrolment]) -> Collection[str]:
    """Return whose rows these are: without a roll nobody is taken off it while they come."""
    return {row.person_id for row in rows}


@dataclass(frozen=True, slots=True)
class Staging:
    """Everything gallery keeping needs, chosen by ``bootstrap``."""

    clock: Clock
    transactions: Transactions
    recorder: Recorder
    extractor: Extractor
    galleries: Galleries
    policy: Policy
    lanes: Lanes
    dimension: int
    """Length of one template's vector."""
    erasures: Erasures
    turn: Lock
    """Held while a change commits and reaches the slab, so that two changes reach both in the same order."""
    ending: Ending

    def open_gallery(self, gallery_id: str, checkpoint_id: str, actor: Actor) -> Receipt:
        """Open an empty gallery for one checkpoint.

        (1) read the clock once; (2) charter in force, of mode ``identify``; (3) policy; (4) gallery and entry commit
        together; (5) only then it is searchable.

        Raises:
            NotFound, CharterError, AccessError, GalleryError: nothing was opened.
        """
        now = self.clock.now()  # (1)
        lane = self.gallery_lane(checkpoint_id, now)  # (2)
        policy_id = permit(self.policy, actor, Action.MANAGE_GALLERY, checkpoint_id)  # (3)
        weights = self.recorder.weights
        with self.turn:
            with self.transactions.write() as tx:
                tx.galleries.create(
                    GalleryInfo(
                        gallery_id,
                        checkpoint_id,
                        lane.charter.sha256,
                        weights,
                        open=True,
                        size=0,
                        searches=0,
                        opened_at=now,
                    )
                )
                facts: JsonObject = {
                    "event": "gallery.opened", "gallery": gallery_id, "policy": policy_id, "by": actor.actor_id,
                }  # fmt: skip
                receipt = self.recorder.append(tx, lane, facts, {}, subject=f"gallery/{gallery_id}", now=now)  # (4)
                tx.commit()
            self.galleries.open(gallery_id, weights, self.dimension)  # (5)
        return receipt

    def enrol(
        self, gallery_id: str, rows: Iterable[Enrolment], actor: Actor, expected: Expected = everybody
    ) -> Iterator[RowVerdict]:
        """Enrol rows as they come and tell each one's verdict once it is durable; photographs are discarded (CBP-2).

        (1) policy and gallery once, before the first row is read; then per chunk (2) the charter still in force; (3)
        whoever is outside the evidence (too young, of unknown age, photograph too old) is refused with the photograph
        undecoded; (4) the other photographs become templates, while (5) the chunk before is committed: references and
        entries together, of those alone who are still ``expected``; (6) they become searchable; (7) the verdicts.
        The story is :class:`Enrolling`'s.

        Raises:
            NotFound, CharterError, AccessError, GalleryError: before the first verdict, or where the gallery closes.
        """
        lane, policy_id = self.managed(gallery_id, actor, Action.ENROL)  # (1)
        enrolling = Enrolling(
            self.clock, self.transactions, self.recorder, self.extractor, self.galleries, self.lanes, self.turn,
            gallery_id, lane, policy_id, expected,
        )  # fmt: skip
        return enrolling.verdicts(iter(rows))

    def remove(self, gallery_id: str, reference_id: str, actor: Actor) -> Receipt:
        """Destroy one reference: the row commits first, then it leaves the slab and its bytes are overwritten.

        Raises:
            NotFound: ``gallery.unknown_reference``.
        """
        lane, policy_id = self.managed(gallery_id, actor, Action.ERASE)
        now = self.clock.now()
        with self.turn:
            with self.transactions.write() as tx:
                person = tx.galleries.person_of(gallery_id, reference_id)
                if person is None:
                    raise NotFound(
                        "gallery.unknown_reference", f"Gallery {gallery_id!r} has no such reference.",
                        remedy="List the gallery to see what is enrolled.",
                    )  # fmt: skip
                destroyed = tx.galleries.remove(gallery_id, reference_id)
                facts: JsonObject = {"event": "reference.removed", "gallery": gallery_id, "policy": policy_id}
                personal: JsonObject = {"pseudonym": person, "reference": reference_id}
                receipt = self.recorder.append(tx, lane, facts, personal, subject=f"person/{person}", now=now)
                self.erasures.begin(
                    tx, Cause.REMOVAL, destroyed, now=now, order=receipt.commitment, galleries=[gallery_id]
                )
                tx.commit()
            self.galleries.remove(gallery_id, reference_id)
        self.erasures.complete(now)
        return receipt

    def close_gallery(self, gallery_id: str, actor: Actor) -> Receipt:
        """Close a gallery and destroy its references, keys and slab (W-7).

        Raises:
            NotFound: ``gallery.unknown``.
        """
        lane, policy_id = self.managed(gallery_id, actor, Action.ERASE)
        return self.ending.close(gallery_id, lane, policy_id, self.clock.now())

    def list_galleries(self, actor: Actor) -> tuple[GalleryInfo, ...]:
        """Return every gallery's card: sizes and states, nobody's identity.

        Raises:
            AccessError: ``access.denied``.
        """
        permit(self.policy, actor, Action.READ_GALLERY, "")
        with self.transactions.read() as tx:
            return tx.galleries.all()

    def gallery_lane(self, checkpoint_id: str, now: Instant) -> Lane:
        """Return the lane at a checkpoint whose charter is in force and lets galleries be opened.

        Raises:
            NotFound, CharterError: ``checkpoint.unknown``, ``charter.not_in_force``.
            GalleryError: ``gallery.not_allowed``.
        """
        lane = self.lanes.in_force(checkpoint_id, now)
        if lane.charter.mode is not Mode.IDENTIFY:
            raise GalleryError(
                "gallery.not_allowed", f"The charter at {checkpoint_id!r} allows no gallery.",
                remedy="Open galleries at checkpoints whose charter's mode is 'identify'.",
            )  # fmt: skip
        return lane

    def managed(self, gallery_id: str, actor: Actor, action: Action) -> tuple[Lane, str]:
        """Return the gallery's lane and the policy that lets this actor do this to it.

        Raises:
            NotFound: ``gallery.unknown``.
            AccessError: ``access.denied``.
            GalleryError: ``gallery.foreign``.
        """
        with self.transactions.read() as tx:
            info = tx.galleries.get(gallery_id)
        if info is None:
            raise unknown_gallery(gallery_id)
        lane = self.lanes.at(info.checkpoint_id)
        policy_id = permit(self.policy, actor, action, info.checkpoint_id)
        if lane.charter.sha256 != info.charter:
            raise GalleryError(
                "gallery.foreign", f"Gallery {gallery_id!r} was opened under another charter.",
                remedy="Close it and open a new one under the charter in force.",
            )  # fmt: skip
        return lane, policy_id
