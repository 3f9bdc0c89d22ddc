"""The end of an event: the gallery closes, and its references, roll, epoch key and slab are destroyed (W-7)."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from countenance.ports import Galleries, Transactions
from countenance.procedures.erasing import Erasures, together
from countenance.procedures.lanes import Lane, Lanes
from countenance.procedures.recording import Recorder
from countenance.procedures.rolls import drop_roll
from countenance.terms import Cause, Instant, JsonObject, Receipt

CLOCK = "clock"
"""Who closes a gallery whose event is over, in place of a policy's id."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Everything that ending an event needs, chosen by ``bootstrap``."""

    transactions: Transactions
    recorder: Recorder
    galleries: Galleries
    lanes: Lanes
    erasures: Erasures
    turn: Lock
    """The gallery's: held while a change commits and reaches the slab."""

    def close(self, gallery_id: str, lane: Lane, policy_id: str, now: Instant) -> Receipt:
        """Close a gallery: (1) rows and sealed items go with their entry, (2) the slab, (3) keys, bytes, receipt."""
        with self.turn:
            with self.transactions.write() as tx:  # (1)
                destroyed = together(drop_roll(tx, gallery_id), tx.galleries.close(gallery_id))
                facts: JsonObject = {
                    "event": "gallery.closed", "gallery": gallery_id, "policy": policy_id,
                    "destroyed": destroyed.count,
                }  # fmt: skip
                receipt = self.recorder.append(tx, lane, facts, {}, subject=f"gallery/{gallery_id}", now=now)
                self.erasures.begin(
                    tx, Cause.EVENT_END, destroyed, now=now, order=receipt.commitment, galleries=[gallery_id]
                )
                tx.commit()
            self.galleries.close(gallery_id)  # (2)
        self.erasures.complete(now)  # (3)
        return receipt

    def close_ended(self, now: Instant) -> int:
        """Close every gallery whose event has ended at ``now``; return how many."""
        with self.transactions.read() as tx:
            ended = [info for gallery_id in tx.galleries.over(now) if (info := tx.galleries.get(gallery_id))]
        for info in ended:
            self.close(info.gallery_id, self.lanes.governing(info.checkpoint_id, info.charter), CLOCK, now)
        return len(ended)
