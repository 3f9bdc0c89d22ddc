"""Epoch keys as objects in a PKCS#11 token: AES-256, made there, never readable, labelled by site and epoch.

What is wrapped looks as in ``key_files``: one version byte, a random 12-byte nonce, ciphertext, 16-byte tag. Whoever
copies the site's folder, or a backup of it, has no key; whoever has the PIN and the token can use them, not copy them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

import pkcs11
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, ObjectClass, Session
from pkcs11 import exceptions as refused

from countenance.custody.entropy import SystemEntropy
from countenance.custody.key_files import does_not_open
from countenance.custody.keys import KEY_BYTES, NONCE_BYTES
from countenance.errors import VaultError
from countenance.ports import Entropy

_VERSION = b"\x01"
_WRAPPED = b"countenance/wrapped/"
_TAG_BITS = 128
_NAME = re.compile(r"[a-z0-9-]{1,64}")
_WRONG_BYTES = (
    refused.DataInvalid, refused.DataLenRange, refused.EncryptedDataInvalid, refused.EncryptedDataLenRange,
    refused.ArgumentsBad, refused.MechanismParamInvalid, refused.GeneralError, refused.FunctionFailed,
)  # fmt: skip
"""How tokens say that a tag does not fit: the standard's code for it, and what SoftHSM gives instead."""
_OF_THE_PIN = (
    refused.PinIncorrect, refused.PinInvalid, refused.PinLenRange, refused.PinLocked, refused.PinExpired,
    refused.UserPinNotInitialized,
)  # fmt: skip


class Pkcs11KeyHolder:
    """Epoch keys of one site in one token (port ``KeyHolder``). Safe between threads."""

    def __init__(self, module: str, token: str, pin: str, site: str, entropy: Entropy | None = None) -> None:
        """Log in to the token with this label through the library ``module``; ``site`` tells its keys from others'.

        Raises:
            VaultError: ``vault.token_missing``, ``vault.token_pin`` or ``vault.token_failed``.
        """
        self._prefix = f"countenance/{site}/"
        self._entropy = entropy or SystemEntropy()
        self._keys: dict[str, Any] = {}
        self._turn = RLock()
        with _faults():
            self._session = _logged_in(module, token, pin)

    def create(self, epoch: str) -> None:
        """Let the token make a key that cannot leave it.

        Raises:
            VaultError: ``vault.key_exists`` or ``vault.token_failed``.
        """
        label = self._label(epoch)
        with self._turn, _faults():
            if self._found(epoch) is not None:
                raise VaultError(
                    "vault.key_exists",
                    f"The token has a key for {epoch} of this site already.",
                    remedy="Keep it: what it wrapped needs it. Give another site another log_origin or token.",
                )
            fixed = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.PRIVATE: True}
            fixed |= {Attribute.ENCRYPT: True, Attribute.DECRYPT: True, Attribute.WRAP: False, Attribute.UNWRAP: False}
            self._keys[epoch] = self._session.generate_key(
                KeyType.AES, KEY_BYTES * 8, label=label, id=label.encode(), store=True, template=fixed
            )

    def wrap(self, epoch: str, key: bytes, *, context: bytes) -> bytes:
        """Return ``key`` encrypted in the token under the epoch's key, bound to ``context``.

        Raises:
            VaultError: ``vault.key_missing`` or ``vault.token_failed``.
        """
        nonce = self._entropy.token_bytes(NONCE_BYTES)
        parameters = GCMParams(nonce, _WRAPPED + _VERSION + context, _TAG_BITS)
        with self._turn, _faults():
            held = self._key(epoch)
            sealed = held.encrypt(key, mechanism=Mechanism.AES_GCM, mechanism_param=parameters)
        return _VERSION + nonce + bytes(sealed)

    def unwrap(self, epoch: str, wrapped: bytes, *, context: bytes) -> bytes:
        """Return the key.

        Raises:
            VaultError: ``vault.unwrap``: another epoch key, another context, or changed bytes; ``vault.key_missing``
                or ``vault.token_failed``.
        """
        version, nonce, sealed = wrapped[:1], wrapped[1 : 1 + NONCE_BYTES], wrapped[1 + NONCE_BYTES :]
        if len(nonce) != NONCE_BYTES:
            raise does_not_open()
        parameters = GCMParams(nonce, _WRAPPED + version + context, _TAG_BITS)
        with self._turn, _faults():
            held = self._key(epoch)
            try:
                return bytes(held.decrypt(sealed, mechanism=Mechanism.AES_GCM, mechanism_param=parameters))
            except _WRONG_BYTES as error:
                raise does_not_open() from error

    def destroy(self, epoch: str) -> None:
        """Destroy the key in the token.

        Raises:
            VaultError: ``vault.key_undestroyed``.
        """
        with self._turn:
            self._keys.pop(epoch, None)
            try:
                held = self._found(epoch)
                if held is not None:
                    held.destroy()
                if self._found(epoch) is None:
                    return
            except refused.PKCS11Error as error:
                raise _undestroyed(epoch, type(error).__name__) from error
        raise _undestroyed(epoch, "it is still there")

    def epochs(self) -> frozenset[str]:
        """Return the epochs of this site of which the token has a key.

        Raises:
            VaultError: ``vault.token_failed``.
        """
        with self._turn, _faults():
            objects = self._session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})
            labels = [str(one[Attribute.LABEL]) for one in objects]
        names = (label.removeprefix(self._prefix) for label in labels if label.startswith(self._prefix))
        return frozenset(name for name in names if _NAME.fullmatch(name))

    def _key(self, epoch: str) -> Any:
        if epoch not in self._keys:
            held = self._found(epoch)
            if held is None:
                raise VaultError(
                    "vault.key_missing",
                    f"The token has no key for {epoch} of this site.",
                    remedy="Insert the token that this site was made with; without its keys nothing sealed opens.",
                )
            self._keys[epoch] = held
        return self._keys[epoch]

    def _found(self, epoch: str) -> Any:
        wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: self._label(epoch)}
        return next(iter(list(self._session.get_objects(wanted))), None)  # the list ends the search in the token

    def _label(self, epoch: str) -> str:
        """Return the object's label; names that no epoch of ours has are refused."""
        if not _NAME.fullmatch(epoch):
            raise VaultError(
                "vault.epoch_name",
                "The database names an epoch as none can be named.",
                remedy="Treat it as tampering: keep db/ for examination and restore the last backup.",
            )
        return self._prefix + epoch


def _logged_in(module: str, label: str, pin: str) -> Session:
    try:
        token = pkcs11.lib(module).get_token(token_label=label)
    except (refused.NoSuchToken, refused.MultipleTokensReturned, refused.TokenNotPresent) as error:
        raise _missing(f"There is not exactly one token with the label {label!r}") from error
    except refused.PKCS11Error as error:
        raise _missing(f"The token's library {module} cannot be loaded") from error
    try:
        return token.open(rw=True, user_pin=pin)
    except refused.UserAlreadyLoggedIn:  # a process logs in once, for all its sessions
        return token.open(rw=True)
    except _OF_THE_PIN as error:
        raise VaultError(
            "vault.token_pin",
            f"The token {label!r} does not accept the PIN ({type(error).__name__}).",
            remedy="Nothing was touched. Correct the file that pkcs11_pin_file names, or COUNTENANCE_PKCS11_PIN, "
            "before the token locks.",
        ) from error


def _missing(what: str) -> VaultError:
    return VaultError(
        "vault.token_missing",
        f"{what}.",
        remedy="Nothing was touched. Insert the token, or correct pkcs11_module and pkcs11_token in site.toml.",
    )


def _undestroyed(epoch: str, why: str) -> VaultError:
    return VaultError(
        "vault.key_undestroyed",
        f"The token did not destroy the key of {epoch} ({why}).",
        remedy="See to the token; the next sweep tries again, and no receipt is written before it succeeds.",
    )


@contextmanager
def _faults() -> Iterator[None]:
    """Turn what a token refuses into ours, by its kind."""
    try:
        yield
    except refused.PKCS11Error as error:
        raise VaultError(
            "vault.token_failed",
            f"The token did not do what was asked ({type(error).__name__}).",
            remedy="Nothing was changed. See to the token and its connection, then start again.",
        ) from error
