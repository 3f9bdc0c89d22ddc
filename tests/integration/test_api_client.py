"""The client asks a served site and gets what asking here would give: the same values, the same errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countenance import errors
from countenance.interfaces.client import Client, served
from countenance.interfaces.client_manifests import ROWS_PER_REQUEST
from countenance.interfaces.doors import Doors
from countenance.terms import (
    DAY_MS,
    Actor,
    Eligibility,
    Enrolment,
    EnrolmentVerdict,
    Instant,
    Mode,
    NextStep,
    Opened,
    OpenRequest,
    Outcome,
    Partner,
    Reply,
    Role,
)
from fakes.extractor import face
from fakes.http import Counter, counter_at

ADULT = Eligibility("unknown", 30, 5, refusal_offered=True)
LANE = OpenRequest("lane-1", ADULT, "", "")


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site."""
    with counter_at(tmp_path_factory.mktemp("client") / "site") as counter:
        yield counter


@pytest.fixture
def client_of(counter: Counter) -> Iterator[Callable[[Role], Client]]:
    """Return what makes clients with a role's key, all closed afterwards."""
    clients: list[Client] = []

    def make(role: Role) -> Client:
        key = counter.world.created.api_keys[role]
        clients.append(Client(str(counter.client.base_url), key, counter.service.local_device))
        return clients[-1]

    yield make
    for client in clients:
        client.__exit__(None, None, None)


def opened(door: Doors, request: OpenRequest = LANE) -> Opened:
    """Open an encounter."""
    answer = door.open_encounter(request)
    assert isinstance(answer, Opened)
    return answer


def test_a_crossing_by_client(client_of: Callable[[Role], Client], counter: Counter) -> None:
    """Open, verify and resend: the reply is the procedure's own, times by stage included, and is stored."""
    operator = client_of(Role.OPERATOR)
    encounter = opened(operator, OpenRequest("lane-1", ADULT, "", "traveller-a"))
    assert encounter.expires_at == counter.world.clock.now() + 120_000
    reply = operator.answer(Mode.VERIFY, encounter.token, 1, face("ann", 1), face("ann", 2))
    assert (reply.outcome, reply.next_step, reply.reference_id) == (Outcome.MATCH, NextStep.PROCEED, "traveller-a")
    assert {stage.stage for stage in reply.millis} >= {"live.decode", "extract", "compare"}
    assert operator.answer(Mode.VERIFY, encounter.token, 1, face("ann", 1), face("ann", 2)) == reply


def test_a_refusal_by_client(client_of: Callable[[Role], Client]) -> None:
    """A refusal is a reply like any other."""
    operator = client_of(Role.OPERATOR)
    assert operator.opt_out(opened(operator).token).outcome is Outcome.OPTED_OUT


def test_a_child_by_client(client_of: Callable[[Role], Client]) -> None:
    """Where nothing may be compared, opening gives the reply itself."""
    answer = client_of(Role.OPERATOR).open_encounter(replace(LANE, eligibility=replace(ADULT, age=5)))
    assert isinstance(answer, Reply)
    assert answer.next_step is NextStep.MANUAL_CHECK


def test_a_gallery_by_client(client_of: Callable[[Role], Client]) -> None:
    """More rows than fit one request get their verdicts in order, numbered through; search, removal and end work."""
    supervisor = client_of(Role.SUPERVISOR)
    supervisor.open_gallery("flight", "gate-1")
    rows = [Enrolment(f"r{number}", f"p{number}", 30, 5, face(f"p{number}")) for number in range(ROWS_PER_REQUEST + 3)]
    verdicts = list(supervisor.enrol("flight", iter([*rows, rows[0]])))
    assert [verdict.row for verdict in verdicts] == list(range(1, len(rows) + 2))
    assert [verdict.verdict for verdict in verdicts[-2:]] == [EnrolmentVerdict.ENROLLED, EnrolmentVerdict.DUPLICATE]
    assert list(supervisor.enrol("flight", iter([]))) == []
    (card,) = supervisor.galleries()
    assert (card.gallery_id, card.size, card.open) == ("flight", len(rows), True)
    encounter = opened(supervisor, OpenRequest("gate-1", ADULT, "flight", ""))
    reply = supervisor.answer(Mode.IDENTIFY, encounter.token, 1, face("p7", 1), b"")
    assert reply.reference_id == "r7"
    supervisor.remove_reference("flight", "r7")
    supervisor.close_gallery("flight")
    assert [card.size for card in supervisor.galleries()] == [0]


def test_the_desk_by_client(client_of: Callable[[Role], Client]) -> None:
    """Referrals come as they travelled, without their photographs' names in the vault; the auditor's bundle too."""
    supervisor = client_of(Role.SUPERVISOR)
    supervisor.answer(Mode.VERIFY, opened(supervisor).token, 1, face("bob", 1), face("ann", 2))
    referral = supervisor.referrals()[-1]
    assert (referral["checkpoint"], referral["state"]) == ("lane-1", "secondary")
    assert "probe" not in json.dumps(referral)
    entries: Any = client_of(Role.AUDITOR).export_record()["entries"]
    assert client_of(Role.AUDITOR).open_body(bytes.fromhex(entries[0]["commitment"])) == entries[0]


def test_administration_by_client(client_of: Callable[[Role], Client], counter: Counter) -> None:
    """A device that was enrolled and given a key by client may open encounters."""
    administrator = client_of(Role.ADMINISTRATOR)
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    administrator.add_partner(Partner("airline", "Airline", "ops", "FILE-7", Instant(20_000 * DAY_MS), 365))
    administrator.enrol_device("camera-3", public, ("lane-1",), "airline")
    key = administrator.issue_key(Actor("device:camera-3", Role.DEVICE, "camera-3"))
    with Client(str(counter.client.base_url), key) as device:
        token = opened(device).token
        with pytest.raises(errors.NotAuthenticated, match="no capture device"):
            device.answer(Mode.VERIFY, token, 1, b"x", b"y")


@pytest.mark.parametrize(
    "ask, kind, code",
    [
        (lambda c: c.open_encounter(replace(LANE, checkpoint_id="lane-9")), errors.NotFound, "checkpoint.unknown"),
        (
            lambda c: c.open_encounter(replace(LANE, eligibility=replace(ADULT, refusal_offered=False))),
            errors.EncounterError, "encounter.refusal_not_offered",
        ),
        (lambda c: c.opt_out("A" * 43), errors.EncounterError, "encounter.unknown_token"),
        (
            lambda c: c.answer(Mode.IDENTIFY, opened(c).token, 1, b"x", b""), errors.CharterError,
            "charter.other_mode",
        ),
        (lambda c: c.open_gallery("x", "gate-1"), errors.AccessError, "access.denied"),
        (lambda c: list(c.enrol("none", [Enrolment("a", "b", 30, 5, b"x")])), errors.NotFound, "gallery.unknown"),
        (lambda c: c.open_gallery("a b", "gate-1"), errors.SiteError, "request.invalid"),
    ],
)  # fmt: skip
def test_problems_are_the_errors_they_were(
    client_of: Callable[[Role], Client], ask: Callable[[Client], object], kind: type[errors.CountenanceError], code: str
) -> None:
    """A problem is raised again as an error of the same boundary with the same code, sentence and remedy."""
    with pytest.raises(kind) as caught:
        ask(client_of(Role.OPERATOR))
    assert caught.value.code == code
    assert caught.value.message
    assert caught.value.remedy


def test_a_row_that_cannot_be_enrolled_is_an_error(client_of: Callable[[Role], Client]) -> None:
    """A stream that ends in a problem raises it after the verdicts before it."""
    supervisor = client_of(Role.SUPERVISOR)
    supervisor.open_gallery("flight-2", "gate-1")
    told = supervisor.enrol("flight-2", [Enrolment("a", "a", 30, 5, face("a")), Enrolment("", "b", 30, 5, face("b"))])
    assert next(told).verdict is EnrolmentVerdict.ENROLLED
    with pytest.raises(errors.SiteError) as caught:
        next(told)
    assert caught.value.code == "request.invalid"


def test_another_key_is_nobody(counter: Counter) -> None:
    """A key that opens nothing is NotAuthenticated."""
    with Client(str(counter.client.base_url), "cnt_x") as stranger, pytest.raises(errors.NotAuthenticated):
        stranger.galleries()


def test_silence_is_an_error_that_says_so() -> None:
    """Where nothing listens, the error says that what was asked may or may not have happened."""
    with Client("http://127.0.0.1:9", "cnt_x") as nobody, pytest.raises(errors.SiteError) as caught:
        nobody.galleries()
    assert caught.value.code == "site.unreachable"


def test_a_held_site_that_serves_nothing_is_told(counter: Counter) -> None:
    """Where a process holds the site and serves nothing, there is no run.json, and the error says so."""
    with pytest.raises(errors.SiteError) as caught, served(counter.world.created.site, "cnt_x"):
        pytest.fail("there is nobody to ask")
    assert caught.value.code == "site.not_served"


def test_the_client_is_a_door() -> None:
    """The client answers everything that a command may ask."""
    asked = {name for name in vars(Doors) if not name.startswith("_")}
    assert asked <= set(dir(Client))
