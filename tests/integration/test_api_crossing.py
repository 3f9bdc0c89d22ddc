"""A person crosses over HTTP: order, signatures, attempts, resends, and not one frame decoded for whoever may not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from countenance.terms import Role
from fakes.extractor import face
from fakes.http import ADULT, Counter, assert_problem, counter_at, text

ANN = face("ann", 1), face("ann", 2)
BOB_AS_ANN = face("bob", 1), face("ann", 2)
UNUSABLE = b"a wall"


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site with two lanes and a gate with one open gallery."""
    with counter_at(tmp_path_factory.mktemp("crossing") / "site") as counter:
        counter.post("/galleries", {"gallery": "flight", "checkpoint": "gate-1"}, Role.SUPERVISOR)
        counter.enrol("flight", [("ref-ann", face("ann", 9)), ("ref-cy", face("cy", 9)), ("ref-dee", face("dee", 9))])
        yield counter


# --- the answers ------------------------------------------------------------------------------------------------------
def test_an_opened_encounter_says_what_comes_next(counter: Counter) -> None:
    """Opening gives a token once, its end, whether the person may refuse, the notice, and a receipt."""
    response = counter.post("/encounters", {"checkpoint": "lane-1", "eligibility": ADULT})
    opened = response.json()
    assert response.status_code == 201
    assert (opened["outcome"], opened["next_step"], opened["may_refuse"]) == ("opened", "capture", True)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", opened["token"])
    assert opened["token"] not in opened["receipt"]["facts"]
    assert json.loads(opened["receipt"]["facts"])["refusal_offered"] is True


def test_a_match_proceeds(counter: Counter) -> None:
    """The same person twice is a match, with the rules that fired, a receipt and times by stage."""
    response = counter.capture(counter.opened(), *ANN)
    reply = response.json()
    assert (response.status_code, reply["outcome"], reply["next_step"]) == (200, "match", "proceed")
    assert reply["rules"]
    assert reply["operating_point"]
    assert json.loads(reply["receipt"]["facts"])["decision"] == "match"
    assert {"live.decode", "portrait.embed", "extract", "compare"} <= {
        part.partition(";dur=")[0] for part in response.headers["server-timing"].split(", ")
    }


def test_a_no_match_is_referred_to_an_officer(counter: Counter) -> None:
    """Two people are no match; the next step is an officer, and the encounter is over."""
    token = counter.opened()
    reply = counter.capture(token, *BOB_AS_ANN).json()
    assert (reply["outcome"], reply["next_step"], reply["attempts_left"]) == ("no_match", "refer_to_officer", 0)
    assert_problem(counter.capture(token, *ANN, attempt=2), 409, "encounter.closed")


def test_a_refused_photograph_may_be_repeated_twice(counter: Counter) -> None:
    """Unusable photographs are answered with advice; the third ends in the ordinary manual check."""
    token = counter.opened()
    replies = [counter.capture(token, UNUSABLE, ANN[1], attempt=attempt).json() for attempt in (1, 2, 3)]
    assert [reply["outcome"] for reply in replies] == ["retry", "retry", "not_compared"]
    assert [reply["attempts_left"] for reply in replies] == [2, 1, 0]
    assert replies[0]["reason"] == "quality.blurred"
    assert replies[0]["advice"]
    assert replies[2]["next_step"] == "manual_check"


def test_a_child_is_not_compared(counter: Counter) -> None:
    """Outside the evidence the answer comes at once: manual check, no token, no camera."""
    response = counter.post("/encounters", {"checkpoint": "lane-1", "eligibility": {**ADULT, "age": 9}})
    reply = response.json()
    assert (response.status_code, reply["outcome"], reply["next_step"]) == (200, "not_compared", "manual_check")
    assert "token" not in reply


def test_an_identification_finds_whom_it_finds(counter: Counter) -> None:
    """In the closed gallery an operator learns the reference that matched."""
    token = counter.opened("gate-1", gallery="flight", claim="")
    reply = counter.capture(token, face("cy", 1)).json()
    assert (reply["outcome"], reply["reference_id"]) == ("match", "ref-cy")


def test_a_broken_inference_process_means_a_manual_check(counter: Counter) -> None:
    """When extraction breaks, the person gets an ordinary manual check, recorded, not an error about them."""
    reply = counter.capture(counter.opened(), b"crash", ANN[1]).json()
    assert (reply["outcome"], reply["reason"]) == ("not_compared", "unavailable.inference")


# --- refusing ---------------------------------------------------------------------------------------------------------
def test_refusing_needs_no_reason_and_no_frame(counter: Counter) -> None:
    """A refusal ends the encounter with a manual check, decodes nothing, and the token is spent."""
    before = counter.world.extractor.frames_decoded
    token = counter.opened()
    reply = counter.post("/opt-outs", Token=token).json()
    assert (reply["outcome"], reply["reason"], reply["next_step"]) == ("opted_out", "", "manual_check")
    assert_problem(counter.capture(token, *ANN), 409, "encounter.opted_out")
    assert counter.world.extractor.frames_decoded == before


def test_without_the_offer_nothing_opens(counter: Counter) -> None:
    """Who may refuse and was not told so gets no encounter, so no camera."""
    body = {"checkpoint": "lane-1", "eligibility": {**ADULT, "refusal_offered": False}}
    assert_problem(counter.post("/encounters", body), 409, "encounter.refusal_not_offered")


# --- resends ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("live", [ANN[0], BOB_AS_ANN[0], UNUSABLE])
def test_an_identical_resend_gets_the_identical_body(counter: Counter, live: bytes) -> None:
    """The same bytes for the same attempt are answered from the store, byte for byte, without another frame."""
    token = counter.opened()
    first = counter.capture(token, live, ANN[1])
    frames = counter.world.extractor.frames_decoded
    again = counter.capture(token, live, ANN[1])
    assert again.content == first.content
    assert counter.world.extractor.frames_decoded == frames


def test_a_resend_after_expiry_still_gets_its_answer(counter: Counter) -> None:
    """A reply lost on the way can be had again while it is kept, though the token has expired."""
    token = counter.opened()
    first = counter.capture(token, *ANN)
    counter.world.clock.advance(121)
    assert counter.capture(token, *ANN).content == first.content


# --- devices and scores -----------------------------------------------------------------------------------------------
def test_a_device_never_learns_whom_a_search_matched(counter: Counter) -> None:
    """With a device's key the outcome is the same and the reference is not there, in the reply or its receipt."""
    token = counter.opened("gate-1", role=Role.DEVICE, gallery="flight", claim="")
    response = counter.capture(token, face("dee", 1), role=Role.DEVICE)
    assert (response.json()["outcome"], response.json()["reference_id"]) == ("match", "")
    assert "ref-dee" not in response.text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DEVICE, Role.SUPERVISOR])
@pytest.mark.parametrize("photographs", [ANN, BOB_AS_ANN, (UNUSABLE, ANN[1])])
def test_no_score_leaves(counter: Counter, role: Role, photographs: tuple[bytes, bytes]) -> None:
    """No reply has a field or header that could hold a score: its only numbers count attempts."""
    response = counter.capture(counter.opened(role=role), *photographs, role=role)
    reply = response.json()
    assert "score" not in {key for key in reply if key != "rules"}
    assert {key for key, value in reply.items() if isinstance(value, int | float)} == {"attempts_left"}
    assert "score" not in json.loads(reply["receipt"]["facts"])
    assert set(reply) == {
        "encounter_id", "outcome", "reason", "advice", "next_step", "attempts_left", "reference_id", "rules",
        "operating_point", "receipt",
    }  # fmt: skip


def test_the_page_signs_for_an_operator(counter: Counter) -> None:
    """From the page an authenticated person's capture is signed by the service's local device."""
    body = {"attempt": 1, "live": text(ANN[0]), "portrait": text(ANN[1])}
    reply = counter.post("/page/verifications", body, Token=counter.opened(), Page="1").json()
    assert reply["outcome"] == "match"
    assert json.loads(reply["receipt"]["facts"])["device"] == "device-local"


def test_the_page_identifies_for_an_operator(counter: Counter) -> None:
    """From the page a search is the same story."""
    token = counter.opened("gate-1", gallery="flight", claim="")
    reply = counter.post("/page/identifications", {"attempt": 1, "live": text(face("ann", 5))}, Token=token, Page="1")
    assert (reply.json()["outcome"], reply.json()["reference_id"]) == ("match", "ref-ann")
