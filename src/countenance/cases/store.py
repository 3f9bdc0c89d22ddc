"""Referrals as rows. What they show lies in the vault under its own clock; a row alone tells nothing about a person.

Whatever the database refuses arrives as ``StorageError`` (``storage.open_database`` sees to that).
"""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, Row, insert, select

from countenance.storage.tables import referrals
from countenance.terms import Instant, Referral


class SqlCaseStore:
    """The :class:`~countenance.ports.CaseStore` inside one transaction of ``connection``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, referral: Referral) -> None:
        """Store a referral.

        Raises:
            StorageError: one with this id exists, or its encounter does not.
        """
        self._connection.execute(insert(referrals).values(asdict(referral)))

    def get(self, referral_id: str) -> Referral | None:
        """Return one referral, or None when there is none or it was swept away."""
        row = self._connection.execute(select(referrals).where(referrals.c.referral_id == referral_id)).one_or_none()
        return None if row is None else _referral(row)

    def waiting(self) -> tuple[Referral, ...]:
        """Return every referral that was not swept away, oldest first, then by id."""
        ordered = select(referrals).order_by(referrals.c.opened_at, referrals.c.referral_id)
        return tuple(_referral(row) for row in self._connection.execute(ordered))


def _referral(row: Row[tuple[object, ...]]) -> Referral:
    return Referral(
        referral_id=row.referral_id,
        encounter_id=row.encounter_id,
        checkpoint_id=row.checkpoint_id,
        reason=row.reason,
        opened_at=Instant(row.opened_at),
        expires_at=Instant(row.expires_at),
        probe_item=row.probe_item,
        reference_item=row.reference_item,
    )
