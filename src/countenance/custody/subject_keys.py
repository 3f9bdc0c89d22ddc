"""Subject keys as rows, each wrapped under the key of an epoch; epochs begin, end and rotate here.

An epoch's key is made before the transaction that first names it commits, and destroyed after the transaction that
forgets it committed. So whatever a power cut hits, every row's key is there, and ``key_check`` destroys what no row
names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, or_, select, update

from countenance.custody.epochs import period_of
from countenance.custody.keys import KEY_BYTES
from countenance.ports import Entropy, KeyHolder
from countenance.storage import portions
from countenance.storage.tables import vault_epochs, vault_items, vault_keys
from countenance.terms import Instant, ItemLabel

PROOF = bytes(KEY_BYTES)
"""What an epoch's proof holds; it tells a wrong key before anything is touched."""

_KEY = "countenance/vault/key/v1"
_EPOCH = "countenance/vault/epoch/v1"
_item, _key, _epoch = vault_items.c, vault_keys.c, vault_epochs.c
_KEY_OF_ITEM = and_(_key.subject == _item.subject, _key.purpose == _item.purpose)
_THIS_KEY = and_(_key.subject == bindparam("of"), _key.purpose == bindparam("for"))
_WRAPPED = select(_key.subject, _key.purpose, _key.epoch, _key.wrapped).where(
    _key.subject.in_(bindparam("of", expanding=True))
)
_ADD_KEY = insert(vault_keys)
_DROP_UNUSED = delete(vault_keys).where(_THIS_KEY, ~exists().where(_KEY_OF_ITEM)).returning(_key.key_id)
_OF_PERIOD = select(_epoch.epoch).where(_epoch.period == bindparam("period"))
_ENDED = (
    select(_epoch.epoch)
    .where(
        or_(
            _epoch.ends_at <= bindparam("now"),
            and_(_epoch.period.like("event-%"), ~exists().where(_key.epoch == _epoch.epoch)),
        )
    )
    .order_by(_epoch.epoch)
)
_KEYS_OF_EPOCH = (
    select(_key.subject, _key.purpose, _key.wrapped, func.max(_item.expires_at).label("last"))
    .join(vault_items, _KEY_OF_ITEM)
    .where(_key.epoch == bindparam("which"))
    .group_by(_key.subject, _key.purpose, _key.wrapped)
)
_LOST = (
    select(_key.key_id)
    .join(vault_epochs, _epoch.epoch == _key.epoch, isouter=True)
    .where(or_(_epoch.epoch.is_(None), _epoch.period.in_(bindparam("periods", expanding=True))))
    .order_by(_key.key_id)
)
_REWRAP = update(vault_keys).where(_THIS_KEY).values(epoch=bindparam("to"), wrapped=bindparam("anew"))


class SubjectKeys:
    """The subject keys of one transaction."""

    def __init__(self, connection: Connection, holder: KeyHolder, entropy: Entropy) -> None:
        self._connection = connection
        self._holder = holder
        self._entropy = entropy

    def get_or_create(self, labels: Sequence[ItemLabel]) -> Mapping[tuple[str, str], bytes]:
        """Return the 32-byte keys that seal these items, by subject and purpose.

        Raises:
            VaultError: one does not open, or its epoch's key cannot be made.
        """
        wanted = {(label.subject, label.purpose): label for label in labels}
        keys: dict[tuple[str, str], bytes] = {}
        subjects = sorted({subject for subject, _ in wanted})
        for asked in portions(subjects):
            for row in self._connection.execute(_WRAPPED, {"of": asked}):
                label = wanted.get((row.subject, row.purpose))
                if label is not None:
                    keys[row.subject, row.purpose] = self.unwrapped(label, row.epoch, row.wrapped)
        missing = {of: label for of, label in wanted.items() if of not in keys}
        if missing:
            keys |= self._create(missing)
        return keys

    def _create(self, wanted: Mapping[tuple[str, str], ItemLabel]) -> Mapping[tuple[str, str], bytes]:
        epochs: dict[tuple[str, Instant | None], str] = {}
        keys: dict[tuple[str, str], bytes] = {}
        rows: list[dict[str, object]] = []
        for (subject, purpose), label in wanted.items():
            period = period_of(label.expires_at, label.event)
            epoch = epochs.get(period) or self._epoch(*period)
            epochs[period] = epoch
            keys[subject, purpose] = self._entropy.token_bytes(KEY_BYTES)
            wrapped = self._holder.wrap(epoch, keys[subject, purpose], context=key_context(subject, purpose))
            key_id = self._entropy.token_bytes(16).hex()
            rows.append({"subject": subject, "purpose": purpose, "epoch": epoch, "wrapped": wrapped, "key_id": key_id})
        self._connection.execute(_ADD_KEY, rows)
        return keys

    def unwrapped(self, label: ItemLabel, epoch: str, wrapped: bytes) -> bytes:
        """Return a subject's key.

        Raises:
            VaultError: ``vault.unwrap`` or ``vault.key_missing``.
        """
        return self._holder.unwrap(epoch, wrapped, context=key_context(label.subject, label.purpose))

    def drop_unused(self, keys: Collection[tuple[str, str]]) -> Sequence[str]:
        """Destroy those of these (subject, purpose) keys that no item needs; return their ids."""
        found: list[str] = []
        for subject, purpose in sorted(keys):
            found += self._connection.execute(_DROP_UNUSED, {"of": subject, "for": purpose}).scalars()
        return found

    def lost(self, periods: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of keys of these periods, and of those whose epoch is unknown."""
        return tuple(self._connection.execute(_LOST, {"periods": list(periods)}).scalars())

    def ended_epochs(self, now: Instant) -> tuple[str, ...]:
        """Return the epochs whose key is to go: days that are over, events of which nothing is left."""
        return tuple(self._connection.execute(_ENDED, {"now": now}).scalars())

    def end_epochs(self, now: Instant) -> tuple[str, ...]:
        """Wrap what outlives such an epoch under another one's key, forget the epoch; return which keys must go."""
        ended = self.ended_epochs(now)
        self._forget(ended)  # first, so that what lives on cannot be given to one of them
        for epoch in ended:
            for row in self._connection.execute(_KEYS_OF_EPOCH, {"which": epoch}).all():
                self._rewrap(row, epoch, self._epoch(*period_of(Instant(max(row.last, now)), "")))
        return ended

    def rotate(self) -> tuple[str, ...]:
        """Wrap every subject key under new epoch keys; return which epoch keys must go. No item is read."""
        before = self._connection.execute(select(vault_epochs).order_by(_epoch.epoch)).all()
        self._forget([row.epoch for row in before])
        for old in before:
            new = self._begin(old.period, old.ends_at)
            for row in self._connection.execute(_KEYS_OF_EPOCH, {"which": old.epoch}).all():
                self._rewrap(row, old.epoch, new)
        return tuple(row.epoch for row in before)

    def _rewrap(self, row: Any, old: str, new: str) -> None:
        context = key_context(row.subject, row.purpose)
        key = self._holder.unwrap(old, row.wrapped, context=context)
        anew = self._holder.wrap(new, key, context=context)
        self._connection.execute(_REWRAP, {"of": row.subject, "for": row.purpose, "to": new, "anew": anew})

    def _forget(self, epochs: Sequence[str]) -> None:
        for epoch in epochs:
            self._connection.execute(delete(vault_epochs).where(_epoch.epoch == epoch))

    def _epoch(self, period: str, ends_at: Instant | None) -> str:
        found: str | None = self._connection.execute(_OF_PERIOD, {"period": period}).scalar()
        return found or self._begin(period, ends_at)

    def _begin(self, period: str, ends_at: Instant | None) -> str:
        """Begin an epoch under a name that was never used, so that no pending destruction can hit its key."""
        epoch = f"{period}-{self._entropy.token_bytes(8).hex()}"
        self._holder.create(epoch)
        proof = self._holder.wrap(epoch, PROOF, context=epoch_context(epoch))
        row = {"epoch": epoch, "period": period, "ends_at": ends_at, "proof": proof}
        self._connection.execute(insert(vault_epochs), row)
        return epoch


def epoch_context(epoch: str) -> bytes:
    """Return what an epoch's proof is bound to."""
    return bound(_EPOCH, epoch)


def bound(*fields: object) -> bytes:
    """Return the fields' texts, each after its length, so that no two lists of texts have the same bytes."""
    return "".join([f"{len(text)}:{text}" for text in map(str, fields)]).encode()


def key_context(subject: str, purpose: str) -> bytes:
    """Return what a wrapped subject key is bound to."""
    return bound(_KEY, subject, purpose)
