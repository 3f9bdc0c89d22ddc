"""A manifest is staged by the site alone, with portraits that it has: whoever sends the file sends no face."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from countenance.cases import SqlCaseStore
from countenance.errors import AccessError, CharterError, CountenanceError, DocumentError
from countenance.terms import Action, Actor, Case, Instant, PolicyDecision, PolicyRequest
from countenance.terms.staging import Announced, EventTerms, PortraitsFrom, PortraitVerdict, TravellerState
from fakes.extractor import face
from fakes.flights import counted, manifest
from fakes.past import keep_cleared, remembering
from fakes.world import OPERATOR, SUPERVISOR, World, gate_charter, portraits_at

FLIGHT = "ut100"
PEOPLE = ("ann", "bob", "cid")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with portraits of Ann, two of them, and of Bob."""
    folder = tmp_path / "portraits"
    folder.mkdir()
    for name, photograph, file in (("ann", 1, "XANN.jpg"), ("ann", 2, "XANN-2.jpg"), ("bob", 1, "XBOB.jpg")):
        (folder / file).write_bytes(face(name, photograph))
    return folder


@pytest.fixture
def service(tmp_path: Path, folder: Path) -> Iterator[Service]:
    """Open a site with one gate that names this folder."""
    world = World.at(tmp_path / "site", gate_charter())
    portraits_at(world, folder)
    with world.open() as service:
        yield service


def fill(
    service: Service, source: PortraitsFrom = PortraitsFrom.SITE, actor: Actor = SUPERVISOR, years: int = 1
) -> tuple[Announced, list[PortraitVerdict]]:
    """Stage the flight from what the site has."""
    told, verdicts = service.filling.fill(
        FLIGHT, "gate-1", manifest(PEOPLE), EventTerms(), source, years, actor
    )  # fmt: skip
    return told, list(verdicts)


def states(service: Service) -> dict[int, TravellerState]:
    """Return where each traveller stands."""
    return {one.number: one.state for one in service.boarding.status(FLIGHT, SUPERVISOR).travellers}


def test_whoever_the_site_has_is_staged(service: Service) -> None:
    """Every portrait of every traveller gets a verdict, whoever has none is missing, and again nothing changes."""
    told, verdicts = fill(service)
    assert told.wanted == (1, 2, 3)
    assert [(one.number, one.verdict) for one in verdicts] == [(1, "enrolled"), (1, "enrolled"), (2, "enrolled")]
    assert counted(states(service).values()) == {"staged": 2, "wanted": 1}
    again, verdicts = fill(service)
    assert (again.wanted, verdicts) == ((3,), [])


def test_a_portrait_that_came_later_is_found(service: Service, folder: Path) -> None:
    """The folder is looked at anew each time, so that the same file sent again finishes the gallery."""
    fill(service)
    (folder / "XCID.jpg").write_bytes(face("cid", 1))
    fill(service)
    assert set(states(service).values()) == {TravellerState.STAGED}


def test_what_the_source_cannot_give_ends_the_stream(service: Service, folder: Path) -> None:
    """A portrait that cannot be read is an error with words; what was staged before it stays, Cid is still wanted."""
    (folder / "XCID.jpg").write_bytes(face("cid", 1))
    told, verdicts = service.filling.fill(
        FLIGHT, "gate-1", manifest(PEOPLE), EventTerms(), PortraitsFrom.SITE, 1, SUPERVISOR
    )  # fmt: skip
    (folder / "XCID.jpg").unlink()
    with pytest.raises(DocumentError) as broken:
        list(verdicts)
    assert (broken.value.code, told.expected) == ("portraits.unreadable", 3)
    assert counted(states(service).values()) == {"staged": 2, "wanted": 1}


@pytest.mark.parametrize(
    "source, code",
    [(PortraitsFrom.SITE, "portraits.folder"), (PortraitsFrom.PAST, "charter.no_past_encounters")],
)
def test_without_portraits_nothing_is_announced(
    service: Service, folder: Path, source: PortraitsFrom, code: str
) -> None:
    """A folder that is gone, a charter that allows no past: refused before a gallery is opened."""
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises((DocumentError, CharterError)) as refused:
        fill(service, source)
    assert refused.value.code == code
    assert service.staging.list_galleries(SUPERVISOR) == ()


def test_a_site_that_names_no_portraits_says_so(tmp_path: Path) -> None:
    """The setting is empty: nothing is announced, and the error names the setting."""
    with World.at(tmp_path / "bare", gate_charter()).open() as service:
        with pytest.raises(CountenanceError) as refused:
            fill(service)
        assert refused.value.code == "portraits.none"
        assert "site.toml" in refused.value.remedy
        assert service.staging.list_galleries(SUPERVISOR) == ()


def test_officers_may_not(service: Service) -> None:
    """Whoever may not manage galleries stages nobody, whatever the site has."""
    with pytest.raises(AccessError):
        fill(service, actor=OPERATOR)
    assert service.staging.list_galleries(SUPERVISOR) == ()


@dataclass(frozen=True)
class Without:
    """A policy that denies one action and allows every other."""

    action: Action

    def decide(self, request: PolicyRequest, at: Instant | None = None) -> PolicyDecision:  # noqa: ARG002 - the port's
        """Deny it."""
        return PolicyDecision(request.action is not self.action, "test/without")

    def sentences(self, policy_id: str) -> tuple[tuple[str, str], ...]:  # noqa: ARG002 - the port's
        """Say nothing."""
        return ()


@pytest.mark.parametrize("action", [Action.MANAGE_GALLERY, Action.ENROL])
def test_half_of_the_rights_changes_nothing(service: Service, action: Action) -> None:
    """Whoever may announce and not enrol, or the other way round, opens no gallery that then stays empty."""
    filling = service.filling
    staging = replace(filling.announcing.staging, policy=Without(action))
    half = replace(
        filling,
        announcing=replace(filling.announcing, staging=staging),
        boarding=replace(filling.boarding, staging=staging),
    )
    with pytest.raises(AccessError):
        half.fill(FLIGHT, "gate-1", manifest(PEOPLE), EventTerms(), PortraitsFrom.SITE, 1, SUPERVISOR)
    assert service.staging.list_galleries(SUPERVISOR) == ()


def test_the_past_serves_where_the_charter_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Photographs of cleared encounters become references inside the site, not another document's; one look for all."""
    looks: list[int] = []
    cleared = SqlCaseStore.cleared

    def counted_look(self: SqlCaseStore, now: Instant) -> tuple[Case, ...]:
        looks.append(now)
        return cleared(self, now)

    monkeypatch.setattr(SqlCaseStore, "cleared", counted_look)
    world = World.at(tmp_path / "site", remembering(gate_charter()))
    with world.open() as service:
        charter = service.lanes.at("gate-1").charter.charter_id
        claim = service.crossing.querying.claim
        keep_cleared(service, "a", claim(charter, "UTO", "XANN"), face("ann", 2), checkpoint="gate-1")
        keep_cleared(service, "b", claim(charter, "UTO", "XZOE"), face("zoe", 2), checkpoint="gate-1")
        _, verdicts = fill(service, PortraitsFrom.PAST)
        assert [(one.number, one.verdict) for one in verdicts] == [(1, "enrolled")]
        assert len(looks) == 1
