"""Staging goes on after kill -9 at any step, and a flight's travellers are compared at that flight alone (CBP-1)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from countenance.bootstrap import Service
from countenance.gallery.backends import NumpyBackend, Rows
from countenance.terms.staging import EventTerms
from fakes.extractor import face, template_of
from fakes.flights import manifest, portraits
from fakes.killer import Killer, acknowledged
from fakes.world import OPERATOR, SUPERVISOR, World, gate_charter, opened, submission

PEOPLE = tuple(f"p{number}" for number in range(40))
KILLS = 24


def stage(service: Service, people: tuple[str, ...], flight: str) -> list[str]:
    """Stage a flight; return each verdict as it is told."""
    told = service.announcing.announce(flight, "gate-1", manifest(people, flight), EventTerms(), SUPERVISOR)
    rows = portraits(people, told.wanted)
    return [f"{one.number} {one.verdict}" for one in service.boarding.portray(flight, rows, SUPERVISOR)]


def test_staging_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    """Killed at every n-th step, staging again ends with everybody staged once, and what was told stays told."""
    world = World.at(tmp_path / "steps", gate_charter())
    (last,) = acknowledged(_run(world, 10**9))[-1:]
    steps = int(last.removeprefix("steps "))
    for number in range(KILLS):
        world = World.at(tmp_path / f"site{number}", gate_charter())
        told = acknowledged(_run(world, 1 + number * steps // KILLS))
        with world.open() as service:
            again = stage(service, PEOPLE, "ut1")
            assert len(again) <= len(PEOPLE)
            assert {one for one in told if one.endswith("enrolled")} & set(again) == set()
            assert service.galleries.size("ut1") == len(PEOPLE)
            lines = service.boarding.status("ut1", SUPERVISOR).travellers
            assert [(one.state, one.references) for one in lines] == [("staged", 1)] * len(PEOPLE)


def _run(world: World, at: int) -> Callable[[Callable[[str], None]], None]:
    def run(tell: Callable[[str], None]) -> None:
        killer = Killer(at, world.path)
        killer.watch()
        with world.open() as service:
            killer.armed = True
            told = service.announcing.announce("ut1", "gate-1", manifest(PEOPLE, "ut1"), EventTerms(), SUPERVISOR)
            for one in service.boarding.portray("ut1", portraits(PEOPLE, told.wanted), SUPERVISOR):
                tell(f"{one.number} {one.verdict}")
            killer.armed = False
        tell(f"steps {killer.steps}")

    return run


class Tracing(NumpyBackend):
    """Writes down every template that any search of its slab touches."""

    def __init__(self) -> None:
        self.touched: set[bytes] = set()

    def scores(self, rows: Rows, probe: Rows) -> Rows:
        """See ``NumpyBackend``."""
        self.touched |= {row.tobytes() for row in rows}
        return super().scores(rows, probe)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.sampled_from(PEOPLE), min_size=2, max_size=12, unique=True), some.data())
def test_a_traveller_is_compared_at_their_own_flight_alone(
    tmp_path_factory: pytest.TempPathFactory, people: list[str], data: some.DataObject
) -> None:
    """Over random manifests: a probe at flight Y touches templates of Y only, and whoever is on X alone is no match."""
    cut = data.draw(some.integers(1, len(people) - 1))
    first, second = tuple(people[:cut]), tuple(people[cut:])
    world = World.at(tmp_path_factory.mktemp("cbp1") / "site", gate_charter())
    with world.open() as service:
        backends: list[Tracing] = []
        service.galleries._backend = lambda: backends.append(Tracing()) or backends[-1]  # type: ignore[func-returns-value]
        stage(service, first, "ut1")
        stage(service, second, "ut2")
        for backend in backends:
            backend.touched.clear()
        token = opened(service, "gate-1", "ut2", claim="").token
        reply = service.crossing.identify(submission(service, token, face(first[0], 9)), OPERATOR)
        assert reply.outcome == "no_match"
        assert backends[0].touched == set()
        assert len(backends[1].touched) == len(second)
        kept = np.stack([np.frombuffer(one, np.float32) for one in backends[1].touched])
        assert float((kept @ template_of(face(first[0])).values).max()) < 0.9
