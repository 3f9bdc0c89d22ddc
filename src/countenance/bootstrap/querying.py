"""Whom a document query asks: the site's portraits, its CSCA certificates, and the key that turns papers into claims.

Folders are read again when they change, so that a running service knows a portrait or a revocation list that came
later; what cannot be read counts as not there, and whoever stands in the lane is looked at by a human.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from countenance.bootstrap.past_encounters import PastEncounters
from countenance.bootstrap.portrait_service import PortraitService, trusting
from countenance.config import Settings
from countenance.custody import FileSigner
from countenance.documents import CscaStore, PortraitFolder, read_store
from countenance.documents.portrait_folder import key_of
from countenance.errors import CountenanceError
from countenance.ports import PortraitSource, Transactions
from countenance.procedures import FROM_DOCUMENT, Lanes, Querying
from countenance.site import Site
from countenance.terms import Instant
from countenance.terms.documents import Traveller
from countenance.terms.staging import SourcePortrait

T = TypeVar("T")
_CLAIM_INFO = b"countenance/claim-from-document/v1"
_ALIKE = {"D": "DEU"}
"""Issuers that a zone names otherwise than a manifest (Doc 9303-3 5: Germany)."""
_LANE_S = 1.0
"""How long a lane waits for a portrait service: an answer is due within two seconds (CBP-4); then the chip's counts."""
_STORE_MS = 3_600_000
"""How long a store holds whatever its folder looks like: a master list may end in the meantime."""


class NoPortraits:
    """A source that has nobody (port ``PortraitSource``)."""

    def of(self, traveller: Traveller) -> Sequence[SourcePortrait]:  # noqa: ARG002 - the port's
        """Return none."""
        return ()


class Kept(Generic[T]):
    """Something made of a folder, made again once the folder looks otherwise. Safe between threads."""

    def __init__(self, folder: Path, make: Callable[[Instant], T]) -> None:
        self._folder, self._make = folder, make
        self._mutex = Lock()
        self._made: tuple[object, T] | None = None

    def now(self, now: Instant) -> T:
        """Return it as of now; whatever ``make`` raises, and ``OSError``, are the caller's."""
        with self._mutex:
            looks = _looks(self._folder), now // _STORE_MS
            if self._made is None or self._made[0] != looks:
                self._made = looks, self._make(now)
            return self._made[1]


class FolderOfPortraits:
    """A folder of portraits while a site is open (port ``PortraitSource``); listed again when its listing changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mutex = Lock()
        self._listed: tuple[int, PortraitFolder] | None = None

    def of(self, traveller: Traveller) -> Sequence[SourcePortrait]:
        """Return the portraits named after any of the traveller's documents, as :class:`PortraitFolder` does."""
        with self._mutex:
            changed = self._folder.stat().st_mtime_ns
            if self._listed is None or self._listed[0] != changed:
                self._listed = changed, PortraitFolder(self._folder)
            folder = self._listed[1]
        return folder.of(traveller)


class ServiceOfPortraits:
    """A service of portraits (port ``PortraitSource``), a connection each time: lanes ask at the same time."""

    def __init__(self, address: str, bearer: str, authority: str) -> None:
        """Name the service, its token and the file of CA certificates that it is believed by, "" for the machine's.

        Raises:
            DocumentError: ``portraits.address``, ``portraits.token``, ``portraits.authority``.
        """
        self._address, self._bearer, self._trust = address, bearer, trusting(authority)
        self._service()

    def of(self, traveller: Traveller) -> Sequence[SourcePortrait]:
        """Return what the service has, as :class:`PortraitService` does."""
        return self._service().of(traveller)

    def _service(self) -> PortraitService:
        return PortraitService(self._address, self._bearer, trust=self._trust, timeout_s=_LANE_S)


class Trust:
    """The site's CSCA certificates, read once and again when the folder changes."""

    def __init__(self, folder: str) -> None:
        self._kept = Kept(Path(folder), lambda now: read_store(Path(folder), at=now)) if folder else None

    def store(self, now: Instant) -> CscaStore | None:
        """Return the store as of now, None where the site has none or it cannot be used: then no chip is believed."""
        try:
            return self._kept.now(now) if self._kept else None
        except (CountenanceError, OSError):
            return None


def claims(signer: FileSigner) -> Callable[[str, str, str], str]:
    """Return how a document becomes a claim: an HMAC under a key that only this log has, so that no number is kept.

    The same document makes the same claim under the same charter id, and another one under every other.
    """
    key = signer.derive(_CLAIM_INFO)

    def claim(charter_id: str, issuer: str, number: str) -> str:
        parts = (charter_id.encode(), _ALIKE.get(issuer, issuer).encode(), key_of(number).encode())
        message = b"".join(len(part).to_bytes(4) + part for part in parts)
        return FROM_DOCUMENT + hmac.new(key, message, hashlib.sha256).hexdigest()

    return claim


def querying(site: Site, settings: Settings, transactions: Transactions, lanes: Lanes) -> Querying:
    """Return the query as the site's settings have it.

    Raises:
        DocumentError: ``portraits.address``, ``portraits.token``, ``portraits.authority``.
        VaultError: the log's key cannot be read.
    """
    claim = claims(FileSigner(site.keys / "log.key"))
    return Querying(
        store=Trust(site.csca_store).store,
        portraits=_portraits(site.portraits, settings),
        past=lambda charter_id, now: PastEncounters(transactions, lanes, claim, charter_id, now),
        claim=claim,
    )


def _portraits(where: str, settings: Settings) -> PortraitSource:
    if where.startswith("https://"):
        return ServiceOfPortraits(where, settings.portraits_token, settings.portraits_ca)
    return FolderOfPortraits(Path(where)) if where else NoPortraits()


def _looks(folder: Path) -> object:
    """Return what changes when a file in the folder is added, replaced, written or taken away."""
    entries = sorted(folder.iterdir())
    stats = [(path.name, path.stat()) for path in entries]
    return tuple((name, one.st_ino, one.st_size, one.st_mtime_ns) for name, one in stats)
