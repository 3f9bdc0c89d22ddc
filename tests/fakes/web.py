"""A static web server on this machine for one folder, and one that answers whatever a test likes."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def static(folder: Path) -> Iterator[str]:
    """Serve ``folder`` as any static web server does; yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        yield from _running(server)


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve connections by handing each one's socket to ``answer`` once a request's head has come."""

    class Handler(socketserver.BaseRequestHandler):
        """Waits for the head, then leaves the rest to the test."""

        def handle(self) -> None:
            """Answer one request."""
            self.request.settimeout(10)
            while b"\r\n\r\n" not in self.request.recv(4096, socket.MSG_PEEK):
                pass
            self.request.recv(4096)
            answer(self.request)

    class Server(socketserver.ThreadingTCPServer):
        """One thread a connection, none of which is waited for."""

        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """The reader may be gone: that is its right."""

    with Server(("127.0.0.1", 0), Handler) as server:
        yield from _running(server)


def _running(server: socketserver.BaseServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    host, port = server.server_address[:2]
    try:
        yield f"http://{host}:{port}/"
    finally:
        server.shutdown()
        thread.join(10)
