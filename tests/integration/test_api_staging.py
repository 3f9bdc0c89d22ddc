"""Manifests over HTTP: looked at, announced, their portraits streamed, boarding followed; and by the client."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

import paper_samples
from countenance.documents import ManifestLimits
from countenance.documents.portrait_folder import MOST_BYTES
from countenance.errors import CharterError, CountenanceError, DocumentError, GalleryError, SiteError
from countenance.interfaces.api import following
from countenance.interfaces.api.front import FOLLOWERS
from countenance.interfaces.client import Client
from countenance.interfaces.client_manifests import ROWS_PER_REQUEST
from countenance.interfaces.doors import LocalDoors
from countenance.terms import Role
from countenance.terms.staging import EventTerms, Listed, PortraitRow, PortraitsFrom, SourcePortrait
from fakes.extractor import face
from fakes.flights import DEPARTS, manifest, portraits
from fakes.http import Counter, assert_problem, counter_at, counter_of, text
from fakes.world import SUPERVISOR, World, portraits_at

FLIGHTS = count(100)
PEOPLE = ("ann", "bob", "cid")


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site with a gate."""
    with counter_at(tmp_path_factory.mktemp("manifests") / "site") as counter:
        yield counter


@pytest.fixture
def client(counter: Counter) -> Iterator[Client]:
    """Return a supervisor's client."""
    key = counter.world.created.api_keys[Role.SUPERVISOR]
    with Client(str(counter.client.base_url), key, counter.service.local_device) as client:
        yield client


def put(counter: Counter, gallery: str, file: bytes, role: Role = Role.SUPERVISOR, **query: str) -> httpx.Response:
    """Announce a file to a gallery."""
    asked = {"checkpoint": "gate-1", **query}
    return counter.client.put(f"/galleries/{gallery}/manifest", content=file, params=asked, headers=counter.key(role))


def send_portraits(counter: Counter, gallery: str, lines: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Send portraits and return the reply's lines."""
    response = counter.client.post(
        f"/galleries/{gallery}/portraits", content="".join(json.dumps(line) + "\n" for line in lines),
        headers=counter.key(Role.SUPERVISOR),
    )  # fmt: skip
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


def fill(counter: Counter, gallery: str, role: Role = Role.SUPERVISOR) -> httpx.Response:
    """Have a flight staged from what the site has."""
    asked = {"checkpoint": "gate-1", "portraits": "site", "reference_years": "1"}
    return counter.client.post(
        f"/galleries/{gallery}/staging", content=manifest(PEOPLE), params=asked, headers=counter.key(role)
    )  # fmt: skip


def line(number: int, image: bytes) -> dict[str, Any]:
    """Return a portrait's line."""
    return {"number": number, "reference_years": 1, "image": text(image)}


def test_a_manifest_is_looked_at(counter: Counter) -> None:
    """What a PAXLST says of its movement comes back: counts and findings, nobody's name, number or birth date."""
    entries = counter.service.counters()["log_pending"]
    response = counter.client.post(
        "/manifests", content=paper_samples.paxlst(3).encode(), headers=counter.key(Role.SUPERVISOR)
    )
    assert response.status_code == 200, response.text
    found = response.json()
    assert (found["source"], found["carrier"], found["people"]["passenger"]) == ("PAXLST D.05B", "UT", 3)
    assert found["legs"][0]["departure"] == {"port": "UTA", "local_time": "2026-11-25T11:00"}
    assert not [word for word in ("SPECIMEN", "X0000", "1985", "8504") if word in response.text]
    assert counter.service.counters()["log_pending"] == entries


def test_a_manifest_becomes_a_gallery_over_http(counter: Counter) -> None:
    """Announced, it says whose portraits are wanted; streamed, each has its verdict; then the gate finds them."""
    told = put(counter, "ut1", manifest(PEOPLE, flight="UT1"), zone="+00:00").json()
    assert (told["expected"], told["wanted"], told["closes_at"]) == (3, [1, 2, 3], f"{DEPARTS[:-2]}30:00.000Z")
    lines = [line(1, face("ann")), line(1, face("ann", 2)), line(2, b"blurred"), line(3, face("cid"))]
    *verdicts, last = send_portraits(counter, "ut1", lines)
    assert [(one["row"], one["number"], one["verdict"], one["reason"]) for one in verdicts] == [
        (1, 1, "enrolled", ""), (2, 1, "enrolled", ""), (3, 2, "refused", "quality.blurred"), (4, 3, "enrolled", ""),
    ]  # fmt: skip
    assert last == {"summary": {"enrolled": 3, "duplicate": 0, "refused": 1, "full": 0}}
    reply = counter.capture(counter.opened("gate-1", gallery="ut1", claim=""), face("cid", 7))
    assert reply.json()["outcome"] == "match"
    again = put(counter, "ut1", manifest(PEOPLE, flight="UT1")).json()
    assert (again["added"], again["removed"], again["wanted"]) == (0, 0, [2])
    assert put(counter, "ut1", manifest(("cid",), flight="UT1"), lists="removals").json()["removed"] == 1


def test_a_traveller_of_one_flight_is_not_found_at_another(counter: Counter) -> None:
    """Staged for flight X, a face is no match at flight Y of the same gate (CBP-1)."""
    for flight, people in (("utx", ("dan",)), ("uty", ("eva",))):
        told = put(counter, flight, manifest(people, flight=flight)).json()
        send_portraits(counter, flight, [line(number, face(people[number - 1])) for number in told["wanted"]])
    for flight, outcome in (("uty", "no_match"), ("utx", "match")):
        reply = counter.capture(counter.opened("gate-1", gallery=flight, claim=""), face("dan", 3))
        assert reply.json()["outcome"] == outcome


BAD = {
    "damaged": (paper_samples.paxlst(2).encode()[:-9], {}, Role.SUPERVISOR, 422, "manifest."),
    "nothing": (b"", {}, Role.SUPERVISOR, 422, "manifest."),
    "elsewhere": (manifest(PEOPLE), {"checkpoint": "nowhere"}, Role.SUPERVISOR, 404, "checkpoint.unknown"),
    "lane": (manifest(PEOPLE), {"checkpoint": "lane-1"}, Role.SUPERVISOR, 409, "gallery.not_allowed"),
    "device": (manifest(PEOPLE), {}, Role.OPERATOR, 403, "access.denied"),
    "over": (manifest(PEOPLE, departs="2020-01-01T10:00"), {}, Role.SUPERVISOR, 409, "gallery.event_over"),
    "zone": (manifest(PEOPLE), {"zone": "Nowhere/Town"}, Role.SUPERVISOR, 409, "gallery.zone"),
    "port": (manifest(PEOPLE), {"port": "XXX"}, Role.SUPERVISOR, 409, "gallery.other_port"),
    "moment": (manifest(PEOPLE), {"at": "noon"}, Role.SUPERVISOR, 422, "request.invalid"),
    "part": (manifest(PEOPLE), {"lists": "additions"}, Role.SUPERVISOR, 409, "gallery.no_manifest"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_announced_is_a_problem(counter: Counter, case: str) -> None:
    """A damaged file, a wrong place, time or role: a problem that says what to do, and no gallery was opened."""
    file, query, role, status, code = BAD[case]
    problem = put(counter, "never", file, role, **query)
    found = problem.json()["code"]
    assert found.startswith(code)
    assert_problem(problem, status, found)
    assert "SPECIMEN" not in problem.text
    assert all(one.gallery_id != "never" for one in counter.service.staging.list_galleries(SUPERVISOR))


def test_a_damaged_file_is_located(counter: Counter) -> None:
    """The problem names segment and character, over both addresses."""
    file = paper_samples.paxlst(2).replace("DTM+36:310208", "DTM+36:31").encode()[:-5]
    for response in (
        counter.client.post("/manifests", content=file, headers=counter.key(Role.SUPERVISOR)),
        put(counter, "never", file),
    ):
        assert response.status_code == 422
        assert "Segment 41" in response.json()["detail"]
        assert "character" in response.json()["detail"]


def test_a_file_that_is_too_large_is_not_read(counter: Counter) -> None:
    """Declared or not, more bytes than the bound end with 413."""
    most = ManifestLimits().max_bytes
    key = counter.key(Role.SUPERVISOR)
    assert_problem(counter.client.post("/manifests", content=bytes(most + 1), headers=key), 413, "request.too_large")
    chunks = (bytes(65_536) for _ in range(most // 65_536 + 2))
    asked = {"checkpoint": "gate-1"}
    response = counter.client.put("/galleries/never/manifest", content=chunks, params=asked, headers=key)
    assert_problem(response, 413, "request.too_large")
    assert_problem(counter.client.post("/manifests", content=b"x", headers=counter.key()), 403, "access.denied")


@pytest.mark.parametrize(
    "wrong, status, code",
    [
        ({"number": 99, "image": text(face("zoe"))}, 409, "gallery.not_expected"),
        ({"number": 0, "image": text(face("zoe"))}, 422, "request.invalid"),
        ({"number": 1, "image": "?"}, 422, "request.invalid"),
        ({"number": 1}, 422, "request.invalid"),
        ({"number": 1, "image": text(face("zoe")), "name": "zoe"}, 422, "request.invalid"),
    ],
)
def test_a_wrong_portrait_ends_the_stream(counter: Counter, wrong: Mapping[str, Any], status: int, code: str) -> None:
    """Whoever is not expected, or a line that does not fit, is the stream's problem; what came before is told."""
    flight = f"ut{next(FLIGHTS)}"
    put(counter, flight, manifest(PEOPLE, flight=flight))
    *verdicts, last = send_portraits(counter, flight, [line(1, face("ann")), wrong, line(2, face("bob"))])
    assert (last["problem"]["status"], last["problem"]["code"]) == (status, code)
    assert [one["number"] for one in verdicts] in ([], [1])
    assert "zoe" not in json.dumps(last)


def test_the_client_does_what_the_procedures_do(counter: Counter, client: Client) -> None:
    """Announced and portrayed by the client in several requests, a manifest stands as if staged here."""
    flight = f"ut{next(FLIGHTS)}"
    people = [f"p{number}" for number in range(ROWS_PER_REQUEST + 6)]
    told = client.announce(flight, "gate-1", manifest(people, flight=flight), EventTerms())
    assert told.wanted == tuple(range(1, len(people) + 1))
    rows = portraits(people, told.wanted)
    last = rows[ROWS_PER_REQUEST - 1]
    rows.insert(ROWS_PER_REQUEST, PortraitRow(last.number, SourcePortrait(face(f"p{last.number - 1}", 2), 1)))
    verdicts = list(client.portray(flight, rows))
    assert [(one.row, one.number, one.verdict) for one in verdicts] == [
        (at, row.number, "enrolled") for at, row in enumerate(rows, start=1)
    ]
    local = LocalDoors(counter.service, counter.world.created.api_keys[Role.SUPERVISOR])
    assert client.boarding(flight) == local.boarding(flight)
    again = local.announce(flight, "gate-1", manifest(people, flight=flight), EventTerms())
    assert again == client.announce(flight, "gate-1", manifest(people, flight=flight), EventTerms())
    assert again.wanted == ()
    (twice,) = local.portray(flight, [PortraitRow(1, SourcePortrait(face("p0"), 1))])
    assert twice.verdict == "duplicate"


@pytest.mark.parametrize(
    "file, terms, kind",
    [
        (b"UNB+", EventTerms(), DocumentError),
        (manifest(PEOPLE), EventTerms(zone="Nowhere/Town"), GalleryError),
        (manifest(PEOPLE), EventTerms(listed=Listed.REMOVALS), GalleryError),
    ],
)
def test_the_client_raises_what_the_procedures_raise(
    counter: Counter, client: Client, file: bytes, terms: EventTerms, kind: type[CountenanceError]
) -> None:
    """The same error, code and words, by both ways."""
    told = []
    for door in (client, LocalDoors(counter.service, counter.world.created.api_keys[Role.SUPERVISOR])):
        with pytest.raises(kind) as refused:
            door.announce("never", "gate-1", file, terms)
        told.append((refused.value.code, refused.value.message, refused.value.remedy))
    assert told[0] == told[1]


def test_boarding_can_be_followed(counter: Counter, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts come at once and at each change, and the last word is that the gallery is closed."""
    monkeypatch.setattr(following, "POLL_S", 0.01)
    flight = f"ut{next(FLIGHTS)}"
    put(counter, flight, manifest(PEOPLE, flight=flight))
    events = client.follow(flight)
    first = next(events)
    assert (first["expected"], first["references"], first["states"]["wanted"]) == (3, 0, 3)
    send_portraits(counter, flight, [line(1, face("ann")), line(2, b"blurred")])
    seen = next(one for one in events if one["states"]["poor"])
    assert (seen["references"], seen["states"]["staged"], seen["aboard"]) == (1, 1, 0)
    counter.capture(counter.opened("gate-1", gallery=flight, claim=""), face("ann", 4))
    assert next(one for one in events if one["aboard"])["aboard"] == 1
    counter.service.staging.close_gallery(flight, SUPERVISOR)
    *_, last = events
    assert (last["open"], last["expected"], last["references"]) == (False, 0, 0)


def test_a_quiet_stream_says_that_it_lives(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a change a comment comes; each event has an id; places are few and given back when a reader goes."""
    monkeypatch.setattr(following, "POLL_S", 0.001)
    monkeypatch.setattr(following, "QUIET_LOOKS", 2)
    flight = f"ut{next(FLIGHTS)}"
    put(counter, flight, manifest(PEOPLE, flight=flight))
    address, key = f"/galleries/{flight}/manifest/events", counter.key(Role.SUPERVISOR)
    for _ in range(FOLLOWERS + 2):  # each goes away while the stream is open
        with counter.client.stream("GET", address, headers=key) as response:
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            lines = response.iter_lines()
            assert [next(lines), next(lines)] == ["id: 1", "event: boarding"]
            assert next(one for one in lines if one.startswith(":")) == ": nothing changed"
        while counter.app.state.front.threads.followers.borrowed_tokens:
            threading.Event().wait(0.001)


def test_followers_are_few(counter: Counter) -> None:
    """One more follower than there are places is told to come back."""
    flight = f"ut{next(FLIGHTS)}"
    put(counter, flight, manifest(PEOPLE, flight=flight))
    followers = counter.app.state.front.threads.followers
    while followers.borrowed_tokens:  # those of other tests have gone, but not given their places back yet
        threading.Event().wait(0.001)
    holders = [object() for _ in range(FOLLOWERS)]
    for one in holders:
        followers.acquire_on_behalf_of_nowait(one)
    try:
        assert_problem(counter.get(f"/galleries/{flight}/manifest/events", Role.SUPERVISOR), 503, "request.busy")
    finally:
        for one in holders:
            followers.release_on_behalf_of(one)


def test_what_cannot_be_followed_is_a_problem(counter: Counter) -> None:
    """A gallery that is not there, or that no manifest made; a site that nobody serves."""
    assert_problem(counter.get("/galleries/none/manifest/events", Role.SUPERVISOR), 404, "gallery.unknown")
    local = LocalDoors(counter.service, counter.world.created.api_keys[Role.SUPERVISOR])
    with pytest.raises(SiteError) as refused:
        local.follow("none")
    assert refused.value.code == "site.not_followed"


def test_a_service_stages_from_what_its_site_has(tmp_path: Path) -> None:
    """The file alone is sent: announced first, then a verdict each; no photograph comes out (invariant 9)."""
    (tmp_path / "portraits").mkdir()
    for name in ("ann", "bob"):
        (tmp_path / "portraits" / f"X{name.upper()}.jpg").write_bytes(face(name, 1))
    world = World.at(tmp_path / "site")
    portraits_at(world, tmp_path / "portraits")
    with counter_of(world) as counter:
        key = counter.world.created.api_keys[Role.SUPERVISOR]
        with Client(str(counter.client.base_url), key, counter.service.local_device) as client:
            told, verdicts = client.fill("ut1", "gate-1", manifest(PEOPLE), EventTerms(), PortraitsFrom.SITE, 1)
            assert (told.wanted, told.expected) == ((1, 2, 3), 3)
            assert [(one.number, one.verdict) for one in verdicts] == [(1, "enrolled"), (2, "enrolled")]
            assert client.boarding("ut1") == counter.service.boarding.status("ut1", SUPERVISOR)
            with pytest.raises(CharterError) as refused:
                client.fill("ut2", "gate-1", manifest(PEOPLE), EventTerms(), PortraitsFrom.PAST, 1)
        assert refused.value.code == "charter.no_past_encounters"
        lines = fill(counter, "ut1").text.splitlines()
        assert [next(iter(json.loads(line))) for line in lines] == ["announced", "summary"]


def test_staging_ends_in_a_problem_where_portraits_do(tmp_path: Path) -> None:
    """What the source cannot give is the stream's last line; a site without portraits refuses before it begins."""
    folder = tmp_path / "portraits"
    (folder / "XBOB.jpg").parent.mkdir()
    (folder / "XANN.jpg").write_bytes(face("ann", 1))
    (folder / "XBOB.jpg").write_bytes(bytes(MOST_BYTES + 1))
    world = World.at(tmp_path / "site")
    portraits_at(world, folder)
    with counter_of(world) as counter:
        lines = [json.loads(line) for line in fill(counter, "ut1").text.splitlines()]
        assert [next(iter(line)) for line in lines] == ["announced", "row", "problem"]
        assert lines[-1]["problem"]["code"] == "portraits.too_large"
        assert_problem(fill(counter, "ut1", Role.OPERATOR), 403, "access.denied")


def test_a_site_without_portraits_stages_from_none(counter: Counter) -> None:
    """The problem says which setting is missing, and no gallery was opened."""
    flight = f"ut{next(FLIGHTS)}"
    assert_problem(fill(counter, flight), 422, "portraits.none")
    assert_problem(counter.get(f"/galleries/{flight}/manifest", Role.SUPERVISOR), 404, "gallery.unknown")


def test_where_travellers_stand_travels_whole(tmp_path: Path) -> None:
    """The client gets what the procedure says, open and closed; a gallery that no manifest made is a 409."""
    people = ("ann", "bob")
    with counter_at(tmp_path / "site") as counter:
        service = counter.service
        told = service.announcing.announce("ut1", "gate-1", manifest(people), EventTerms(), SUPERVISOR)
        list(service.boarding.portray("ut1", portraits(people, told.wanted, bob=[face("ann", 2)]), SUPERVISOR))
        key = counter.world.created.api_keys[Role.SUPERVISOR]
        with Client(str(counter.client.base_url), key, service.local_device) as client:
            stands = service.boarding.status("ut1", SUPERVISOR)
            assert stands.alike == ((1, 2),)
            assert client.boarding("ut1") == stands
            client.close_gallery("ut1")
            assert client.boarding("ut1") == service.boarding.status("ut1", SUPERVISOR)
        counter.post("/galleries", {"gallery": "plain", "checkpoint": "gate-1"}, Role.SUPERVISOR)
        assert_problem(counter.get("/galleries/plain/manifest", Role.SUPERVISOR), 409, "gallery.no_manifest")
