"""What must go, goes, and that it went is in the record. Erasure on request and by event end come on top of this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from countenance.custody import sweep
from countenance.ports import Clock, Galleries, Transactions
from countenance.procedures.lanes import Lanes
from countenance.procedures.recording import Recorder
from countenance.terms import JsonObject


@dataclass(frozen=True, slots=True)
class Erasure:
    """Everything the sweeper needs, chosen by ``bootstrap``."""

    clock: Clock
    transactions: Transactions
    recorder: Recorder
    galleries: Galleries
    lanes: Lanes
    truncate: Callable[[], bool]
    """Empties the database's write-ahead log, so that destroyed bytes lie in no file; False while a reader is at it."""

    def sweep(self) -> int:
        """Destroy everything whose clock has run out (CBP-14) and return how many items went.

        (1) read the clock once; (2) look, without disturbing writers; (3) references leave their rows, everything
        sealed that is overdue goes with its key, and counts go with the record's clock, in one transaction with the
        entry that says how many; (4) the slabs forget the references, and the database's files what they held.

        Raises:
            StorageError: nothing was destroyed; the next sweep tries again.
        """
        now = self.clock.now()  # (1)
        with self.transactions.read() as tx:  # (2)
            if not tx.vault.expired(now) and not tx.aggregates.overdue(now):
                return 0
        with self.transactions.write() as tx:  # (3)
            references = tx.galleries.expire(now)
            items, counts = sweep(tx, now), tx.aggregates.expire(now)
            facts: JsonObject = {
                "event": "clock.ran_out", "references": len(references), "items": items, "counts": counts,
            }  # fmt: skip
            self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)
            tx.commit()
        for gallery_id, reference_id in references:  # (4)
            self.galleries.remove(gallery_id, reference_id)
        self.truncate()
        return len(references) + items + counts
