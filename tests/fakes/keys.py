"""Randomness that repeats, and device keys that sign."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import shake_256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countenance.terms import Device, Instant


@dataclass
class SeededEntropy:
    """Entropy that gives the same bytes for the same seed and order of calls; for tests only."""

    seed: int = 0
    calls: int = field(default=0, init=False)

    def token_bytes(self, count: int) -> bytes:
        """Return ``count`` bytes, others at each call."""
        self.calls += 1
        return shake_256(f"{self.seed}/{self.calls}".encode()).digest(count)


@dataclass(frozen=True)
class DeviceKey:
    """A capture device's Ed25519 key, as a ``Signer``."""

    seed: int = 1

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature."""
        return self._private.sign(message)

    @property
    def public_key(self) -> bytes:
        """The 32-byte public key."""
        return self._private.public_key().public_bytes_raw()

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes([self.seed]) * 32)

    def device(self, *checkpoints: str, device_id: str = "camera-1", revoked: bool = False) -> Device:
        """Return the device with this key, enrolled at ``checkpoints``."""
        return Device(device_id, self.public_key, checkpoints, "", Instant(1), revoked)
