"""Access and case stores in memory: the second implementations that the contract suites run over."""

from __future__ import annotations

from dataclasses import dataclass, field

from countenance.errors import StorageError
from countenance.terms import ApiKeyRecord, Device, Instant, Referral


def _twice(what: str) -> StorageError:
    return StorageError("storage.failed", f"This {what} exists.", remedy="Use another id.")


@dataclass
class MemoryAccessStore:
    """Implements the ``AccessStore`` port."""

    keys: dict[str, ApiKeyRecord] = field(default_factory=dict)
    revoked: dict[str, Instant] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)

    def add_key(self, key: ApiKeyRecord) -> None:
        """Store a key's hash."""
        if key.key_id in self.keys:
            raise _twice("key")
        self.keys[key.key_id] = key

    def key(self, key_id: str) -> ApiKeyRecord | None:
        """Return a key that was not revoked."""
        return None if key_id in self.revoked else self.keys.get(key_id)

    def revoke_key(self, key_id: str, now: Instant) -> bool:
        """Revoke a key; return whether it was there."""
        there = self.key(key_id) is not None
        if there:
            self.revoked[key_id] = now
        return there

    def add_device(self, device: Device) -> None:
        """Enrol a device, or replace it."""
        self.devices[device.device_id] = device

    def device(self, device_id: str) -> Device | None:
        """Return an enrolled device."""
        return self.devices.get(device_id)


@dataclass
class MemoryCaseStore:
    """Implements the ``CaseStore`` port."""

    referrals: dict[str, Referral] = field(default_factory=dict)

    def add(self, referral: Referral) -> None:
        """Store a referral."""
        if referral.referral_id in self.referrals:
            raise _twice("referral")
        self.referrals[referral.referral_id] = referral

    def get(self, referral_id: str) -> Referral | None:
        """Return one referral."""
        return self.referrals.get(referral_id)

    def waiting(self) -> tuple[Referral, ...]:
        """Return every referral, oldest first, then by id."""
        return tuple(sorted(self.referrals.values(), key=lambda item: (item.opened_at, item.referral_id)))
