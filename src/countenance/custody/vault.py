"""Every stored biometric or personal item, sealed: AES-256-GCM under a key per subject and purpose.

A subject's key is random, wrapped by the site's key holder and stored beside the items; destroying the row makes its
items unreadable even where old bytes linger. Every field of an item's label is bound into the encryption, so a row
that is moved, relabelled or given a longer life does not open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, and_, bindparam, delete, exists, insert, select

from countenance.custody.keys import KEY_BYTES, NONCE_BYTES
from countenance.errors import VaultError
from countenance.ports import Entropy, KeyHolder
from countenance.storage.tables import vault_items, vault_keys
from countenance.terms import Instant, ItemLabel

_ITEM = "countenance/vault/item/v1"
_KEY = "countenance/vault/key/v1"
_AT_ONCE = 4096  # items per query; SQLite allows 32,766 values in one

# Statements are made once: making one costs more than running it.
_item, _key = vault_items.c, vault_keys.c
_KEY_OF_ITEM = and_(_key.subject == _item.subject, _key.purpose == _item.purpose)
_THIS_KEY = and_(_key.subject == bindparam("of"), _key.purpose == bindparam("for"))
_SEALED = (
    select(
        _item.item_id, _item.subject, _item.purpose, _item.schema, _item.retention, _item.expires_at,
        _item.nonce, _item.ciphertext, _key.wrapped,
    )
    .join(vault_keys, _KEY_OF_ITEM, isouter=True)
    .where(_item.item_id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip
_WRAPPED = select(_key.wrapped).where(_THIS_KEY)
_ADD_ITEM = insert(vault_items)
_ADD_KEY = insert(vault_keys)
_DROP_ITEMS = (
    delete(vault_items)
    .where(_item.item_id.in_(bindparam("ids", expanding=True)))
    .returning(_item.subject, _item.purpose)
)
_DROP_ITEM_ALONE = delete(vault_items).where(_item.item_id == bindparam("id"))
_DROP_KEY_WITHOUT_ITEMS = delete(vault_keys).where(_THIS_KEY, ~exists().where(_KEY_OF_ITEM))
_OVERDUE = select(_item.item_id).where(_item.expires_at <= bindparam("now")).order_by(_item.expires_at, _item.item_id)


class SqlVault:
    """The vault of one transaction (port ``Vault``): rows in ``vault_items`` and ``vault_keys``."""

    def __init__(self, connection: Connection, keys: KeyHolder, entropy: Entropy) -> None:
        self._connection = connection
        self._keys = keys
        self._entropy = entropy

    def seal(self, label: ItemLabel, plaintext: bytes) -> None:
        """Store ``plaintext`` sealed under its label.

        Raises:
            StorageError: the item id is taken, or the database refused.
            VaultError: the subject's key does not open.
        """
        fields = {
            "item_id": label.item_id,
            "subject": label.subject,
            "purpose": label.purpose,
            "schema": label.schema,
            "retention": label.retention,
            "expires_at": label.expires_at,
        }
        cipher = AESGCM(self._key_for(label.subject, label.purpose))
        nonce = self._entropy.token_bytes(NONCE_BYTES)
        ciphertext = cipher.encrypt(nonce, plaintext, _bound(_ITEM, *fields.values()))
        self._connection.execute(_ADD_ITEM, {**fields, "nonce": nonce, "ciphertext": ciphertext})

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
        for asked in _chunks(item_ids):
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
        return self.destroy_many([item_id]) == 1

    def destroy_many(self, item_ids: Sequence[str]) -> int:
        """Destroy many items at once; return how many were there."""
        destroyed = 0
        for asked in _chunks(item_ids):
            subjects = self._connection.execute(_DROP_ITEMS, {"ids": asked}).all()
            destroyed += len(subjects)
            if subjects:
                keys = [{"of": subject, "for": purpose} for subject, purpose in dict.fromkeys(map(tuple, subjects))]
                self._connection.execute(_DROP_KEY_WITHOUT_ITEMS, keys)
        return destroyed

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

    def _reclock(self, item_ids: Sequence[str], which: Callable[[int], bool], expires_at: Instant) -> int:
        done = 0
        for asked in _chunks(item_ids):
            for row in self._connection.execute(_SEALED, {"ids": asked}).all():
                item_id, subject, purpose, schema, retention, present, *_ = row
                if not which(present):
                    continue
                plaintext = self._unsealed(row)
                self._connection.execute(_DROP_ITEM_ALONE, {"id": item_id})
                self.seal(ItemLabel(item_id, subject, purpose, schema, retention, expires_at), plaintext)
                done += 1
        return done

    def expired(self, now: Instant) -> tuple[str, ...]:
        """Return the ids of items that must be gone at ``now``, the longest overdue first."""
        return tuple(self._connection.execute(_OVERDUE, {"now": now}).scalars())

    def _key_for(self, subject: str, purpose: str) -> bytes:
        context = _bound(_KEY, subject, purpose)
        wrapped = self._connection.execute(_WRAPPED, {"of": subject, "for": purpose}).scalar()
        if wrapped is not None:
            return self._keys.unwrap(wrapped, context=context)
        key = self._entropy.token_bytes(KEY_BYTES)
        row = {"subject": subject, "purpose": purpose, "wrapped": self._keys.wrap(key, context=context)}
        self._connection.execute(_ADD_KEY, row)
        return key

    def _unsealed(self, row: Sequence[Any]) -> bytes:
        *label, nonce, ciphertext, wrapped = row
        item_id, subject, purpose, *_ = label
        if wrapped is None:
            raise VaultError(
                "vault.key_destroyed",
                f"The key of item {item_id} was destroyed.",
                remedy="What it held is gone on purpose; continue without it.",
            )
        key = self._keys.unwrap(wrapped, context=_bound(_KEY, subject, purpose))
        try:
            return AESGCM(key).decrypt(nonce, ciphertext, _bound(_ITEM, *label))
        except (InvalidTag, ValueError) as error:  # ValueError: a key, nonce or ciphertext of impossible length
            raise VaultError(
                "vault.changed",
                f"Item {item_id} or its label was changed after it was sealed.",
                remedy="Treat it as tampering: keep db/ for examination and restore the last backup.",
            ) from error


def _bound(*fields: object) -> bytes:
    """Return the fields' texts, each after its length, so that no two lists of texts have the same bytes."""
    return "".join([f"{len(text)}:{text}" for text in map(str, fields)]).encode()


def _chunks(item_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (item_ids[start : start + _AT_ONCE] for start in range(0, len(item_ids), _AT_ONCE))
