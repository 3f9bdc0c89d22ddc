"""Over HTTP and from the command line: a person whose no-match is open is not answered "match" by asking again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from countenance.terms import Role
from fakes.command_line import countenance
from fakes.extractor import face
from fakes.http import ADULT, Counter, announce, counter_at


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Stand at the counter of a new site."""
    with counter_at(tmp_path / "site") as counter:
        yield counter


def test_asking_again_is_answered_with_secondary(counter: Counter, tmp_path: Path) -> None:
    """Status 200 and no token, linked to the first, told; the command says so too, and its receipt prints."""
    first = counter.capture(counter.opened(claim="p-77"), face("bob", 1), face("ann", 2)).json()
    again = counter.post("/encounters", {"checkpoint": "lane-2", "eligibility": ADULT, "claim": "p-77"})
    assert (again.status_code, again.json()["outcome"]) == (200, "referred")
    assert (again.json()["reason"], again.json()["next_step"]) == ("earlier_referral", "refer_to_officer")
    listed = {one["encounter_id"]: one for one in counter.get("/referrals", Role.SUPERVISOR).json()}
    assert listed[again.json()["encounter_id"]]["earlier"] == listed[first["encounter_id"]]["referral_id"]
    told = counter.get("/notifications", Role.SUPERVISOR).json()
    assert [one["telling"] for one in told].count("came_back") == 1
    announce(counter)
    photographs = [tmp_path / name for name in ("live.jpg", "portrait.jpg")]
    for path in photographs:
        path.write_bytes(face("ann"))
    said = countenance(
        "verify", counter.world.path, "--checkpoint", "lane-1", "--age", "30", "--claim", "p-77", "--reference-years",
        "5", "--refusal-offered", "--live", photographs[0], "--portrait", photographs[1],
    )  # fmt: skip
    assert "still in secondary inspection" in said.out, said.err
    assert "countenance referral receipt SITE" in said.out
    assert said.status == 1
