"""The commitment: its format is for ever, so its value is pinned here."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from countenance.errors import RecordError
from countenance.record.commitment import Salted, commitment, random_32, reopened, salted
from fakes.keys import SeededEntropy


class Short:
    """Entropy that runs dry."""

    def token_bytes(self, count: int) -> bytes:
        """Return less than was asked for."""
        return b"\x00" * (count - 1)


def test_the_leaf_format_is_pinned() -> None:
    """A commitment made by other means, written down in 2026, is the one that this code makes."""
    facts = Salted(bytes(range(32)), b'{"outcome":"match"}')
    personal = Salted(bytes(range(32, 64)), b'{"claim":"a"}')
    made = commitment(facts.mac, personal.mac)
    by_hand = hashlib.sha256(
        b"countenance/leaf/v1\n"
        + hmac.digest(facts.salt, facts.text, "sha256")
        + hmac.digest(personal.salt, personal.text, "sha256")
    )
    assert made == by_hand.digest()
    assert made.hex() == "70f262aa1848a6e2871c49d98824055ec4e56651409ee79917f85d4700ca948a"


def test_each_part_gets_a_salt_of_its_own() -> None:
    """Equal parts have different salts, so equal events cannot be told."""
    entropy = SeededEntropy()
    one, other = salted({"a": 1}, entropy), salted({"a": 1}, entropy)
    assert one.text == other.text == b'{"a":1}'
    assert one.salt != other.salt
    assert len(one.salt) == len(other.salt) == 32
    assert one.mac != other.mac


def test_a_sealed_part_opens_to_itself() -> None:
    """Salt and text go into the vault as one and come out as they were."""
    part = salted({"a": "b"}, SeededEntropy())
    assert reopened(part.sealed_form) == part


def test_a_sealed_part_without_text_is_damage() -> None:
    """32 bytes hold a salt and nothing it could hide."""
    with pytest.raises(RecordError) as caught:
        reopened(bytes(32))
    assert caught.value.code == "record.damaged"


def test_too_little_randomness_is_refused() -> None:
    """A short salt is never used."""
    with pytest.raises(RecordError) as caught:
        random_32(Short())
    assert caught.value.code == "record.entropy"
    with pytest.raises(RecordError):
        salted({}, Short())
