"""A site decides with operating points that the package pins or that it signed, and with no others."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from countenance.audit import audit
from countenance.bootstrap.points import KEY, charters_naming, sign_operating_point, trusted_near, trusted_points
from countenance.bootstrap.profiles import render_charter
from countenance.decision import PACKAGED
from countenance.errors import CountenanceError, OperatingPointError, SiteError
from countenance.site import Site
from countenance.terms import Instant, Outcome, parse_iso
from fakes.extractor import face
from fakes.points import EXTRAPOLATED, TRIAL_POINT, UNMEASURED, point_file
from fakes.world import (
    AUDITOR,
    OPERATOR,
    POINT,
    START,
    VALUES,
    MovableClock,
    World,
    gate_charter,
    land_charter,
    opened,
    submission,
    trust,
)

MEASURED = point_file()
NAME = sha256(MEASURED).hexdigest()


def named(data: bytes, **changes: str) -> bytes:
    """Return a lane's charter that names this operating point."""
    return land_charter(operating_point=sha256(data).hexdigest(), **changes)


def sign(world: World, data: bytes, now: Instant = START) -> str:
    """Sign as the command does, at ``now``."""
    return sign_operating_point(world.path, data, clock=MovableClock(now)).sha256


def test_a_signed_point_decides_after_the_next_start(tmp_path: Path) -> None:
    """Named but not signed: the site does not start. Signed: it starts, and every answer names the point."""
    world = World.at(tmp_path / "site", named(MEASURED))
    with pytest.raises(OperatingPointError) as refusal:
        world.open()
    assert refusal.value.code == "operating_point.missing"
    assert "operating-point sign" in refusal.value.remedy
    assert sign(world, MEASURED) == NAME
    with world.open() as service:
        token = opened(service).token
        reply = service.crossing.verify(submission(service, token, face("ann", 1), face("ann", 2)), OPERATOR)
    assert (reply.outcome, reply.operating_point) == (Outcome.MATCH, NAME)


def test_signing_is_recorded_before_it_counts(tmp_path: Path) -> None:
    """The act is in the record with the point's, the data's and the key's hashes, published, and the log holds."""
    world = World.at(tmp_path / "site")
    sign(world, MEASURED)
    log_key = (world.path / "keys" / "log.pub").read_text("utf-8")
    findings = audit(world.path / "log", log_key, bodies=None, receipts=[], now_ms=START)
    assert findings.ok
    assert findings.tree_size == 64  # one entry, padded
    with world.open() as service:
        facts = [json.loads(entry["facts"]) for entry in service.desk.export_record(AUDITOR)["entries"]]
    (signed,) = [fact for fact in facts if fact["event"] == "operating_point.signed"]
    assert signed["operating_point"] == NAME
    assert (signed["data"], signed["report"], signed["weights"]) == ("d" * 64, "e" * 64, "f" * 64)
    assert len(signed["key"]) == 64


def test_a_new_site_has_its_key(tmp_path: Path) -> None:
    """``init`` makes the key, its owner's alone, and the public half for outsiders."""
    world = World.at(tmp_path / "site")
    assert stat.S_IMODE((world.path / "keys" / KEY).stat().st_mode) == 0o600
    assert (world.path / "keys" / f"{KEY}.pub").read_text("ascii").startswith("-----BEGIN PUBLIC KEY-----")


def test_a_site_of_before_gets_its_key_with_its_first_signature(tmp_path: Path) -> None:
    """A site without key and folder opens as before, and signs."""
    world = World.at(tmp_path / "site", named(MEASURED))
    shutil.rmtree(world.path / "operating-points")
    for name in (KEY, f"{KEY}.pub"):
        (world.path / "keys" / name).unlink()
    assert set(trusted_points(Site.open(world.path))) == set(PACKAGED.values())
    sign(world, MEASURED)
    world.open().close()


def test_points_of_a_site_whose_key_is_gone_are_not_trusted(tmp_path: Path) -> None:
    """Without the key nobody can say who signed."""
    world = World.at(tmp_path / "site")
    (world.path / "keys" / KEY).unlink()
    with pytest.raises(OperatingPointError) as refusal:
        world.open()
    assert refusal.value.code == "operating_point.no_key"


TAMPERED: list[tuple[Callable[[Path], object], str]] = [
    (lambda file: file.write_bytes(file.read_bytes().replace(b"0.5", b"0.1")), "operating_point.tampered"),
    (lambda file: file.with_suffix(".sig").unlink(), "operating_point.unsigned"),
    (lambda file: file.with_suffix(".sig").write_bytes(bytes(64)), "operating_point.bad_signature"),
]


@pytest.mark.parametrize("used", [True, False])
@pytest.mark.parametrize("tamper, code", TAMPERED)
def test_a_bad_file_starts_nothing_used_or_not(
    tmp_path: Path, tamper: Callable[[Path], object], code: str, *, used: bool
) -> None:
    """Fail closed: a file that was changed says that somebody changes files (invariant 3)."""
    world = World.at(tmp_path / "site")
    trust(world.created.site, MEASURED)
    world.open().close()
    name = POINT if used else NAME
    tamper(world.path / "operating-points" / f"{name}.json")
    with pytest.raises(OperatingPointError) as refusal:
        world.open()
    assert refusal.value.code == code


SIGNED_NONSENSE = [
    (b"", "operating_point.not_json"),
    (b"[1]", "operating_point.invalid"),
    (MEASURED.replace(b"/v2", b"/v1"), "operating_point.old_format"),
    (MEASURED.replace(b'"threshold": 0.5', b'"threshold": NaN'), "operating_point.not_json"),
]


@pytest.mark.parametrize("data, code", SIGNED_NONSENSE)
def test_a_signature_makes_nothing_an_operating_point(tmp_path: Path, data: bytes, code: str) -> None:
    """Signing refuses it; and signed by other means, it refuses to start."""
    world = World.at(tmp_path / "site")
    with pytest.raises(OperatingPointError) as refusal:
        sign(world, data)
    assert refusal.value.code == code
    trust(world.created.site, data)
    with pytest.raises(OperatingPointError) as started:
        world.open()
    assert started.value.code == code


@pytest.mark.parametrize(
    "now, code",
    [
        (parse_iso("2026-11-20T23:59:59Z"), "operating_point.not_yet_issued"),
        (parse_iso("2029-11-21T00:00:00Z"), "operating_point.expired"),
    ],
)
def test_what_is_not_in_date_is_not_signed(tmp_path: Path, now: Instant, code: str) -> None:
    """Nothing is recorded and nothing kept for evidence that is out of date or ahead of its time."""
    world = World.at(tmp_path / "site")
    with pytest.raises(OperatingPointError) as refusal:
        sign(world, MEASURED, now)
    assert refusal.value.code == code
    assert not (world.path / "operating-points" / f"{NAME}.json").exists()


def test_a_served_site_signs_nothing(tmp_path: Path) -> None:
    """The service reads operating points when it starts, so it has to be stopped first."""
    world = World.at(tmp_path / "site")
    with world.open(), pytest.raises(SiteError) as refusal:
        sign(world, MEASURED)
    assert refusal.value.code == "site.locked"


STARTS: list[tuple[bytes, dict[str, Any], str]] = [
    (MEASURED, {}, ""),
    (point_file(weights="0" * 64), {}, "operating_point.other_weights"),
    (point_file(**UNMEASURED), {"trial": False}, "charter.unmeasured_bounds"),
    (point_file(estimate__fpir_upper=None, estimate__fpir=None), {"trial": False}, "charter.unmeasured_bounds"),
    (point_file(envelope__largest_gallery=378), {"trial": False}, ""),
    (point_file(envelope__largest_gallery=377), {"trial": False}, "charter.gallery_larger_than_evidence"),
    (point_file(**EXTRAPOLATED), {"trial": False}, "charter.extrapolated_evidence"),
    (point_file(**EXTRAPOLATED), {"trial": True}, ""),
    (point_file(**EXTRAPOLATED), {"trial": True, "profile": "production"}, "charter.extrapolated_evidence"),
    (TRIAL_POINT, {"trial": True, "profile": "production"}, "charter.unmeasured_bounds"),
    (MEASURED, {"trial": False, "profile": "production"}, "operating_point.report_missing"),
]


@pytest.mark.parametrize("data, how, code", STARTS)
def test_evidence_that_is_too_small_starts_nothing(tmp_path: Path, data: bytes, how: dict[str, Any], code: str) -> None:
    """Other weights, unmeasured, too small and extrapolated evidence are told apart at start (N-6, CBP-13).

    The gate's charter allows 420 references, of which nine tenths, 378, must have been tested.
    """
    gate = gate_charter(operating_point=sha256(data).hexdigest())
    if not how.get("trial", True):
        gate = gate.replace(b"trial: true", b"trial: false")
    world = World.at(tmp_path / "site", gate)
    trust(world.created.site, data)
    toml = world.path / "site.toml"
    toml.write_text(toml.read_text("utf-8").replace('"trial"', f'"{how.get("profile", "trial")}"'), "utf-8")
    if not code:
        world.open().close()
        return
    with pytest.raises(CountenanceError) as refusal:
        world.open()
    assert refusal.value.code == code
    assert refusal.value.remedy


def test_own_weights_have_no_packaged_point() -> None:
    """Whoever brings a recogniser is told to measure it, sign what comes out, and name it; naming one is enough."""
    values = {**VALUES, "charter_id": "land"}
    with pytest.raises(OperatingPointError) as refusal:
        render_charter("land-pedestrian", weights="0" * 64, values=values)
    assert refusal.value.code == "operating_point.none_for_weights"
    assert all(word in refusal.value.remedy for word in ("calibrate", "sign", "operating_point="))
    own = render_charter("land-pedestrian", weights="0" * 64, values={**values, "operating_point": NAME})
    assert NAME.encode() in own


@pytest.mark.parametrize("weights", sorted(PACKAGED))
def test_each_packaged_configuration_gets_its_own_point(weights: str) -> None:
    """A charter for these weights names the point that was measured on exactly these."""
    charter = render_charter("air-gate", weights=weights, values={**VALUES, "charter_id": "gate"})
    assert PACKAGED[weights].encode() in charter


def test_what_a_site_trusts_can_be_listed(tmp_path: Path) -> None:
    """Packaged and signed points, and who names them; near a charter of a site, the site's are seen."""
    world = World.at(tmp_path / "site")
    site = Site.open(world.path)
    trusted = trusted_points(site)
    assert {name: item.by for name, item in trusted.items()} == {
        **dict.fromkeys(PACKAGED.values(), "package"), POINT: "site",
    }  # fmt: skip
    assert charters_naming(site) == {POINT: ("gate-test", "land-test")}
    assert set(trusted_near(site.charters / "land-test.yaml")) == set(trusted)
    assert set(trusted_near(tmp_path / "land-test.yaml")) == set(PACKAGED.values())
