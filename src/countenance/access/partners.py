"""Partners who run capture devices: bound to store nothing, audited on a schedule, told match or no match (CBP-20)."""

from __future__ import annotations

from collections.abc import Sequence

from countenance.errors import AccessError
from countenance.terms import DAY_MS, LONGEST, Device, Instant, LedgerLine, Partner, PartnerAudit, iso, says_something


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


def check_new_partner(partner: Partner, now: Instant) -> None:
    """Return only if a partner says who it is, whom to reach, and which obligation it signed, by ``now``.

    Raises:
        AccessError: ``partner.not_stated``, ``partner.obliged_ahead``.
    """
    for field in ("partner_id", "name", "contact", "obligation"):
        check_stated(field, getattr(partner, field))
    if partner.obliged_at > now:
        raise AccessError(
            "partner.obliged_ahead",
            f"The obligation of {partner.partner_id!r} is dated {iso(partner.obliged_at)[:10]}, which lies ahead.",
            remedy="Give the day on which it was signed; a partner is recorded once it has promised (CBP-20).",
        )


def check_stated(field: str, text: str) -> None:
    """Return only if a field of the ledger says something in one readable line.

    Raises:
        AccessError: ``partner.not_stated``.
    """
    if not says_something(text):
        raise AccessError(
            "partner.not_stated",
            f"The field {field!r} is empty, longer than {LONGEST} characters, or not one readable line.",
            remedy="State it in words that an auditor can follow up.",
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
