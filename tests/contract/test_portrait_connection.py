"""A connection to a portrait service ends when it is cut, whatever it waits for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from countenance.bootstrap.portrait_connection import Connection, TlsConnection
from countenance.bootstrap.portrait_service import trusting

LONG = 60.0
"""Seconds that a wait would last if nobody cut it."""
SOON = 10.0


@pytest.fixture
def deaf() -> Iterator[socket.socket]:
    """Listen, and never say anything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def made(kind: type[Connection], deaf: socket.socket) -> Connection:
    """Return a connection that is not made yet."""
    port: int = deaf.getsockname()[1]
    if kind is TlsConnection:
        return TlsConnection("127.0.0.1", port, timeout=LONG, trust=trusting(""))
    return Connection("127.0.0.1", port, timeout=LONG)


@pytest.mark.parametrize("kind", [Connection, TlsConnection])
def test_what_was_cut_before_it_was_made_asks_nothing(kind: type[Connection], deaf: socket.socket) -> None:
    """Cut while a name is looked up, it does not begin to speak later."""
    connection = made(kind, deaf)
    connection.cut()
    with pytest.raises(TimeoutError):
        connection.request("GET", "/")
    connection.close()


@pytest.mark.parametrize("kind", [Connection, TlsConnection])
def test_a_wait_ends_when_it_is_cut(kind: type[Connection], deaf: socket.socket) -> None:
    """For a handshake or for an answer that never comes: another thread ends it."""
    connection = made(kind, deaf)

    def ask() -> None:
        connection.request("GET", "/")
        connection.getresponse()

    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(ask)
        served, _ = deaf.accept()
        with served:
            served.recv(1)
            connection.cut()
            assert isinstance(asked.exception(SOON), OSError)
    connection.close()
