"""What a site signed, in order: each act signed by ``keys/charter`` over itself and the act before.

A signature beside a file says that it was signed once. Only this list says that it still holds: it knows the text that
was signed last under each name, and which were withdrawn. Nobody without the key can add to it, change it, or take
anything out of its middle.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from sqlalchemy import Connection, delete, insert, select

from countenance.custody.detached import is_by
from countenance.errors import CharterError
from countenance.ports import Signer
from countenance.storage.tables import signed_acts
from countenance.terms import ActKind, Instant, SignedAct

_DOMAIN = b"countenance/act/v1\n"
"""What the message begins with, so that no other signature of the site can stand for one."""


class SqlActStore:
    """The :class:`~countenance.ports.ActStore` inside one transaction of ``connection``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, act: SignedAct) -> None:
        """Store the next act.

        Raises:
            StorageError: there is one with this number.
        """
        self._connection.execute(insert(signed_acts).values({**asdict(act), "kind": act.kind.value}))

    def all(self) -> tuple[SignedAct, ...]:
        """Return every act, in order."""
        rows = self._connection.execute(select(signed_acts).order_by(signed_acts.c.number))
        return tuple(
            SignedAct(row.number, ActKind(row.kind), row.file, row.sha256, row.charter_id, row.version,
                      Instant(row.at), bytes(row.signature))
            for row in rows
        )  # fmt: skip

    def clear(self) -> None:
        """Forget every act: their key is lost."""
        self._connection.execute(delete(signed_acts))


def sign_act(act: SignedAct, before: Sequence[SignedAct], signer: Signer) -> SignedAct:
    """Return ``act`` as the next after ``before``, signed over both."""
    numbered = replace(act, number=len(before) + 1, signature=b"")
    return replace(numbered, signature=signer.sign(_message(numbered, _last(before))))


def check_acts(acts: Sequence[SignedAct], public_key: bytes) -> None:
    """Return only if every act is the next one, signed by the owner of ``public_key``.

    Raises:
        CharterError: ``charter.acts_changed``.
    """
    for index, act in enumerate(acts):
        before = _last(acts[:index])
        if act.number != index + 1 or not is_by(public_key, act.signature, _message(act, before)):
            raise CharterError(
                "charter.acts_changed",
                f"Act {act.number} in the site's list of what it signed is not what keys/charter signed there.",
                remedy="Somebody changed the database or the key: restore both from a backup and compare with log/.",
            )


def _last(acts: Sequence[SignedAct]) -> bytes:
    return acts[-1].signature if acts else b""


def _message(act: SignedAct, before: bytes) -> bytes:
    fields = [act.number, act.kind.value, act.file, act.sha256, act.charter_id, act.version, int(act.at), before.hex()]
    return _DOMAIN + json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()
