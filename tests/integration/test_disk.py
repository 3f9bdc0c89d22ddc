"""After its clock nothing of a person is in any byte that the service can write (CBP-2, CBP-14; real weights).

What is looked for: the photograph and a canary planted in it, its base64, hex, decoded pixels and re-encodings, and
the template as float32, float16, bfloat16 and int8, in either byte order. What is searched: database, journal, shared
memory file, keys, log, and the folder for temporary files. That the search finds things is tested beside it.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from sqlalchemy import create_engine, text

from countenance.bootstrap import Service, open_site
from countenance.config import read_settings
from countenance.custody import FileKeyHolder, SqlVault, SystemEntropy
from countenance.errors import NotFound, VaultError
from countenance.terms import Accepted, Enrolment, Instant, Outcome
from fakes.served import real_site
from fakes.world import ADMINISTRATOR, OPERATOR, SUPERVISOR, MovableClock, opened, submission

CANARY = b"CANARY-7f3a9c-PLANTED-IN-A-PHOTOGRAPH"
PHOTOS = Path(".cache/photos")
PIECE = 24
"""Bytes that must not be found together; shorter ones could be there by chance."""


def photograph(name: str) -> bytes:
    """Return a photograph with a comment segment that holds the canary and the name."""
    data = (PHOTOS / f"{name}.jpg").read_bytes()
    comment = CANARY + name.encode()
    return data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + data[2:]


def pieces(data: bytes, count: int = 64) -> Iterator[bytes]:
    """Yield pieces from all over ``data`` that are not all alike."""
    for at in np.linspace(0, max(len(data) - PIECE, 0), count).astype(int):
        piece = data[at : at + PIECE]
        if len(set(piece)) > PIECE // 3:
            yield piece


def traces_of_image(data: bytes) -> set[bytes]:
    """Return what would be left of a photograph, as it came or made anew."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    encoded = [cv2.imencode(kind, pixels, options)[1].tobytes() for kind, options in (
        (".jpg", [cv2.IMWRITE_JPEG_QUALITY, 95]), (".jpg", [cv2.IMWRITE_JPEG_QUALITY, 75]), (".png", []),
    )]  # fmt: skip
    forms = [data, base64.b64encode(data), data.hex().encode(), pixels.tobytes(), pixels[..., ::-1].tobytes(), *encoded]
    return {CANARY, base64.b64encode(CANARY)[4:40], *(piece for form in forms for piece in pieces(form[700:]))}


def traces_of_template(values: np.ndarray) -> set[bytes]:
    """Return what would be left of a template in every number format that could hold it."""
    wide = values.astype("<f4")
    upper = (wide.view("<u4") >> 16).astype("<u2")  # bfloat16 is the upper half of a float32
    scaled = np.clip(np.round(wide * (127 / np.abs(wide).max())), -127, 127).astype(np.int8)
    forms = [wide.tobytes(), wide.astype(">f4").tobytes(), wide.astype("<f2").tobytes(), wide.astype(">f2").tobytes(),
             upper.tobytes(), upper.astype(">u2").tobytes(), scaled.tobytes(),
             np.round(wide * 127).astype(np.int8).tobytes(), base64.b64encode(wide.tobytes())]  # fmt: skip
    return {piece for form in forms for piece in pieces(form, 8)}


def found(traces: set[bytes], *folders: Path) -> list[str]:
    """Return the files below these folders that hold any trace."""
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [str(path) for path in files if any(trace in path.read_bytes() for trace in traces)]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Send this process's and its children's temporary files where the test can look."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def clock() -> MovableClock:
    """Give a clock that stands at the present."""
    return MovableClock(Instant(time.time_ns() // 1_000_000))


@pytest.fixture
def service(tmp_path: Path, temporary: Path, clock: MovableClock) -> Iterator[Service]:
    """Give a site with the real networks, in this process but for inference."""
    real_site(tmp_path / "site")
    with open_site(tmp_path / "site", read_settings({"COUNTENANCE_WORKERS": "1"}), clock=clock) as service:
        yield service


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """Every kind of trace is found where it was left on purpose, so that finding none means something."""
    image = photograph("obama")
    values = np.random.default_rng(1).normal(size=128).astype(np.float32)
    left = {
        "as it came": image, "base64": base64.b64encode(image), "half": image[len(image) // 2 :],
        "pixels": cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR).tobytes(),
        "float16": values.astype("<f2").tobytes(), "bfloat16": (values.view("<u4") >> 16).astype("<u2").tobytes(),
    }  # fmt: skip
    traces = traces_of_image(image) | traces_of_template(values)
    for name, data in left.items():
        (tmp_path / "left").write_bytes(bytes(1000) + data + bytes(1000))
        assert found(traces, tmp_path), name
    (tmp_path / "left").write_bytes(bytes(1000))
    assert not found(traces, tmp_path)


def come_and_go(service: Service) -> set[bytes]:
    """Let people be matched, referred, enrolled and identified; return every trace that could be left of them."""
    images = {name: photograph(name) for name in ("obama", "obama2", "obama3", "biden")}
    extractions = service.extractor.extract_many(list(images.values()))
    traces = {trace for image in images.values() for trace in traces_of_image(image)}
    for extraction in extractions:
        assert isinstance(extraction, Accepted)
        traces |= traces_of_template(extraction.probe.template.values)
    for live, outcome in (("obama", Outcome.MATCH), ("biden", Outcome.NO_MATCH)):
        token = opened(service, claim="claim-of-a-person").token
        reply = service.crossing.verify(submission(service, token, images[live], images["obama2"]), OPERATOR)
        assert reply.outcome is outcome
    service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
    row = Enrolment("reference-of-a-person", "claim-of-a-person", 55, 5, images["obama3"])
    list(service.staging.enrol("flight", [row], ADMINISTRATOR))
    token = opened(service, "gate-1", "flight", claim="").token
    reply = service.crossing.identify(submission(service, token, images["obama"]), OPERATOR)
    assert reply.outcome is Outcome.MATCH
    service.log.publish(service.clock.now())
    return traces


def test_nothing_is_in_the_clear_and_nothing_is_left(
    service: Service, clock: MovableClock, tmp_path: Path, temporary: Path
) -> None:
    """While it is kept it is sealed; a second after its clock no file has a trace of image, template or claim."""
    traces = come_and_go(service)
    assert found(traces, service.site.path, temporary) == []
    (referral,) = (one.case.referral for one in service.desk.waiting(SUPERVISOR))
    assert CANARY in service.desk.open_referral(referral.referral_id, SUPERVISOR).probe
    clock.advance(12 * 3600 - 1)
    service.erasure.sweep()
    assert CANARY in service.desk.open_referral(referral.referral_id, SUPERVISOR).probe
    clock.advance(2)
    service.erasure.sweep()
    service.staging.close_gallery("flight", ADMINISTRATOR)
    with pytest.raises(NotFound):
        service.persons.access("claim-of-a-person", SUPERVISOR)
    assert found({*traces, b"claim-of-a-person"}, service.site.path, temporary) == []


def test_a_copy_of_the_database_is_noise_once_the_day_is_over(
    service: Service, clock: MovableClock, tmp_path: Path
) -> None:
    """Who copied the database while people were in it, and takes the keys later, opens nothing about them."""
    come_and_go(service)
    copy = tmp_path / "copy"
    shutil.copytree(service.site.path / "db", copy)
    clock.advance(48 * 3600)
    service.erasure.sweep(finish=True)
    service.staging.close_gallery("flight", ADMINISTRATOR)
    engine = create_engine(f"sqlite:///{copy / 'countenance.db'}")
    with engine.connect() as connection:
        vault = SqlVault(connection, FileKeyHolder(service.site.keys), SystemEntropy())
        items = connection.execute(text("SELECT item_id, purpose FROM vault_items")).all()
        about_people = [item_id for item_id, purpose in items if purpose != "facts" and not _of_site(vault, item_id)]
        assert len(about_people) > 8
        for item_id in about_people:
            with pytest.raises(VaultError) as refused:
                vault.open(item_id)
            assert refused.value.code == "vault.key_missing"
    engine.dispose()


def _of_site(vault: SqlVault, item_id: str) -> bool:
    """Return whether an item is about the site itself, which shares a key with what is younger."""
    return item_id in {label.item_id for label in vault.of_subjects(["site", "gallery/flight"])}


def test_what_fell_due_while_the_service_was_down_is_gone_before_it_answers(
    tmp_path: Path, temporary: Path, clock: MovableClock
) -> None:
    """A service that was down at the due time has erased it before it gives its first answer."""
    real_site(tmp_path / "site")
    settings = read_settings({"COUNTENANCE_WORKERS": "1"})
    with open_site(tmp_path / "site", settings, clock=clock) as service:
        traces = come_and_go(service)
    clock.advance(13 * 3600)
    with open_site(tmp_path / "site", settings, clock=clock) as service:
        assert found(traces, service.site.path, temporary) == []
        with service.transactions.read() as tx:
            assert tx.vault.of_purpose("referral") == ()
            assert tx.vault.of_purpose("reference") == ()
