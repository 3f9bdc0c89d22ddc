"""``identify`` and ``opt-out`` with a document's zone in place of a claim, by either way of reaching the site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from countenance.bootstrap import Service
from countenance.interfaces.cli import way
from countenance.interfaces.cli.app import app
from countenance.terms import Enrolment
from fakes.chips import EXPIRED_ZONE, KEY, ZONE
from fakes.extractor import face
from fakes.http import announce, counter_of
from fakes.world import ADMINISTRATOR, World


@dataclass
class Place:
    """A site and the service of the one that serves it."""

    world: World
    served: Service | None

    def claim(self, command: str, encounter_id: str) -> tuple[str, str]:
        """Return an encounter's claim, and the one that the document makes under the command's charter."""
        with nullcontext(self.served) if self.served else self.world.open() as service:
            expected = service.crossing.querying.claim(CHARTERS[command], "UTO", KEY)
            with service.transactions.read() as tx:
                encounter = tx.encounters.by_id(encounter_id)
        assert encounter is not None
        return encounter.claim, expected


CHARTERS = {"identify": "gate-test", "opt-out": "land-test"}


@pytest.fixture(params=["here", "served"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Return a site with Ann in a gallery of its gate, not served or served; beside it a photograph and a zone."""
    world = World.at(tmp_path / "site")
    (tmp_path / "live.jpg").write_bytes(face("ann", 7))
    (tmp_path / "zone.txt").write_text(f"{ZONE[:44]}\n{ZONE[44:]}\n", "utf-8")
    with world.open() as service:
        service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
        list(service.staging.enrol("flight", [Enrolment("seat-1", "ann", 30, 5, face("ann", 1))], ADMINISTRATOR))
    if request.param == "here":
        monkeypatch.setattr(way, "open_site", lambda *_, **__: world.open())
    with counter_of(world) if request.param == "served" else nullcontext() as counter:
        if counter is not None:
            announce(counter)
        yield Place(world, counter.service if counter else None)


def run(world: World, command: str, *more: str | Path) -> Result:
    """Run a command at the lane or at the gate."""
    way_in = {
        "identify": ("gate-1", "--gallery", "flight", "--live", world.path.parent / "live.jpg", "--refusal-offered"),
        "opt-out": ("lane-1",),
    }[command]
    words = [command, world.path, "--checkpoint", *way_in, "--age", "30", "--json", *more]
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize("command, outcome", [("identify", "match"), ("opt-out", "opted_out")])
@pytest.mark.parametrize("given", [("--mrz", ZONE), ("--document", "zone.txt")])
def test_a_zone_makes_the_claim(
    place: Place, tmp_path: Path, command: str, outcome: str, given: tuple[str, str]
) -> None:
    """As text or in a file: the encounter has the document's claim under the charter, and nothing else is changed."""
    option, what = given
    done = run(place.world, command, option, tmp_path / what if option == "--document" else what)
    assert done.exit_code == 0, done.output
    reply = json.loads(done.stdout)
    claim, expected = place.claim(command, reply["encounter_id"])
    assert (reply["outcome"], claim) == (outcome, expected)


@pytest.mark.parametrize("command", CHARTERS)
def test_an_expired_document_is_told_before_a_camera(place: Place, command: str) -> None:
    """An ordinary manual check with its reason, zero frames."""
    reply = json.loads(run(place.world, command, "--mrz", EXPIRED_ZONE).stdout)
    assert (reply["outcome"], reply["reason"]) == ("not_compared", "document.expired")
    assert place.world.extractor.frames_decoded == 1, "that is Ann's enrolment"


@pytest.mark.parametrize("command", CHARTERS)
def test_a_claim_is_given_once(place: Place, tmp_path: Path, command: str) -> None:
    """The zone twice is a wrong command line, and so is a zone beside --claim."""
    assert run(place.world, command, "--mrz", ZONE, "--document", tmp_path / "zone.txt").exit_code == 2
    assert run(place.world, command, "--mrz", ZONE, "--claim", "traveller-1").exit_code == 2
