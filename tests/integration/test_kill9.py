"""Nothing acknowledged is ever lost: SIGKILL at every step of a transaction, two hundred times on one site.

A forked child opens the site, lets people cross, and tells the parent each receipt only after it was answered. At its
n-th step — every SQL statement, before and after it ran, every commit, every file opened, renamed or removed — it
kills itself. The parent then opens the site again, as an operator would, and checks what was promised.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from countenance.audit import audit
from countenance.bootstrap import Service
from countenance.procedures import Basis
from countenance.terms import CaseEvent, CaseState, Enrolment, Outcome
from fakes.extractor import face
from fakes.killer import Killer, acknowledged
from fakes.world import ADMINISTRATOR, OPERATOR, SUPERVISOR, World, gate_charter, land_charter, opened, submission

KILLS = 200
PARTS = 4


def cross(service: Service, acknowledge: Callable[[str], None], round_number: int) -> None:
    """Let one person match, one be referred and cleared, one refuse, one be enrolled and removed; publish a batch."""
    one, two, three = (f"claim-{round_number}-{number}" for number in range(3))
    answer = opened(service, claim=one)
    acknowledge(answer.receipt.commitment)
    for token, who in ((answer.token, "ann"), (opened(service, claim=two).token, "bob")):
        reply = service.crossing.verify(submission(service, token, face("ann", 1), face(who, 2)), OPERATOR)
        acknowledge(reply.receipt.commitment)
    _, stepped = service.casework.take(reply.encounter_id, CaseEvent.CLEAR, Basis((), "", ""), SUPERVISOR)
    acknowledge(stepped.commitment)
    acknowledge(f"cleared {reply.encounter_id}")
    acknowledge(service.crossing.opt_out(opened(service, claim=three).token, OPERATOR).receipt.commitment)
    person = f"p{round_number}"
    for verdict in service.staging.enrol("flight", [Enrolment(person, person, 30, 5, face(person))], ADMINISTRATOR):
        acknowledge(f"ref {verdict.reference_id}")
    service.log.publish(service.clock.now())
    acknowledge(service.staging.remove("flight", person, ADMINISTRATOR).commitment)
    acknowledge(f"gone {person}")


def kill_once(world: World, at: int, round_number: int) -> list[str]:
    """Let a child be killed at step ``at``, and return the lines it had acknowledged."""

    def run(tell: Callable[[str], None]) -> None:
        killer = Killer(at, world.path)
        killer.watch()
        with world.open() as service:
            killer.armed = True
            cross(service, tell, round_number)
        tell(f"steps {killer.steps}")

    return acknowledged(run)


def check(world: World, acknowledged: list[str]) -> None:
    """Open the site again: every acknowledged event is recorded, the log is whole, lanes work."""
    with world.open() as service:
        with service.transactions.read() as tx:
            for line in acknowledged:
                word, _, rest = line.partition(" ")
                if word == "ref" and f"gone {rest}" not in acknowledged:
                    known = tx.galleries.contains("flight", rest)
                    assert known or acknowledged[-1] == line, f"{line} was lost"
                elif word == "cleared":
                    case = tx.cases.get(rest)
                    assert case is not None, f"{line} was lost"
                    assert case.steps[-1].state is CaseState.CLEARED, f"{line} was lost"
                elif word == "gone":
                    assert not tx.galleries.contains("flight", rest), f"{rest} came back"
                elif not rest:
                    assert tx.record.knows(bytes.fromhex(line)), f"{line} was acknowledged and lost"
        reply = service.crossing.verify(
            submission(service, opened(service, claim="").token, face("ann", 1), face("ann", 2)), OPERATOR
        )
        assert reply.outcome is Outcome.MATCH


def assert_log_is_whole(world: World) -> None:
    """Audit what the public sees."""
    key = (world.path / "keys" / "log.pub").read_text().strip()
    findings = audit(world.path / "log", key, bodies=None, receipts=(), now_ms=int(world.clock.instant))
    assert not findings.faults, findings.faults


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a site with an open gallery, whose lanes may refer a third of the people without being suspended."""
    lanes = land_charter().replace(b"\nnotices:", b"\nreferral_limit_per_thousand: 300\nnotices:", 1)
    world = World.at(tmp_path / "site", lanes, gate_charter())
    with world.open() as service:
        service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
    return world


def steps_of(world: World) -> int:
    """Return how many steps a run that nobody kills takes; the number varies a little with random names."""
    (last,) = kill_once(world, at=10**9, round_number=0)[-1:]
    return int(last.removeprefix("steps "))


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_acknowledged_is_lost(world: World, part: int) -> None:
    """Killed at 200 steps spread over the whole run, the site opens again and has everything it had answered."""
    steps = steps_of(world)
    assert steps > KILLS, "the run has fewer steps than kills: is everything watched?"
    for kill in range(part, KILLS, PARTS):
        at = 1 + kill * steps // KILLS
        while (acknowledged := kill_once(world, at, round_number=kill + 1))[-1:] and acknowledged[-1].startswith(
            "steps"
        ):
            at -= 5
        check(world, acknowledged)
    assert_log_is_whole(world)
