"""``manifest stage | status | close`` on a site opened here, with fake photographs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from countenance.errors import CharterError, NotFound
from countenance.interfaces.cli import staging, way
from countenance.interfaces.cli.said import Said
from countenance.terms.staging import EventTerms
from fakes.extractor import face
from fakes.flights import manifest
from fakes.past import keep_cleared, remembering
from fakes.world import World, gate_charter

PEOPLE = ("ann", "bob", "cid")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a site with a gate that commands open with the fake extractor, and portraits of two of three people."""
    world = World.at(tmp_path / "site", gate_charter())
    monkeypatch.setattr(way, "open_site", lambda *_, **__: world.open())
    (tmp_path / "portraits").mkdir()
    (tmp_path / "portraits" / "XANN.jpg").write_bytes(face("ann"))
    (tmp_path / "portraits" / "XANN-2.jpg").write_bytes(face("ann", 2))
    (tmp_path / "portraits" / "XBOB.jpg").write_bytes(b"blurred")
    return world


def stage(world: World, people: tuple[str, ...] = PEOPLE) -> Said:
    """Stage people by the command."""
    file = world.path.parent / "flight.json"
    file.write_bytes(manifest(people))
    return staging.stage(
        world.path, "ut100", file, "gate-1", str(world.path.parent / "portraits"), 1, EventTerms(), None, progress=False
    )


def test_stage_tells_where_everybody_stands(world: World) -> None:
    """One staged with both portraits, one poor, one without any: status 1, everything by number and no name."""
    said = stage(world)
    assert said.status == 1
    data = json.loads(json.dumps(said.data))
    assert data["announced"]["wanted"] == [1, 2, 3]
    assert [(one["state"], one["references"]) for one in data["travellers"]] == [
        ("staged", 2), ("poor", 0), ("wanted", 0),
    ]  # fmt: skip
    assert said.shown[0] == "3 expected: 3 added, 0 removed, 0 excluded by age, portraits wanted of 3."
    assert "traveller 2: poor quality.blurred" in said.shown
    assert "ANN" not in json.dumps(said.data)


def test_stage_again_is_a_difference(world: World) -> None:
    """A re-issued manifest without those two: removed, status 0; status says the same; close leaves nothing."""
    stage(world)
    said = stage(world, ("ann",))
    assert said.status == 0
    assert said.shown[0] == "1 expected: 0 added, 2 removed, 0 excluded by age, portraits wanted of 0."
    again = staging.status(world.path, "ut100", None)
    assert again.data["travellers"] == said.data["travellers"]
    assert staging.close(world.path, "ut100", None).status == 0
    gone = staging.status(world.path, "ut100", None)
    assert (gone.status, gone.data["travellers"]) == (1, ())


def test_photographs_of_the_past_are_staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was cleared under the same charter with the same document is staged from that photograph; nobody else."""
    world = World.at(tmp_path / "site", remembering(gate_charter()))
    monkeypatch.setattr(way, "open_site", lambda *_, **__: world.open())
    with world.open() as service:
        charter = service.lanes.at("gate-1").charter.charter_id
        claim = service.crossing.querying.claim(charter, "UTO", "XANN")
        keep_cleared(service, "a", claim, face("ann", 9), checkpoint="gate-1")
    file = tmp_path / "flight.json"
    file.write_bytes(manifest(PEOPLE))
    said = staging.stage(world.path, "ut100", file, "gate-1", "past", -1, EventTerms(), None, progress=False)
    travellers = json.loads(json.dumps(said.data))["travellers"]
    assert [(one["state"], one["references"]) for one in travellers] == [("staged", 1), ("wanted", 0), ("wanted", 0)]


def test_a_charter_that_does_not_say_so_gives_none(world: World) -> None:
    """Without past_encounters in the charter nothing is announced, staged or opened."""
    file = world.path.parent / "flight.json"
    file.write_bytes(manifest(PEOPLE))
    with pytest.raises(CharterError) as refused:
        staging.stage(world.path, "ut100", file, "gate-1", "past", -1, EventTerms(), None, progress=False)
    assert refused.value.code == "charter.no_past_encounters"
    with pytest.raises(NotFound):
        staging.status(world.path, "ut100", None)
