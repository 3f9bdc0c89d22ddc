"""A lane whose portraits are at an ``https://`` service: found, not found, and every way in which a service fails."""

from __future__ import annotations

import hashlib
import json
import logging
import socket
import time
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import pytest

from countenance.errors import DocumentError
from fakes.chips import KEY, ZONE, chip_of, lane_world, store_at
from fakes.extractor import face
from fakes.http import Counter, counter_of, papers_body
from fakes.past import keep_cleared, remembering
from fakes.points import point_file
from fakes.portraits import TOKEN, Answer, Portraits, answer, serving_portraits, write_certificates
from fakes.world import World, land_charter, trust

LIVE = face("ann", 7)
PERSON = {"person_class": "traveller", "age": 30, "reference_years": 5, "refusal_offered": True}
POINT = point_file()
"""Measured with references of 0 to 10 years."""


@pytest.fixture
def portraits(tmp_path: Path) -> Iterator[Portraits]:
    """Serve portraits over TLS."""
    with serving_portraits(tmp_path) as service:
        yield service


@pytest.fixture
def world(tmp_path: Path, portraits: Portraits) -> World:
    """Return a site that asks the service, with its token and its authority, uses past encounters, and is measured."""
    charter = remembering(land_charter(operating_point=hashlib.sha256(POINT).hexdigest()))
    world = lane_world(tmp_path / "site", charter, store=store_at(tmp_path / "csca"), portraits=portraits.address)
    trust(world.created.site, POINT)
    world.environ = {
        "COUNTENANCE_PORTRAITS_TOKEN": TOKEN, "COUNTENANCE_PORTRAITS_CA": str(portraits.authority),
    }  # fmt: skip
    return world


def crossed(counter: Counter, chip: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - with a chip or without
    """Cross with the document's zone, and its chip where it is shown; return the reply and what the record says."""
    body = papers_body(LIVE, ZONE, chip_of("ann") if chip else None)
    token = counter.opened(eligibility=PERSON)
    response: httpx.Response = counter.client.post(
        "/verifications", content=body, headers={**counter.key(), **counter.signed(token, body)}
    )
    assert response.status_code == 200, response.text
    reply: dict[str, Any] = response.json()
    return {**reply, **json.loads(reply["receipt"]["facts"])}


def listed(image: bytes, **more: object) -> Answer:
    """Return an answer in JSON."""
    one = {"image": b64encode(image).decode(), **more}
    return answer(200, json.dumps({"portraits": [one]}).encode(), "application/json")


@pytest.mark.parametrize("found", [answer(200, face("ann", 1)), listed(face("ann", 1), reference_years=3)])
def test_a_portrait_that_is_found_is_the_reference(world: World, portraits: Portraits, found: Answer) -> None:
    """One request, of the number alone, with the token; the person matches, and the record says whence."""
    portraits.answer = found
    with counter_of(world) as counter:
        told = crossed(counter, chip=True)
    assert (told["outcome"], told["reference_from"]) == ("match", "source")
    assert portraits.asked == [f"/portraits/{KEY}"]


def test_whom_it_does_not_have_the_next_source_has(world: World) -> None:
    """404: nobody, then the chip, then the photograph of an earlier encounter, each said in the record."""
    with counter_of(world) as counter:
        nobody, chip = crossed(counter), crossed(counter, chip=True)
        claim = counter.service.crossing.querying.claim("land-test", "UTO", KEY)
        keep_cleared(counter.service, "a", claim, face("ann", 2))
        past = crossed(counter, chip=True)
    assert (nobody["reason"], nobody["reference_from"]) == ("reference.none", "none")
    assert (chip["outcome"], chip["reference_from"]) == ("match", "document")
    assert (past["outcome"], past["reference_from"]) == ("match", "past_encounter")


@pytest.mark.parametrize("papers", ["zone", "zone and chip"])
@pytest.mark.parametrize("years", [11, 150])
def test_a_portrait_older_than_the_evidence_is_refused(
    world: World, portraits: Portraits, years: int, papers: str
) -> None:
    """By the age that the source states, whatever was stated at opening: zero frames, and no chip stands in for it."""
    portraits.answer = listed(face("ann", 1), reference_years=years)
    with counter_of(world) as counter:
        told = crossed(counter, chip="chip" in papers)
    assert (told["outcome"], told["reason"]) == ("not_compared", "outside_envelope.reference_age")
    assert (told["reference_from"], world.extractor.frames_decoded) == ("none", 0)


@pytest.mark.parametrize("years", [0, 10])
def test_a_portrait_within_the_evidence_is_the_reference(world: World, portraits: Portraits, years: int) -> None:
    """Both ends of what was measured are in it."""
    portraits.answer = listed(face("ann", 1), reference_years=years)
    with counter_of(world) as counter:
        assert crossed(counter)["outcome"] == "match"


def test_a_photograph_of_an_encounter_too_long_ago_is_refused(world: World) -> None:
    """It is as old as the encounter: eleven years are more than was measured."""
    with counter_of(world) as counter:
        claim = counter.service.crossing.querying.claim("land-test", "UTO", KEY)
        keep_cleared(counter.service, "a", claim, face("ann", 2), years=11)
        told = crossed(counter)
    assert (told["reason"], world.extractor.frames_decoded) == ("outside_envelope.reference_age", 0)


@pytest.mark.parametrize("silent_on_age", [answer(200, face("ann", 1)), listed(face("ann", 1))])
def test_of_an_age_that_no_source_states_the_one_stated_at_opening_holds(
    world: World, portraits: Portraits, silent_on_age: Answer
) -> None:
    """The number names the document, and its portrait's age was stated, and admitted, when the encounter was opened."""
    portraits.answer = silent_on_age
    with counter_of(world) as counter:
        told = crossed(counter)
        person = {**PERSON, "reference_years": -1}
        unknown = counter.post("/encounters", {"checkpoint": "lane-1", "claim": "b", "eligibility": person}).json()
    assert (told["outcome"], told["reference_from"]) == ("match", "source")
    assert unknown["reason"] == "outside_envelope.reference_age_unknown"


@pytest.mark.parametrize("nothing", [answer(200), listed(b"")])
def test_a_portrait_of_no_bytes_is_none(world: World, portraits: Portraits, nothing: Answer) -> None:
    """An empty image is nobody's: the next source is asked, and no comparison begins with it."""
    portraits.answer = nothing
    with counter_of(world) as counter:
        nobody, chip = crossed(counter), crossed(counter, chip=True)
    assert (nobody["reason"], chip["reference_from"]) == ("reference.none", "document")


def silent(handler: BaseHTTPRequestHandler, service: Portraits) -> None:
    """Answer nothing while the test lasts."""
    del handler
    service.ended.wait(20)


def trickle(handler: BaseHTTPRequestHandler, service: Portraits) -> None:
    """Send a byte of a portrait now and then, each in time."""
    handler.send_response(200)
    handler.send_header("Content-Length", "10000")
    handler.end_headers()
    for _ in range(100):
        if service.ended.wait(0.1):
            return
        handler.wfile.write(b"f")


FAULTS: dict[str, Answer | None] = {
    "wrong token": None,
    "500": answer(500, face("ann", 1)),
    "redirect": answer(302, b"", Location="/elsewhere"),
    "too large": answer(200, bytes(20_000_001)),
    "too many": answer(200, b"[" * 200_000, "application/json"),
    "no list": answer(200, b'{"portraits": {"image": 1}}', "application/json"),
    "no age": listed(face("ann", 1), reference_years=10**9),
    "no HTTP": lambda handler: handler.wfile.write(b"\x00" * 70_000) and None,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_leads_to_the_chip_or_to_a_human(world: World, portraits: Portraits, fault: str) -> None:
    """Nothing of a faulty answer is used: the chip's portrait, else an ordinary manual check with zero frames."""
    portraits.answer = FAULTS[fault] or answer(200, face("ann", 1))
    portraits.token = TOKEN if FAULTS[fault] else "another"
    assert_passed_over(world)
    assert set(portraits.asked) == {f"/portraits/{KEY}"}, "no redirect is followed"


@pytest.mark.parametrize("slow", [silent, trickle])
def test_a_slow_service_is_waited_for_a_second(world: World, portraits: Portraits, slow: Any) -> None:
    """Whether it says nothing or a byte at a time: each of two people waits for it a second as a whole."""
    portraits.answer = lambda handler: slow(handler, portraits)
    began = time.monotonic()
    assert_passed_over(world)
    assert 2 <= time.monotonic() - began < 8


def test_a_handshake_is_waited_for_a_second(world: World) -> None:
    """Who listens and never shakes hands is cut off too."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings = world.path / "site.toml"
        text = settings.read_text("utf-8")
        there = text.split('portraits = "https://')[1].split('"')[0]
        settings.write_text(text.replace(there, f"127.0.0.1:{deaf.getsockname()[1]}/portraits"), "utf-8")
        assert_passed_over(world)


@pytest.mark.parametrize("believed", ["the machine's", "another's"])
def test_only_a_trusted_service_is_asked(world: World, portraits: Portraits, tmp_path: Path, believed: str) -> None:
    """Without its authority named, or with another one's, the service is not even sent the number."""
    (tmp_path / "other").mkdir()
    other = "" if believed == "the machine's" else str(write_certificates(tmp_path / "other")[0])
    world.environ = {**world.environ, "COUNTENANCE_PORTRAITS_CA": other}
    portraits.answer = answer(200, face("ann", 1))
    assert_passed_over(world)
    assert portraits.asked == []


def assert_passed_over(world: World) -> None:
    """Check that the service counts as one that does not answer, first without a chip, then with one."""
    with counter_of(world) as counter:
        alone = crossed(counter)
        assert world.extractor.frames_decoded == 0
        chip = crossed(counter, chip=True)
        assert (alone["outcome"], alone["reason"], alone["next_step"], alone["reference_from"]) == (
            "not_compared", "reference.unavailable", "manual_check", "none",
        )  # fmt: skip
        assert (chip["outcome"], chip["reference_from"]) == ("match", "document")


def test_a_service_that_fails_leaves_past_encounters(world: World, portraits: Portraits) -> None:
    """A fault of the one source does not hide the next."""
    portraits.answer = answer(500)
    with counter_of(world) as counter:
        claim = counter.service.crossing.querying.claim("land-test", "UTO", KEY)
        keep_cleared(counter.service, "a", claim, face("ann", 2))
        told = crossed(counter)
    assert (told["outcome"], told["reference_from"]) == ("match", "past_encounter")


def test_a_file_that_is_no_photograph_matches_nobody(world: World, portraits: Portraits) -> None:
    """It is refused where photographs are decoded, as a reference, and nobody is compared with it."""
    portraits.answer = answer(200, b"blurred")
    with counter_of(world) as counter:
        told = crossed(counter)
    assert (told["outcome"], told["reason"].split(".")[0]) == ("retry", "reference")


@pytest.mark.parametrize("status", [200, 401])
def test_the_token_is_told_to_the_service_alone(
    world: World, portraits: Portraits, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], status: int
) -> None:
    """Neither logs, replies and record nor any file of the site hold it, whether it is right or wrong."""
    caplog.set_level(logging.DEBUG)
    portraits.answer = answer(status, face("ann", 1))
    with counter_of(world) as counter:
        told = crossed(counter)
    out, err = capfd.readouterr()
    kept = b"".join(path.read_bytes() for path in world.path.rglob("*") if path.is_file())
    assert [where for where in (caplog.text, out, err, json.dumps(told)) if TOKEN in where] == []
    assert TOKEN.encode() not in kept
    assert portraits.asked


WRONG = {
    "a line end": ("COUNTENANCE_PORTRAITS_TOKEN", f"{TOKEN}\n", "portraits.token"),
    "a letter that no header has": ("COUNTENANCE_PORTRAITS_TOKEN", f"{TOKEN}é", "portraits.token"),
    "no file": ("COUNTENANCE_PORTRAITS_CA", "/nowhere/ca.pem", "portraits.authority"),
    "no certificate": ("COUNTENANCE_PORTRAITS_CA", __file__, "portraits.authority"),
}


@pytest.mark.parametrize("name, value, code", WRONG.values(), ids=WRONG)
def test_a_wrong_setting_starts_nothing(world: World, name: str, value: str, code: str) -> None:
    """A site with a token that cannot be sent, or an authority that cannot be read, does not open; it shows neither."""
    world.environ = {**world.environ, name: value}
    with pytest.raises(DocumentError) as refused:
        world.open()
    assert refused.value.code == code
    assert TOKEN not in f"{refused.value} {refused.value.remedy}"
