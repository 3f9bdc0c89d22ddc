"""Whoever works with people has learnt it and not too long ago; partners have promised and are audited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from countenance.access import check_partner, check_training, ledger_line
from countenance.errors import AccessError
from countenance.terms import DAY_MS, Actor, Device, Instant, Partner, PartnerAudit, Role, Training
from fakes.papers import NOW

TRAINED = Training("operator:17", "Lane course 2026", NOW, Instant(NOW + DAY_MS), "administrator:1")
AIRLINE = Partner("airline-1", "Airline One", "ops@airline.example", "FILE-7", NOW, 365)
CAMERA = Device("camera-1", bytes(32), ("gate-1",), "airline-1", NOW, revoked=False)


def actor(role: Role) -> Actor:
    """Return somebody of this role."""
    return Actor(f"{role}:17", role, "camera-1" if role is Role.DEVICE else "")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("training, code", [
    (TRAINED, ""), (replace(TRAINED, valid_until=NOW), "access.training_expired"), (None, "access.training_missing"),
])  # fmt: skip
def test_training_is_in_date_where_people_are_met(
    role: Role, training: Training | None, code: str, *, required: bool
) -> None:
    """Operators and supervisors need one in date, in production at all; the refusal says what to do. Nobody else."""
    refused = role in {Role.OPERATOR, Role.SUPERVISOR} and code and (training is not None or required)
    if not refused:
        check_training(actor(role), training, NOW, required=required)
        return
    with pytest.raises(AccessError) as caught:
        check_training(actor(role), training, NOW, required=required)
    assert caught.value.code == code
    assert "staff train" in caught.value.remedy


def test_a_device_is_the_controllers_or_a_bound_partners() -> None:
    """A device of somebody who promised nothing is not enrolled."""
    check_partner(replace(CAMERA, partner=""), None)
    check_partner(CAMERA, AIRLINE)
    with pytest.raises(AccessError) as caught:
        check_partner(CAMERA, None)
    assert caught.value.code == "access.unknown_partner"


@pytest.mark.parametrize("audits, due", [
    ([], 365), ([(10, True)], 375), ([(10, True), (20, False)], 375), ([(20, False)], 365), ([(300, True)], 665),
])  # fmt: skip
def test_an_audit_is_overdue_so_long_after_the_last_that_was_passed(audits: list[tuple[int, bool]], due: int) -> None:
    """A failed audit does not move the date; before the first the signed obligation counts (CBP-20)."""
    made = [PartnerAudit("airline-1", Instant(NOW + day * DAY_MS), "auditor:1", passed, "R") for day, passed in audits]
    line = ledger_line(AIRLINE, [], made, Instant(NOW + due * DAY_MS - 1))
    assert (line.due_at, line.overdue) == (NOW + due * DAY_MS, False)
    assert ledger_line(AIRLINE, [], made, line.due_at).overdue


def test_the_ledger_names_the_partners_working_devices() -> None:
    """Other partners' devices and revoked ones are not the partner's."""
    others = [replace(CAMERA, device_id="x", partner="other"), replace(CAMERA, device_id="old", revoked=True)]
    assert ledger_line(AIRLINE, [CAMERA, *others], [], NOW).devices == ("camera-1",)
