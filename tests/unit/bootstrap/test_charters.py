"""A site acts only under charters that it signed, that agree with each other, and whose notices somebody looked at."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from countenance.authority import parse_charter, render_profile
from countenance.bootstrap.checking import site_near, what_keeps
from countenance.bootstrap.explaining import explain_in_service
from countenance.bootstrap.points import sign_operating_point
from countenance.bootstrap.signing import note_placed, sign_charter, sign_policy, withdraw_policy
from countenance.custody import FileSigner, Signed, keep_signed_text
from countenance.errors import AccessError, CharterError, CountenanceError, NotFound, OperatingPointError, PolicyError
from countenance.site import Site
from countenance.terms import Action, Instant, Role, iso, parse_iso
from fakes.extractor import WEIGHTS, face
from fakes.points import TRIAL_POINT, point_file
from fakes.world import (
    ADULT,
    AUDITOR,
    OPERATOR,
    POINT,
    START,
    SUPERVISOR,
    VALUES,
    MovableClock,
    World,
    gate_charter,
    land_charter,
    look,
    opened,
    submission,
    trust,
)
from fakes.world import put as sign_unchecked

DAY = 86_400


def world_at(path: Path, *charters: bytes) -> World:
    """Make a site with these charters, or with a land lane."""
    return World.at(path / "site", *(charters or (land_charter(),)))


def refusal(world: World) -> CountenanceError:
    """Return why the site does not start."""
    with pytest.raises(CountenanceError) as caught, world.open():
        pass
    assert caught.value.remedy
    return caught.value


def put(world: World, name: str, data: bytes) -> None:
    """Sign a charter for the site, unrecorded and unchecked, under a file name."""
    sign_unchecked(Site.open(world.path), world.path / "charters" / name, data)


# --- signatures -------------------------------------------------------------------------------------------------------
def test_an_unsigned_charter_starts_nothing(tmp_path: Path) -> None:
    """A charter that somebody put into the folder without signing it keeps the whole site from starting."""
    world = world_at(tmp_path)
    (world.path / "charters" / "gate.yaml").write_bytes(gate_charter())
    assert refusal(world).code == "charter.unsigned"


def test_a_changed_charter_starts_nothing(tmp_path: Path) -> None:
    """One word changed after signing is found, however reasonable the new text is."""
    world = world_at(tmp_path)
    file = world.path / "charters" / "land-test.yaml"
    file.write_bytes(file.read_bytes().replace(b"encounter_seconds: 120", b"encounter_seconds: 121"))
    assert refusal(world).code == "charter.bad_signature"


def test_another_sites_signature_is_none(tmp_path: Path) -> None:
    """A charter that another site signed, signature and all, does not start here."""
    world, other = world_at(tmp_path / "one"), World.at(tmp_path / "two", gate_charter())
    for ending in ("yaml", "yaml.sig"):
        source = other.path / "charters" / f"gate-test.{ending}"
        (world.path / "charters" / source.name).write_bytes(source.read_bytes())
    assert refusal(world).code == "charter.bad_signature"


def test_a_signature_for_something_else_is_none(tmp_path: Path) -> None:
    """The site's own signature over the same bytes as a policy does not make them a charter."""
    world = world_at(tmp_path)
    signer = FileSigner(world.path / "keys" / "charter")
    keep_signed_text(world.path / "charters" / "gate.yaml", gate_charter(), Signed.POLICY, signer)
    assert refusal(world).code == "charter.bad_signature"


def test_a_site_without_its_key_starts_nothing(tmp_path: Path) -> None:
    """Charters whose key is gone cannot be checked, so nothing starts."""
    world = world_at(tmp_path)
    (world.path / "keys" / "charter").unlink()
    assert refusal(world).code == "charter.no_key"


def test_a_charter_of_the_old_layout_is_told_so(tmp_path: Path) -> None:
    """A site of version 0.1.0 hears that its charter must be renewed, not that a signature is missing."""
    world = world_at(tmp_path)
    file = world.path / "charters" / "land-test.yaml"
    file.write_bytes(file.read_bytes().replace(b"charter/v2", b"charter/v1"))
    assert refusal(world).code == "charter.old_format"


# --- several charters -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("changes, code", [
    ({"charter_id": "second"}, "charter.checkpoint_twice"),
    ({"charter_id": "second", "valid_from": "2027-11-20T23:59:59Z", "valid_until": "2028-11-21T00:00:00Z"},
     "charter.checkpoint_twice"),
    ({"place": "Elsewhere", "valid_from": "2027-11-21T00:00:00Z", "valid_until": "2028-11-21T00:00:00Z"},
     "charter.contradictory"),
])  # fmt: skip
def test_charters_that_contradict_each_other_start_nothing(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    """Two charters at one checkpoint at once, or two texts of one version: nobody could say which holds."""
    world = world_at(tmp_path)
    put(world, "second.yaml", land_charter(**changes))
    assert refusal(world).code == code


def test_versions_follow_their_dates(tmp_path: Path) -> None:
    """A lower version that begins after a higher one is a mistake that somebody must mend."""
    world = world_at(tmp_path, land_charter().replace(b"version: 1", b"version: 2"))
    put(world, "b.yaml", land_charter(valid_from="2027-11-21T00:00:00Z", valid_until="2028-11-21T00:00:00Z"))
    assert refusal(world).code == "charter.version_order"


def test_a_service_changes_over_to_the_next_charter(tmp_path: Path) -> None:
    """At the moment one charter ends and the next begins, encounters open under the next; old tokens open nothing."""
    first = land_charter(valid_until="2026-12-02T00:00:00Z")
    follows = land_charter(valid_from="2026-12-02T00:00:00Z").replace(b"version: 1", b"version: 2")
    world = world_at(tmp_path, first)
    put(world, "land-v2.yaml", follows)
    world.clock.instant = parse_iso("2026-12-01T23:59:30Z")
    with world.open() as service:
        token = opened(service).token
        assert service.lanes.in_force("lane-1", world.clock.now()).charter.version == 1
        world.clock.advance(30)
        assert service.lanes.in_force("lane-1", world.clock.now()).charter.version == 2
        refused = [service.crossing.opt_out(one, OPERATOR) for one in (token, opened(service).token)]
        entries = str(service.desk.export_record(AUDITOR))
    assert [reply.next_step for reply in refused] == ["manual_check"] * 2
    assert entries.count(parse_charter(first).sha256) == 2
    assert entries.count(parse_charter(follows).sha256) == 2


def test_a_future_charter_answers_not_in_force(tmp_path: Path) -> None:
    """A charter that has not begun keeps its checkpoint closed and says from when it holds."""
    world = world_at(tmp_path, land_charter(valid_from="2026-12-05T00:00:00Z"))
    with world.open() as service, pytest.raises(CharterError, match="2026-12-05") as caught:
        opened(service)
    assert caught.value.code == "charter.not_in_force"


def test_a_future_charter_must_be_able_to_start(tmp_path: Path) -> None:
    """What would begin while the service runs passes every other check at start: no screening by waiting (W-2)."""
    future = land_charter(valid_from="2026-12-05T00:00:00Z")
    world = world_at(tmp_path, future.replace(b"setting: checkpoint", b"setting: public-space"))
    assert refusal(world).code == "charter.public_space"


# --- signing ----------------------------------------------------------------------------------------------------------
def test_signing_is_recorded_and_the_text_is_kept(tmp_path: Path) -> None:
    """A new version counts from the next start, its act is in the record, both texts stay by their hashes."""
    world, clock = world_at(tmp_path), MovableClock()
    file = world.path / "charters" / "land-test.yaml"
    before = file.read_bytes()
    file.write_bytes(
        before.replace(b"version: 1", b"version: 2").replace(b"encounter_seconds: 120", b"encounter_seconds: 60")
    )
    signed = sign_charter(world.path, file, clock=clock)
    with world.open() as service:
        assert service.lanes.at("lane-1").charter.sha256 == signed.sha256
        bundle = str(service.desk.export_record(AUDITOR))
    assert "charter.signed" in bundle
    assert signed.sha256 in bundle
    kept = {path.read_bytes() for path in (world.path / "charters" / "signed").glob("*.yaml")}
    assert kept == {before, file.read_bytes()}


@pytest.mark.parametrize("change, code", [
    ((b"encounter_seconds: 120", b"encounter_seconds: 60"), "charter.same_version"),
    ((b'charter_id: "land-test"', b'charter_id: "other"'), "charter.checkpoint_twice"),
    ((b'review_signed_on: "2026-11-20"', b'review_signed_on: "2027-01-01"'), "charter.review_ahead"),
    ((b"2027-11-21T00:00:00Z", b"2026-11-30T00:00:00Z"), "charter.expired"),
    ((b"trial: true", b"trial: yes"), "charter.invalid_field"),
])  # fmt: skip
def test_what_must_not_be_signed_is_not(tmp_path: Path, change: tuple[bytes, bytes], code: str) -> None:
    """Each fault is told before anything is signed, and the site starts as before."""
    world, file = world_at(tmp_path), tmp_path / "charter.yaml"
    file.write_bytes(land_charter().replace(*change))
    with pytest.raises(CharterError) as caught:
        sign_charter(world.path, file, clock=MovableClock())
    assert caught.value.code == code
    with world.open() as service:
        assert opened(service).token


def test_a_later_version_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    """A version that holds now replaces the one before, wherever it was written; one for later lies beside it."""
    world, now, later = world_at(tmp_path), tmp_path / "now.yaml", tmp_path / "later.yaml"
    now.write_bytes(land_charter(valid_until="2027-01-01T00:00:00Z").replace(b"version: 1", b"version: 2"))
    sign_charter(world.path, now, clock=MovableClock())
    later.write_bytes(land_charter(valid_from="2027-01-01T00:00:00Z").replace(b"version: 1", b"version: 3"))
    sign_charter(world.path, later, clock=MovableClock())
    with world.open() as service:
        assert [charter.version for charter in service.lanes.charters] == [2, 3]
    assert {file.name for file in (world.path / "charters").glob("*.yaml")} == {"land-test.yaml", "land-test-v3.yaml"}


def test_an_older_version_is_not_signed(tmp_path: Path) -> None:
    """Nobody goes back behind a version that was signed, not even with a text that was never signed."""
    world, file = world_at(tmp_path, land_charter().replace(b"version: 1", b"version: 3")), tmp_path / "charter.yaml"
    file.write_bytes(land_charter().replace(b"version: 1", b"version: 2"))
    with pytest.raises(CharterError) as caught:
        sign_charter(world.path, file, clock=MovableClock())
    assert caught.value.code == "charter.older_version"


def test_a_screening_charter_is_not_signed(tmp_path: Path) -> None:
    """A profile that screens is a document; signed, it would stop the whole site, so nobody signs it."""
    world, file = world_at(tmp_path), tmp_path / "venue.yaml"
    values = {**VALUES, "weights": WEIGHTS, "operating_point": POINT, "charter_id": "venue"}
    text = render_profile("venue-exclusion", values)
    file.write_bytes(text)
    with pytest.raises(CharterError) as caught:
        sign_charter(world.path, file, clock=MovableClock())
    assert caught.value.code == "charter.mode_not_available"
    told = " ".join(what_keeps(file, Site.open(world.path), parse_charter(text), WEIGHTS, START))
    assert "not available" in told
    assert "Not ticked" in told
    with world.open() as service:
        assert opened(service).token


@pytest.mark.parametrize("change, code", [
    ((b"setting: checkpoint", b"setting: public-space"), "charter.public_space"),
    ((b"attended: true", b"attended: false"), "charter.unattended_without_pad"),
    ((b"trial: true", b"trial: false"), "charter.unmeasured_bounds"),
    ((POINT.encode(), b"0" * 64), "operating_point.missing"),
    ((WEIGHTS.encode(), b"0" * 64), "charter.other_weights"),
    ((b'contact: "privacy@example.invalid"', b'contact: "by chance 1"'), ""),
])  # fmt: skip
def test_a_version_that_could_never_start_replaces_nothing(
    tmp_path: Path, change: tuple[bytes, bytes], code: str
) -> None:
    """Check says of a second version what a start would say, signing refuses it, and the first goes on working."""
    world, file = world_at(tmp_path), tmp_path / "charter.yaml"
    file.write_bytes(land_charter().replace(b"version: 1", b"version: 2").replace(*change))
    told = what_keeps(file, Site.open(world.path), parse_charter(file.read_bytes()), WEIGHTS, START)
    before = (world.path / "charters" / "land-test.yaml").read_bytes()
    if not code:  # a trial may start without a contact
        assert told == ()
        return
    assert told
    with pytest.raises(CountenanceError) as caught:
        sign_charter(world.path, file, weights=WEIGHTS, clock=MovableClock())
    assert caught.value.code == code
    assert caught.value.message in " ".join(told)
    assert (world.path / "charters" / "land-test.yaml").read_bytes() == before
    with world.open() as service:
        assert service.lanes.at("lane-1").charter.version == 1
        assert "charter.signed" not in str(service.desk.export_record(AUDITOR))


def test_a_check_in_the_site_tells_what_the_start_tells(tmp_path: Path) -> None:
    """Unsigned, or with a notice that nobody looked at in time: check says it before a start does."""
    world = world_at(tmp_path)
    file = world.path / "charters" / "land-test.yaml"
    charter, site = parse_charter(file.read_bytes()), Site.open(world.path)
    assert site_near(file) == site
    assert what_keeps(file, site, charter, WEIGHTS, START) == ()
    assert "not 0000" in what_keeps(file, site, charter, "0" * 64, START)[0]
    assert "look at the notice" in what_keeps(file, site, charter, WEIGHTS, Instant(START + 200 * DAY * 1000))[0]
    Path(f"{file}.sig").unlink()
    assert "no signature" in what_keeps(file, site, charter, WEIGHTS, START)[0]


def test_a_machine_with_other_weights_signs_nothing_for_these(tmp_path: Path) -> None:
    """Where the machine's weights are told, a charter for other ones is not signed."""
    world, file = world_at(tmp_path), tmp_path / "charter.yaml"
    file.write_bytes(land_charter().replace(b"version: 1", b"version: 2"))
    with pytest.raises(CharterError) as caught:
        sign_charter(world.path, file, weights="0" * 64, clock=MovableClock())
    assert caught.value.code == "charter.other_weights"


# --- policies ---------------------------------------------------------------------------------------------------------
NIGHT = b"""
@id("site/no-lane-2")
@because("Lane 2 is closed for works.")
forbid (principal, action == Action::"open_encounter", resource == Checkpoint::"lane-2");
"""


def test_a_signed_policy_narrows_a_site(tmp_path: Path) -> None:
    """A site's own forbid holds from the next start on, its id is what is told, and the act is in the record."""
    world, file = world_at(tmp_path), tmp_path / "night.cedar"
    file.write_bytes(NIGHT)
    digest = sign_policy(world.path, file, clock=MovableClock())
    with world.open() as service:
        with pytest.raises(AccessError, match="site/no-lane-2"):
            opened(service, "lane-2")
        assert opened(service, "lane-1").token
        assert digest in str(service.desk.export_record(AUDITOR))


def test_an_unsigned_or_permitting_policy_starts_nothing(tmp_path: Path) -> None:
    """A policy that nobody signed is refused at start, and one that permits cannot even be signed."""
    world, file = world_at(tmp_path), tmp_path / "night.cedar"
    file.write_bytes(NIGHT.replace(b"forbid", b"permit"))
    with pytest.raises(PolicyError) as caught:
        sign_policy(world.path, file, clock=MovableClock())
    assert caught.value.code == "policy.permits"
    (world.path / "policies").mkdir()
    (world.path / "policies" / "night.cedar").write_bytes(NIGHT)
    assert refusal(world).code == "charter.unsigned"


@pytest.mark.parametrize("action", ["enrol", "erase", "manage_gallery", "read_gallery", "export_record"])
def test_each_action_asks_its_own_policy(tmp_path: Path, action: str) -> None:
    """A prohibition of one action stops exactly that: enrolling, erasing, opening, listing, exporting."""
    world, file = World.at(tmp_path / "site", gate_charter()), tmp_path / "one.cedar"
    file.write_bytes(
        NIGHT.replace(b"open_encounter", action.encode()).replace(b', resource == Checkpoint::"lane-2"', b", resource")
    )
    with world.open() as service:
        service.staging.open_gallery("flight", "gate-1", SUPERVISOR)
    sign_policy(world.path, file, clock=MovableClock())
    with world.open() as service:
        acts: dict[str, Any] = {
            "enrol": lambda: list(service.staging.enrol("flight", [], SUPERVISOR)),
            "erase": lambda: service.staging.close_gallery("flight", SUPERVISOR),
            "manage_gallery": lambda: service.staging.open_gallery("other", "gate-1", SUPERVISOR),
            "read_gallery": lambda: service.staging.list_galleries(SUPERVISOR),
            "export_record": lambda: service.desk.export_record(AUDITOR),
        }
        for name, act in acts.items():
            if name == action:
                with pytest.raises(AccessError, match="site/no-lane-2"):
                    act()
        for name in ("read_gallery", "export_record", "manage_gallery", "enrol", "erase"):
            if name != action:
                acts[name]()


def test_a_running_service_obeys_the_time(tmp_path: Path) -> None:
    """A prohibition of the evening begins while the service runs, and an explanation of another day is that day's."""
    world, file = world_at(tmp_path), tmp_path / "night.cedar"
    file.write_bytes(NIGHT.replace(b'"lane-2");', b'"lane-2")\nwhen { context.minute >= 600 };'))
    sign_policy(world.path, file, clock=MovableClock())
    with world.open() as service:
        assert opened(service, "lane-2").token
        world.clock.advance(2 * 3600)
        with pytest.raises(AccessError, match="site/no-lane-2"):
            opened(service, "lane-2")
        why = explain_in_service(service, OPERATOR, Action.OPEN_ENCOUNTER, "lane-2", START, None)
        assert why.allowed


def night(world: World, tmp_path: Path) -> Path:
    """Sign the prohibition for the site and return where it lies there."""
    file = tmp_path / "night.cedar"
    file.write_bytes(NIGHT)
    sign_policy(world.path, file, clock=MovableClock())
    return world.path / "policies" / "night.cedar"


def test_a_prohibition_cannot_be_taken_out_unnoticed(tmp_path: Path) -> None:
    """Whoever may write in the folder and has no key removes no prohibition: the site says which one is gone."""
    world = world_at(tmp_path)
    shutil.rmtree(night(world, tmp_path).parent)
    told = refusal(world)
    assert (told.code, "night.cedar" in told.message) == ("policy.removed", True)


def test_a_prohibition_is_withdrawn_by_an_act(tmp_path: Path) -> None:
    """Withdrawn, it forbids no more; the act and its reason are in the record, and putting it back is found."""
    world = world_at(tmp_path)
    place = night(world, tmp_path)
    kept = {file: file.read_bytes() for file in place.parent.glob("*.cedar*")}
    withdraw_policy(world.path, "night.cedar", "works are over", clock=MovableClock())
    with world.open() as service:
        assert opened(service, "lane-2").token
        told = str(service.desk.export_record(AUDITOR))
    assert "policy.withdrawn" in told
    assert "works are over" in told
    for file, data in kept.items():
        file.write_bytes(data)
    assert refusal(world).code == "policy.put_back"
    with pytest.raises(PolicyError):
        withdraw_policy(world.path, "night.cedar", " ", clock=MovableClock())
    with pytest.raises(NotFound):
        withdraw_policy(world.path, "night.cedar", "again", clock=MovableClock())


def test_an_older_prohibition_cannot_be_put_back(tmp_path: Path) -> None:
    """A milder text that was signed once does not replace the one that was signed last under its name."""
    world, file = world_at(tmp_path), tmp_path / "night.cedar"
    place = night(world, tmp_path)
    kept = {one: one.read_bytes() for one in place.parent.glob("*.cedar*")}
    file.write_bytes(NIGHT.replace(b'== Action::"open_encounter"', b""))
    sign_policy(world.path, file, clock=MovableClock())
    for one, data in kept.items():
        one.write_bytes(data)
    assert refusal(world).code == "policy.put_back"


def test_an_older_charter_cannot_be_put_back(tmp_path: Path) -> None:
    """A version that was signed once, copied over its successor with its own good signature, starts nothing."""
    world, file = world_at(tmp_path), tmp_path / "charter.yaml"
    file.write_bytes(land_charter().replace(b"version: 1", b"version: 2"))
    sign_charter(world.path, file, clock=MovableClock())
    old = world.path / "charters" / "signed" / f"{parse_charter(land_charter()).sha256}.yaml"
    place = world.path / "charters" / "land-test.yaml"
    for source, target in ((old, place), (Path(f"{old}.sig"), Path(f"{place}.sig"))):
        target.write_bytes(source.read_bytes())
    assert refusal(world).code == "charter.put_back"
    sign_charter(world.path, file, clock=MovableClock())
    with world.open() as service:
        assert service.lanes.at("lane-1").charter.version == 2


@pytest.mark.parametrize("change", [
    "DELETE FROM signed_acts WHERE number = 1",
    "UPDATE signed_acts SET sha256 = '' WHERE kind = 'policy'",
    "UPDATE signed_acts SET number = number + 10",
])  # fmt: skip
def test_the_list_of_acts_cannot_be_rewritten(tmp_path: Path, change: str) -> None:
    """An act that is taken out, changed or moved in the database is found: each is signed over the one before."""
    world = world_at(tmp_path)
    place = night(world, tmp_path)
    other = place.with_name("other.cedar")
    other.write_bytes(NIGHT.replace(b"no-lane-2", b"other"))
    sign_policy(world.path, other, clock=MovableClock())
    with closing(sqlite3.connect(world.path / "db" / "countenance.db")) as database, database:
        database.execute(change)
    assert refusal(world).code == "charter.acts_changed"


def test_signing_that_was_interrupted_is_made_good_by_signing_again(tmp_path: Path, monkeypatch: Any) -> None:
    """A disk that fails at the last step leaves a site that says so, and signing again opens it."""
    world, file = world_at(tmp_path), tmp_path / "charter.yaml"
    file.write_bytes(land_charter().replace(b"version: 1", b"version: 2"))
    monkeypatch.setattr("countenance.bootstrap.signing.keep_charter", fail)
    with pytest.raises(OSError, match="full"):
        sign_charter(world.path, file, clock=MovableClock())
    monkeypatch.undo()
    assert refusal(world).code == "charter.put_back"
    sign_charter(world.path, file, clock=MovableClock())
    with world.open() as service:
        assert opened(service).token


def fail(*_: object) -> None:
    """Fail as a full disk does."""
    message = "the disk is full"
    raise OSError(message)


def test_the_deciding_policy_and_the_charter_are_in_every_entry(tmp_path: Path) -> None:
    """Opening and verifying each name the policy that let it happen, and the charter's hash (invariant 11)."""
    world = world_at(tmp_path)
    with world.open() as service:
        service.crossing.verify(submission(service, opened(service).token, face("ann", 1), face("ann", 2)), OPERATOR)
        bundle = service.desk.export_record(AUDITOR)
    entries = json.loads(json.dumps(bundle))["entries"]
    facts = [json.loads(one["facts"]) if isinstance(one["facts"], str) else one["facts"] for one in entries]
    named = {fact["event"]: (fact["policy"], fact.get("charter")) for fact in facts}
    assert named["encounter.opened"] == ("builtin/operator-open-encounter", parse_charter(land_charter()).sha256)
    assert named["attempt.answered"] == ("builtin/operator-verify", parse_charter(land_charter()).sha256)
    assert named["record.exported"][0] == "builtin/auditor-export-record"


# --- notices ----------------------------------------------------------------------------------------------------------
def lookless(tmp_path: Path, charter: bytes) -> World:
    """Make a site where nobody looked at any notice yet, with a point on which no trial depends."""
    world = world_at(tmp_path, charter)
    for file in (world.path / "notices").iterdir():
        file.unlink()
    return world


MEASURED = point_file()


def serious_charter() -> bytes:
    """Return a charter that is no trial."""
    return land_charter(operating_point=hashlib.sha256(MEASURED).hexdigest()).replace(b"trial: true", b"trial: false")


def test_a_notice_that_nobody_looked_at_starts_nothing(tmp_path: Path) -> None:
    """Outside trials somebody must have seen the notice hang there before anything starts (CBP-19)."""
    world = lookless(tmp_path, serious_charter())
    trust(Site.open(world.path), MEASURED)
    assert refusal(world).code == "charter.notice_check_overdue"
    note_placed(world.path, "lane-1", "supervisor:1", b"a photograph", clock=MovableClock())
    assert "lane-2" in refusal(world).message
    note_placed(world.path, "lane-2", "supervisor:1", b"", clock=MovableClock())
    with world.open() as service:
        assert opened(service).token
        assert "notice.checked" in str(service.desk.export_record(AUDITOR))


def test_an_overdue_look_starts_nothing(tmp_path: Path) -> None:
    """The last day on which the look counts starts, the first moment after it does not."""
    world = lookless(tmp_path, serious_charter())
    trust(Site.open(world.path), MEASURED)
    look(Site.open(world.path), serious_charter(), at="2026-11-25T00:00:00Z")
    world.clock.instant = Instant(parse_iso("2026-11-25T00:00:00Z") + 90 * DAY * 1000 - 1)
    with world.open():
        pass
    world.clock.instant = Instant(world.clock.instant + 1)
    assert refusal(world).code == "charter.notice_check_overdue"


def test_a_look_at_another_text_counts_for_nothing(tmp_path: Path) -> None:
    """When the notice changes, the sign on the wall is the old one until somebody looked again."""
    world = lookless(tmp_path, serious_charter())
    trust(Site.open(world.path), MEASURED)
    look(Site.open(world.path), land_charter(place="Elsewhere", controller="Another controller"))
    assert refusal(world).code == "charter.notice_check_overdue"


def test_a_trial_has_time_to_hang_its_notice(tmp_path: Path) -> None:
    """A trial starts before the first look, and no longer than a look would hold."""
    world = lookless(tmp_path, land_charter())
    with world.open():
        pass
    world.clock.instant = Instant(parse_iso("2026-11-21T00:00:00Z") + 90 * DAY * 1000)
    assert refusal(world).code == "charter.notice_check_overdue"


def test_a_changed_look_starts_nothing(tmp_path: Path) -> None:
    """A later date written into the file of a look is found."""
    world = world_at(tmp_path)
    file = world.path / "notices" / "lane-1.json"
    file.write_bytes(file.read_bytes().replace(b"2026", b"2027"))
    assert refusal(world).code == "charter.bad_signature"


@pytest.mark.parametrize("by", ["", "   ", "super\nvisor", "x" * 201])
def test_a_look_says_who_looked(tmp_path: Path, by: str) -> None:
    """A look by nobody, or by what is no line of text, is not noted (CBP-19)."""
    world = world_at(tmp_path)
    with pytest.raises(CharterError) as caught:
        note_placed(world.path, "lane-1", by, b"", clock=MovableClock())
    assert caught.value.code == "charter.who_looked"


def test_a_look_at_no_checkpoint_is_refused(tmp_path: Path) -> None:
    """Only checkpoints that a charter names have notices."""
    with pytest.raises(NotFound):
        note_placed(world_at(tmp_path).path, "lane-9", "supervisor:1", b"", clock=MovableClock())


# --- production -------------------------------------------------------------------------------------------------------
def test_production_refuses_an_old_evaluation(tmp_path: Path) -> None:
    """A site in production does not start on an evaluation of three years ago (CBP-13)."""
    data = point_file(issued="2023-11-30T00:00:00Z", expires="2026-11-30T00:00:00Z")
    charter = land_charter(operating_point=hashlib.sha256(data).hexdigest()).replace(b"trial: true", b"trial: false")
    world = world_at(tmp_path, charter)
    trust(Site.open(world.path), data)
    settings = world.path / "site.toml"
    settings.write_text(settings.read_text().replace('profile = "trial"', 'profile = "production"'))
    assert refusal(world).code == "operating_point.expired"


REPORT = b'{"a report": 1}'
YEARS = [("2026-11-29T00:00:00Z", "2029-11-29T00:00:00Z"), ("2027-02-28T00:00:00Z", "2030-02-28T00:00:00Z")]


def production(tmp_path: Path, issued: str, expires: str, report: bytes) -> World:
    """Make a site in production, whose evaluation was signed with its report."""
    data = point_file(issued=issued, expires=expires, report=hashlib.sha256(REPORT).hexdigest())
    charter = land_charter(
        operating_point=hashlib.sha256(data).hexdigest(), valid_from=issued, valid_until="2035-01-01T00:00:00Z"
    )
    world = world_at(tmp_path, charter.replace(b"trial: true", b"trial: false"))
    settings = world.path / "site.toml"
    settings.write_text(settings.read_text().replace('profile = "trial"', 'profile = "production"'))
    sign_operating_point(world.path, data, report=report, clock=MovableClock(parse_iso(issued)))
    return world


@pytest.mark.parametrize("issued, expires", YEARS)
def test_production_starts_until_the_last_second_of_three_years(tmp_path: Path, issued: str, expires: str) -> None:
    """One second before an evaluation is three years old the site starts, at three years it does not (CBP-13)."""
    world, end = production(tmp_path, issued, expires, REPORT), parse_iso(expires)
    charter = (world.path / "charters" / "land-test.yaml").read_bytes()
    look(Site.open(world.path), charter, at=iso(Instant(end - DAY * 1000)))
    for moment, code in (
        (end - 1000, ""),
        (end - 1, ""),
        (end, "operating_point.expired"),
        (end + 1000, "operating_point.expired"),
    ):
        world.clock.instant = Instant(moment)
        if code:
            assert refusal(world).code == code
        else:
            world.open().close()


def test_production_needs_the_report_itself(tmp_path: Path) -> None:
    """A hash of a report that nobody can read is no evidence: without the file, or with another, nothing starts."""
    world = production(tmp_path, *YEARS[0], b"")
    charter = (world.path / "charters" / "land-test.yaml").read_bytes()
    look(Site.open(world.path), charter, at="2026-12-01T00:00:00Z")
    assert refusal(world).code == "operating_point.report_missing"
    point = next((world.path / "operating-points").glob("*.json")).read_bytes()
    with pytest.raises(OperatingPointError) as caught:
        sign_operating_point(world.path, point, report=b"another", clock=MovableClock())
    assert caught.value.code == "operating_point.other_report"
    sign_operating_point(world.path, point, report=REPORT, clock=MovableClock())
    world.open().close()
    next((world.path / "operating-points" / "reports").iterdir()).write_bytes(b"another")
    assert refusal(world).code == "operating_point.report_missing"


def test_the_world_itself_starts(tmp_path: Path) -> None:
    """The site that these tests break is a good one."""
    world = world_at(tmp_path)
    assert world.created.api_keys[Role.OPERATOR]
    assert (ADULT.refusal_offered, START, TRIAL_POINT[:1]) == (True, world.clock.now(), b"{")
    with world.open() as service:
        assert opened(service).token


def test_a_site_of_the_old_version_is_led_over(tmp_path: Path) -> None:
    """A site whose charters are all of 0.1.0 and that has no key for charters: signing new ones opens it again."""
    world = world_at(tmp_path, land_charter(), gate_charter())
    for name in ("charter", "charter.pub"):
        (world.path / "keys" / name).unlink()
    shutil.rmtree(world.path / "charters" / "signed")
    shutil.rmtree(world.path / "notices")
    for file in [*(world.path / "charters").glob("*")]:
        file.write_bytes(
            file.read_bytes().replace(b"charter/v2", b"charter/v1")
        ) if file.suffix == ".yaml" else file.unlink()
    assert refusal(world).code == "charter.old_format"
    for name, charter in (("land-test", land_charter()), ("gate-test", gate_charter())):
        file = tmp_path / f"{name}.yaml"
        file.write_bytes(charter)
        sign_charter(world.path, file, clock=MovableClock())
    with world.open() as service:
        assert opened(service).token
