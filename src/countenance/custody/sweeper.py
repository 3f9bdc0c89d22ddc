"""What must go, goes: everything sealed whose clock has run out (rule CBP-14), in bounded pieces."""

from __future__ import annotations

from countenance.ports import UnitOfWork
from countenance.terms import Destroyed, Instant

MOST = 10_000
"""Items destroyed in one transaction, so that no lane waits long for one."""


def sweep(unit: UnitOfWork, now: Instant, most: int = MOST) -> Destroyed:
    """Destroy what must be gone at ``now``, at most ``most`` items, the longest overdue first; the caller commits.

    References leave their galleries' rows before (``GalleryStore.expire``). Other rows that named an item keep its id
    and find it gone.
    """
    return unit.vault.destroy_many(unit.vault.expired(now, most))
