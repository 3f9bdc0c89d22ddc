"""Documents over HTTP: a zone is read, a chip is checked, and either leads a verification to its one reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from countenance.terms import ChipFile, Role
from fakes.chips import EXPIRED_ZONE, KEY, OTHER_ZONE, ZONE, chip_of, lane_world, store_at
from fakes.extractor import face
from fakes.http import Counter, assert_problem, counter_of, files, papers_body, text

LIVE = face("ann", 7)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Serve a site whose lane reads documents."""
    portraits = tmp_path / "portraits"
    portraits.mkdir()
    world = lane_world(tmp_path / "site", store=store_at(tmp_path / "csca"), portraits=portraits)
    with counter_of(world) as counter:
        yield counter


def sent(counter: Counter, body: bytes, token: str = "") -> httpx.Response:
    """Send a signed verification."""
    token = token or counter.opened()
    return counter.client.post("/verifications", content=body, headers={**counter.key(), **counter.signed(token, body)})


def test_a_zone_finds_the_sites_portrait(counter: Counter, tmp_path: Path) -> None:
    """With the zone alone, the portrait under the document's number is the reference."""
    (tmp_path / "portraits" / f"{KEY}.jpg").write_bytes(face("ann", 1))
    assert sent(counter, papers_body(LIVE, ZONE)).json()["outcome"] == "match"


def test_a_chip_that_holds_gives_the_reference(counter: Counter) -> None:
    """With zone and chip, and no portrait elsewhere, the chip's is compared; the facts say so."""
    reply = sent(counter, papers_body(LIVE, ZONE, chip_of("ann"))).json()
    assert reply["outcome"] == "match"
    assert '"reference_from":"document"' in reply["receipt"]["facts"]


def test_the_officer_sees_the_step_that_failed(counter: Counter) -> None:
    """A chip that was changed: ordinary manual check with the step, zero frames, no finding about the person."""
    chip = chip_of("ann")
    reply = sent(counter, papers_body(LIVE, "", chip | {ChipFile.DG2: chip[ChipFile.DG2] + b"."})).json()
    assert (reply["outcome"], reply["reason"]) == ("not_compared", "document.chip_not_authentic")
    assert ("step 9" in reply["advice"], reply["next_step"]) == (True, "manual_check")
    assert counter.world.extractor.frames_decoded == 0


def _both() -> bytes:
    return papers_body(LIVE, ZONE)[:-1] + b', "portrait": "' + text(face("ann", 1)).encode() + b'"}'


def _bent(before: bytes, after: bytes) -> bytes:
    body = papers_body(LIVE, ZONE, chip_of())
    assert before in body
    return body.replace(before, after, 1)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "neither portrait nor papers": (lambda: papers_body(LIVE), "request.invalid"),
    "both portrait and papers": (_both, "request.invalid"),
    "an empty chip": (lambda: papers_body(LIVE, "", {}), "request.invalid"),
    "a zone too long": (lambda: papers_body(LIVE, "<" * 1001), "request.invalid"),
    "a zone misread": (lambda: papers_body(LIVE, ZONE[:-1] + "1"), "document.mrz_check_digit"),
    "no zone at all": (lambda: papers_body(LIVE, "ANNA"), "document.mrz_length"),
    "an unknown file": (lambda: _bent(b'"DG1"', b'"DG0"'), "chip.json"),
    "a file under another's name": (lambda: _bent(b'"DG1"', b'"DG11"'), "chip.json"),
    "a file that is no base64": (lambda: _bent(b'"DG1": "', b'"DG1": "?'), "chip.json"),
}


@pytest.mark.parametrize("body, code", REFUSED.values(), ids=REFUSED)
def test_papers_that_do_not_fit_are_refused_with_zero_frames(
    counter: Counter, body: Callable[[], bytes], code: str
) -> None:
    """Each is a problem with status 422 that echoes nothing of the document; the attempt is not spent."""
    token = counter.opened()
    response = sent(counter, body(), token)
    assert_problem(response, 422, code)
    assert (KEY in response.text, counter.world.extractor.frames_decoded) == (False, 0)
    assert sent(counter, papers_body(LIVE, "", chip_of("ann")), token).json()["outcome"] == "match"


def test_papers_are_signed_with_the_body(counter: Counter) -> None:
    """A zone that was exchanged after signing is refused."""
    token, body = counter.opened(), papers_body(LIVE, ZONE)
    other = papers_body(LIVE, OTHER_ZONE)
    headers = {**counter.key(), **counter.signed(token, body)}
    assert_problem(counter.client.post("/verifications", content=other, headers=headers), 401, "access.bad_signature")


def recorded(counter: Counter) -> int:
    """Return how many entries the record has."""
    with counter.service.transactions.read() as tx:
        return tx.record.size() + len(tx.record.pending())


def test_a_zone_is_read(counter: Counter) -> None:
    """What it says with the holder's age, repairs told; nothing is recorded."""
    before = recorded(counter)
    read: dict[str, Any] = counter.post("/documents/zones", {"mrz": ZONE.replace("UTO7408122", "UTO74O8122")}).json()
    assert (read["document_number"], read["birth_date"], read["age"]) == (KEY, "1974-08-12", 52)
    assert [one["taken"] for one in read["repairs"]] == ["0"]
    assert recorded(counter) == before


def test_a_chip_is_checked_and_never_shown(counter: Counter) -> None:
    """Twelve steps with verdicts, authentic or not; no pixel, and nothing is recorded."""
    before, chip = recorded(counter), chip_of("ann")
    good = counter.post("/documents/chips", {"files": files(chip)})
    assert (good.json()["authentic"], len(good.json()["steps"]), set(good.json())) == (
        True, 12, {"authentic", "steps", "certificates", "expired_since"},
    )  # fmt: skip
    changed = chip | {ChipFile.DG1: chip[ChipFile.DG1].replace(b"ANNA", b"ANNE")}
    bad = counter.post("/documents/chips", {"files": files(changed)}).json()
    assert (bad["authentic"], bad["steps"][8]["verdict"]) == (False, "failed")
    assert recorded(counter) == before


@pytest.mark.parametrize("zone, since", [(ZONE, ""), (EXPIRED_ZONE, "2012-04-15")])
def test_the_day_since_which_a_document_has_expired_is_told(counter: Counter, zone: str, since: str) -> None:
    """By the zone and by the chip alike, and neither is refused for it; a chip that does not hold says nothing."""
    assert counter.post("/documents/zones", {"mrz": zone}).json()["expired_since"] == since
    chip = chip_of(zone=zone)
    assert counter.post("/documents/chips", {"files": files(chip)}).json()["expired_since"] == since
    changed = chip | {ChipFile.DG1: chip[ChipFile.DG1].replace(b"ANNA", b"ANNE")}
    assert counter.post("/documents/chips", {"files": files(changed)}).json()["expired_since"] == ""


@pytest.mark.parametrize("role, status", [
    (Role.OPERATOR, 200), (Role.SUPERVISOR, 200), (Role.DEVICE, 200), (Role.AUDITOR, 403), (Role.ADMINISTRATOR, 403),
])  # fmt: skip
@pytest.mark.parametrize("path, body", [
    ("/documents/zones", {"mrz": ZONE}), ("/documents/chips", {"files": {"DG1": text(b"a")}}),
])  # fmt: skip
def test_whoever_may_open_an_encounter_may_read(
    counter: Counter, role: Role, status: int, path: str, body: Any
) -> None:
    """Operators, supervisors and devices; nobody else, and no stranger."""
    assert counter.post(path, body, role).status_code == status
    assert_problem(counter.client.post(path, json=body), 401, "access.no_key")


def test_a_chip_is_bounded(counter: Counter) -> None:
    """More than a chip can hold is not read."""
    body = {"files": {"DG2": "A" * 8_100_000}}
    assert_problem(counter.post("/documents/chips", body), 413, "request.too_large")


def test_without_a_store_no_chip_is_checked(tmp_path: Path) -> None:
    """A site that names no store says so."""
    with counter_of(lane_world(tmp_path / "bare")) as counter:
        assert_problem(counter.post("/documents/chips", {"files": files(chip_of())}), 422, "document.no_store")
