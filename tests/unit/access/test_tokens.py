"""Encounter tokens are 256 random bits and are stored only as a digest."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from hashlib import sha256

import pytest

from countenance.access import new_token, token_digest
from countenance.errors import EncounterError
from fakes.keys import SeededEntropy


def test_a_token_carries_all_its_randomness() -> None:
    """The token is 32 bytes from the entropy as 43 characters that any URL or header can carry."""
    token = new_token(SeededEntropy(7))
    assert urlsafe_b64decode(token + "=") == SeededEntropy(7).token_bytes(32)
    assert len(token) == 43


def test_tokens_differ() -> None:
    """Every call gives another token."""
    entropy = SeededEntropy()
    assert len({new_token(entropy) for _ in range(1000)}) == 1000


def test_the_digest_is_sha256_of_the_text() -> None:
    """What is stored is SHA-256 of the token's characters, from which the token cannot be had."""
    token = new_token(SeededEntropy())
    assert token_digest(token) == sha256(token.encode()).digest()


TOKEN = new_token(SeededEntropy())
NO_TOKENS = ["", "x", TOKEN[:-1], TOKEN + "A", TOKEN + "\n", TOKEN + "=", "é" * 43, "\ud800" * 43, " " * 43, "٣" * 43]


@pytest.mark.parametrize("text", NO_TOKENS, ids=ascii)
def test_what_cannot_be_a_token_is_unknown(text: str) -> None:
    """Texts of another form are refused as unknown tokens, whatever characters they hold."""
    with pytest.raises(EncounterError) as refusal:
        token_digest(text)
    assert refusal.value.code == "encounter.unknown_token"
    assert text not in refusal.value.message or not text
