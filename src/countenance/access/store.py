"""API keys and capture devices as rows; an API key only as its SHA-256.

Whatever the database refuses arrives as ``StorageError`` (``storage.open_database`` sees to that).
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, Row, delete, insert, select, update

from countenance.storage.tables import api_keys, devices
from countenance.terms import Actor, ApiKeyRecord, Device, Instant, Role


class SqlAccessStore:
    """The :class:`~countenance.ports.AccessStore` inside one transaction of ``connection``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_key(self, key: ApiKeyRecord) -> None:
        """Store a key's hash.

        Raises:
            StorageError: a key with this id exists, revoked or not.
        """
        row = {
            "key_id": key.key_id,
            "sha256": key.sha256,
            "actor_id": key.actor.actor_id,
            "role": key.actor.role.value,
            "device_id": key.actor.device_id,
            "created_at": key.created_at,
            "revoked_at": None,
        }
        self._connection.execute(insert(api_keys).values(row))

    def key(self, key_id: str) -> ApiKeyRecord | None:
        """Return a key that was not revoked."""
        found = select(api_keys).where(api_keys.c.key_id == key_id, api_keys.c.revoked_at.is_(None))
        row = self._connection.execute(found).one_or_none()
        return None if row is None else _key(row)

    def revoke_key(self, key_id: str, now: Instant) -> bool:
        """Revoke a key; return whether it was there and not revoked before."""
        change = update(api_keys).where(api_keys.c.key_id == key_id, api_keys.c.revoked_at.is_(None))
        return self._connection.execute(change.values(revoked_at=now)).rowcount == 1

    def add_device(self, device: Device) -> None:
        """Enrol a device, or replace what is known under its id, key included."""
        self._connection.execute(delete(devices).where(devices.c.device_id == device.device_id))
        row = {
            "device_id": device.device_id,
            "public_key": device.public_key,
            "checkpoints": json.dumps(list(device.checkpoints), ensure_ascii=False),
            "partner": device.partner,
            "enrolled_at": device.enrolled_at,
            "revoked": device.revoked,
        }
        self._connection.execute(insert(devices).values(row))

    def device(self, device_id: str) -> Device | None:
        """Return an enrolled device, revoked or not."""
        row = self._connection.execute(select(devices).where(devices.c.device_id == device_id)).one_or_none()
        return None if row is None else _device(row)


def _key(row: Row[tuple[object, ...]]) -> ApiKeyRecord:
    actor = Actor(row.actor_id, Role(row.role), row.device_id)
    return ApiKeyRecord(row.key_id, row.sha256, actor, Instant(row.created_at))


def _device(row: Row[tuple[object, ...]]) -> Device:
    checkpoints = tuple(json.loads(row.checkpoints))
    return Device(row.device_id, row.public_key, checkpoints, row.partner, Instant(row.enrolled_at), row.revoked)
