"""Connections to a portrait service that can be cut from outside, also while they are being made."""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import suppress


class Connection(http.client.HTTPConnection):
    """A connection without TLS; ``timeout`` bounds each wait, :meth:`cut` all of it."""

    _over = False

    def cut(self) -> None:
        """End whatever another thread waits for on this connection, now or once it is made."""
        self._over = True
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # an SSLSocket's own would take its TLS away

    def connect(self) -> None:
        """Connect, unless it was cut in the meantime.

        Raises:
            OSError: nobody listens, or it was cut.
        """
        super().connect()
        self._go_on()

    def _go_on(self) -> None:
        if self._over:
            raise TimeoutError


class TlsConnection(Connection):
    """A connection with TLS; the certificate must chain to what is trusted and name the host."""

    default_port = http.client.HTTPS_PORT

    def __init__(self, host: str, port: int | None, *, timeout: float, trust: ssl.SSLContext) -> None:
        """Name host and port (None: 443)."""
        super().__init__(host, port, timeout=timeout)
        self._trust = trust

    def connect(self) -> None:
        """Connect and shake hands.

        Raises:
            OSError: nobody listens, the certificate is not trusted, or it was cut.
        """
        super().connect()
        secured = self._trust.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = secured
        self._go_on()
        secured.do_handshake()
