"""Sealing streams, needs the recipient alone, and what it gives back is authentic or refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from countenance.custody.sealed_files import create_identity, read_identity, read_recipient, seal, unseal
from countenance.errors import BackupError, VaultError

PIECE = 1 << 16


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Any, Any]:
    """Return a recipient and its identity."""
    recipient = create_identity(tmp_path / "identity")
    return read_recipient(recipient), read_identity(tmp_path / "identity")


def test_sealing_streams(pair: tuple[Any, Any]) -> None:
    """However long a stream is, never more than a few pieces of it are held."""
    recipient, identity = pair
    out, pulled, ahead = io.BytesIO(), 0, []

    def pieces() -> Iterator[bytes]:
        nonlocal pulled
        for _ in range(256):
            pulled += PIECE
            ahead.append(pulled - out.tell())
            yield bytes(PIECE)

    seal(pieces(), out, recipient)
    assert max(ahead) <= 4 * PIECE
    taken: list[int] = []
    unseal(io.BytesIO(out.getvalue()), lambda data: taken.append(len(data)), identity)
    assert sum(taken) == 256 * PIECE
    assert max(taken) <= PIECE


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1])
def test_every_cut_is_seen(pair: tuple[Any, Any], length: int) -> None:
    """A sealed stream that ends early, wherever, or goes on, is refused."""
    recipient, identity = pair
    out = io.BytesIO()
    seal(iter([bytes(length)]), out, recipient)
    whole = out.getvalue()
    unseal(io.BytesIO(whole), lambda _: None, identity)
    for changed in (whole[:-1], whole[: len(whole) // 2], whole[:-16], whole[:100], whole + b"\0"):
        with pytest.raises(BackupError) as refused:
            unseal(io.BytesIO(changed), lambda _: None, identity)
        assert refused.value.code in {"backup.damaged", "backup.foreign"}


def test_what_a_stream_raises_comes_through(pair: tuple[Any, Any]) -> None:
    """A fault of whoever gives or takes the bytes stays that fault."""
    recipient, identity = pair

    def broken() -> Iterator[bytes]:
        yield b"x"
        raise VaultError("vault.key_missing", "Gone.", remedy="Look.")

    with pytest.raises(VaultError):
        seal(broken(), io.BytesIO(), recipient)
    out = io.BytesIO()
    seal(iter([b"x" * PIECE * 3]), out, recipient)

    def full(_: bytes) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        unseal(io.BytesIO(out.getvalue()), full, identity)


def test_an_identity_is_the_owners_alone(tmp_path: Path) -> None:
    """An identity that others may read is refused; one is never overwritten."""
    create_identity(tmp_path / "identity")
    with pytest.raises(VaultError) as refused:
        create_identity(tmp_path / "identity")
    assert refused.value.code == "vault.key_exists"
    (tmp_path / "identity").chmod(0o644)
    with pytest.raises(VaultError) as refused:
        read_identity(tmp_path / "identity")
    assert refused.value.code == "vault.key_permissions"
