r"""What enters the public log in place of an event: 32 bytes that prove everything and show nothing.

``leaf = SHA-256("countenance/leaf/v1\n" || HMAC-SHA-256(s1, facts) || HMAC-SHA-256(s2, personal))``. This format is
for ever: receipts and logs in other people's hands depend on it. With s2 gone the personal part can neither be read
nor guessed, and the facts can still be proved.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from countenance.errors import RecordError
from countenance.ports import Entropy
from countenance.record.canonical import canonical
from countenance.terms import JsonObject

LEAF_DOMAIN = b"countenance/leaf/v1\n"
CHAIN_DOMAIN = b"countenance/chain/v1\n"
SALT_BYTES = 32
COMMITMENT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Salted:
    """One part of an event: its canonical text and the salt that hides it."""

    salt: bytes
    """32 random bytes, used once."""
    text: bytes
    """Canonical JSON."""

    @property
    def mac(self) -> bytes:
        """HMAC-SHA-256(salt, text), 32 bytes: binds the text without showing it."""
        return hmac.digest(self.salt, self.text, "sha256")

    @property
    def sealed_form(self) -> bytes:
        """The salt, then the text: how the vault keeps both under one key, so that they go together."""
        return self.salt + self.text


def link_to(chain: bytes, commitment: bytes) -> str:
    """Return how the next entry's facts name the entry with this commitment, in hex.

    ``chain`` is the log key's signature over ``CHAIN_DOMAIN``, which auditors are given and nobody else: a bundle from
    which an entry was left out gives itself away to them, and a receipt tells its holder nothing of its neighbours.
    """
    return hmac.digest(hashlib.sha256(chain).digest(), commitment, "sha256").hex()


def salted(part: JsonObject, entropy: Entropy) -> Salted:
    """Return ``part`` in canonical form under a fresh salt.

    Raises:
        RecordError: ``record.not_canonical``, or ``record.entropy`` when the source of randomness gave too little.
    """
    text = canonical(part)
    return Salted(random_32(entropy), text)


def random_32(entropy: Entropy) -> bytes:
    """Return 32 unpredictable bytes: a salt, or a dummy that looks like any commitment.

    Raises:
        RecordError: ``record.entropy``.
    """
    drawn = entropy.token_bytes(SALT_BYTES)
    if len(drawn) != SALT_BYTES:
        raise RecordError(
            "record.entropy",
            f"The source of randomness gave {len(drawn)} bytes where {SALT_BYTES} were asked for.",
            remedy="Nothing was recorded; check the machine's random number generator.",
        )
    return drawn


def reopened(sealed: bytes) -> Salted:
    """Return the salt and text that ``Salted.sealed_form`` joined.

    Raises:
        RecordError: ``record.damaged``: too short to be one.
    """
    if len(sealed) <= SALT_BYTES:
        raise RecordError(
            "record.damaged",
            "A sealed part of the record is too short to hold a salt and a text.",
            remedy="Restore the database from a backup and compare it with log/.",
        )
    return Salted(sealed[:SALT_BYTES], sealed[SALT_BYTES:])


def commitment(facts_mac: bytes, personal_mac: bytes) -> bytes:
    """Return the 32-byte commitment to two parts by their HMACs."""
    return hashlib.sha256(LEAF_DOMAIN + facts_mac + personal_mac).digest()
