"""Sealed parts that may be gone: erasure is an answer here, tampering is not."""

from __future__ import annotations

from countenance.errors import VaultError
from countenance.ports import Vault

_GONE = frozenset({"vault.unknown_item", "vault.key_destroyed"})


def opened(vault: Vault, item_id: str) -> bytes | None:
    """Return an item's plaintext, or None once it was destroyed.

    Raises:
        VaultError: it is there and does not open: a wrong key, or changed bytes.
    """
    try:
        return vault.open(item_id)
    except VaultError as fault:
        if fault.code not in _GONE:
            raise
        return None
