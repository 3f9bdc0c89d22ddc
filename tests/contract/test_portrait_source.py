"""What every ``PortraitSource`` promises: portraits by document number, in bounds, none where it has none."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from countenance.bootstrap.portrait_service import PortraitService, trusting
from countenance.documents import PortraitFolder
from countenance.errors import DocumentError
from countenance.ports import PortraitSource
from countenance.terms.documents import UNKNOWN_DATE, TravelDocument, Traveller, TravellerKind
from fakes.past import keep_cleared, remembering
from fakes.world import World, land_charter

PAPERS = {"AB12": [b"one", b"two"]}


def traveller(*numbers: str) -> Traveller:
    """Return somebody with passports of these numbers."""
    papers = tuple(TravelDocument("P", number, "UTO", UNKNOWN_DATE) for number in numbers)
    return Traveller(TravellerKind.PASSENGER, "SPECIMEN", "", UNKNOWN_DATE, "", "", "", papers, 1)


class Answers(BaseHTTPRequestHandler):
    """A portrait service with one traveller, one image and two faults."""

    def do_GET(self) -> None:
        """Answer by the key."""
        key = self.path.removeprefix("/portraits/")
        listed = json.dumps({"portraits": [{"image": b64encode(one).decode()} for one in PAPERS.get(key, [])]}).encode()
        status, kind, data = {
            "AB12": (200, "application/json", listed), "IMAGE": (200, "image/jpeg", b"image"),
            "BROKEN": (200, "application/json", b'{"portraits": [{"image": "%"}]}'), "FAULT": (500, "text/plain", b""),
        }.get(key, (404, "text/plain", b""))  # fmt: skip
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """Serve portraits on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/portraits/"
    server.shutdown()
    thread.join()
    server.server_close()


def of_past_encounters(folder: Path) -> Iterator[PortraitSource]:
    """Open a site that keeps two photographs of one document's cleared encounters, four years old."""
    world = World.at(folder / "site", remembering(land_charter()))
    with world.open() as service:
        claim = service.crossing.querying.claim
        for age, (name, image) in enumerate((("b", b"two"), ("a", b"one"))):
            keep_cleared(service, name, claim("land-test", "UTO", "AB12"), image, years=4, newer=age)
        yield service.crossing.querying.past("land-test", service.clock.now())


@pytest.fixture(params=["folder", "service", "past"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PortraitSource]:
    """Return each implementation, with the same traveller in it."""
    if request.param == "past":
        yield from of_past_encounters(tmp_path)
        return
    if request.param == "service":
        yield PortraitService(request.getfixturevalue("address"), reference_years=4, trust=trusting(""))
        return
    for name, image in (("ab12.jpg", b"one"), ("AB12-2.png", b"two"), ("AB12.txt", b"no"), ("AB123.jpg", b"other")):
        (tmp_path / name).write_bytes(image)
    yield PortraitFolder(tmp_path, 4)


def test_portraits_come_by_document_number(source: PortraitSource) -> None:
    """All of one traveller, in order, blanks and small letters aside, with the years that hold for all."""
    found = source.of(traveller("ab 12"))
    assert [(one.image, one.reference_years) for one in found] == [(b"one", 4), (b"two", 4)]


@pytest.mark.parametrize("numbers", [(), ("",), ("ZZ9",), ("../AB12",), ("AB1",)])
def test_whom_it_does_not_know_has_none(source: PortraitSource, numbers: tuple[str, ...]) -> None:
    """No document, an unknown number, a part of one: no portrait; a number never leaves the source's place."""
    found = source.of(traveller(*numbers))
    assert len(found) == (2 if numbers == ("../AB12",) else 0)


def test_a_service_may_answer_with_one_image(address: str) -> None:
    """An answer that is no JSON is one image, its age unknown where nobody states it."""
    (found,) = PortraitService(address, trust=trusting("")).of(traveller("IMAGE"))
    assert (found.image, found.reference_years) == (b"image", -1)


@pytest.mark.parametrize("number, code", [("BROKEN", "portraits.answer"), ("FAULT", "portraits.service")])
def test_a_faulty_service_is_refused(address: str, number: str, code: str) -> None:
    """What is no portrait is told as such, not staged."""
    with pytest.raises(DocumentError) as refused:
        PortraitService(address, trust=trusting("")).of(traveller(number))
    assert refused.value.code == code


@pytest.mark.parametrize("address", ["http://portraits.example/", "ftp://localhost/", "https:///x"])
def test_document_numbers_do_not_travel_in_the_clear(address: str) -> None:
    """Without TLS only this machine itself is asked."""
    with pytest.raises(DocumentError) as refused:
        PortraitService(address, trust=trusting(""))
    assert refused.value.code == "portraits.address"


def test_a_folder_that_is_not_there_and_a_photograph_too_large(tmp_path: Path) -> None:
    """Both are refused, neither is read whole."""
    with pytest.raises(DocumentError) as missing:
        PortraitFolder(tmp_path / "none")
    assert missing.value.code == "portraits.folder"
    with (tmp_path / "AB12.jpg").open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(DocumentError) as large:
        PortraitFolder(tmp_path).of(traveller("AB12"))
    assert large.value.code == "portraits.too_large"
