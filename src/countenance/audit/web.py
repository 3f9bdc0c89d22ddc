"""A log on a web server: its files fetched one by one, none longer than its name allows, and none for ever.

No redirect is followed and no compression asked for: a tlog-tiles server is a folder of files. What a server says of
itself is not repeated; it could steer the auditor's terminal.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from threading import Timer
from urllib.parse import SplitResult, quote, urlsplit

from .layout import Unusable

FILE_SECONDS = 30.0
"""How long one file may take, however slowly it drips."""
_OK = 200
_GONE = frozenset({404, 410})
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "countenance-audit"}


@dataclass(slots=True)
class Web:
    """The files of a log below an address; one connection, kept open."""

    address: SplitResult
    seconds: float = FILE_SECONDS
    _connection: HTTPConnection | None = field(default=None, init=False)

    @classmethod
    def at(cls, url: str, *, seconds: float = FILE_SECONDS) -> Web:
        """Return the log at ``url``, the address that ``checkpoint`` lies below.

        Raises:
            ValueError: it is not an http or https address, or carries a password, a query or a fragment.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            raise ValueError("a log's address begins with http:// or https:// and a host")
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            raise ValueError("a log's address has no password, query or fragment")
        return cls(parts, seconds)

    def read(self, path: str, limit: int) -> bytes | Unusable:
        """Return a file's bytes, at most ``limit`` + 1 of them, or why there are none."""
        reused = self._connection is not None
        try:
            return self._get(path, limit)
        except (ConnectionError, HTTPException) as fault:
            self.close()
            if not reused:
                return _unreadable(path, fault)
        except (OSError, ValueError) as fault:
            self.close()
            return _unreadable(path, fault)
        try:  # a server may close a connection that was idle: once more, on a new one
            return self._get(path, limit)
        except (OSError, ValueError, HTTPException) as fault:
            self.close()
            return _unreadable(path, fault)

    def close(self) -> None:
        """Close the connection; the next file opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _get(self, path: str, limit: int) -> bytes | Unusable:
        connection = self._connected()
        end = Timer(self.seconds, _cut, [connection.sock])
        end.daemon = True
        end.start()
        try:
            connection.request("GET", f"{self.address.path.rstrip('/')}/{quote(path)}", headers=_HEADERS)
            _acknowledge_at_once(connection.sock)
            with connection.getresponse() as response:
                data = _body(response, limit) if response.status == _OK else b""
                done = response.isclosed()
        finally:
            end.cancel()
        if not done:  # the rest of an answer lies in this connection
            self.close()
        if response.status in _GONE:
            return Unusable("file.missing", f"{path} is missing.")
        if response.status != _OK:
            return Unusable("file.unreadable", f"{path} cannot be fetched: the server answered {response.status}.")
        return data

    def _connected(self) -> HTTPConnection:
        if self._connection is None:
            kind = HTTPSConnection if self.address.scheme == "https" else HTTPConnection
            connection = kind(self.address.hostname or "", self.address.port, timeout=self.seconds)
            connection.connect()
            self._connection = connection
        return self._connection


def _body(response: HTTPResponse, limit: int) -> bytes:
    """Return at most ``limit`` + 1 bytes, all of them that the answer promised if they are fewer."""
    data = response.read(limit + 1)
    if len(data) <= limit and response.length:
        raise IncompleteRead(data, response.length)
    return data


def _acknowledge_at_once(connected: socket.socket) -> None:
    """Let no server that sends head and body apart wait 40 ms for our acknowledgement; Linux forgets it each time."""
    if hasattr(socket, "TCP_QUICKACK"):
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _cut(connected: socket.socket) -> None:
    """End a transfer that takes too long; whoever reads sees the connection break."""
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _unreadable(path: str, fault: Exception) -> Unusable:
    why = fault.strerror if isinstance(fault, OSError) and fault.strerror else type(fault).__name__
    return Unusable("file.unreadable", f"{path} cannot be fetched: {why}.")
