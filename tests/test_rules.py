"""The rules of ``conftest.py`` hold: tests stay on this machine, use one BLAS thread, and skip nothing silently."""

from __future__ import annotations

import os
import socket

import pytest
from pytest_socket import SocketConnectBlockedError

from shared_vectors import NOTHING_SHARED, SHARED, shared_files


@pytest.mark.filterwarnings("ignore:A test tried")
def test_no_test_reaches_the_network() -> None:
    """A connection to anywhere but this machine fails in the test that tries it."""
    with pytest.raises(SocketConnectBlockedError), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


def test_loopback_stays_open() -> None:
    """Tests may talk to a service that they started themselves."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize("variable", ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"])
def test_one_blas_thread(variable: str) -> None:
    """Numbers are computed in tests as in a worker: on one thread."""
    assert os.environ[variable] == "1"


def test_shared_files_never_give_an_empty_set() -> None:
    """A pattern that matches nothing gives one stand-in with the marker that leaves it out, never an empty set."""
    (stand_in,) = shared_files("no/such/folder/*.json")
    assert [mark.name for mark in stand_in.marks] == [NOTHING_SHARED]


@pytest.mark.parametrize("vector", shared_files("vectors/audit/README.md"))
def test_shared_files_are_handed_over_as_paths(vector: object) -> None:
    """Where vectors are there, a test gets each as a path below the shared folder."""
    assert SHARED is not None
    assert vector == SHARED / "vectors/audit/README.md"
