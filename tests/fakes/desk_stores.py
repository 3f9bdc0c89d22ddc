"""Access and case stores in memory: the second implementations that the contract suites run over."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from countenance.errors import StorageError
from countenance.terms import (
    ApiKeyRecord,
    Case,
    CaseState,
    CaseStep,
    Device,
    Instant,
    Notification,
    Partner,
    PartnerAudit,
    Referral,
    Suspension,
    Training,
)


def _twice(what: str) -> StorageError:
    return StorageError("storage.failed", f"This {what} exists.", remedy="Use another id.")


@dataclass
class MemoryAccessStore:
    """Implements the ``AccessStore`` port."""

    keys: dict[str, ApiKeyRecord] = field(default_factory=dict)
    revoked: dict[str, Instant] = field(default_factory=dict)
    enrolled: dict[str, Device] = field(default_factory=dict)
    trained: dict[str, Training] = field(default_factory=dict)
    bound: dict[str, Partner] = field(default_factory=dict)
    audited: dict[tuple[str, Instant], PartnerAudit] = field(default_factory=dict)

    def add_key(self, key: ApiKeyRecord) -> None:
        """Store a key's hash."""
        if key.key_id in self.keys:
            raise _twice("key")
        self.keys[key.key_id] = key

    def key(self, key_id: str) -> ApiKeyRecord | None:
        """Return a key that was not revoked."""
        return None if key_id in self.revoked else self.keys.get(key_id)

    def revoke_key(self, key_id: str, now: Instant) -> bool:
        """Revoke a key; return whether it was there."""
        there = self.key(key_id) is not None
        if there:
            self.revoked[key_id] = now
        return there

    def add_device(self, device: Device) -> None:
        """Enrol a device, or replace it."""
        self.enrolled[device.device_id] = device

    def device(self, device_id: str) -> Device | None:
        """Return an enrolled device."""
        return self.enrolled.get(device_id)

    def devices(self) -> tuple[Device, ...]:
        """Return every enrolled device, by id."""
        return tuple(device for _, device in sorted(self.enrolled.items()))

    def add_training(self, training: Training) -> None:
        """Store somebody's training in place of an earlier one."""
        self.trained[training.actor_id] = training

    def training(self, actor_id: str) -> Training | None:
        """Return somebody's newest training."""
        return self.trained.get(actor_id)

    def trainings(self) -> tuple[Training, ...]:
        """Return everybody's newest training, by who."""
        return tuple(training for _, training in sorted(self.trained.items()))

    def add_partner(self, partner: Partner) -> None:
        """Store a partner, or replace it."""
        self.bound[partner.partner_id] = partner

    def partner(self, partner_id: str) -> Partner | None:
        """Return a partner."""
        return self.bound.get(partner_id)

    def partners(self) -> tuple[Partner, ...]:
        """Return every partner, by id."""
        return tuple(partner for _, partner in sorted(self.bound.items()))

    def add_audit(self, audit: PartnerAudit) -> None:
        """Store an audit of a known partner."""
        if audit.partner_id not in self.bound or (audit.partner_id, audit.at) in self.audited:
            raise _twice("audit")
        self.audited[audit.partner_id, audit.at] = audit

    def audits(self, partner_id: str) -> tuple[PartnerAudit, ...]:
        """Return a partner's audits, oldest first."""
        return tuple(audit for (of, _), audit in sorted(self.audited.items()) if of == partner_id)


@dataclass
class MemoryCaseStore:
    """Implements the ``CaseStore`` port."""

    referrals: dict[str, Referral] = field(default_factory=dict)
    steps: dict[tuple[str, int], CaseStep] = field(default_factory=dict)
    notifications: dict[str, Notification] = field(default_factory=dict)
    stopped: dict[str, Suspension] = field(default_factory=dict)

    def add(self, referral: Referral) -> None:
        """Store a referral."""
        if referral.referral_id in self.referrals:
            raise _twice("referral")
        self.referrals[referral.referral_id] = referral

    def get(self, reference: str) -> Case | None:
        """Return the case of this referral, or the newest of this encounter."""
        found = [one for one in self._all() if reference in {one.referral.referral_id, one.referral.encounter_id}]
        return found[-1] if found else None

    def _all(self) -> list[Case]:
        ordered = sorted(self.referrals.values(), key=lambda item: (item.opened_at, item.referral_id))
        steps = sorted(self.steps.items())
        return [Case(one, tuple(step for (of, _), step in steps if of == one.referral_id)) for one in ordered]

    def add_step(self, step: CaseStep) -> None:
        """Store what somebody did with a known case."""
        if step.referral_id not in self.referrals or (step.referral_id, step.number) in self.steps:
            raise _twice("step")
        self.steps[step.referral_id, step.number] = step

    def unsettled(self, now: Instant) -> tuple[Case, ...]:
        """Return cases that nobody has ended and whose clock runs, or that are contested."""
        ended = {CaseState.CLEARED, CaseState.ADVERSE, CaseState.UPHELD, CaseState.CORRECTED}
        found = []
        for case in self._all():
            state = case.steps[-1].state if case.steps else case.referral.begins
            if state is CaseState.CONTESTED or (state not in ended and case.referral.expires_at > now):
                found.append(case)
        return tuple(found)

    def cleared(self, now: Instant) -> tuple[Case, ...]:
        """Return cases that somebody cleared last and whose live photograph's clock runs."""
        return tuple(
            case
            for case in self._all()
            if case.steps and case.steps[-1].state is CaseState.CLEARED
            and case.referral.probe_item and case.referral.expires_at > now
        )  # fmt: skip

    def tell(self, notification: Notification) -> None:
        """Store that a human must see something."""
        if notification.notification_id in self.notifications:
            raise _twice("notification")
        self.notifications[notification.notification_id] = notification

    def told(self) -> tuple[Notification, ...]:
        """Return what nobody has acknowledged, oldest first, then by id."""
        waiting = [one for one in self.notifications.values() if not one.seen_by]
        return tuple(sorted(waiting, key=lambda one: (one.at, one.notification_id)))

    def see(self, reference: str, by: str) -> bool:
        """Note who acknowledged one, or all about one referral or charter."""
        meant = [one for one in self.told() if reference in {one.notification_id, one.about}]
        self.notifications |= {one.notification_id: replace(one, seen_by=by) for one in meant}
        return bool(meant)

    def suspend(self, suspension: Suspension) -> bool:
        """Suspend a charter."""
        return self.stopped.setdefault(suspension.charter_id, suspension) is suspension

    def resume(self, charter_id: str) -> bool:
        """Lift a suspension."""
        return self.stopped.pop(charter_id, None) is not None

    def suspension(self, charter_id: str) -> Suspension | None:
        """Return the charter's suspension."""
        return self.stopped.get(charter_id)

    def suspensions(self) -> tuple[Suspension, ...]:
        """Return every suspension, by charter."""
        return tuple(one for _, one in sorted(self.stopped.items()))
