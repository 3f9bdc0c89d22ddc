"""Rows become references: in chunks, each committed while the networks have the next."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from countenance.errors import GalleryError
from countenance.procedures.enrolling import CHUNK_BYTES, LEAST
from countenance.terms import Enrolment, Extraction
from fakes.extractor import face
from fakes.world import SUPERVISOR, World, gate_charter


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a site with one gate."""
    return World.at(tmp_path / "site", gate_charter())


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    """Open it, with one empty gallery."""
    with world.open() as service:
        service.staging.open_gallery("flight", "gate-1", SUPERVISOR)
        yield service


def rows(count: int) -> list[Enrolment]:
    """Return rows of as many people."""
    return [Enrolment(f"r{number}", f"p{number}", 30, 1, face(f"p{number}")) for number in range(count)]


def test_the_networks_have_a_chunk_while_the_one_before_commits(service: Service, world: World) -> None:
    """When a chunk is handed to the networks, the chunk before is not searchable yet, and the one before that is."""
    sizes: list[int] = []
    begin = world.extractor.begin_many

    def noted(images: Sequence[bytes]) -> Callable[[], tuple[Extraction, ...]]:
        sizes.append(service.galleries.size("flight"))
        return begin(images)

    world.extractor.begin_many = noted  # type: ignore[method-assign] - the fake notes when it is asked
    verdicts = list(service.staging.enrol("flight", rows(161), SUPERVISOR))
    assert sizes == [0, 0, 8, 16, 32, 64, 112]
    assert [(one.row, one.verdict) for one in verdicts] == [(row, "enrolled") for row in range(1, 162)]


def test_large_photographs_are_not_held_by_the_chunk(service: Service, world: World) -> None:
    """A chunk ends once its photographs have so many bytes, however few they are; each still gets its verdict."""
    held: list[int] = []
    begin = world.extractor.begin_many

    def noted(images: Sequence[bytes]) -> Callable[[], tuple[Extraction, ...]]:
        held.append(sum(map(len, images)))
        return begin(images)

    world.extractor.begin_many = noted  # type: ignore[method-assign] - the fake notes when it is asked
    large = CHUNK_BYTES * 2 // 5
    sent = (replace(row, image=face(f"{row.person_id:p<{large}}")) for row in rows(10))
    assert [one.row for one in service.staging.enrol("flight", sent, SUPERVISOR)] == list(range(1, 11))
    assert [held_bytes // large for held_bytes in held] == [3, 3, 3, 1]


def test_what_was_read_is_told_before_the_rows_fail(service: Service) -> None:
    """An error of the rows comes after the verdicts of every row before it, durable all of them."""

    def broken() -> Iterator[Enrolment]:
        yield from rows(2 * LEAST + 3)
        raise GalleryError("gallery.not_expected", "Nobody expects this one.", remedy="Stop.")

    verdicts = service.staging.enrol("flight", broken(), SUPERVISOR)
    assert [next(verdicts).row for _ in range(2 * LEAST + 3)] == [*range(1, 2 * LEAST + 4)]
    with pytest.raises(GalleryError):
        next(verdicts)
    assert service.galleries.size("flight") == 2 * LEAST + 3


def test_a_gallery_that_closes_takes_nobody_in(service: Service) -> None:
    """Closed between two chunks, the stream ends and what was read ahead is in no gallery."""
    verdicts = service.staging.enrol("flight", rows(3 * LEAST), SUPERVISOR)
    next(verdicts)
    service.staging.close_gallery("flight", SUPERVISOR)
    with pytest.raises(GalleryError) as closed:
        list(verdicts)
    assert closed.value.code == "gallery.closed"
    with service.transactions.read() as tx:
        assert tx.galleries.people("flight") == ()


def test_each_row_has_its_entry_and_links_to_the_one_before(service: Service) -> None:
    """Entries of one chunk are chained in the rows' order, and each says its verdict."""
    offered = [*rows(3), rows(1)[0], Enrolment("poor", "p9", 30, 1, b"blurred")]
    list(service.staging.enrol("flight", offered, SUPERVISOR))
    with service.transactions.read() as tx:
        bodies = {bytes.fromhex(str(one["commitment"])): json.loads(str(one["facts"])) for one in tx.record.bodies()}
    after = {facts["prev"]: (commitment, facts) for commitment, facts in bodies.items()}
    at, chain = b"", []
    while (following := after.get(service.log.link(at))) is not None:
        at, facts = following
        chain.append(facts)
    assert len(chain) == len(bodies)
    verdicts = [facts["verdict"] for facts in chain if facts["event"] == "reference.offered"]
    assert verdicts == ["enrolled", "enrolled", "enrolled", "duplicate", "refused"]
