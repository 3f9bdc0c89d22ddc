"""The site's list of what was erased early: one line of JSON each, appended and on disk before a receipt says so.

It holds ids of keys and hashed events, so it may be copied anywhere; a restore needs the newest copy
(``bootstrap/restoring``). What a clock erased needs no line: a restored item is as overdue as it was.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from countenance.custody.epochs import period_of
from countenance.custody.files import sync_folder
from countenance.errors import VaultError
from countenance.terms import Cause, Erasing, Instant, iso

NAME = "erased.jsonl"
"""The list's name in a site's folder."""
_LONGEST = 64 * 1024 * 1024
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One early erasure."""

    erasure_id: str
    keys: tuple[str, ...]
    """Ids of subject keys."""
    periods: tuple[str, ...]
    """Events whose every key went."""


class FileTombstones:
    """Tombstones in one file (port ``Tombstones``)."""

    def __init__(self, path: Path) -> None:
        """Append to ``path``, which is made with the first."""
        self._path = path

    def add(self, erasing: Erasing) -> None:
        """Append an early erasure's line; one that a clock made has none.

        Raises:
            VaultError: ``vault.tombstone_unwritable``.
        """
        if erasing.cause is Cause.CLOCK:
            return
        ended = erasing.cause is Cause.EVENT_END
        periods = [period_of(Instant(0), gallery)[0] for gallery in erasing.galleries] if ended else []
        line = {
            "v": _FORMAT, "erasure": erasing.erasure_id, "at": iso(erasing.begun_at),
            "keys": [] if ended else list(erasing.keys), "periods": periods,
        }  # fmt: skip
        try:
            is_new = not self._path.exists()
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(b"\n" + json.dumps(line, sort_keys=True).encode() + b"\n")  # begins anew after half a line
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                sync_folder(self._path.parent)
        except OSError as error:
            raise VaultError(
                "vault.tombstone_unwritable",
                f"The list of what was erased cannot be written ({error.strerror}).",
                remedy="What was to go is gone from the database; its receipt follows once the disk takes the line.",
            ) from error


def read_tombstones(path: Path) -> tuple[Tombstone, ...]:
    """Return every early erasure of a list, each once; half a line at its end, from a power cut, is left out.

    Raises:
        VaultError: ``vault.tombstones_malformed``: it is no such list.
    """
    with path.open("rb") as file:
        data = file.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise _malformed()
    *lines, last = data.split(b"\n")
    if last and not _parsed(last):
        last = b""
    found: dict[str, Tombstone] = {}
    for line in filter(None, (*lines, last)):
        stone = _parsed(line)
        if stone is None:
            raise _malformed()
        found[stone.erasure_id] = stone
    return tuple(found.values())


def _parsed(line: bytes) -> Tombstone | None:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, Mapping) or fields.get("v") != _FORMAT or not isinstance(fields.get("erasure"), str):
        return None
    keys, periods = fields.get("keys"), fields.get("periods")
    if not isinstance(keys, list) or not isinstance(periods, list):
        return None
    if not all(isinstance(text, str) for text in (*keys, *periods)):
        return None
    return Tombstone(fields["erasure"], tuple(keys), tuple(periods))


def _malformed() -> VaultError:
    return VaultError(
        "vault.tombstones_malformed",
        "The list of what was erased early is damaged, or is another file.",
        remedy="Take the newest copy of the site's erased.jsonl; without it what was erased early could come back.",
    )
