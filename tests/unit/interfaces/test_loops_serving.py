"""Where a site is served: an address that is held, without delay, told whole or not at all."""

from __future__ import annotations

import json
import os
import socket
import stat
from pathlib import Path

import pytest

from countenance.errors import ConfigurationError
from countenance.interfaces import loops


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """The listener names TCP, so that asyncio turns Nagle's algorithm off on what it accepts (40 ms an answer)."""
    with loops.listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_port_is_held_from_the_start() -> None:
    """Whoever has the listener has the port; a second one is told so before anything else happens."""
    with loops.listen("127.0.0.1", 0) as listener:
        listener.listen()
        with pytest.raises(ConfigurationError) as caught:
            loops.listen("127.0.0.1", listener.getsockname()[1])
    assert caught.value.code == "serve.cannot_listen"


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "::1::"])
def test_an_address_that_is_not_ours_is_refused(host: str) -> None:
    """An address of another machine, or none at all, is an error that says what to name instead."""
    with pytest.raises(ConfigurationError) as caught:
        loops.listen(host, 0)
    assert "address of this machine" in caught.value.remedy


@pytest.mark.parametrize(
    "host, address",
    [
        ("127.0.0.1", "http://127.0.0.1:"),
        ("0.0.0.0", "http://127.0.0.1:"),  # noqa: S104 - a free port, for the length of this test
        ("::1", "http://[::1]:"),
    ],
)
def test_programs_of_this_machine_learn_an_address_they_can_use(host: str, address: str) -> None:
    """A wildcard address is told as loopback, an IPv6 address in brackets (RFC 3986, 3.2.2)."""
    with loops.listen(host, 0) as listener:
        assert loops._address(listener) == f"{address}{listener.getsockname()[1]}"


def test_where_it_runs_is_told_whole(tmp_path: Path) -> None:
    """run.json is replaced as a whole, readable by its owner alone, with no draft left beside it."""
    path = tmp_path / "run.json"
    path.write_text("old")
    loops._write_run_info(path, "http://127.0.0.1:1")
    assert json.loads(path.read_text()) == {"address": "http://127.0.0.1:1", "pid": os.getpid()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
