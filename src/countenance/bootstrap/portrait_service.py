"""Portraits from an HTTP service: one request for each document number, bounded in size, number and time.

``GET {address}/{number}`` answers with one image, with ``{"portraits": [{"image": base64, "reference_years": 3}]}``, or
with 404 where it has none. The number of a passport is personal: without TLS only this machine itself is asked.
"""

from __future__ import annotations

import http.client
import json
import ssl
from base64 import b64decode
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from countenance.documents.portrait_folder import MOST_BYTES, MOST_PORTRAITS, key_of, too_large
from countenance.errors import DocumentError
from countenance.terms.documents import Traveller
from countenance.terms.staging import SourcePortrait

TIMEOUT_S = 10.0
"""How long one part of an answer may take while a gallery is staged."""
MOST_YEARS = 150
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_ANSWER = MOST_PORTRAITS * (MOST_BYTES * 4 // 3 + 1_000)


class PortraitService:
    """A service by its address (port ``PortraitSource``); one connection, no redirects followed."""

    def __init__(
        self, address: str, bearer: str = "", reference_years: int = -1, *, timeout_s: float = TIMEOUT_S
    ) -> None:
        """Name the service; ``bearer`` is sent as its token, ``reference_years`` holds where it says none.

        Raises:
            DocumentError: ``portraits.address``.
        """
        parts = urlsplit(address)
        host = parts.hostname or ""
        if not host or parts.scheme not in {"https", "http"} or (parts.scheme == "http" and host not in _LOOPBACK):
            raise DocumentError(
                "portraits.address", "The address of the portrait service has no host or no TLS.",
                remedy="Use an https:// address; http:// is for a service on this machine alone.",
            )  # fmt: skip
        self._path = parts.path.rstrip("/")
        self._headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        self._years = reference_years
        self._connection: http.client.HTTPConnection = (
            http.client.HTTPSConnection(host, parts.port, timeout=timeout_s, context=ssl.create_default_context())
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, parts.port, timeout=timeout_s)
        )

    def of(self, traveller: Traveller) -> Sequence[SourcePortrait]:
        """Return what the service has for the traveller's documents.

        Raises:
            DocumentError: ``portraits.service``, ``portraits.answer``, ``portraits.too_large``.
        """
        keys = [key for key in dict.fromkeys(key_of(one.number) for one in traveller.documents) if key]
        found = [portrait for key in keys for portrait in self._ask(key)]
        return found[:MOST_PORTRAITS]

    def _ask(self, key: str) -> list[SourcePortrait]:
        try:
            self._connection.request("GET", f"{self._path}/{key}", headers=self._headers)
            response = self._connection.getresponse()
            data = response.read(_MOST_ANSWER + 1)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise _unanswered(type(error).__name__) from error
        if len(data) > _MOST_ANSWER:
            self._connection.close()
            raise too_large()
        if response.status == http.client.NOT_FOUND:
            return []
        if response.status != http.client.OK:
            raise _unanswered(f"HTTP {response.status}")
        kind = response.headers.get_content_type()
        portraits = _listed(data, self._years) if kind == "application/json" else [SourcePortrait(data, self._years)]
        if any(len(one.image) > MOST_BYTES for one in portraits):
            raise too_large()
        return portraits


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
