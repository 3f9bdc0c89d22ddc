"""Partners who run capture devices: bound to store nothing, audited on a schedule, told match or no match (CBP-20)."""

from __future__ import annotations

from collections.abc import Sequence

from countenance.errors import AccessError
from countenance.terms import DAY_MS, Device, Instant, LedgerLine, Partner, PartnerAudit


def check_partner(device: Device, partner: Partner | None) -> None:
    """Return only if the device is the controller's own, or its partner is on record with its obligation.

    Raises:
        AccessError: ``access.unknown_partner``.
    """
    if device.partner and partner is None:
        raise AccessError(
            "access.unknown_partner",
            f"The partner {device.partner!r} has not promised to store nothing.",
            remedy="Record the partner and its signed obligation first, with 'countenance partner add'.",
        )


def ledger_line(
    partner: Partner, devices: Sequence[Device], audits: Sequence[PartnerAudit], now: Instant
) -> LedgerLine:
    """Return a partner's line: its devices, its audits, and whether one is overdue.

    An audit is due so many days after the last one that was passed; before the first, after the obligation was signed.
    """
    passed = [audit.at for audit in audits if audit.passed]
    due_at = Instant(max(passed, default=partner.obliged_at) + partner.audit_every_days * DAY_MS)
    own = tuple(device.device_id for device in devices if device.partner == partner.partner_id and not device.revoked)
    return LedgerLine(partner, own, tuple(audits), due_at, overdue=now >= due_at)
