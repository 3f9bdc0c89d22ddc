"""Encounter tokens: 256 random bits, shown once, stored only as SHA-256.

A token is its holder's single permission to send frames for one encounter. Whoever reads the database cannot use one,
and a token that was never issued has no digest to find.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from hashlib import sha256

from countenance.errors import EncounterError
from countenance.ports import Entropy

_FORM = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def new_token(entropy: Entropy) -> str:
    """Return a fresh token: 32 random bytes as 43 characters of unpadded base64url (RFC 4648 §5)."""
    return urlsafe_b64encode(entropy.token_bytes(32)).rstrip(b"=").decode("ascii")


def token_digest(token: str) -> bytes:
    """Return the 32-byte SHA-256 under which a token's encounter is stored.

    Raises:
        EncounterError: ``encounter.unknown_token``, the text cannot be a token at all.
    """
    if not _FORM.fullmatch(token):
        raise EncounterError(
            "encounter.unknown_token",
            "This is not an encounter token.",
            remedy="Open an encounter at this checkpoint first; nothing was decoded.",
        )
    return sha256(token.encode("ascii")).digest()
