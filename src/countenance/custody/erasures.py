"""Erasures under way, as rows: begun with the removal, finished with the receipt; ids and counts, nobody's data."""

from __future__ import annotations

import json
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select

from countenance.storage.tables import erasures
from countenance.terms import Cause, Erasing, Instant

_TUPLES = ("encounters", "galleries", "keys", "epochs")


class SqlErasureStore:
    """The erasures of one transaction (port ``ErasureStore``)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, erasing: Erasing) -> None:
        """Store that an erasure began, or took more with it."""
        self.finish(erasing.erasure_id)
        body = json.dumps(asdict(erasing), sort_keys=True)
        row = {"erasure_id": erasing.erasure_id, "begun_at": erasing.begun_at, "body": body}
        self._connection.execute(insert(erasures), row)

    def unfinished(self) -> tuple[Erasing, ...]:
        """Return what has begun and has no receipt yet, the oldest first."""
        ordered = select(erasures.c.body).order_by(erasures.c.begun_at, erasures.c.erasure_id)
        return tuple(_read(body) for body in self._connection.execute(ordered).scalars())

    def finish(self, erasure_id: str) -> None:
        """Forget that it is under way."""
        self._connection.execute(delete(erasures).where(erasures.c.erasure_id == erasure_id))


def _read(body: str) -> Erasing:
    fields = json.loads(body)
    lists = {name: tuple(fields[name]) for name in _TUPLES}
    return Erasing(**{**fields, **lists, "cause": Cause(fields["cause"]), "begun_at": Instant(fields["begun_at"])})
