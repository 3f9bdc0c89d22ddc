"""API keys, capture devices, training and partners as rows; an API key only as its SHA-256.

Whatever the database refuses arrives as ``StorageError`` (``storage.open_database`` sees to that).
"""

from __future__ import annotations

import json
from dataclasses import asdict

from sqlalchemy import Connection, Row, delete, insert, select, update

from countenance.storage.tables import api_keys, devices, partner_audits, partners, trainings
from countenance.terms import Actor, ApiKeyRecord, Device, Instant, Partner, PartnerAudit, Role, Training


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

    def devices(self) -> tuple[Device, ...]:
        """Return every enrolled device, revoked or not, by id."""
        return tuple(_device(row) for row in self._connection.execute(select(devices).order_by(devices.c.device_id)))

    def add_training(self, training: Training) -> None:
        """Store somebody's training in place of an earlier one."""
        self._connection.execute(delete(trainings).where(trainings.c.actor_id == training.actor_id))
        self._connection.execute(insert(trainings).values(asdict(training)))

    def training(self, actor_id: str) -> Training | None:
        """Return somebody's newest training."""
        row = self._connection.execute(select(trainings).where(trainings.c.actor_id == actor_id)).one_or_none()
        return None if row is None else _training(row)

    def trainings(self) -> tuple[Training, ...]:
        """Return everybody's newest training, by who."""
        return tuple(
            _training(row) for row in self._connection.execute(select(trainings).order_by(trainings.c.actor_id))
        )

    def add_partner(self, partner: Partner) -> None:
        """Store a partner, or replace what is known of it; its audits stay."""
        row = asdict(partner)
        if self.partner(partner.partner_id) is None:
            self._connection.execute(insert(partners).values(row))
        else:
            self._connection.execute(update(partners).where(partners.c.partner_id == partner.partner_id).values(row))

    def partner(self, partner_id: str) -> Partner | None:
        """Return a partner."""
        row = self._connection.execute(select(partners).where(partners.c.partner_id == partner_id)).one_or_none()
        return None if row is None else _partner(row)

    def partners(self) -> tuple[Partner, ...]:
        """Return every partner, by id."""
        return tuple(
            _partner(row) for row in self._connection.execute(select(partners).order_by(partners.c.partner_id))
        )

    def add_audit(self, audit: PartnerAudit) -> None:
        """Store an audit.

        Raises:
            StorageError: the partner has one at this instant, or is unknown.
        """
        self._connection.execute(insert(partner_audits).values(asdict(audit)))

    def audits(self, partner_id: str) -> tuple[PartnerAudit, ...]:
        """Return a partner's audits, oldest first."""
        held = partner_audits.c
        ordered = select(partner_audits).where(held.partner_id == partner_id).order_by(held.at)
        return tuple(_audit(row) for row in self._connection.execute(ordered))


def _key(row: Row[tuple[object, ...]]) -> ApiKeyRecord:
    actor = Actor(row.actor_id, Role(row.role), row.device_id)
    return ApiKeyRecord(row.key_id, row.sha256, actor, Instant(row.created_at))


def _device(row: Row[tuple[object, ...]]) -> Device:
    checkpoints = tuple(json.loads(row.checkpoints))
    return Device(row.device_id, row.public_key, checkpoints, row.partner, Instant(row.enrolled_at), row.revoked)


def _training(row: Row[tuple[object, ...]]) -> Training:
    return Training(row.actor_id, row.course, Instant(row.completed_at), Instant(row.valid_until), row.recorded_by)


def _partner(row: Row[tuple[object, ...]]) -> Partner:
    return Partner(row.partner_id, row.name, row.contact, row.obligation, Instant(row.obliged_at), row.audit_every_days)


def _audit(row: Row[tuple[object, ...]]) -> PartnerAudit:
    return PartnerAudit(row.partner_id, Instant(row.at), row.by, row.passed, row.reference)
