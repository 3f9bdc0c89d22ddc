"""``verify`` with what was read from a document, on a site opened here and through a served one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer import BadParameter

from countenance.errors import DocumentError
from countenance.interfaces.cli import crossings, way
from countenance.interfaces.cli.said import Said
from countenance.terms import ChipFile
from fakes.chips import ZONE, chip_of, lane_world, store_at
from fakes.extractor import face
from fakes.http import announce, counter_of
from fakes.world import World


@pytest.fixture(params=["here", "served"])
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Return a site whose lane reads documents, not served or served."""
    world = lane_world(tmp_path / "site", store=store_at(tmp_path / "csca"))
    (tmp_path / "live.jpg").write_bytes(face("ann", 7))
    if request.param == "here":
        monkeypatch.setattr(way, "open_site", lambda *_, **__: world.open())
    with counter_of(world) if request.param == "served" else nullcontext() as counter:
        if counter is not None:
            announce(counter)
        yield world


def verify(world: World, claim: str, mrz: str = "", document: Path | None = None, chip: Path | None = None) -> Said:
    """Run the command's work."""
    opening = crossings.opening("lane-1", "unknown", claim, age=30, reference_years=4, refusal_offered=True)
    shows = crossings.shown(None, mrz, document, chip)
    return crossings.verify(
        world.path,
        opening,
        shows,
        [world.path.parent / "live.jpg"],
        key_file=world.path / "keys" / "cli.key",
        save=None,
    )


def chip_at(folder: Path, files: dict[ChipFile, bytes]) -> Path:
    """Write a chip's files into a folder as readers do."""
    folder.mkdir()
    for file, data in files.items():
        (folder / f"{file.value.replace('.', '_')}.bin").write_bytes(data)
    return folder


def test_zone_and_chip_lead_to_the_reference(world: World, tmp_path: Path) -> None:
    """By either way of reaching the site: the chip's holder matches, with the zone as text, in a file, or without."""
    chip, zone = chip_at(tmp_path / "chip", chip_of("ann")), tmp_path / "zone.txt"
    zone.write_text(ZONE[:44] + "\n" + ZONE[44:] + "\n", "utf-8")
    said = [
        verify(world, "a", mrz=ZONE, chip=chip), verify(world, "b", document=zone, chip=chip),
        verify(world, "c", chip=chip),
    ]  # fmt: skip
    assert [(one.status, one.data["outcome"]) for one in said] == [(0, "match")] * 3


def test_a_broken_chip_says_which_step(world: World, tmp_path: Path) -> None:
    """Status 1, ordinary manual check, the step by number and name."""
    files = chip_of("ann")
    said = verify(world, "a", chip=chip_at(tmp_path / "chip", files | {ChipFile.DG2: files[ChipFile.DG2][:-1] + b"2"}))
    assert (said.status, said.data["reason"]) == (1, "document.chip_not_authentic")
    assert "step 9" in said.data["advice"]


def test_a_zone_that_cannot_be_read_is_the_same_error_by_either_way(world: World) -> None:
    """The code and what to do come through."""
    with pytest.raises(DocumentError) as refused:
        verify(world, "a", mrz=ZONE[:-1] + "1")
    assert refused.value.code == "document.mrz_check_digit"


@pytest.mark.parametrize("given", [(0, "", 0, 0), (1, ZONE, 0, 0), (1, "", 0, 1), (0, ZONE, 1, 0)])
def test_one_way_or_the_other(tmp_path: Path, given: tuple[int, str, int, int]) -> None:
    """Neither portrait nor papers, both, or the zone twice: the command says what it takes, and opens nothing."""
    (tmp_path / "file").write_text(ZONE, "utf-8")
    file = tmp_path / "file"
    with pytest.raises(BadParameter):
        crossings.shown(file if given[0] else None, given[1], file if given[2] else None, file if given[3] else None)
