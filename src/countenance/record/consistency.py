"""Whether the database still says what was recorded, asked at start: it may have been edited while nobody served it.

Three things are held against each other: entries, leaves and what waits for a batch; sealed bodies and commitments; an
encounter's plain row and the newest events about it. The first is asked of everything; the bodies of the newest
entries alone, because opening a million takes minutes: an export opens all of them, and an audit finds the rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, select

from countenance.errors import RecordError, VaultError
from countenance.storage import tables
from countenance.terms import EncounterState, JsonObject

NEWEST = 10_000
"""How many of the newest entries are opened: a second or two."""
_AT_ONCE = 500
_ENTRY, _LEAF, _WAITS = tables.entries.c, tables.leaves.c, tables.pending.c
_PUBLISHED = exists().where(_LEAF.commitment == _ENTRY.commitment)
_WAITING = exists().where(_WAITS.commitment == _ENTRY.commitment)

Open = Callable[[Any], JsonObject]
Link = Callable[[bytes], str]


@dataclass(slots=True)
class Told:
    """What the newest entries say of one encounter."""

    opened: bool = False
    """Whether its opening is among them."""
    over: bool = False
    opted_out: bool = False
    answers: int = 0


@dataclass(slots=True)
class Reading:
    """What was learnt from the entries, oldest first."""

    link: str | None = None
    """How the next entry must name the last one; None before the first."""
    encounters: dict[str, Told] = field(default_factory=dict)


def check_record(
    connection: Connection, rows: Select[Any], open_body: Open, link: Link, *, newest: int = NEWEST
) -> None:
    """Return if nothing contradicts anything.

    ``open_body`` opens one of ``rows`` and verifies its commitment; ``link`` says how the next entry names it.

    Raises:
        RecordError: ``record.edited``, naming the entry or encounter.
    """
    _check_places(connection)
    reading = Reading()
    for row in _newest(connection, rows, newest):
        try:
            body = open_body(row)
        except (VaultError, RecordError) as fault:
            raise _edited(f"entry {row.commitment.hex()} cannot be opened as what it was ({fault.code})") from fault
        _read(reading, row, body, link)
    _check_encounters(connection, reading)


def _check_places(connection: Connection) -> None:
    """Every entry is published or waits, not both; what waits is an entry; none was taken out of the middle."""
    neither = select(_ENTRY.commitment).where(~_PUBLISHED, ~_WAITING).limit(1)
    both = select(_ENTRY.commitment).where(and_(_PUBLISHED, _WAITING)).limit(1)
    unknown = select(_WAITS.commitment).where(~exists().where(_ENTRY.commitment == _WAITS.commitment)).limit(1)
    for query, what in (
        (neither, "is neither in the tree nor waits for its batch"),
        (both, "is in the tree and waits for it too"),
        (unknown, "waits for its batch and was never recorded"),
    ):
        found = connection.execute(query).scalar()
        if found is not None:
            raise _edited(f"entry {found.hex()} {what}")
    after = tables.entries.alias().c
    last, count = connection.execute(select(func.max(_ENTRY.sequence), func.count(_ENTRY.sequence))).one()
    if (last or 0) != count:
        gap = select(_ENTRY.sequence, _ENTRY.commitment).where(
            _ENTRY.sequence > 1, ~exists().where(after.sequence == _ENTRY.sequence - 1)
        )
        row = connection.execute(gap.order_by(_ENTRY.sequence).limit(1)).one()
        raise _edited(f"the entry before {row.commitment.hex()} (number {row.sequence}) was taken out")


def _newest(connection: Connection, rows: Select[Any], count: int) -> Iterator[Any]:
    last = connection.execute(select(func.max(_ENTRY.sequence))).scalar() or 0
    query = rows.order_by(_ENTRY.sequence)
    for start in range(max(0, last - count), last, _AT_ONCE):
        within = query.where(_ENTRY.sequence > start, _ENTRY.sequence <= start + _AT_ONCE)
        yield from connection.execute(within).all()


def _read(reading: Reading, row: Any, body: JsonObject, link: Link) -> None:
    """Follow the link to the entry before, and note what an entry says of its encounter."""
    facts = json.loads(str(body["facts"])) if "facts" in body else {}
    named = facts.get("prev")
    if named is not None and reading.link is not None and named != reading.link:
        raise _edited(f"entry {row.commitment.hex()} does not name the entry that stands before it")
    reading.link = link(row.commitment)
    encounter = facts.get("encounter")
    if isinstance(encounter, str):
        _note(reading.encounters.setdefault(encounter, Told()), facts)


def _note(told: Told, facts: JsonObject) -> None:
    match facts.get("event"):
        case "encounter.opened":
            told.opened = True
            told.over |= facts.get("decision") != "opened"
        case "attempt.answered":
            told.answers += 1
            told.over |= facts.get("decision") != "retry"
        case "encounter.opted_out":
            told.over = told.opted_out = True
        case "referral.raised":
            told.over = True


def _check_encounters(connection: Connection, reading: Reading) -> None:
    """A row that is there, of an encounter whose whole story was read, stands where its entries left it."""
    whole = [encounter for encounter, told in reading.encounters.items() if told.opened]
    held = tables.encounters.c
    for start in range(0, len(whole), _AT_ONCE):
        query = select(held.encounter_id, held.state, held.attempts_used)
        for row in connection.execute(query.where(held.encounter_id.in_(whole[start : start + _AT_ONCE]))):
            told = reading.encounters[row.encounter_id]
            if _contradicts(told, EncounterState(row.state), row.attempts_used):
                raise _edited(f"encounter {row.encounter_id} is {row.state} after {row.attempts_used} attempts")


def _contradicts(told: Told, state: EncounterState, attempts_used: int) -> bool:
    over, opted_out = state is not EncounterState.OPEN, state is EncounterState.OPTED_OUT
    return over < told.over or opted_out > told.opted_out or attempts_used != told.answers


def _edited(what: str) -> RecordError:
    return RecordError(
        "record.edited",
        f"The database was edited, or damaged, outside the service: {what}.",
        remedy="Nothing starts. Keep db/ for examination, tell the auditors, and restore a backup that is not older "
        "than log/.",
    )
