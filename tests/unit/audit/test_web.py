"""A log on any static web server is audited as a folder is, and no server can hold an auditor up or lead them away."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countenance.audit import Findings, Web, audit
from countenance.audit.layout import Unusable
from fakes.naive_merkle import numbered
from fakes.published import VKEY, publish
from fakes.web import answering, static

NOW = 1_780_000_000_000


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published log of two full tiles and a quarter of one."""
    folder = tmp_path_factory.mktemp("original") / "log"
    publish(folder, numbered(576))
    return folder


def found(url: str, seconds: float = 30) -> Findings:
    """Return what an audit of an address finds."""
    web = Web.at(url, seconds=seconds)
    try:
        return audit(web, VKEY, now_ms=NOW)
    finally:
        web.close()


def test_a_static_server_is_a_public_log(original: Path) -> None:
    """What a folder shows, an address shows: every entry and tile; only names beside them cannot be listed."""
    with static(original.parent) as url:
        findings = found(f"{url}log/")
        assert findings.ok, findings.faults
        assert findings.counts.entries == 576
        assert [check.name for check in findings.checks] == ["checkpoint", "tiles", "root"]
        assert found(f"{url}log").ok


@pytest.mark.parametrize(
    "path,change,expected",
    [
        ("tile/entries/001", lambda data: data[:5000] + b"\x00" + data[5001:], {"tile.content", "tree.root"}),
        ("tile/0/000", lambda data: data[:-32], {"file.length"}),
        ("tile/0/000", lambda data: data * 1000, {"file.length"}),
        ("tile/entries/002.p/64", None, {"file.missing"}),
        ("checkpoint", None, {"checkpoint.missing"}),
        ("checkpoint", lambda data: data * 5000, {"checkpoint.malformed"}),
    ],
)
def test_tampering_shows_over_http(
    original: Path, tmp_path: Path, path: str, change: Callable[[bytes], bytes] | None, expected: set[str]
) -> None:
    """Each change has the name that it has in a folder."""
    log = Path(shutil.copytree(original, tmp_path / "log"))
    if change is None:
        (log / path).unlink()
    else:
        (log / path).write_bytes(change((log / path).read_bytes()))
    with static(log) as url:
        assert {fault.code for fault in found(url).faults} == expected


@pytest.mark.parametrize("url", [
    "ftp://log.example/", "http:///log", "https://", "http://user:pw@log.example/", "http://log.example/?x", "log",
    "http://log.example/#x", "http://log.example:99999/", "file:///etc/passwd",
])  # fmt: skip
def test_addresses_that_are_none(url: str) -> None:
    """Only plain http and https addresses are a log's."""
    with pytest.raises(ValueError, match=r"address|[Pp]ort"):
        Web.at(url)


def answer(data: bytes) -> Callable[[socket.socket], None]:
    """Return what sends these bytes and hangs up."""
    return lambda connection: connection.sendall(data)


@pytest.mark.parametrize(
    "head,code",
    [
        (b"HTTP/1.1 301 Moved\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n", "file.unreadable"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "checkpoint.missing"),
        (b"HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nno!", "file.unreadable"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "file.unreadable"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "file.unreadable"),
        (b"SSH-2.0-OpenSSH\r\n", "file.unreadable"),
        (b"", "file.unreadable"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"\r\n", "file.unreadable"),
    ],
)
def test_servers_that_do_not_serve_a_file(head: bytes, code: str) -> None:
    """No redirect is followed, no error page is taken for a file, and what the server says is not repeated."""
    with answering(answer(head)) as url:
        (fault,) = found(url).faults
    assert fault.code == code
    assert "elsewhere" not in fault.sentence


def test_a_server_that_drips_is_cut_off() -> None:
    """A file that comes byte by byte ends when its time is over, however patient the server is."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.02)

    with answering(drip) as url:
        start = time.monotonic()
        assert {fault.code for fault in found(url, seconds=0.2).faults} == {"file.unreadable"}
    assert time.monotonic() - start < 3


def test_a_closed_port_is_a_fault() -> None:
    """Nobody there: said, not raised."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (fault,) = found(f"http://127.0.0.1:{port}/").faults
    assert fault.code == "file.unreadable"


def test_a_connection_that_was_idle_is_opened_again(original: Path) -> None:
    """A server that hangs up after every answer is asked again, each time on a new connection."""

    def once(connection: socket.socket) -> None:
        note = (original / "checkpoint").read_bytes()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(note), note))

    with answering(once) as url:
        web = Web.at(url)
        assert [isinstance(web.read("checkpoint", 65536), bytes) for _ in range(3)] == [True] * 3
        web.close()


def test_a_server_that_falls_silent_is_left() -> None:
    """One that takes the request and says nothing, or goes silent after its first answer, costs its seconds once."""
    first = [True]

    def silent(connection: socket.socket) -> None:
        if first.pop() if first else False:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with answering(silent) as url:
        web = Web.at(url, seconds=0.3)
        assert web.read("checkpoint", 10) == b"ok"
        again = web.read("checkpoint", 10)
        web.close()
    assert isinstance(again, Unusable)
    assert again.code == "file.unreadable"
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        web = Web.at(f"http://127.0.0.1:{deaf.getsockname()[1]}/", seconds=0.2)
        unheard = web.read("checkpoint", 10)
        web.close()
    assert isinstance(unheard, Unusable)


def test_a_host_that_is_nowhere_is_a_fault() -> None:
    """A name that nobody answers to is said to be that, without the address's text."""
    (fault,) = found("http://nowhere.invalid/").faults
    assert fault.code == "file.unreadable"


@settings(max_examples=60)
@given(st.binary(max_size=300), st.booleans())
def test_any_response_ends_in_findings(data: bytes, well_formed: bool) -> None:  # noqa: FBT001 - drawn
    """No bytes from a server make the audit raise or pass."""
    sent = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(data), data) if well_formed else data
    with answering(answer(sent)) as url:
        web = Web.at(url, seconds=5)
        read = web.read("checkpoint", 100)
        web.close()
        assert isinstance(read, Unusable) or len(read) <= 101
        assert not found(url, seconds=5).ok
