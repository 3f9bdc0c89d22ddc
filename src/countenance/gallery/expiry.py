"""References whose clock ran out leave the database and then memory (rule CBP-14)."""

from __future__ import annotations

from countenance.ports import Galleries, Transactions
from countenance.terms import Instant


def expire(transactions: Transactions, galleries: Galleries, now: Instant) -> int:
    """Destroy references that must be gone at ``now``: commit, then out of the slabs. Return how many.

    Raises:
        StorageError: nothing was destroyed; try again at the next tick.
    """
    with transactions.write() as unit:
        overdue = unit.galleries.expire(now)
        if overdue:
            unit.commit()
    for gallery_id, reference_id in overdue:
        galleries.remove(gallery_id, reference_id)
    return len(overdue)
