"""Galleries and their references as rows; the templates themselves are sealed in the vault.

A template is sealed under the key of its person *in this gallery* (subject ``gallery/person``), so that closing a
gallery or erasing a person destroys keys nobody else needs.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, select, update

from countenance.errors import GalleryError
from countenance.gallery.store_checks import check_gallery_id, check_reference, unknown
from countenance.ports import Vault
from countenance.storage import portions
from countenance.storage.tables import boardings, galleries, gallery_references
from countenance.terms import Destroyed, GalleryInfo, Instant, ItemLabel, Reference, Template

PURPOSE = "reference"
SCHEMA = "template/f32le/v1"

# Statements are made once: making one costs more than running it.
_gallery, _reference = galleries.c, gallery_references.c
_CARDS = select(galleries).order_by(_gallery.gallery_id)
_THIS_GALLERY = _gallery.gallery_id == bindparam("gallery")
_IN_GALLERY = _reference.gallery_id == bindparam("gallery")
_THIS_REFERENCE = and_(_IN_GALLERY, _reference.reference_id == bindparam("reference"))
_OVERDUE = _reference.expires_at <= bindparam("now")
_CARD = select(galleries).where(_THIS_GALLERY)
_GROW = update(galleries).where(_THIS_GALLERY).values(size=_gallery.size + bindparam("by"))
_ADD_REFERENCE = insert(gallery_references)
_PRESENT = select(_reference.reference_id).where(
    _IN_GALLERY, _reference.reference_id.in_(bindparam("ids", expanding=True))
)
_PERSON = select(_reference.person_id).where(_THIS_REFERENCE)
_OF_PERSON = (
    select(_reference.gallery_id, _reference.reference_id)
    .where(_reference.person_id == bindparam("person"))
    .order_by(_reference.gallery_id, _reference.reference_id)
)
_DROP_ONE = delete(gallery_references).where(_THIS_REFERENCE).returning(_reference.template_item)
_DROP_ALL = delete(gallery_references).where(_IN_GALLERY).returning(_reference.template_item)
_DROP_OVERDUE = (
    delete(gallery_references)
    .where(_OVERDUE)
    .returning(_reference.gallery_id, _reference.reference_id, _reference.template_item)
)
_DROP_OF_ITEMS = (
    delete(gallery_references)
    .where(_reference.template_item.in_(bindparam("items", expanding=True)))
    .returning(_reference.gallery_id)
)
_IN_ORDER = select(gallery_references).where(_IN_GALLERY).order_by(_reference.reference_id)
_CLOSE = update(galleries).where(_THIS_GALLERY).values(open=False, size=0)
_END_AT = update(galleries).where(_THIS_GALLERY).values(closes_at=bindparam("at"))
_OVER = (
    select(_gallery.gallery_id)
    .where(_gallery.open, _gallery.closes_at > 0, _gallery.closes_at <= bindparam("now"))
    .order_by(_gallery.gallery_id)
)
_PEOPLE = select(_reference.reference_id, _reference.person_id).where(_IN_GALLERY).order_by(_reference.reference_id)
_SPEND = update(galleries).where(_THIS_GALLERY).values(searches=_gallery.searches + 1).returning(_gallery.searches)
_ALL_BOARDED = boardings.c.gallery_id == bindparam("gallery")
_ABOARD = select(boardings.c.person_id).where(_ALL_BOARDED)
_BOARDED = select(boardings.c.boarded_at).where(_ALL_BOARDED, boardings.c.person_id == bindparam("person"))


class SqlGalleryStore:
    """The galleries of one transaction (port ``GalleryStore``)."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def create(self, info: GalleryInfo) -> None:
        """Store a new, empty, open gallery; ``info.size`` and ``info.searches`` count from 0 whatever they say.

        Raises:
            GalleryError: ``gallery.exists`` or ``gallery.bad_id``.
        """
        check_gallery_id(info.gallery_id)
        if self._connection.execute(_CARD, {"gallery": info.gallery_id}).first() is not None:
            raise GalleryError(
                "gallery.exists", f"There is a gallery {info.gallery_id!r} already, open or closed.",
                remedy="Give the new gallery an id of its own, such as the event and its date.",
            )  # fmt: skip
        row = {
            "gallery_id": info.gallery_id, "checkpoint_id": info.checkpoint_id, "charter": info.charter,
            "weights": info.weights, "open": True, "size": 0, "searches": 0, "opened_at": info.opened_at,
            "closes_at": info.closes_at,
        }  # fmt: skip
        self._connection.execute(insert(galleries), row)

    def get(self, gallery_id: str) -> GalleryInfo | None:
        """Return the gallery's card."""
        row = self._connection.execute(_CARD, {"gallery": gallery_id}).first()
        return None if row is None else _card(row)

    def all(self) -> tuple[GalleryInfo, ...]:
        """Return every gallery, open or closed, by id."""
        return tuple(_card(row) for row in self._connection.execute(_CARDS))

    def close(self, gallery_id: str) -> Destroyed:
        """Mark closed, destroy its references and forget who boarded; return what left the vault.

        Raises:
            GalleryError: ``gallery.unknown``.
        """
        this = {"gallery": gallery_id}
        self._known(gallery_id)
        items = self._connection.execute(_DROP_ALL, this).scalars().all()
        destroyed = self._vault.destroy_many(items)
        self._connection.execute(delete(boardings).where(_ALL_BOARDED), this)
        self._connection.execute(_CLOSE, this)
        return destroyed

    def end_at(self, gallery_id: str, closes_at: Instant) -> None:
        """Set when the gallery's event is over.

        Raises:
            GalleryError: ``gallery.unknown``.
        """
        self._known(gallery_id)
        self._connection.execute(_END_AT, {"gallery": gallery_id, "at": closes_at})

    def over(self, now: Instant) -> tuple[str, ...]:
        """Return the open galleries whose event has ended at ``now``, by id."""
        return tuple(self._connection.execute(_OVER, {"now": now}).scalars())

    def people(self, gallery_id: str) -> tuple[tuple[str, str], ...]:
        """Return (reference id, person id) of every reference, by reference id; no template is opened."""
        return tuple(map(tuple, self._connection.execute(_PEOPLE, {"gallery": gallery_id})))

    def aboard(self, gallery_id: str) -> frozenset[str]:
        """Return everybody who went through."""
        return frozenset(self._connection.execute(_ABOARD, {"gallery": gallery_id}).scalars())

    def contains(self, gallery_id: str, reference_id: str) -> bool:
        """Return whether the reference is enrolled."""
        return self.person_of(gallery_id, reference_id) is not None

    def present(self, gallery_id: str, reference_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these references are enrolled."""
        found: set[str] = set()
        for asked in portions(reference_ids):
            found.update(self._connection.execute(_PRESENT, {"gallery": gallery_id, "ids": asked}).scalars())
        return frozenset(found)

    def add(self, gallery_id: str, reference: Reference, *, retention: str, expires_at: Instant, now: Instant) -> None:
        """Store a reference, its template sealed under ``retention`` until ``expires_at``.

        Raises:
            GalleryError: ``gallery.duplicate``, ``gallery.unknown``, ``gallery.closed``, ``gallery.other_weights`` or
                ``gallery.bad_id``.
        """
        self.add_many(gallery_id, [reference], retention=retention, expires_at=expires_at, now=now)

    def add_many(
        self, gallery_id: str, references: Sequence[Reference], *, retention: str, expires_at: Instant, now: Instant
    ) -> None:
        """Store references in a few statements, all or none; the errors of ``add``."""
        gallery = self._known(gallery_id)
        for reference in references:
            check_reference(reference, gallery)
        ids = [reference.reference_id for reference in references]
        if len(set(ids)) < len(ids) or self.present(gallery_id, ids):
            raise GalleryError(
                "gallery.duplicate", f"A reference with this id is enrolled in gallery {gallery_id!r} already.",
                remedy="Remove the old reference first, or enrol under another reference id.",
            )  # fmt: skip
        sealed: list[tuple[ItemLabel, bytes]] = []
        rows: list[dict[str, object]] = []
        for one in references:
            label = _label(gallery_id, one, retention, expires_at)
            sealed.append((label, one.template.values.astype("<f4").tobytes()))
            rows.append({
                "gallery_id": gallery_id, "reference_id": one.reference_id, "person_id": one.person_id,
                "template_item": label.item_id, "added_at": now, "expires_at": expires_at,
            })  # fmt: skip
        if rows:
            self._vault.seal_many(sealed)
            self._connection.execute(_ADD_REFERENCE, rows)
            self._connection.execute(_GROW, {"gallery": gallery_id, "by": len(rows)})

    def remove(self, gallery_id: str, reference_id: str) -> Destroyed:
        """Destroy a reference; return what left the vault, nothing if it was not there."""
        this = {"gallery": gallery_id, "reference": reference_id}
        items = self._connection.execute(_DROP_ONE, this).scalars().all()
        if items:
            self._connection.execute(_GROW, {"gallery": gallery_id, "by": -1})
        return self._vault.destroy_many(items)

    def references(self, gallery_id: str, people: Collection[str] | None = None) -> Iterator[Reference]:
        """Yield every reference with its template, by reference id; with ``people``, theirs alone.

        Raises:
            GalleryError: ``gallery.unknown``.
            VaultError: a template does not open.
        """
        weights = self._known(gallery_id).weights
        found = self._connection.execute(_IN_ORDER, {"gallery": gallery_id})
        rows = [row for row in found if people is None or row.person_id in people]
        templates = self._vault.open_many([row.template_item for row in rows])
        for row, (_, sealed) in zip(rows, templates, strict=True):
            yield Reference(row.reference_id, row.person_id, Template(np.frombuffer(sealed, "<f4"), weights))

    def expire(self, now: Instant) -> tuple[tuple[str, str], ...]:
        """Drop references that must be gone at ``now``; return (gallery id, reference id) of each, by these.

        Their templates are overdue in the vault too and go with ``custody.sweep`` in the same transaction.
        """
        gone = self._connection.execute(_DROP_OVERDUE, {"now": now}).all()
        for gallery_id, count in Counter(row.gallery_id for row in gone).items():
            self._connection.execute(_GROW, {"gallery": gallery_id, "by": -count})
        return tuple(sorted((row.gallery_id, row.reference_id) for row in gone))

    def forget(self, items: Sequence[str]) -> tuple[str, ...]:
        """Drop the references whose templates these vault items were, gone already; return the galleries' ids."""
        gone = Counter[str]()
        for asked in portions(items):
            gone.update(self._connection.execute(_DROP_OF_ITEMS, {"items": asked}).scalars())
        for gallery_id, count in gone.items():
            self._connection.execute(_GROW, {"gallery": gallery_id, "by": -count})
        return tuple(sorted(gone))

    def of_person(self, person_id: str) -> tuple[tuple[str, str], ...]:
        """Return (gallery id, reference id) of every reference of this person, by these."""
        return tuple(map(tuple, self._connection.execute(_OF_PERSON, {"person": person_id})))

    def person_of(self, gallery_id: str, reference_id: str) -> str | None:
        """Return whose reference it is."""
        this = {"gallery": gallery_id, "reference": reference_id}
        person_id: str | None = self._connection.execute(_PERSON, this).scalar()
        return person_id

    def spend_search(self, gallery_id: str) -> int:
        """Count one search and return the new total.

        Raises:
            GalleryError: ``gallery.unknown``.
        """
        total = self._connection.execute(_SPEND, {"gallery": gallery_id}).scalar()
        if total is None:
            raise unknown(gallery_id)
        return int(total)

    def boarded(self, gallery_id: str, person_id: str) -> bool:
        """Return whether the person already went through."""
        return self._connection.execute(_BOARDED, {"gallery": gallery_id, "person": person_id}).first() is not None

    def board(self, gallery_id: str, person_id: str, now: Instant) -> bool:
        """Note that the person went through; return False if they already had.

        Raises:
            GalleryError: ``gallery.unknown``.
        """
        self._known(gallery_id)
        if self.boarded(gallery_id, person_id):
            return False
        row = {"gallery_id": gallery_id, "person_id": person_id, "boarded_at": now}
        self._connection.execute(insert(boardings), row)
        return True

    def _known(self, gallery_id: str) -> Row[Any]:
        row = self._connection.execute(_CARD, {"gallery": gallery_id}).first()
        if row is None:
            raise unknown(gallery_id)
        return row


def _card(row: Row[Any]) -> GalleryInfo:
    return GalleryInfo(
        gallery_id=row.gallery_id, checkpoint_id=row.checkpoint_id, charter=row.charter, weights=row.weights,
        open=row.open, size=row.size, searches=row.searches, opened_at=Instant(row.opened_at),
        closes_at=Instant(row.closes_at),
    )  # fmt: skip


def _label(gallery_id: str, reference: Reference, retention: str, expires_at: Instant) -> ItemLabel:
    return ItemLabel(
        item_id=_item_id(gallery_id, reference.reference_id), subject=f"{gallery_id}/{reference.person_id}",
        purpose=PURPOSE, schema=SCHEMA, retention=retention, expires_at=expires_at, event=gallery_id,
    )  # fmt: skip


def _item_id(gallery_id: str, reference_id: str) -> str:
    """Return an id that is the reference's own and shows neither id; no id holds a line break."""
    return "t-" + hashlib.sha256(f"{gallery_id}\n{reference_id}".encode()).hexdigest()
