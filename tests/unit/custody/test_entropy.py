"""Randomness comes from the operating system."""

from __future__ import annotations

from countenance.custody import SystemEntropy


def test_bytes_are_as_many_as_asked_for_and_differ() -> None:
    """Each call gives that many bytes, and no two calls give the same."""
    entropy = SystemEntropy()
    assert [len(entropy.token_bytes(count)) for count in (0, 1, 32)] == [0, 1, 32]
    assert len({entropy.token_bytes(32) for _ in range(100)}) == 100
