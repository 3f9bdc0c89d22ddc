"""Portraits from an HTTP service: one request for each document number, bounded in size, number and time as a whole.

``GET {address}/{number}`` answers with one image, with ``{"portraits": [{"image": base64, "reference_years": 3}]}``, or
with 404 where it has none. The number of a passport is personal: without TLS only this machine itself is asked.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
from base64 import b64decode
from collections.abc import Sequence
from concurrent.futures import Future
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from countenance.bootstrap.portrait_connection import Connection, TlsConnection
from countenance.documents.portrait_folder import MOST_BYTES, MOST_PORTRAITS, key_of, too_large
from countenance.errors import DocumentError
from countenance.terms.documents import Traveller
from countenance.terms.staging import SourcePortrait

TIMEOUT_S = 10.0
"""How long an answer may take, from the first look at the address to its last byte, while a gallery is staged."""
MOST_YEARS = 150
_TOKEN = re.compile(r"[!-~]*")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_JSON = "application/json"
_MOST_ANSWER = MOST_PORTRAITS * (MOST_BYTES * 4 // 3 + 1_000)


class PortraitService:
    """A service by its address (port ``PortraitSource``); one connection, no redirects followed."""

    def __init__(
        self, address: str, bearer: str = "", reference_years: int = -1, *, trust: ssl.SSLContext,
        timeout_s: float = TIMEOUT_S,
    ) -> None:  # fmt: skip
        """Name the service; ``bearer`` is sent as its token, ``reference_years`` holds where it says none.

        ``trust`` says whose certificates are believed (:func:`trusting`).

        Raises:
            DocumentError: ``portraits.address``, ``portraits.token``.
        """
        scheme, self._host, self._port, self._path = _parts(address)
        if not _TOKEN.fullmatch(bearer):
            raise DocumentError(
                "portraits.token", "The portrait service's token has a character that no header may carry.",
                remedy="Set COUNTENANCE_PORTRAITS_TOKEN to the token alone: no blanks, no line end, ASCII only.",
            )  # fmt: skip
        self._headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        self._years, self._timeout_s = reference_years, timeout_s
        self._tls = trust if scheme == "https" else None
        self._connection = self._connected()

    def of(self, traveller: Traveller) -> Sequence[SourcePortrait]:
        """Return what the service has for the traveller's documents.

        Raises:
            DocumentError: ``portraits.service``, ``portraits.answer``, ``portraits.too_large``.
        """
        keys = [key for key in dict.fromkeys(key_of(one.number) for one in traveller.documents) if key]
        found = [portrait for key in keys for portrait in self._ask(key)]
        return found[:MOST_PORTRAITS]

    def _connected(self) -> Connection:
        if self._tls is None:
            return Connection(self._host, self._port, timeout=self._timeout_s)
        return TlsConnection(self._host, self._port, timeout=self._timeout_s, trust=self._tls)

    def _ask(self, key: str) -> list[SourcePortrait]:
        try:
            status, kind, data = self._answer(key)
        except (OSError, http.client.HTTPException, ValueError) as error:  # ValueError: a host that no name can be
            self._connection = self._connected()
            raise _unanswered(type(error).__name__) from error
        if len(data) > _most(kind):
            self._connection.close()
            raise too_large()
        if status == http.client.NOT_FOUND:
            return []
        if status in {http.client.UNAUTHORIZED, http.client.FORBIDDEN}:
            raise DocumentError(
                "portraits.refused", f"The portrait service refused to answer (HTTP {status}).",
                remedy="Set COUNTENANCE_PORTRAITS_TOKEN to the token that it expects, for the service that asks.",
            )  # fmt: skip
        if status != http.client.OK:
            raise _unanswered(f"HTTP {status}")
        portraits = _listed(data, self._years) if kind == _JSON else [SourcePortrait(data, self._years)]
        if any(len(one.image) > MOST_BYTES for one in portraits):
            raise too_large()
        return portraits

    def _answer(self, key: str) -> tuple[int, str, bytes]:
        """Return status, type and bytes of the answer; whoever sends them a byte at a time is cut off all the same."""
        answer: Future[tuple[int, str, bytes]] = Future()
        connection = self._connection
        Thread(target=_exchange, args=(answer, connection, f"{self._path}/{key}", self._headers), daemon=True).start()
        try:
            return answer.result(self._timeout_s)
        except TimeoutError:
            connection.cut()
            raise


def trusting(authority: str) -> ssl.SSLContext:
    """Return what a service's certificate must chain to: the CA certificates in a PEM file, "" for the machine's own.

    Raises:
        DocumentError: ``portraits.authority``.
    """
    try:
        return ssl.create_default_context(cafile=authority or None)
    except OSError as error:
        raise DocumentError(
            "portraits.authority", f"The portrait service's CA certificates cannot be read ({type(error).__name__}).",
            remedy="Set COUNTENANCE_PORTRAITS_CA to a PEM file of CA certificates, or leave it out.",
        ) from error  # fmt: skip


def _parts(address: str) -> tuple[str, str, int | None, str]:
    """Return scheme, host, port and path of an address that may be asked."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        port = parts.port
    except ValueError:
        host, port = "", None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)):
        raise DocumentError(
            "portraits.address", "The address of the portrait service has no host or no TLS.",
            remedy="Use an https:// address; http:// is for a service on this machine alone.",
        )  # fmt: skip
    return parts.scheme, host, port, parts.path.rstrip("/")


def _exchange(
    answer: Future[tuple[int, str, bytes]], connection: Connection, path: str, headers: dict[str, str]
) -> None:
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        kind = response.headers.get_content_type()
        answer.set_result((response.status, kind, response.read(_most(kind) + 1)))
    except Exception as error:  # noqa: BLE001 - whoever waits raises it
        connection.close()
        answer.set_exception(error)


def _most(kind: str) -> int:
    """Return how many bytes an answer of a type may have."""
    return _MOST_ANSWER if kind == _JSON else MOST_BYTES


def _listed(data: bytes, years: int) -> list[SourcePortrait]:
    try:
        items: list[dict[str, Any]] = json.loads(data)["portraits"]
        return [
            SourcePortrait(b64decode(one["image"], validate=True), _years(one.get("reference_years", years)))
            for one in items[:MOST_PORTRAITS]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DocumentError(
            "portraits.answer", "The portrait service answered with something else than portraits.",
            remedy="Correct the service; docs/documents.md says what it answers. Nobody was staged with this answer.",
        ) from error  # fmt: skip


def _years(value: object) -> int:
    if type(value) is not int or not -1 <= value <= MOST_YEARS:
        raise ValueError
    return value


def _unanswered(why: str) -> DocumentError:
    return DocumentError(
        "portraits.service", f"The portrait service did not answer ({why}).",
        remedy="See whether it runs, and stage again: what is staged stays, and staging goes on from there.",
    )  # fmt: skip
