"""What must go, goes at its time (CBP-14), and that it went is in the record (``erasing``)."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.custody import sweep
from countenance.ports import Clock, Galleries, Transactions
from countenance.procedures.ending import Ending
from countenance.procedures.erasing import Erasures
from countenance.terms import Cause, Instant


@dataclass(frozen=True, slots=True)
class Erasure:
    """Everything the sweeper needs, chosen by ``bootstrap``."""

    clock: Clock
    transactions: Transactions
    galleries: Galleries
    erasures: Erasures
    ending: Ending

    def sweep(self, *, finish: bool = False) -> int:
        """Destroy everything whose clock has run out and return how many items and counts went.

        (1) read the clock once; galleries whose event is over are closed (W-7), with a receipt of their own; (2) look,
        without disturbing writers; (3) in bounded pieces references leave their rows, what is sealed goes with its key,
        ended epochs are forgotten and counts go with the record's clock, each piece in one transaction with the note
        that the erasure began; (4) the slabs forget the references; (5) epoch keys, old bytes and the receipt, at once
        if ``finish``, else when others can share it.

        Raises:
            StorageError: what was destroyed before stays so; the next sweep goes on.
        """
        now = self.clock.now()  # (1)
        self.ending.close_ended(now)
        gone = 0
        while self._due(now):  # (2)
            gone += self._piece(now)  # (3) (4)
        self.erasures.complete(now, everything=finish)  # (5)
        return gone

    def _due(self, now: Instant) -> bool:
        with self.transactions.read() as tx:
            return bool(tx.vault.expired(now, 1) or tx.aggregates.overdue(now) or tx.vault.ended_epochs(now))

    def _piece(self, now: Instant) -> int:
        with self.transactions.write() as tx:
            references = tx.galleries.expire(now)
            tx.holds.forget_ended(now)
            destroyed, counts = sweep(tx, now), tx.aggregates.expire(now)
            galleries = tuple(dict.fromkeys(gallery_id for gallery_id, _ in references))
            self.erasures.begin(tx, Cause.CLOCK, destroyed, now=now, galleries=galleries, counts=counts)
            tx.commit()
        for gallery_id, reference_id in references:
            self.galleries.remove(gallery_id, reference_id)
        return destroyed.count + counts
