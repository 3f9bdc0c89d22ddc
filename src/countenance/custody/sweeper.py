"""What must go, goes: everything sealed whose clock has run out (rule CBP-14)."""

from __future__ import annotations

from countenance.ports import UnitOfWork
from countenance.terms import Instant


def sweep(unit: UnitOfWork, now: Instant) -> int:
    """Destroy everything sealed that must be gone at ``now`` and return how many items; the caller commits.

    Gallery references leave their rows with their templates; before, ``gallery.expire`` makes a serving process's
    memory forget them. Other rows that named an item keep its id and find it gone.
    """
    references = unit.galleries.expire(now)
    return len(references) + unit.vault.destroy_many(unit.vault.expired(now))
