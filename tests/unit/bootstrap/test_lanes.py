"""A site whose charters are not in order does not start, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from countenance.errors import CharterError, CountenanceError, OperatingPointError, SiteError
from countenance.terms import Outcome
from fakes.extractor import face
from fakes.world import OPERATOR, World, gate_charter, land_charter, opened, submission


@pytest.mark.parametrize(
    "charters,kind,code",
    [
        ([land_charter(), land_charter(charter_id="second")], CharterError, "charter.checkpoint_twice"),
        ([land_charter(operating_point="0" * 64)], OperatingPointError, "operating_point.missing"),
        ([land_charter(weights="0" * 64)], CharterError, "charter.other_weights"),
        ([land_charter().replace(b"trial: true", b"trial: false")], CharterError, "charter.unmeasured_bounds"),
        (
            [land_charter().replace(b"attended: true", b"attended: false")],
            CharterError,
            "charter.unattended_without_pad",
        ),
    ],
)
def test_a_fault_in_any_charter_starts_nothing(
    tmp_path: Path, charters: list[bytes], kind: type[CountenanceError], code: str
) -> None:
    """Each fault between charter, operating point and machine refuses to start with its own code (CBP-13, CBP-29)."""
    world = World.at(tmp_path / "site", gate_charter(), *charters)
    with pytest.raises(kind) as caught:
        world.open()
    assert caught.value.code == code
    assert caught.value.remedy


def test_a_site_without_charters_starts_nothing(tmp_path: Path) -> None:
    """No charter, no comparison (invariant 2)."""
    world = World.at(tmp_path / "site", land_charter())
    for file in (world.path / "charters").glob("*.yaml"):
        file.unlink()
    with pytest.raises(CharterError) as caught:
        world.open()
    assert caught.value.code == "charter.none"


def test_a_second_service_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    """Whoever opens a served site is told so in a sentence; the service that holds it is undisturbed."""
    world = World.at(tmp_path / "site", land_charter())
    with world.open() as service:
        with pytest.raises(SiteError) as caught:
            world.open()
        assert caught.value.code == "site.locked"
        reply = service.crossing.verify(
            submission(service, opened(service).token, face("ann", 1), face("ann", 2)), OPERATOR
        )
        assert reply.outcome is Outcome.MATCH
    with world.open():
        pass
