"""Cases as rows. What they show lies in the vault under its own clock; a row alone tells nothing about a person.

Whatever the database refuses arrives as ``StorageError`` (``storage.open_database`` sees to that).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, update

from countenance.storage import portions
from countenance.storage.tables import case_steps, notifications, referrals, suspensions
from countenance.terms import (
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Compared,
    Instant,
    Notification,
    Referral,
    Role,
    SecondFact,
    Suspension,
    Telling,
)

_OVER = frozenset({CaseState.CLEARED, CaseState.ADVERSE, CaseState.UPHELD, CaseState.CORRECTED})


class SqlCaseStore:
    """The :class:`~countenance.ports.CaseStore` inside one transaction of ``connection``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, referral: Referral) -> None:
        """Store a referral.

        Raises:
            StorageError: one with this id exists, or its encounter does not.
        """
        self._connection.execute(insert(referrals).values(asdict(referral)))

    def get(self, reference: str) -> Case | None:
        """Return the case of this referral, or the newest of this encounter; None when there is none."""
        held = referrals.c
        found = self._cases(or_(held.referral_id == reference, held.encounter_id == reference))
        return found[-1] if found else None

    def add_step(self, step: CaseStep) -> None:
        """Store what somebody did.

        Raises:
            StorageError: the case has a step of this number, or there is no such case.
        """
        row = {**asdict(step), "second_facts": json.dumps(list(step.second_facts))}
        self._connection.execute(insert(case_steps).values(row))

    def unsettled(self, now: Instant) -> tuple[Case, ...]:
        """Return every case that nobody has ended and whose clock runs, or that is contested, oldest first."""
        ended, contested = _last_in(*_OVER), _last_in(CaseState.CONTESTED)
        return self._cases(or_((referrals.c.expires_at > now) & ~ended, contested))

    def cleared(self, now: Instant) -> tuple[Case, ...]:
        """Return cases that somebody cleared last and whose live photograph's clock runs, oldest first."""
        held = referrals.c
        return self._cases((held.expires_at > now) & (held.probe_item != "") & _last_in(CaseState.CLEARED))

    def _cases(self, which: ColumnElement[bool]) -> tuple[Case, ...]:
        ordered = select(referrals).where(which).order_by(referrals.c.opened_at, referrals.c.referral_id)
        begun = [_referral(row) for row in self._connection.execute(ordered)]
        steps = self._steps(referral.referral_id for referral in begun)
        return tuple(Case(referral, tuple(steps.get(referral.referral_id, ()))) for referral in begun)

    def _steps(self, referral_ids: Iterable[str]) -> dict[str, list[CaseStep]]:
        found: dict[str, list[CaseStep]] = {}
        held = case_steps.c
        for asked in portions(list(referral_ids)):
            query = select(case_steps).where(held.referral_id.in_(asked)).order_by(held.number)
            for row in self._connection.execute(query):
                found.setdefault(row.referral_id, []).append(_step(row))
        return found

    def tell(self, notification: Notification) -> None:
        """Store that a human must see something."""
        self._connection.execute(insert(notifications).values(asdict(notification)))

    def told(self) -> tuple[Notification, ...]:
        """Return what nobody has acknowledged, oldest first, then by id."""
        held = notifications.c
        ordered = select(notifications).where(held.seen_by == "").order_by(held.at, held.notification_id)
        return tuple(_notification(row) for row in self._connection.execute(ordered))

    def see(self, reference: str, by: str) -> bool:
        """Note who acknowledged one notification, or all about one referral or charter; return whether any waited."""
        held = notifications.c
        meant = or_(held.notification_id == reference, held.about == reference)
        waiting = update(notifications).where(meant, held.seen_by == "")
        return self._connection.execute(waiting.values(seen_by=by)).rowcount > 0

    def suspend(self, suspension: Suspension) -> bool:
        """Suspend a charter; return False where it is already."""
        if self.suspension(suspension.charter_id) is not None:
            return False
        self._connection.execute(insert(suspensions).values(asdict(suspension)))
        return True

    def resume(self, charter_id: str) -> bool:
        """Lift a suspension; return whether there was one."""
        gone = delete(suspensions).where(suspensions.c.charter_id == charter_id)
        return self._connection.execute(gone).rowcount == 1

    def suspension(self, charter_id: str) -> Suspension | None:
        """Return the charter's suspension while it lasts."""
        found = select(suspensions).where(suspensions.c.charter_id == charter_id)
        row = self._connection.execute(found).one_or_none()
        return None if row is None else _suspension(row)

    def suspensions(self) -> tuple[Suspension, ...]:
        """Return every suspension that lasts, by charter."""
        ordered = select(suspensions).order_by(suspensions.c.charter_id)
        return tuple(_suspension(row) for row in self._connection.execute(ordered))


def _last_in(*states: CaseState) -> ColumnElement[bool]:
    """Return the condition that a referral's last step left it in one of these states."""
    step, newer = case_steps.c, case_steps.alias()
    later = (newer.c.referral_id == step.referral_id) & (newer.c.number > step.number)
    last = select(step.referral_id).outerjoin(newer, later).where(newer.c.number.is_(None))
    return referrals.c.referral_id.in_(last.where(step.state.in_(states)))


def _referral(row: Row[tuple[object, ...]]) -> Referral:
    return Referral(
        referral_id=row.referral_id, encounter_id=row.encounter_id, checkpoint_id=row.checkpoint_id,
        charter=row.charter, reason=row.reason, compared=Compared(row.compared), begins=CaseState(row.begins),
        opened_by=row.opened_by, opened_at=Instant(row.opened_at), expires_at=Instant(row.expires_at),
        contest_by=Instant(row.contest_by), probe_item=row.probe_item, reference_item=row.reference_item,
        entry=row.entry, referred_by=row.referred_by, earlier=row.earlier,
    )  # fmt: skip


def _step(row: Row[tuple[object, ...]]) -> CaseStep:
    facts = tuple(SecondFact(fact) for fact in json.loads(row.second_facts))
    return CaseStep(
        referral_id=row.referral_id, number=row.number, event=CaseEvent(row.event), state=CaseState(row.state),
        by=row.by, role=Role(row.role), at=Instant(row.at), second_facts=facts, until=Instant(row.until),
        entry=row.entry,
    )  # fmt: skip


def _notification(row: Row[tuple[object, ...]]) -> Notification:
    return Notification(
        row.notification_id, Instant(row.at), Telling(row.telling), row.checkpoint_id, row.about, row.contact,
        row.seen_by,
    )  # fmt: skip


def _suspension(row: Row[tuple[object, ...]]) -> Suspension:
    return Suspension(row.charter_id, row.checkpoint_id, Instant(row.at), row.detail, row.charter)
