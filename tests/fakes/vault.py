"""A vault in memory: the second implementation that record and gallery suites run over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from countenance.errors import StorageError, VaultError
from countenance.terms import Destroyed, Instant, ItemLabel


@dataclass
class FakeVault:
    """Vault port over a dict; nothing is sealed, and nothing is rolled back. Tests look at ``labels`` and ``items``."""

    labels: dict[str, ItemLabel] = field(default_factory=dict)
    items: dict[str, bytes] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    """Items that tests tampered with."""

    def seal(self, label: ItemLabel, plaintext: bytes) -> None:
        """Keep the item."""
        if label.item_id in self.items:
            raise StorageError("storage.failed", "This item exists.", remedy="Use another id.")
        self.labels[label.item_id] = label
        self.items[label.item_id] = plaintext

    def seal_many(self, items: Sequence[tuple[ItemLabel, bytes]]) -> None:
        """Keep the items."""
        for label, plaintext in items:
            self.seal(label, plaintext)

    def open(self, item_id: str) -> bytes:
        """Return the item, unless it is gone or tests tampered with it."""
        if item_id not in self.items:
            raise VaultError("vault.unknown_item", "There is no such item.", remedy="Continue without.")
        if item_id in self.changed:
            raise VaultError("vault.changed", "The item was changed.", remedy="Treat it as tampering.")
        return self.items[item_id]

    def open_many(self, item_ids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield (item id, plaintext)."""
        return ((item_id, self.open(item_id)) for item_id in item_ids)

    def of_subjects(self, subjects: Sequence[str]) -> tuple[ItemLabel, ...]:
        """Return the labels of these subjects, by item id."""
        return tuple(label for _, label in sorted(self.labels.items()) if label.subject in subjects)

    def hold(self, item_ids: Sequence[str], until: Instant) -> int:
        """Let items that are there live until ``until``, those that live longer as they are."""
        return self._reclock(
            [one for one in item_ids if one in self.items and self.labels[one].expires_at < until], until
        )

    def release(self, item_ids: Sequence[str], held_until: Instant, expires_at: Instant) -> int:
        """Give items whose clock ends exactly then another one."""
        held = [one for one in item_ids if one in self.items and self.labels[one].expires_at == held_until]
        return self._reclock(held, expires_at)

    def _reclock(self, item_ids: Sequence[str], expires_at: Instant) -> int:
        for item_id in item_ids:
            self.labels[item_id] = replace(self.labels[item_id], expires_at=expires_at)
        return len(item_ids)

    def destroy_many(self, item_ids: Sequence[str]) -> Destroyed:
        """Forget the items; there are no keys."""
        gone = [self.labels[one] for one in item_ids if one in self.items]
        for one in gone:
            self.destroy(one.item_id)
        left = {label.subject for label in self.labels.values()}
        return Destroyed(
            tuple(label.item_id for label in gone),
            dict(Counter(label.retention for label in gone)),
            (),
            tuple(sorted({label.subject for label in gone} - left)),
        )

    def destroy(self, item_id: str) -> bool:
        """Forget the item."""
        self.labels.pop(item_id, None)
        return self.items.pop(item_id, None) is not None
