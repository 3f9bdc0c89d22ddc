"""A witness that cosigns whatever checkpoint a test shows it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from fakes.keys import DeviceKey


@dataclass
class Witness:
    """An Ed25519 cosigner (tlog-cosignature, type 0x04)."""

    name: str = "witness.example/w1"
    key: DeviceKey = field(default_factory=lambda: DeviceKey(71))

    @property
    def vkey(self) -> str:
        """The text that an auditor is configured with."""
        material = b"\x04" + self.key.public_key
        return f"{self.name}+{self._key_id().hex()}+{base64.b64encode(material).decode()}"

    def _key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n\x04" + self.key.public_key).digest()[:4]

    def line(self, note: str, seconds: int, *, says: int | None = None) -> str:
        """Return a signature line for a note, of a time; ``says`` puts another time beside the signature."""
        body = f"{note.rpartition(chr(10) * 2)[0]}\n"
        signature = self.key.sign(f"cosignature/v1\ntime {seconds}\n{body}".encode())
        blob = self._key_id() + (seconds if says is None else says).to_bytes(8, "big") + signature
        return f"— {self.name} {base64.b64encode(blob).decode()}\n"

    def cosigned(self, note: str, seconds: int) -> str:
        """Return a note with this witness's line under it."""
        return note + self.line(note, seconds)
