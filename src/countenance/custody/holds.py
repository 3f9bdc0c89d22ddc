"""Evidence locks as rows: which encounter, why, who, until when, and the clocks to go back to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from countenance.storage.tables import holds
from countenance.terms import Hold, HoldReason, Instant


class SqlHoldStore:
    """The holds of one transaction (port ``HoldStore``)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, hold: Hold) -> None:
        """Store a hold.

        Raises:
            StorageError: the encounter has one.
        """
        row = {
            "hold_id": hold.hold_id, "encounter_id": hold.encounter_id, "reason": hold.reason, "named": hold.named,
            "by": hold.by, "placed_at": hold.placed_at, "until": hold.until, "clocks": json.dumps(dict(hold.clocks)),
        }  # fmt: skip
        self._connection.execute(insert(holds), row)

    def all(self, now: Instant) -> tuple[Hold, ...]:
        """Return the holds that have not ended at ``now``, the first to end first."""
        ordered = select(holds).where(holds.c.until > now).order_by(holds.c.until, holds.c.hold_id)
        return tuple(_hold(row) for row in self._connection.execute(ordered))

    def of_encounter(self, encounter_id: str, now: Instant) -> Hold | None:
        """Return the hold on an encounter that has not ended at ``now``."""
        return next((hold for hold in self.all(now) if hold.encounter_id == encounter_id), None)

    def remove(self, hold_id: str) -> None:
        """Forget a hold."""
        self._connection.execute(delete(holds).where(holds.c.hold_id == hold_id))

    def forget_ended(self, now: Instant) -> None:
        """Forget the holds that have ended at ``now``."""
        self._connection.execute(delete(holds).where(holds.c.until <= now))


def _hold(row: Sequence[Any]) -> Hold:
    hold_id, encounter_id, reason, named, by, placed_at, until, clocks = row
    return Hold(
        hold_id, encounter_id, HoldReason(reason), named, by, Instant(placed_at), Instant(until), json.loads(clocks)
    )
