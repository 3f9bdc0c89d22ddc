"""A site's whole record, exported and counted without its database, is what happened at the site (CBP-22)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from countenance.audit import Findings, audit
from countenance.bootstrap import Service
from countenance.procedures import Basis
from countenance.terms import Actor, CaseEvent, Eligibility, OfficerReason, OpenRequest, Role, SecondFact
from fakes.extractor import face
from fakes.stories import without
from fakes.world import AUDITOR, OPERATOR, SUPERVISOR, World, opened, submission

AGAINST = Basis((SecondFact.DOCUMENT_FAULT,), "R. Ortiz, badge 412", "hologram missing")
NOTHING = Basis((), "", "")
REVIEWER = Actor("supervisor:2", Role.SUPERVISOR, "")
Truth = dict[str, tuple[str, str, int]]


def cross(service: Service, truth: Truth, kind: int) -> None:
    """Let a person cross in one of six ways and note what really happened."""
    answer = opened(service, claim=f"person-{len(truth)}")
    encounter, verify = answer.encounter_id, service.crossing.verify
    match kind:
        case 0:
            verify(submission(service, answer.token, face("ann", 1), face("ann", 2)), OPERATOR)
            truth[encounter] = ("match", "", 1)
        case 1:
            verify(submission(service, answer.token, b"blurred", face("ann", 2)), OPERATOR)
            verify(submission(service, answer.token, face("ann", 1), face("ann", 2), attempt=2), OPERATOR)
            truth[encounter] = ("match", "", 2)
        case 2:
            verify(submission(service, answer.token, face("ann"), face("bob")), OPERATOR)
            service.casework.take(encounter, CaseEvent.FIND, AGAINST, SUPERVISOR)
            service.casework.take(encounter, CaseEvent.CONTEST, NOTHING, AUDITOR)
            service.casework.take(encounter, CaseEvent.CORRECT, NOTHING, REVIEWER)
            truth[encounter] = ("no_match", "corrected", 1)
        case 3:
            service.crossing.opt_out(answer.token, OPERATOR)
            truth[encounter] = ("opted_out", "", 0)
        case 4:
            verify(submission(service, answer.token, face("ann", 1), face("ann", 2)), OPERATOR)
            service.casework.refer(encounter, OfficerReason.DOCUMENT_FAULT, "worn", OPERATOR)
            service.casework.take(encounter, CaseEvent.CLEAR, NOTHING, OPERATOR)
            truth[encounter] = ("match", "cleared", 1)
        case _:
            truth[encounter] = ("undecided", "", 0)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, dict[str, Any], Truth, int]:
    """Return a site's log, its key, the auditor's bundle, the truth, and when it was exported; the database is gone."""
    world, truth = World.at(tmp_path_factory.mktemp("census") / "site"), Truth()
    with world.open() as service:
        for number in range(24):
            cross(service, truth, number % 6)
            world.clock.advance(7 * (number % 3))
        child = Eligibility("traveller", 3, 1, refusal_offered=True)
        young = service.crossing.open_encounter(OpenRequest("lane-1", child, "", ""), OPERATOR)
        truth[young.encounter_id] = ("not_compared", "", 0)
        bundle = json.loads(json.dumps(service.desk.export_record(AUDITOR)))
    vkey = (world.path / "keys" / "log.pub").read_text("utf-8")
    shutil.rmtree(world.path / "db")
    return world.path / "log", vkey, bundle, truth, int(world.clock.instant)


def counted(told: tuple[Path, str, dict[str, Any], Truth, int], bundle: dict[str, Any] | None = None) -> Findings:
    """Return what an auditor finds with the bundle alone."""
    log, vkey, whole, _, now = told
    return audit(log, vkey, bodies=json.dumps(bundle or whole).encode(), now_ms=now)


def test_the_census_is_the_truth(told: tuple[Path, str, dict[str, Any], Truth, int]) -> None:
    """Every encounter is there once with its decision, case and attempts, and under which charter, point and policy."""
    findings = counted(told)
    assert findings.ok, findings.faults
    assert findings.census is not None
    assert {row.encounter: (row.decision, row.case, row.attempts) for row in findings.census.rows} == told[3]
    for row in findings.census.rows:
        assert len(row.charter) == len(row.operating_point) == 64
        assert row.policy
        assert row.checkpoint == "lane-1"
        assert row.opened
        assert bool(row.decided) == (row.decision != "undecided")
    assert all(findings.passed(name) for name in ("bodies", "bodies kept", "bundle whole", "census"))


def test_no_mismatch_can_be_hidden(told: tuple[Path, str, dict[str, Any], Truth, int]) -> None:
    """Leaving out any entry of a mismatch, or all of them, is found."""
    bundle = told[2]
    for encounter in [name for name, (decision, *_) in told[3].items() if decision == "no_match"][:1]:
        of_it = [body["commitment"] for body in bundle["entries"] if encounter in body["facts"]]
        for left_out in ([one] for one in of_it):
            assert "bundle.incomplete" in {fault.code for fault in counted(told, without(bundle, *left_out)).faults}
        assert {fault.code for fault in counted(told, without(bundle, *of_it)).faults} == {"bundle.incomplete"}
