"""A site served on a loopback port: real storage, keys, log and server, fake photographs, a clock that tests move."""

from __future__ import annotations

import hashlib
import json
import threading
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from countenance.bootstrap import Service
from countenance.interfaces.api import create_app
from countenance.interfaces.loops import listen
from countenance.terms import ChipFile, Role
from fakes.world import World, trust

ADULT = {"person_class": "unknown", "age": 30, "refusal_offered": True}
PROBLEM_FIELDS = {"type", "title", "status", "detail", "code", "remedy", "instance"}


@dataclass
class Counter:
    """Who stands at the counter: a client of the app, and what it needs to sign captures."""

    world: World
    service: Service
    app: FastAPI
    client: httpx.Client
    people: Iterator[int] = field(default_factory=count)

    def key(self, role: Role = Role.OPERATOR) -> dict[str, str]:
        """Return the header that presents a role's API key."""
        return {"Authorization": f"Bearer {self.world.created.api_keys[role]}"}

    def get(self, path: str, role: Role = Role.OPERATOR) -> httpx.Response:
        """Read an address with a role's key."""
        return self.client.get(path, headers=self.key(role))

    def post(self, path: str, body: Any = None, role: Role = Role.OPERATOR, **headers: str) -> httpx.Response:
        """Send JSON with a role's key; ``Token="…"`` becomes the header ``Countenance-Token``."""
        named = {f"Countenance-{name}": value for name, value in headers.items()}
        return self.client.post(path, json=body, headers={**self.key(role), **named})

    def opened(self, checkpoint: str = "lane-1", role: Role = Role.OPERATOR, **fields: Any) -> str:
        """Open an encounter for an adult, each call another person, and return its token."""
        body = {"checkpoint": checkpoint, "eligibility": ADULT, "claim": f"traveller-a{next(self.people)}", **fields}
        response = self.post("/encounters", body, role)
        assert response.status_code == 201, response.text
        return str(response.json()["token"])

    def signed(self, token: str, body: bytes, attempt: int = 1, **changes: str) -> dict[str, str]:
        """Return the headers of a capture signed by the site's local device, some of them changed."""
        device = self.service.local_device
        try:
            signature = device.sign(token, attempt, hashlib.sha256(body).digest())
        except Exception:  # noqa: BLE001 - a token no device would sign: any 64 bytes will do
            signature = bytes(64)
        own = {"Token": token, "Device": device.device_id, "Attempt": str(attempt), "Signature": text(signature)}
        headers = {**own, **changes}
        return {"Content-Type": "application/json", **{f"Countenance-{name}": value for name, value in headers.items()}}

    def capture(
        self,
        token: str,
        live: bytes,
        portrait: bytes = b"",
        attempt: int = 1,
        role: Role = Role.OPERATOR,
        **changes: str,
    ) -> httpx.Response:
        """Send one signed attempt: a verification with a portrait, an identification without."""
        body = capture_body(live, portrait, attempt)
        path = "/verifications" if portrait else "/identifications"
        headers = {**self.key(role), **self.signed(token, body, attempt, **changes)}
        return self.client.post(path, content=body, headers=headers)

    def enrol(self, gallery: str, rows: list[tuple[str, bytes]], role: Role = Role.SUPERVISOR) -> list[dict[str, Any]]:
        """Enrol (reference id, photograph) rows and return the reply's lines."""
        lines = "".join(json.dumps(row(name, image)) + "\n" for name, image in rows)
        response = self.client.post(f"/galleries/{gallery}/references", content=lines, headers=self.key(role))
        assert response.status_code == 200, response.text
        return [json.loads(line) for line in response.text.splitlines()]


def text(data: bytes) -> str:
    """Return base64 (RFC 4648 section 4)."""
    return b64encode(data).decode()


def row(name: str, image: bytes) -> dict[str, str | int]:
    """Return one line of a bulk enrolment."""
    return {
        "reference_id": name, "person_id": f"person-{name}", "age": 30, "reference_years": 5, "image": text(image),
    }  # fmt: skip


def capture_body(live: bytes, portrait: bytes = b"", attempt: int = 1) -> bytes:
    """Return a capture's body."""
    fields: dict[str, Any] = {"attempt": attempt, "live": text(live)}
    return json.dumps(fields | ({"portrait": text(portrait)} if portrait else {})).encode()


def papers_body(live: bytes, zone: str = "", chip: Mapping[ChipFile, bytes] | None = None, attempt: int = 1) -> bytes:
    """Return the body of a verification with what was read from a document."""
    fields: dict[str, Any] = {"attempt": attempt, "live": text(live)} | ({"mrz": zone} if zone else {})
    return json.dumps(fields | ({"chip": files(chip)} if chip is not None else {})).encode()


def files(chip: Mapping[ChipFile, bytes]) -> dict[str, str]:
    """Return a chip's files as they travel."""
    return {name.value: text(data) for name, data in chip.items()}


def assert_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check that a reply is an RFC 9457 problem with this status and code; return it."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem: dict[str, Any] = response.json()
    assert set(problem) >= PROBLEM_FIELDS
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    assert problem["type"] == f"urn:countenance:problem:{code}"
    assert all(problem[field] for field in PROBLEM_FIELDS)
    return problem


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve ``app`` on a free loopback port from a thread; yield its address."""
    listener = listen("127.0.0.1", 0)
    listener.listen()  # so that a client who comes before the server's thread waits instead of being refused
    server = uvicorn.Server(uvicorn.Config(app, http="h11", ws="none", lifespan="on", log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def announce(counter: Counter) -> None:
    """Let commands on this machine find the served site, as ``countenance serve`` does."""
    run_info = {"address": str(counter.client.base_url).rstrip("/"), "pid": 0}
    counter.service.site.run_info.write_text(json.dumps(run_info))


@contextmanager
def counter_at(path: Path, *charters: bytes, points: Iterable[bytes] = ()) -> Iterator[Counter]:
    """Make a site, serve it, and stand at its counter."""
    world = World.at(path, *charters)
    for point in points:
        trust(world.created.site, point)
    with counter_of(world) as counter:
        yield counter


@contextmanager
def counter_of(world: World) -> Iterator[Counter]:
    """Serve a site that is made, and stand at its counter."""
    with world.open() as service:
        app = create_app(service)
        with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
            yield Counter(world, service, app, client)
