"""Nothing erased comes back: SIGKILL at every step of erasing, two hundred times on one site.

A forked child opens the site, lets people come and erases them, by order, by the end of an event and by the clock; it
tells the parent each erasure only after it was acknowledged, and kills itself at its n-th step. The parent opens the
site again and looks in every file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from countenance.audit import audit
from countenance.bootstrap import Service
from countenance.errors import NotFound
from countenance.terms import Enrolment, ErasureReason
from fakes.extractor import face, template_of
from fakes.killer import Killer, acknowledged
from fakes.world import ADMINISTRATOR, OPERATOR, SUPERVISOR, World, opened, submission

KILLS = 200
PARTS = 4


def story(service: Service, world: World, tell: Callable[[str], None], turn: int) -> None:
    """Let one person come and be erased by order, a flight leave, and a day pass."""
    person, flight = f"person-{turn}", f"flight-{turn}"
    service.staging.open_gallery(flight, "gate-1", ADMINISTRATOR)
    rows = [Enrolment(f"{who}-{turn}", who, 30, 5, face(who)) for who in (person, f"other-{turn}")]
    tell(f"enrolled {len(list(service.staging.enrol(flight, rows, ADMINISTRATOR)))}")
    token = opened(service, claim=person).token
    service.crossing.verify(submission(service, token, face(person, 1), face(person, 2)), OPERATOR)
    service.persons.erase(person, ErasureReason.REQUEST, SUPERVISOR)
    tell(f"erased {person}")
    service.staging.close_gallery(flight, ADMINISTRATOR)
    tell(f"closed {flight}")
    world.clock.advance(13 * 3600)
    service.erasure.sweep(finish=True)
    tell(f"passed {world.clock.instant}")


def kill_once(world: World, at: int, turn: int) -> list[str]:
    """Return what a child that is killed at its step ``at`` had acknowledged."""

    def run(tell: Callable[[str], None]) -> None:
        killer = Killer(at, world.path)
        killer.watch()
        with world.open() as service:
            killer.armed = True
            story(service, world, tell, turn)
        tell(f"steps {killer.steps}")

    return acknowledged(run)


def bytes_of(world: World) -> bytes:
    """Return every byte that the site has on disk."""
    return b"".join(path.read_bytes() for path in sorted(world.path.rglob("*")) if path.is_file())


def check(world: World, told: list[str], turn: int) -> None:
    """Open the site again: what was erased is erased, keys and rows agree, and every erasure has its receipt."""
    person = f"person-{turn}"
    passed = [line.removeprefix("passed ") for line in told if line.startswith("passed ")]
    if passed:
        world.clock.instant = type(world.clock.instant)(int(passed[0]))
    with world.open() as service:
        if f"erased {person}" in told:
            with pytest.raises(NotFound):
                service.persons.access(person, SUPERVISOR)
            assert person.encode() not in bytes_of(world), "an erased person's name is in a file"
        with service.transactions.read() as tx:
            if f"closed flight-{turn}" in told:
                info = tx.galleries.get(f"flight-{turn}")
                assert info is not None
                assert not info.open
            assert tx.erasures.unfinished() == ()
            assert tx.vault.expired(service.clock.now(), 1) == ()
    held = {path.stem for path in (world.path / "keys" / "epochs").iterdir()} | {"site"}
    engine = create_engine(f"sqlite:///{world.path / 'db' / 'countenance.db'}")
    with engine.connect() as connection:
        named = set(connection.execute(text("SELECT epoch FROM vault_epochs")).scalars())
        used = set(connection.execute(text("SELECT DISTINCT epoch FROM vault_keys")).scalars())
    engine.dispose()
    assert held == named, "keys and rows do not agree"
    assert used <= named


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a new site."""
    return World.at(tmp_path / "site")


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_erased_comes_back(world: World, part: int) -> None:
    """Killed anywhere, an acknowledged erasure stands, none is left half done, and no key outlives its epoch."""
    (last,) = kill_once(world, at=10**9, turn=0)[-1:]
    steps = int(last.removeprefix("steps "))
    kills = KILLS // PARTS
    for number in range(kills):
        at = 1 + (number * PARTS + part) * steps // KILLS
        told = kill_once(world, at, number + 1)
        check(world, told, number + 1)
    key = (world.path / "keys" / "log.pub").read_text().strip()
    findings = audit(world.path / "log", key, bodies=None, receipts=(), now_ms=int(world.clock.instant))
    assert not findings.faults, findings.faults


def test_templates_of_the_erased_are_in_no_file(world: World) -> None:
    """After a whole story neither photograph nor template of anybody is in any file of the site."""
    kill_once(world, at=10**9, turn=0)
    world.clock.advance(13 * 3600)
    with world.open():
        pass
    everything = bytes_of(world)
    for who in ("person-0", "other-0"):
        for number in range(3):
            assert face(who, number) not in everything
            assert template_of(face(who, number)).values.tobytes()[:32] not in everything
