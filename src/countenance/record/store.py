"""The record inside a transaction, in SQL: commitments and tree in plain columns, every body sealed in the vault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from countenance.errors import RecordError
from countenance.ports import Entropy, Vault
from countenance.record.commitment import COMMITMENT_BYTES, Salted, commitment, reopened, salted
from countenance.record.consistency import check_record
from countenance.record.sealed import opened
from countenance.storage import tables
from countenance.terms import Entry, Instant, ItemLabel, Json, JsonObject, RecordedEvent, iso

_ITEM_ID_BYTES = 16
_ROWS_AT_ONCE = 500
_HELD = tables.entries.c
_NEWEST = select(_HELD.commitment).order_by(_HELD.sequence.desc()).limit(1)
_LAST = select(func.max(_HELD.sequence))
_ADD_ENTRY, _ADD_PENDING = insert(tables.entries), insert(tables.pending)
_BODIES = select(
    _HELD.commitment, _HELD.facts_item, _HELD.personal_item, _HELD.personal_mac, _HELD.include_by, _HELD.erased_by
)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An event in the form that is committed to, each of its codes computed once."""

    event: RecordedEvent
    open_part: Salted
    hidden_part: Salted
    personal_mac: bytes
    leaf: bytes


class SqlRecordStore:
    """RecordStore over the tables entries, leaves, pending and tree_heads, and the vault of the same transaction."""

    def __init__(self, connection: Connection, vault: Vault, entropy: Entropy, include_within_ms: int) -> None:
        """Work inside the transaction that ``connection`` is in; promise inclusion within ``include_within_ms``."""
        self._connection = connection
        self._vault = vault
        self._entropy = entropy
        self._include_within_ms = include_within_ms

    def append_many(
        self, events: Sequence[RecordedEvent], *, now: Instant, link: Callable[[bytes], str]
    ) -> tuple[Entry, ...]:
        """Commit to events in their order: seal both parts, store commitments as pending, return what receipts need.

        ``prev`` in each one's facts is what ``link`` makes of the commitment before, b"" before the first.

        Raises:
            RecordError: ``record.not_canonical`` or ``record.entropy``; nothing was stored.
        """
        before: bytes = self._connection.execute(_NEWEST).scalar() or b""
        drafts: list[_Draft] = []
        for event in events:
            draft = self._draft(replace(event, facts={**event.facts, "prev": link(before)}))
            before = draft.leaf
            drafts.append(draft)
        return self._store(drafts, now) if drafts else ()

    def _draft(self, event: RecordedEvent) -> _Draft:
        open_part, hidden_part = salted(event.facts, self._entropy), salted(event.personal, self._entropy)
        mac = hidden_part.mac
        return _Draft(event, open_part, hidden_part, mac, commitment(open_part.mac, mac))

    def _store(self, drafts: Sequence[_Draft], now: Instant) -> tuple[Entry, ...]:
        month, include_by = f"record/{iso(now)[:7]}", Instant(now + self._include_within_ms)
        sealed: list[tuple[ItemLabel, bytes]] = []
        rows: list[dict[str, object]] = []
        entries: list[Entry] = []
        for sequence, draft in enumerate(drafts, start=self._next_sequence()):
            facts = self._label("facts", month, draft.event.facts_expire_at)
            personal = self._label("personal", draft.event.subject, draft.event.personal_expire_at)
            sealed += [(facts, draft.open_part.sealed_form), (personal, draft.hidden_part.sealed_form)]
            rows.append({
                "commitment": draft.leaf, "sequence": sequence, "facts_item": facts.item_id,
                "personal_item": personal.item_id, "personal_mac": draft.personal_mac, "recorded_at": now,
                "include_by": include_by, "erased_by": "",
            })  # fmt: skip
            entries.append(
                Entry(draft.leaf, draft.open_part.text, draft.open_part.salt, draft.personal_mac, include_by)
            )
        self._vault.seal_many(sealed)
        self._connection.execute(_ADD_ENTRY, rows)
        self._connection.execute(_ADD_PENDING, [{"commitment": one.commitment} for one in entries])
        return tuple(entries)

    def _next_sequence(self) -> int:
        last = self._connection.execute(_LAST).scalar_one()
        return (last or 0) + 1

    def _label(self, purpose: str, subject: str, expires_at: Instant) -> ItemLabel:
        item_id = self._entropy.token_bytes(_ITEM_ID_BYTES).hex()
        return ItemLabel(item_id, subject, purpose, f"{purpose}/v1", purpose, expires_at)

    def personal_item(self, commitment: bytes) -> str:
        """Return the vault item with an entry's personal part, be it there or gone; "" if unknown."""
        held = tables.entries.c
        query = select(held.personal_item).where(held.commitment == commitment)
        return self._connection.execute(query).scalar() or ""

    def note_erasure(self, facts_items: Sequence[str], erasure_id: str) -> None:
        """Note which erasure took the facts in these vault items."""
        for at in range(0, len(facts_items), _ROWS_AT_ONCE):
            chosen = tables.entries.c.facts_item.in_(facts_items[at : at + _ROWS_AT_ONCE])
            self._connection.execute(update(tables.entries).where(chosen).values(erased_by=erasure_id))

    def pseudonym(self, sealed: bytes) -> str:
        """Return whom an entry's opened personal part is about, "" for nobody.

        Raises:
            RecordError: ``record.damaged``.
        """
        about = json.loads(reopened(sealed).text).get("pseudonym")
        return about if isinstance(about, str) else ""

    def erased_by(self, erasure_id: str) -> tuple[bytes, ...]:
        """Return the commitments (32 bytes) of the entries whose facts an erasure took, sorted bytewise."""
        held = tables.entries.c
        query = select(held.commitment).where(held.erased_by == erasure_id).order_by(held.commitment)
        return tuple(self._connection.execute(query).scalars())

    def pending(self) -> tuple[bytes, ...]:
        """Return commitments (32 bytes) that are in no batch yet, sorted bytewise."""
        column = tables.pending.c.commitment
        return tuple(self._connection.execute(select(column).order_by(column)).scalars())

    def append_batch(self, leaves: Sequence[bytes], now: Instant) -> int:  # noqa: ARG002 - no time is kept of a leaf
        """Append leaves in order to the tree, unmark pending ones; return the tree's new size.

        Raises:
            RecordError: ``record.leaf``: a leaf that is not 32 bytes long.
        """
        if any(len(leaf) != COMMITMENT_BYTES for leaf in leaves):
            raise RecordError(
                "record.leaf",
                f"A leaf is not {COMMITMENT_BYTES} bytes long.",
                remedy="Nothing was published; report this to the maintainers.",
            )
        start = self.size()
        if leaves:
            rows = [{"position": start + at, "commitment": leaf} for at, leaf in enumerate(leaves)]
            self._connection.execute(insert(tables.leaves), rows)
        for at in range(0, len(leaves), _ROWS_AT_ONCE):
            included = tables.pending.c.commitment.in_(leaves[at : at + _ROWS_AT_ONCE])
            self._connection.execute(delete(tables.pending).where(included))
        return start + len(leaves)

    def size(self) -> int:
        """Return the number of leaves in the tree."""
        last = self._connection.execute(select(func.max(tables.leaves.c.position))).scalar_one()
        return 0 if last is None else last + 1

    def leaves(self, start: int, end: int) -> tuple[bytes, ...]:
        """Return leaves [start, end) in tree order.

        Raises:
            RecordError: ``record.damaged``: the tree has a gap there or ends before ``end``.
        """
        position = tables.leaves.c.position
        query = select(tables.leaves.c.commitment).where(position >= start, position < end).order_by(position)
        found = tuple(self._connection.execute(query).scalars())
        if len(found) != max(end - start, 0):
            raise _damaged(f"{end - start - len(found)} leaves are missing between {start} and {end}")
        return found

    def index_of(self, commitment: bytes) -> int | None:
        """Return a commitment's position in the tree, or None while pending or unknown."""
        query = select(tables.leaves.c.position).where(tables.leaves.c.commitment == commitment)
        return self._connection.execute(query).scalar_one_or_none()

    def knows(self, commitment: bytes) -> bool:
        """Return whether the commitment was ever recorded here, pending or not; dummies were not."""
        query = select(tables.entries.c.sequence).where(tables.entries.c.commitment == commitment)
        return self._connection.execute(query).first() is not None

    def size_before(self, instant: Instant) -> int:
        """Return how many leaves the tree had in the newest head signed before ``instant``."""
        query = select(func.max(tables.tree_heads.c.size)).where(tables.tree_heads.c.signed_at < instant)
        return self._connection.execute(query).scalar_one() or 0

    def head_note(self) -> str | None:
        """Return the newest signed tree head's note text."""
        query = select(tables.tree_heads.c.note).order_by(tables.tree_heads.c.size.desc()).limit(1)
        return self._connection.execute(query).scalar_one_or_none()

    def save_head(self, size: int, root: bytes, note: str, now: Instant) -> None:
        """Store a signed tree head."""
        row = {"size": size, "root": root, "note": note, "signed_at": now}
        self._connection.execute(insert(tables.tree_heads), row)

    def body(self, commitment: bytes) -> JsonObject | None:
        """Return one entry opened as :meth:`bodies` does, or None when no such entry was recorded.

        Raises:
            VaultError, RecordError: as :meth:`bodies`.
        """
        row = self._connection.execute(_BODIES.where(tables.entries.c.commitment == commitment)).one_or_none()
        return None if row is None else self._body(row)

    def bodies(self) -> Iterator[JsonObject]:
        """Yield every entry opened for the auditor, by commitment, which says nothing about their order in time.

        Each has ``commitment`` and ``include_by``; while the facts live also ``facts`` (text) and ``facts_salt``,
        and with them ``personal`` (text) and ``personal_salt``, or ``personal_mac`` once the personal part is gone;
        afterwards ``erased_by``, the erasure whose receipt stands in their place.

        Raises:
            VaultError: a sealed part was changed; being gone is no error.
            RecordError: ``record.damaged``: a body is not what its commitment says.
        """
        after = b""
        while rows := self._rows_after(after):
            for row in rows:
                yield self._body(row)
            after = rows[-1].commitment

    def check(self, link: Callable[[bytes], str]) -> None:
        """Return if entries, their links, leaves, sealed bodies and encounters agree.

        Raises:
            RecordError: ``record.edited``, naming what does not.
        """
        check_record(self._connection, _BODIES, self._body, link)

    def _rows_after(self, after: bytes) -> Sequence[Row[bytes, str, str, bytes, int, str]]:
        held = tables.entries.c.commitment
        return self._connection.execute(_BODIES.where(held > after).order_by(held).limit(_ROWS_AT_ONCE)).all()

    def _body(self, row: Row[bytes, str, str, bytes, int, str]) -> JsonObject:
        body: dict[str, Json] = {"commitment": row.commitment.hex(), "include_by": iso(Instant(row.include_by))}
        facts = self._opened(row.facts_item)
        if facts is None:
            return body | {"erased_by": row.erased_by}
        body |= {"facts": facts.text.decode(), "facts_salt": facts.salt.hex()}
        personal = self._opened(row.personal_item)
        if personal is None:
            body |= {"personal_mac": row.personal_mac.hex()}
        else:
            body |= {"personal": personal.text.decode(), "personal_salt": personal.salt.hex()}
        if commitment(facts.mac, personal.mac if personal else row.personal_mac) != row.commitment:
            raise _damaged("a body is not what its commitment says")
        return body

    def _opened(self, item_id: str) -> Salted | None:
        """Return a sealed part, or None once it is gone."""
        sealed = opened(self._vault, item_id)
        return None if sealed is None else reopened(sealed)


def _damaged(what: str) -> RecordError:
    return RecordError(
        "record.damaged",
        f"The record in the database is damaged: {what}.",
        remedy="Restore the database from a backup and compare it with log/; never edit it by hand.",
    )
