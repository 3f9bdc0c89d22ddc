"""Serving a site: one address, one opened site, the server's loop and the ticker's, and a stop that closes the site."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from asyncio import Event
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from countenance.bootstrap import open_site
from countenance.bootstrap.allocator import settle
from countenance.config import Settings
from countenance.errors import ConfigurationError
from countenance.interfaces.api import create_app


def serve(
    path: Path, settings: Settings, *, host: str, port: int, announce: Callable[[str], object] = sys.stdout.write
) -> None:
    """Open the site at ``path`` and serve it until SIGINT or SIGTERM; port 0 takes a free one.

    (1) the address is taken first, so that a busy port costs no start-up; (2) the site opens, its lock held; (3) once
    requests are answered ``run.json`` and one announced line say where; (4) on a signal no new request is taken and
    those under way are finished; (5) the site closes: what is pending is published.

    Raises:
        ConfigurationError: ``serve.cannot_listen``.
        CountenanceError: whatever the site refuses to start with.
    """
    with listen(host, port) as listener, open_site(path, settings) as service:  # (1) (2) … (5)
        address = _address(listener)
        app = create_app(service, hosts=[host])
        config = uvicorn.Config(
            app, http="h11", ws="none", lifespan="on", log_config=None, access_log=False,
            proxy_headers=False, server_header=False, timeout_keep_alive=30, timeout_graceful_shutdown=15,
        )  # fmt: skip

        def ready() -> None:
            settle()
            _write_run_info(service.site.run_info, address)
            announce(f"countenance serves {service.site.site_id} at {address}/\n")

        try:
            _Server(config, ready, app.state.front.stopping).run(sockets=[listener])  # (3) (4)
        finally:
            service.site.run_info.unlink(missing_ok=True)


class _Server(uvicorn.Server):
    """uvicorn's server, except that it tells when it answers, and that a signal ends serving and not the process."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], stopping: Event) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams that would go on, then stop as uvicorn does."""
        self._stopping.set()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop serving on SIGINT and SIGTERM; unlike uvicorn's, do not raise the signal again: the site must close."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that holds the address; it listens once the server takes it.

    Its protocol is named because asyncio turns Nagle's algorithm off for named TCP sockets only, and with it on every
    answer waits 40 ms for an acknowledgement.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            "serve.cannot_listen", f"Cannot listen at {host}, port {port} ({error.strerror or error}).",
            remedy="Name an address of this machine and a free port (0 takes one).",
        ) from error  # fmt: skip
    return listener


def _address(listener: socket.socket) -> str:
    """Return the URL by which programs on this machine reach the listener; a wildcard address becomes loopback."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - recognised, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _write_run_info(path: Path, address: str) -> None:
    """Write where the site is served, whole or not at all, readable by its owner."""
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps({"address": address, "pid": os.getpid()}) + "\n", "utf-8")
    draft.replace(path)
