"""What every ``KeyHolder`` promises: files of mode 0600, and a PKCS#11 token."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pkcs11
import pytest
from pkcs11 import Attribute

from countenance.custody import FileKeyHolder
from countenance.custody.pkcs11 import Pkcs11KeyHolder
from countenance.errors import VaultError
from countenance.ports import KeyHolder
from fakes.tokens import MODULE, PIN, TOKEN, token_folder

KEY = bytes(range(32))


@pytest.fixture(params=["file", "pkcs11"])
def again(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], KeyHolder]:
    """Give what opens one and the same holder, empty at first."""
    if request.param == "file":
        return lambda: FileKeyHolder(tmp_path)
    token_folder()
    site = f"tests/{uuid4().hex}"
    return lambda: Pkcs11KeyHolder(MODULE, TOKEN, PIN, site)


@pytest.fixture
def holder(again: Callable[[], KeyHolder]) -> KeyHolder:
    """Give each implementation with the key of two epochs."""
    opened = again()
    for epoch in ("site", "day-2026-11-25-00ff"):
        opened.create(epoch)
    return opened


def test_wrapped_key_comes_back(holder: KeyHolder, again: Callable[[], KeyHolder]) -> None:
    """A key unwraps to itself, also for a holder opened later; wrapping twice never gives the same bytes."""
    first, second = (holder.wrap("site", KEY, context=b"c") for _ in range(2))
    assert first != second
    assert KEY not in first
    assert [again().unwrap("site", one, context=b"c") for one in (first, second)] == [KEY, KEY]


def test_every_byte_of_the_wrapping_counts(holder: KeyHolder) -> None:
    """Wrapped bytes that were changed, cut short or lengthened are refused as such, wherever."""
    wrapped = holder.wrap("site", KEY, context=b"c")
    flipped = [wrapped[:at] + bytes([wrapped[at] ^ 1]) + wrapped[at + 1 :] for at in range(len(wrapped))]
    for changed in (*flipped, *(wrapped[:length] for length in range(len(wrapped))), wrapped + b"\0"):
        with pytest.raises(VaultError) as refused:
            holder.unwrap("site", changed, context=b"c")
        assert refused.value.code == "vault.unwrap"
    assert holder.unwrap("site", wrapped, context=b"c") == KEY


def test_another_context_or_epoch_does_not_open(holder: KeyHolder) -> None:
    """What was wrapped for one subject, or in one epoch, is of no use for another."""
    wrapped = holder.wrap("site", KEY, context=b"subject a")
    for epoch, context in (("site", b"subject b"), ("day-2026-11-25-00ff", b"subject a")):
        with pytest.raises(VaultError) as refused:
            holder.unwrap(epoch, wrapped, context=context)
        assert refused.value.code == "vault.unwrap"


def test_keys_are_never_made_twice(holder: KeyHolder) -> None:
    """Making the key of an epoch that has one leaves the old one and says so."""
    wrapped = holder.wrap("site", KEY, context=b"c")
    with pytest.raises(VaultError) as refused:
        holder.create("site")
    assert refused.value.code == "vault.key_exists"
    assert holder.unwrap("site", wrapped, context=b"c") == KEY


def test_destroyed_key_is_gone(holder: KeyHolder, again: Callable[[], KeyHolder]) -> None:
    """What a destroyed key wrapped opens no more, here or after a restart; destroying once more is no error."""
    wrapped = holder.wrap("day-2026-11-25-00ff", KEY, context=b"c")
    assert holder.epochs() == {"site", "day-2026-11-25-00ff"}
    for _ in range(2):
        holder.destroy("day-2026-11-25-00ff")
    for one in (holder, again()):
        assert one.epochs() == {"site"}
        with pytest.raises(VaultError) as refused:
            one.unwrap("day-2026-11-25-00ff", wrapped, context=b"c")
        assert refused.value.code == "vault.key_missing"


def test_unknown_epoch_is_refused(holder: KeyHolder) -> None:
    """An epoch without a key is named as missing, and one that no epoch is called as tampering."""
    for epoch, code in (("day-2026-01-01-00", "vault.key_missing"), ("../site", "vault.epoch_name")):
        for action in (
            lambda epoch=epoch: holder.wrap(epoch, KEY, context=b"c"),
            lambda epoch=epoch: holder.unwrap(epoch, bytes(61), context=b"c"),
        ):
            with pytest.raises(VaultError) as refused:
                action()
            assert refused.value.code == code


def test_a_token_never_gives_a_key() -> None:
    """A key in the token is private, sensitive, was never extractable, and its value cannot be read."""
    token_folder()
    site = f"tests/{uuid4().hex}"
    Pkcs11KeyHolder(MODULE, TOKEN, PIN, site).create("site")
    session = pkcs11.lib(MODULE).get_token(token_label=TOKEN).open()
    (held,) = session.get_objects({Attribute.LABEL: f"countenance/{site}/site"})
    facts = (Attribute.PRIVATE, Attribute.SENSITIVE, Attribute.NEVER_EXTRACTABLE, Attribute.EXTRACTABLE)
    assert [held[fact] for fact in facts] == [True, True, True, False]
    with pytest.raises(pkcs11.AttributeSensitive):
        held[Attribute.VALUE]


@pytest.mark.parametrize("module, token, pin, code", [
    ("/usr/lib/nowhere.so", TOKEN, PIN, "vault.token_missing"),
    (MODULE, "another token", PIN, "vault.token_missing"),
])  # fmt: skip
def test_a_token_that_is_not_there_is_named(module: str, token: str, pin: str, code: str) -> None:
    """Another library or label says what to correct."""
    token_folder()
    with pytest.raises(VaultError) as refused:
        Pkcs11KeyHolder(module, token, pin, "tests")
    assert refused.value.code == code
    assert "site.toml" in refused.value.remedy
