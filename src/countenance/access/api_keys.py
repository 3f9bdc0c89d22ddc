"""API keys: 256 random bits each, shown once, stored as SHA-256, compared in constant time.

A key reads ``cnt_<key id>_<secret>``: the id (16 hex digits) is public and finds the row, the secret (43 characters of
base64url) is 32 random bytes. With 256 random bits a plain SHA-256 is enough; slow hashes are for passwords. An unknown
id, a wrong secret and a malformed text are answered alike, the first two after the same comparison.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256

from countenance.errors import AccessError, NotAuthenticated
from countenance.ports import Entropy
from countenance.terms import Actor, ApiKeyRecord, Instant, Role

_FORM = re.compile(r"cnt_([0-9a-f]{16})_[A-Za-z0-9_-]{43}", re.ASCII)
_NOBODY = bytes(32)
"""Compared with when no key has the id; no text is known to hash to it, and a match with it is refused all the same."""


def issue_key(entropy: Entropy, actor: Actor, now: Instant) -> tuple[str, ApiKeyRecord]:
    """Return a fresh key's text, to be shown once and never stored, and the record to store.

    Raises:
        AccessError: ``access.key_without_device``, a key of role ``device`` needs a device and no other may have one.
    """
    if (actor.role is Role.DEVICE) is not bool(actor.device_id):
        raise AccessError(
            "access.key_without_device",
            f"A key of role {actor.role} for {actor.actor_id!r} and the device {actor.device_id!r} do not go together.",
            remedy="Name the enrolled device for a key of role 'device', and none for any other role.",
        )
    key_id = entropy.token_bytes(8).hex()
    secret = urlsafe_b64encode(entropy.token_bytes(32)).rstrip(b"=").decode("ascii")
    text = f"cnt_{key_id}_{secret}"
    return text, ApiKeyRecord(key_id, sha256(text.encode("ascii")).digest(), actor, now)


def parse_key(text: str) -> tuple[str, bytes]:
    """Return a key's id and the 32-byte SHA-256 of its whole text.

    Raises:
        NotAuthenticated: ``access.bad_key``, the text has not a key's form.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise _bad_key()
    return form[1], sha256(text.encode("ascii")).digest()


def authenticate(text: str, lookup: Callable[[str], ApiKeyRecord | None]) -> Actor:
    """Return who presents this key; ``lookup`` finds a key that was not revoked by its id.

    Raises:
        NotAuthenticated: ``access.bad_key``, whatever is wrong with it.
    """
    key_id, digest = parse_key(text)
    record = lookup(key_id)
    same = hmac.compare_digest(digest, _NOBODY if record is None else record.sha256)
    if record is None or not same:
        raise _bad_key()
    return record.actor


def _bad_key() -> NotAuthenticated:
    return NotAuthenticated(
        "access.bad_key",
        "No acceptable API key was presented.",
        remedy="Send a valid key as 'Authorization: Bearer cnt_…'; ask the administrator for a new one if it was lost.",
    )
