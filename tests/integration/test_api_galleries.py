"""Galleries over HTTP: opened, filled in a stream with a verdict per durable row, closed, and never another's."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from itertools import count

import pytest

from countenance.interfaces.api.bodies import LINE_BYTES
from countenance.interfaces.api.front import ENROLMENTS
from countenance.terms import Role
from fakes.extractor import face
from fakes.http import ADULT, Counter, assert_problem, counter_at, row

NAMES = count(1)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site."""
    with counter_at(tmp_path_factory.mktemp("galleries") / "site") as counter:
        yield counter


@pytest.fixture
def gallery(counter: Counter) -> str:
    """Return a gallery that was just opened at the gate."""
    name = f"flight-{next(NAMES)}"
    response = counter.post("/galleries", {"gallery": name, "checkpoint": "gate-1"}, Role.SUPERVISOR)
    assert response.status_code == 201
    assert json.loads(response.json()["receipt"]["facts"])["event"] == "gallery.opened"
    return name


def card(counter: Counter, gallery: str) -> dict[str, object]:
    """Return a gallery's card."""
    (found,) = (one for one in counter.get("/galleries").json() if one["gallery"] == gallery)
    return dict(found)


def test_each_row_gets_its_verdict_in_order(counter: Counter, gallery: str) -> None:
    """Good rows are enrolled, a known id is a duplicate, an unusable photograph refused with advice; then a summary."""
    rows = [("a", face("a")), ("b", b"blurred"), ("a", face("a")), ("c", face("c"))]
    *verdicts, last = counter.enrol(gallery, rows)
    assert [(one["row"], one["reference_id"], one["verdict"]) for one in verdicts] == [
        (1, "a", "enrolled"), (2, "b", "refused"), (3, "a", "duplicate"), (4, "c", "enrolled"),
    ]  # fmt: skip
    assert verdicts[1]["reason"] == "quality.blurred"
    assert verdicts[1]["advice"]
    assert last == {"summary": {"enrolled": 2, "duplicate": 1, "refused": 1, "full": 0}}
    assert card(counter, gallery)["size"] == 2


def test_who_may_not_be_compared_is_not_enrolled(counter: Counter, gallery: str) -> None:
    """A child's row, and one that states no age, is refused with advice and nobody looks at its photograph."""
    before = counter.world.extractor.frames_decoded
    child = {**row("child", b"crash"), "age": 13}
    unstated = {name: value for name, value in row("unstated", b"crash").items() if name != "age"}
    response = counter.client.post(
        f"/galleries/{gallery}/references", content=b"\n".join(json.dumps(one).encode() for one in (child, unstated)),
        headers=counter.key(Role.SUPERVISOR),
    )  # fmt: skip
    *verdicts, last = [json.loads(line) for line in response.text.splitlines()]
    assert [one["reason"] for one in verdicts] == ["outside_envelope.minimum_age", "outside_envelope.age_unknown"]
    assert all(one["advice"].endswith("ordinary manual check.") for one in verdicts)
    assert last["summary"]["refused"] == 2
    assert counter.world.extractor.frames_decoded == before


def test_verdicts_come_while_rows_are_still_sent(counter: Counter, gallery: str) -> None:
    """A chunk's verdicts are told, its rows durable, once the next chunk has come, before the sender sends more."""
    with sending(counter, gallery) as (connection, send):
        send(*(row(f"r{number}", face(f"p{number}")) for number in range(16)))
        response = connection.getresponse()
        early = [json.loads(response.readline()) for _ in range(8)]
        assert card(counter, gallery)["size"] == 8
        send(row("last", face("last")), end=True)
        late = [json.loads(line) for line in response.read().splitlines()]
    assert [one["reference_id"] for one in [*early, *late[:-1]]] == [*(f"r{number}" for number in range(16)), "last"]
    assert late[-1]["summary"]["enrolled"] == 17


@contextmanager
def sending(counter: Counter, gallery: str) -> Iterator[tuple[HTTPConnection, Callable[..., None]]]:
    """Begin a chunked enrolment; yield the connection and what sends rows on it."""
    connection = HTTPConnection(counter.client.base_url.host, counter.client.base_url.port or 0, timeout=20)
    connection.putrequest("POST", f"/galleries/{gallery}/references")
    for name, value in {**counter.key(Role.SUPERVISOR), "Transfer-Encoding": "chunked"}.items():
        connection.putheader(name, value)
    connection.endheaders()

    def send(*rows: dict[str, str | int], end: bool = False) -> None:
        for one in rows:
            line = json.dumps(one).encode() + b"\n"
            connection.send(b"%x\r\n%b\r\n" % (len(line), line))
        if end:
            connection.send(b"0\r\n\r\n")

    try:
        yield connection, send
    finally:
        connection.close()


@pytest.mark.parametrize(
    "line, field",
    [
        (b"{", "/row 3"),
        (b"[]", "/row 3"),
        (b'{"reference_id":"x","person_id":"y"}', "/row 3/image"),
        (b'{"reference_id":"x","person_id":"y","image":"!"}', "/row 3/image"),
        (b'{"reference_id":"","person_id":"y","image":"AAAA"}', "/row 3/reference_id"),
        (b'{"reference_id":"x\\u0000","person_id":"y","image":"AAAA"}', "/row 3/reference_id"),
        (b'{"reference_id":"x","person_id":"y","image":"AAAA","name":"z"}', "/row 3/name"),
        (b'{"reference_id":"x","person_id":"y","image":"AAAA","age":-2}', "/row 3/age"),
        (b'{"reference_id":"x","person_id":"y","image":"AAAA","reference_years":1.5}', "/row 3/reference_years"),
    ],
)
def test_a_row_that_cannot_be_read_ends_the_stream(counter: Counter, gallery: str, line: bytes, field: str) -> None:
    """The rows before it are durable and told; the last line names the row and field, rows after it are not read."""
    good = [json.dumps(row(name, face(name))).encode() for name in ("a", "b", "c")]
    body = b"\n".join([good[0], b"", good[1], line, good[2], b""])
    response = counter.client.post(
        f"/galleries/{gallery}/references", content=body, headers=counter.key(Role.SUPERVISOR)
    )
    *verdicts, last = [json.loads(line) for line in response.text.splitlines()]
    assert [one["verdict"] for one in verdicts] == ["enrolled", "enrolled"]
    assert (last["problem"]["status"], last["problem"]["code"]) == (422, "request.invalid")
    assert last["problem"]["errors"][0]["field"] == field
    assert card(counter, gallery)["size"] == 2


def test_a_line_over_the_bound_ends_the_stream(counter: Counter, gallery: str) -> None:
    """A line larger than a photograph may be is not read to its end; the rows before it stay enrolled."""
    body = json.dumps(row("a", face("a"))).encode() + b"\n" + b"x" * (LINE_BYTES + 1)
    response = counter.client.post(
        f"/galleries/{gallery}/references", content=body, headers=counter.key(Role.SUPERVISOR)
    )
    *verdicts, last = [json.loads(line) for line in response.text.splitlines()]
    assert [one["verdict"] for one in verdicts] == ["enrolled"]
    assert last["problem"]["code"] == "request.too_large"


def test_a_sender_that_goes_away_leaves_whole_chunks(counter: Counter, gallery: str) -> None:
    """What arrived is enrolled or not, row by row; the place for enrolments is free again."""
    with sending(counter, gallery) as (connection, send):
        send(*(row(f"r{number}", face(f"p{number}")) for number in range(16)))
        response = connection.getresponse()
        assert json.loads(response.readline())["verdict"] == "enrolled"
    limiter = counter.app.state.front.threads.enrolments
    deadline = time.monotonic() + 20
    while limiter.borrowed_tokens and time.monotonic() < deadline:
        card(counter, gallery)
    assert limiter.borrowed_tokens == 0
    assert card(counter, gallery)["size"] == 16


def test_enrolments_beyond_the_bound_are_told_so(counter: Counter, gallery: str) -> None:
    """While all places are taken, one more is 503 before any of its rows is read; others are answered meanwhile."""
    with ExitStack() as stack:
        for _ in range(ENROLMENTS):
            connection, send = stack.enter_context(sending(counter, gallery))
            send(*(row(f"r{number}", face(f"p{number}")) for number in range(16)))
            connection.getresponse().readline()
        path = f"/galleries/{gallery}/references"
        assert_problem(
            counter.client.post(path, content=b"", headers=counter.key(Role.SUPERVISOR)), 503, "request.busy"
        )
        assert counter.get("/galleries").status_code == 200


def test_problems_before_the_first_row_are_problems(counter: Counter, gallery: str) -> None:
    """An unknown or closed gallery is answered as a problem before the body is read."""
    body = json.dumps(row("a", face("a")))
    key = counter.key(Role.SUPERVISOR)
    assert_problem(counter.client.post("/galleries/none/references", content=body, headers=key), 404, "gallery.unknown")
    counter.post(f"/galleries/{gallery}/close", role=Role.SUPERVISOR)
    closed = counter.client.post(f"/galleries/{gallery}/references", content=body, headers=key)
    lines = [json.loads(line) for line in closed.text.splitlines()]
    assert [line["problem"]["code"] if "problem" in line else line["code"] for line in lines] == ["gallery.closed"]


def test_removing_and_closing_are_recorded(counter: Counter, gallery: str) -> None:
    """A removed reference is found no more; a closed gallery is searched no more; both give receipts."""
    counter.enrol(gallery, [("a/b ü", face("a")), ("b", face("b"))])
    removed = counter.client.delete(
        f"/galleries/{gallery}/references/a%2Fb%20%C3%BC", headers=counter.key(Role.SUPERVISOR)
    )
    assert json.loads(removed.json()["receipt"]["facts"])["event"] == "reference.removed"
    again = counter.client.delete(f"/galleries/{gallery}/references/a", headers=counter.key(Role.SUPERVISOR))
    assert_problem(again, 404, "gallery.unknown_reference")
    token = counter.opened("gate-1", gallery=gallery, claim="")
    assert counter.capture(token, face("a")).json()["outcome"] == "no_match"
    closed = counter.post(f"/galleries/{gallery}/close", role=Role.SUPERVISOR)
    assert json.loads(closed.json()["receipt"]["facts"])["destroyed"] == 1
    assert (card(counter, gallery)["open"], card(counter, gallery)["size"]) == (False, 0)
    body = {"checkpoint": "gate-1", "eligibility": ADULT, "gallery": gallery}
    assert_problem(counter.post("/encounters", body), 409, "gallery.closed")


def test_searches_are_bounded(counter: Counter, gallery: str) -> None:
    """After three searches per reference no encounter opens on the gallery: it cannot be probed."""
    counter.enrol(gallery, [("a", face("a"))])
    tokens = [counter.opened("gate-1", gallery=gallery, claim="") for _ in range(4)]
    codes = [counter.capture(token, face("stranger")).status_code for token in tokens]
    assert codes == [200, 200, 200, 409]


@pytest.mark.parametrize(
    "body, status, code",
    [
        ({"gallery": "x", "checkpoint": "lane-1"}, 409, "gallery.not_allowed"),
        ({"gallery": "x", "checkpoint": "nowhere"}, 404, "checkpoint.unknown"),
        ({"gallery": "a/b", "checkpoint": "gate-1"}, 422, "request.invalid"),
        ({"gallery": "", "checkpoint": "gate-1"}, 422, "request.invalid"),
        ({"gallery": "x" * 81, "checkpoint": "gate-1"}, 422, "request.invalid"),
    ],
)
def test_galleries_open_where_a_charter_allows_them(
    counter: Counter, body: dict[str, str | int], status: int, code: str
) -> None:
    """Another mode, an unknown checkpoint or an id that no address can hold opens nothing."""
    assert_problem(counter.post("/galleries", body, Role.SUPERVISOR), status, code)


def test_a_gallery_opens_once(counter: Counter, gallery: str) -> None:
    """A second gallery of the same name is refused."""
    response = counter.post("/galleries", {"gallery": gallery, "checkpoint": "gate-1"}, Role.SUPERVISOR)
    assert_problem(response, 409, "gallery.exists")
