"""Every stored biometric or personal item, sealed: AES-256-GCM under a key per subject and purpose.

A subject's key is random, wrapped under an epoch's key (``subject_keys``) and stored beside the items; destroying the
row makes its items unreadable even where old bytes linger. Every field of an item's label is bound into the encryption,
so a row that is moved, relabelled or given a longer life does not open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, and_, bindparam, delete, insert, select

from countenance.custody.keys import NONCE_BYTES
from countenance.custody.subject_keys import SubjectKeys, bound
from countenance.errors import VaultError
from countenance.ports import Entropy, KeyHolder
from countenance.storage import portions
from countenance.storage.tables import vault_items, vault_keys
from countenance.terms import Destroyed, Instant, ItemLabel

_ITEM = "countenance/vault/item/v1"

# Statements are made once: making one costs more than running it.
_item, _key = vault_items.c, vault_keys.c
_KEY_OF_ITEM = and_(_key.subject == _item.subject, _key.purpose == _item.purpose)
_LABEL = (
    _item.item_id, _item.subject, _item.purpose, _item.schema, _item.retention, _item.expires_at, _item.event
)  # fmt: skip
_SEALED = (
    select(*_LABEL, _item.nonce, _item.ciphertext, _key.epoch, _key.wrapped)
    .join(vault_keys, _KEY_OF_ITEM, isouter=True)
    .where(_item.item_id.in_(bindparam("ids", expanding=True)))
)
_ADD_ITEM = insert(vault_items)
_DROP_ITEMS = (
    delete(vault_items)
    .where(_item.item_id.in_(bindparam("ids", expanding=True)))
    .returning(_item.item_id, _item.subject, _item.purpose, _item.retention)
)
_DROP_ITEM_ALONE = delete(vault_items).where(_item.item_id == bindparam("id"))
_OVERDUE = (
    select(_item.item_id)
    .where(_item.expires_at <= bindparam("now"))
    .order_by(_item.expires_at, _item.item_id)
    .limit(bindparam("most"))
)
_OF_SUBJECTS = select(*_LABEL).where(_item.subject.in_(bindparam("of", expanding=True))).order_by(_item.item_id)
_OF_PURPOSE = select(*_LABEL).where(_item.purpose == bindparam("for")).order_by(_item.item_id)
_OF_EVENT = (
    select(*_LABEL).where(_item.event == bindparam("event"), _item.purpose == bindparam("for")).order_by(_item.item_id)
)
_OF_KEYS = select(_item.item_id).join(vault_keys, _KEY_OF_ITEM).where(_key.key_id.in_(bindparam("ids", expanding=True)))
_STILL_THERE = select(_item.subject).where(_item.subject.in_(bindparam("of", expanding=True))).distinct()


class SqlVault:
    """The vault of one transaction (port ``Vault``): rows in ``vault_items`` and ``vault_keys``."""

    def __init__(self, connection: Connection, keys: KeyHolder, entropy: Entropy) -> None:
        self._connection = connection
        self._keys = SubjectKeys(connection, keys, entropy)
        self._entropy = entropy

    def seal(self, label: ItemLabel, plaintext: bytes) -> None:
        """Store ``plaintext`` sealed under its label.

        Raises:
            StorageError: the item id is taken, or the database refused.
            VaultError: the subject's key does not open.
        """
        self.seal_many([(label, plaintext)])

    def seal_many(self, items: Sequence[tuple[ItemLabel, bytes]]) -> None:
        """Store plaintexts sealed under their labels; the errors of ``seal``."""
        keys = self._keys.get_or_create([label for label, _ in items])
        rows: list[dict[str, object]] = []
        for label, plaintext in items:
            nonce = self._entropy.token_bytes(NONCE_BYTES)
            cipher = AESGCM(keys[label.subject, label.purpose])
            ciphertext = cipher.encrypt(nonce, plaintext, _context(label))
            rows.append({**_fields(label), "nonce": nonce, "ciphertext": ciphertext})
        for some in portions(rows):
            self._connection.execute(_ADD_ITEM, some)

    def open(self, item_id: str) -> bytes:
        """Return the plaintext.

        Raises:
            VaultError: ``vault.unknown_item``, ``vault.key_destroyed``, ``vault.unwrap`` (wrong wrapping key) or
                ``vault.changed`` (ciphertext or label).
        """
        ((_, plaintext),) = self.open_many([item_id])
        return plaintext

    def open_many(self, item_ids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield (item id, plaintext) in the order asked for; the errors of ``open``."""
        for asked in portions(item_ids):
            rows = {row[0]: row for row in self._connection.execute(_SEALED, {"ids": asked})}
            for item_id in asked:
                if item_id not in rows:
                    raise VaultError(
                        "vault.unknown_item",
                        f"There is no item {item_id}.",
                        remedy="It was destroyed when its time came; continue without.",
                    )
                yield item_id, self._unsealed(rows[item_id])

    def destroy(self, item_id: str) -> bool:
        """Remove the item, and its subject's key with the subject's last item. Return whether it was there."""
        return self.destroy_many([item_id]).count == 1

    def destroy_many(self, item_ids: Sequence[str]) -> Destroyed:
        """Destroy many items at once, subjects' keys with their last items; return what was there."""
        gone: list[Any] = []
        keys: list[str] = []
        for asked in portions(item_ids):
            rows = self._connection.execute(_DROP_ITEMS, {"ids": asked}).all()
            gone += rows
            keys += self._keys.drop_unused({(row.subject, row.purpose) for row in rows})
        return Destroyed(
            items=tuple(row.item_id for row in gone),
            by_retention=dict(sorted(Counter(row.retention for row in gone).items())),
            keys=tuple(keys),
            subjects=self._left_nothing({row.subject for row in gone}),
        )

    def destroy_keys(self, key_ids: Sequence[str]) -> Destroyed:
        """Destroy subject keys by their ids, with everything that they sealed; ids that are unknown are no error."""
        found = [
            item for asked in portions(key_ids) for item in self._connection.execute(_OF_KEYS, {"ids": asked}).scalars()
        ]
        return self.destroy_many(found)

    def lost_keys(self, periods: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of subject keys of these periods, and of those whose epoch is unknown: none may open again."""
        return self._keys.lost(periods)

    def _left_nothing(self, subjects: set[str]) -> tuple[str, ...]:
        still: set[str] = set()
        for asked in portions(sorted(subjects)):
            still |= set(self._connection.execute(_STILL_THERE, {"of": asked}).scalars())
        return tuple(sorted(subjects - still))

    def of_subjects(self, subjects: Sequence[str]) -> tuple[ItemLabel, ...]:
        """Return the labels of everything sealed of these subjects, by item id."""
        found: list[ItemLabel] = []
        for asked in portions(subjects):
            found += (ItemLabel(*row) for row in self._connection.execute(_OF_SUBJECTS, {"of": asked}))
        return tuple(sorted(found, key=lambda label: label.item_id))

    def of_purpose(self, purpose: str) -> tuple[ItemLabel, ...]:
        """Return the labels of everything sealed for one purpose, by item id."""
        return tuple(ItemLabel(*row) for row in self._connection.execute(_OF_PURPOSE, {"for": purpose}))

    def of_event(self, event: str, purpose: str) -> tuple[ItemLabel, ...]:
        """Return the labels of everything sealed for one purpose at one event, by item id."""
        found = self._connection.execute(_OF_EVENT, {"event": event, "for": purpose})
        return tuple(ItemLabel(*row) for row in found)

    def hold(self, item_ids: Sequence[str], until: Instant) -> int:
        """Let items live until ``until``, sealed anew, those that live longer as they are; return how many it held.

        The label is bound into the encryption, so a clock changed in the row alone would open nothing.

        Raises:
            VaultError: an item was changed.
        """
        return self._reclock(item_ids, lambda expires_at: expires_at < until, until)

    def release(self, item_ids: Sequence[str], held_until: Instant, expires_at: Instant) -> int:
        """Give items whose clock ends exactly at ``held_until`` another one, sealed anew; return how many.

        Raises:
            VaultError: an item was changed.
        """
        return self._reclock(item_ids, lambda present: present == held_until, expires_at)

    def shorten(self, item_ids: Sequence[str], expires_at: Instant) -> int:
        """Let items end at ``expires_at``, sealed anew, those that end earlier as they are; return how many.

        Raises:
            VaultError: an item was changed.
        """
        return self._reclock(item_ids, lambda present: present > expires_at, expires_at)

    def _reclock(self, item_ids: Sequence[str], which: Callable[[int], bool], expires_at: Instant) -> int:
        done = 0
        for asked in portions(item_ids):
            for row in self._connection.execute(_SEALED, {"ids": asked}).all():
                label = ItemLabel(*row[: len(_LABEL)])
                if not which(label.expires_at):
                    continue
                plaintext = self._unsealed(row)
                self._connection.execute(_DROP_ITEM_ALONE, {"id": label.item_id})
                self.seal(replace(label, expires_at=expires_at), plaintext)
                done += 1
        return done

    def expired(self, now: Instant, limit: int) -> tuple[str, ...]:
        """Return the ids of at most ``limit`` items that must be gone at ``now``, the longest overdue first."""
        return tuple(self._connection.execute(_OVERDUE, {"now": now, "most": limit}).scalars())

    def ended_epochs(self, now: Instant) -> tuple[str, ...]:
        """Return the epochs whose key is to go: days that are over, events of which nothing is left."""
        return self._keys.ended_epochs(now)

    def end_epochs(self, now: Instant) -> tuple[str, ...]:
        """Wrap what outlives such an epoch under another one's key and forget the epoch; return which keys must go.

        Raises:
            VaultError: a subject key does not open.
        """
        return self._keys.end_epochs(now)

    def rotate(self) -> tuple[str, ...]:
        """Wrap every subject key under new epoch keys, no item touched; return which epoch keys must go then.

        Raises:
            VaultError: a subject key does not open; nothing was changed once the transaction is rolled back.
        """
        return self._keys.rotate()

    def _unsealed(self, row: Sequence[Any]) -> bytes:
        label = ItemLabel(*row[: len(_LABEL)])
        nonce, ciphertext, epoch, wrapped = row[len(_LABEL) :]
        if wrapped is None:
            raise VaultError(
                "vault.key_destroyed",
                f"The key of item {label.item_id} was destroyed.",
                remedy="What it held is gone on purpose; continue without it.",
            )
        key = self._keys.unwrapped(label, epoch, wrapped)
        try:
            return AESGCM(key).decrypt(nonce, ciphertext, _context(label))
        except (InvalidTag, ValueError) as error:  # ValueError: a key, nonce or ciphertext of impossible length
            raise VaultError(
                "vault.changed",
                f"Item {label.item_id} or its label was changed after it was sealed.",
                remedy="Treat it as tampering: keep db/ for examination and restore the last backup.",
            ) from error


def _fields(label: ItemLabel) -> dict[str, object]:
    return {
        "item_id": label.item_id, "subject": label.subject, "purpose": label.purpose, "schema": label.schema,
        "retention": label.retention, "expires_at": label.expires_at, "event": label.event,
    }  # fmt: skip


def _context(label: ItemLabel) -> bytes:
    """Return what is bound into an item's encryption: every field of its label."""
    fields = (label.item_id, label.subject, label.purpose, label.schema, label.retention, label.expires_at)
    return bound(_ITEM, *fields, *((label.event,) if label.event else ()))
