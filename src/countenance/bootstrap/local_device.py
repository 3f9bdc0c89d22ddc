"""The capture device that ``init`` enrols for the CLI and for the page of the authenticated service."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.access import signed_message
from countenance.custody import FileSigner
from countenance.ports import Signer
from countenance.site import Site

DEVICE_ID = "device-local"


@dataclass(frozen=True, slots=True)
class LocalDevice:
    """This machine's own capture device. Its signature says which device sent a body, not that a camera took it."""

    device_id: str
    signer: Signer

    @classmethod
    def open(cls, site: Site) -> LocalDevice:
        """Return the device whose key lies in the site's ``keys/``.

        Raises:
            VaultError: the key file is missing, readable by others, or not a key.
        """
        return cls(DEVICE_ID, FileSigner(site.keys / "device-local.key"))

    def sign(self, token: str, attempt: int, body_sha256: bytes) -> bytes:
        """Return the 64-byte capture signature over (token, attempt, body hash)."""
        return self.signer.sign(signed_message(token, attempt, body_sha256))
