"""Bodies that are too large, lie about their length, never end or never come: bounded memory, no disk, 413."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from countenance.interfaces.api.bodies import CAPTURE_BYTES, SMALL_BYTES
from countenance.interfaces.api.front import Front
from fakes.extractor import face
from fakes.http import Counter, assert_problem, capture_body, counter_at

PIECE = b"a" * 65_536


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site."""
    with counter_at(tmp_path_factory.mktemp("bodies") / "site") as counter:
        yield counter


def dial(counter: Counter, path: str, framing: str, headers: dict[str, str] | None = None) -> socket.socket:
    """Connect and send a POST's head, its body announced by ``framing``."""
    where = urlsplit(str(counter.client.base_url))
    connection = socket.create_connection((where.hostname or "", where.port or 0), timeout=20)
    lines = {"Host": "localhost", **counter.key(), **(headers or {})}
    head = f"POST {path} HTTP/1.1\r\n{framing}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    connection.sendall(head.encode() + b"\r\n")
    return connection


def answer(connection: socket.socket) -> tuple[int, bytes]:
    """Return the status and everything that came before the service hung up."""
    data = b""
    try:
        while part := connection.recv(65_536):
            data += part
    except ConnectionResetError:
        pass
    return int(data.split(b" ")[1]), data


def signed_head(counter: Counter) -> dict[str, str]:
    """Return the headers of a capture whose body is to come."""
    return counter.signed(counter.opened(), capture_body(face("ann"), face("ann")))


def test_a_declared_length_over_the_bound_is_refused_unread(counter: Counter) -> None:
    """With a Content-Length over the bound the answer comes before a single byte of the body is sent."""
    with dial(counter, "/verifications", f"Content-Length: {CAPTURE_BYTES + 1}", signed_head(counter)) as connection:
        status, data = answer(connection)
    assert status == 413
    assert b"request.too_large" in data
    assert b"connection: close" in data.lower()


def test_an_absurd_declared_length_is_refused(counter: Counter) -> None:
    """A Content-Length with more digits than any bound has is refused like any other that is too large."""
    with dial(counter, "/verifications", "Content-Length: 99999999999999999999", signed_head(counter)) as connection:
        assert answer(connection)[0] in {400, 413}


def test_an_endless_body_is_not_read_to_its_end(counter: Counter) -> None:
    """A chunked body that never ends is cut off at the bound: 413, connection closed, the rest never read."""
    frames = counter.world.extractor.frames_decoded
    sent = 0
    with dial(counter, "/verifications", "Transfer-Encoding: chunked", signed_head(counter)) as connection:
        try:
            while sent < 3 * CAPTURE_BYTES:
                connection.sendall(b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
                sent += len(PIECE)
        except OSError:
            pass
        assert sent < 2 * CAPTURE_BYTES
    assert counter.world.extractor.frames_decoded == frames


def test_a_chunked_small_body_is_bounded_too(counter: Counter) -> None:
    """Where no photograph belongs, an undeclared body is cut off at 64 KiB."""
    with dial(counter, "/encounters", "Transfer-Encoding: chunked", {"Content-Type": "application/json"}) as connection:
        for _ in range(2):
            connection.sendall(b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
        status, data = answer(connection)
    assert status == 413
    assert b"request.too_large" in data
    assert len(PIECE) == SMALL_BYTES


def test_more_than_declared_is_not_part_of_the_body(counter: Counter) -> None:
    """Bytes beyond the declared length are not read as body: the signature over the declared part decides."""
    token, body = counter.opened(), capture_body(face("ann", 1), face("ann", 2))
    headers = {**counter.signed(token, body), "Connection": "close"}
    with dial(counter, "/verifications", f"Content-Length: {len(body)}", headers) as connection:
        connection.sendall(body + b"and more")
        status, data = answer(connection)
    assert status == 200
    assert b'"outcome":"match"' in data


def test_less_than_declared_answers_nobody(counter: Counter) -> None:
    """A sender that goes away in mid-body leaves nothing decoded, nothing recorded, and the service answering."""
    token, body = counter.opened(), capture_body(face("ann", 1), face("ann", 2))
    frames = counter.world.extractor.frames_decoded
    with dial(counter, "/verifications", f"Content-Length: {len(body) + 9}", counter.signed(token, body)) as connection:
        connection.sendall(body)
    assert counter.capture(token, face("ann", 1), face("ann", 2)).json()["outcome"] == "match"
    assert counter.world.extractor.frames_decoded == frames + 2


def test_bodies_share_bounded_memory(counter: Counter) -> None:
    """When all bodies together would hold more than the budget, the next is told to try again, and nothing is lost."""
    front = front_of(counter)
    everything, front.budget.left = front.budget.left, 10
    try:
        assert_problem(counter.capture(counter.opened(), face("ann", 1), face("ann", 2)), 503, "request.busy")
    finally:
        front.budget.left += everything - 10
    counter.capture(counter.opened(), face("ann", 1), face("ann", 2))
    assert front.budget.left == everything


def front_of(counter: Counter) -> Front:
    """Return the front of the app that the counter's address serves."""
    front = counter.app.state.front
    assert isinstance(front, Front)
    return front


def test_no_photograph_touches_a_disk(counter: Counter) -> None:
    """While a large capture is answered, the service's process opens no file for writing but those of its site."""
    opened: list[str] = []
    watching = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
            opened.append(str(arguments[0]))

    sys.addaudithook(watch)
    response = counter.capture(counter.opened(), b"a wall" * 500_000, b"a wall" * 500_000)
    watching = False
    assert response.json()["outcome"] == "retry"
    assert [name for name in opened if not name.startswith(str(counter.world.path))] == []
