"""What every access store promises about keys and devices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from countenance.access import SqlAccessStore
from countenance.errors import StorageError
from countenance.ports import AccessStore
from countenance.storage import open_database
from countenance.storage.tables import metadata
from countenance.terms import Actor, ApiKeyRecord, Device, Instant, Partner, PartnerAudit, Role, Training
from fakes.desk_stores import MemoryAccessStore

KEY = ApiKeyRecord("0123456789abcdef", bytes(range(32)), Actor("operator:17", Role.OPERATOR, ""), Instant(5))
CAMERA_KEY = ApiKeyRecord("f" * 16, b"\xff" * 32, Actor("camera", Role.DEVICE, "camera-1"), Instant(2**45))
CAMERA = Device(
    "camera-1", bytes(range(32)), ("lane-1", 'lane-"2"', "gåte"), "airline-1", Instant(2**45), revoked=False
)


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AccessStore]:
    """Return an empty store of each kind."""
    if request.param == "memory":
        yield MemoryAccessStore()
        return
    engine = open_database(f"sqlite:///{tmp_path / 'site.db'}")
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield SqlAccessStore(connection)
    engine.dispose()


def test_nothing_is_there_at_first(store: AccessStore) -> None:
    """Unknown ids give None, and revoking one tells that it was not there."""
    assert store.key(KEY.key_id) is None
    assert store.device(CAMERA.device_id) is None
    assert store.revoke_key(KEY.key_id, Instant(9)) is False


@pytest.mark.parametrize("key", [KEY, CAMERA_KEY])
def test_a_key_comes_back_as_it_was(store: AccessStore, key: ApiKeyRecord) -> None:
    """A stored key is returned field by field, and others are not."""
    store.add_key(key)
    assert store.key(key.key_id) == key
    assert store.key(key.key_id[::-1] + "x") is None


def test_a_revoked_key_is_gone_for_ever(store: AccessStore) -> None:
    """Revoking works once, ends the key, leaves others, and its id cannot be used again."""
    store.add_key(KEY)
    store.add_key(CAMERA_KEY)
    assert store.revoke_key(KEY.key_id, Instant(9)) is True
    assert store.key(KEY.key_id) is None
    assert store.revoke_key(KEY.key_id, Instant(10)) is False
    assert store.key(CAMERA_KEY.key_id) == CAMERA_KEY
    with pytest.raises(StorageError):
        store.add_key(KEY)


def test_a_key_id_is_used_once(store: AccessStore) -> None:
    """A second key with the same id is refused."""
    store.add_key(KEY)
    with pytest.raises(StorageError):
        store.add_key(replace(CAMERA_KEY, key_id=KEY.key_id))


@pytest.mark.parametrize("device", [CAMERA, replace(CAMERA, checkpoints=(), partner="", revoked=True)])
def test_a_device_comes_back_as_it_was(store: AccessStore, device: Device) -> None:
    """A device is returned field by field, revoked or not, its checkpoints in order and unchanged."""
    store.add_device(device)
    assert store.device(device.device_id) == device
    assert store.device("camera-2") is None


def test_enrolling_again_replaces_the_device(store: AccessStore) -> None:
    """A new key, place or revocation takes the old one's stead; other devices stay."""
    store.add_device(CAMERA)
    store.add_device(replace(CAMERA, device_id="camera-2"))
    changed = replace(CAMERA, public_key=bytes(32), checkpoints=("lane-9",), revoked=True)
    store.add_device(changed)
    assert store.device("camera-1") == changed
    assert store.device("camera-2") == replace(CAMERA, device_id="camera-2")


TRAINED = Training("operator:17", "Lane course", Instant(5), Instant(2**45), "administrator:1")
AIRLINE = Partner("airline-1", "Airline One", "ops@airline.example", "FILE-7", Instant(2**44), 365)
AUDIT = PartnerAudit("airline-1", Instant(2**45), "auditor:1", passed=True, reference="REPORT-1")


def test_devices_are_listed_by_id(store: AccessStore) -> None:
    """Every device comes, revoked or not, by id."""
    other = replace(CAMERA, device_id="camera-0", revoked=True)
    for device in (CAMERA, other):
        store.add_device(device)
    assert store.devices() == (other, CAMERA)


def test_the_newest_training_counts(store: AccessStore) -> None:
    """Somebody's training replaces an earlier one; an untrained person has none."""
    assert store.training("operator:17") is None
    store.add_training(TRAINED)
    store.add_training(replace(TRAINED, course="Refresher", valid_until=Instant(2**46)))
    other = replace(TRAINED, actor_id="operator:1")
    store.add_training(other)
    assert store.training("operator:17") == replace(TRAINED, course="Refresher", valid_until=Instant(2**46))
    assert [one.actor_id for one in store.trainings()] == ["operator:1", "operator:17"]


def test_a_partner_is_replaced_and_its_audits_stay(store: AccessStore) -> None:
    """A partner is what was recorded last; its audits come oldest first, one at an instant."""
    assert (store.partner("airline-1"), store.partners()) == (None, ())
    store.add_partner(AIRLINE)
    earlier = replace(AUDIT, at=Instant(2**44), passed=False)
    for audit in (AUDIT, earlier):
        store.add_audit(audit)
    store.add_partner(replace(AIRLINE, contact="new@airline.example"))
    assert store.partners() == (replace(AIRLINE, contact="new@airline.example"),)
    assert store.audits("airline-1") == (earlier, AUDIT)
    assert store.audits("airline-2") == ()


def test_an_audit_is_of_a_known_partner(store: AccessStore) -> None:
    """Nobody is audited who is not on record."""
    with pytest.raises(StorageError):
        store.add_audit(AUDIT)
