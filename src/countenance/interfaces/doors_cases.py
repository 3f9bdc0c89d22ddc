"""The part of ``LocalDoors`` that is about cases and the ledger; everything comes back as it travels over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from countenance.bootstrap import Service
from countenance.interfaces.shown_cases import (
    notification_body,
    partner_body,
    redress_body,
    redress_page,
    referral_body,
    standing_body,
    stepped_body,
    suspension_body,
    training_body,
)
from countenance.procedures import Basis
from countenance.terms import DAY_MS, CaseEvent, Instant, OfficerReason, Partner, Receipt


class LocalCases:
    """Cases and ledger of the site opened in this process."""

    def __init__(self, service: Service, api_key: str) -> None:
        self._service = service
        self._actor = service.authenticate(api_key)

    def referrals(self) -> Sequence[Mapping[str, Any]]:
        """See ``Doors``."""
        return [referral_body(one).model_dump(mode="json") for one in self._service.desk.waiting(self._actor)]

    def refer(self, encounter_id: str, reason: OfficerReason, words: str) -> Mapping[str, Any]:
        """See ``Doors``."""
        standing = self._service.casework.refer(encounter_id, reason, words, self._actor)
        return standing_body(standing).model_dump(mode="json")

    def take(self, reference: str, event: CaseEvent, basis: Basis) -> Mapping[str, Any]:
        """See ``Doors``."""
        return stepped_body(*self._service.casework.take(reference, event, basis, self._actor)).model_dump(mode="json")

    def redress(self, reference: str) -> Mapping[str, Any]:
        """See ``Doors``."""
        return redress_body(self._service.casework.redress(reference, self._actor)).model_dump(mode="json")

    def redress_page(self, reference: str) -> str:
        """See ``Doors``."""
        return redress_page(self._service.casework.redress(reference, self._actor))

    def notifications(self) -> Sequence[Mapping[str, Any]]:
        """See ``Doors``."""
        return [notification_body(one).model_dump(mode="json") for one in self._service.casework.told(self._actor)]

    def see(self, notification_id: str) -> Receipt:
        """See ``Doors``."""
        return self._service.casework.see(notification_id, self._actor)

    def suspensions(self) -> Sequence[Mapping[str, Any]]:
        """See ``Doors``."""
        found = self._service.casework.suspensions(self._actor)
        return [suspension_body(one, self._service.lanes).model_dump(mode="json") for one in found]

    def resume(self, charter_id: str, named: str, reason: str) -> Receipt:
        """See ``Doors``."""
        return self._service.casework.resume(charter_id, named, reason, self._actor)

    def record_training(self, holder: str, course: str, until: int) -> Receipt:
        """See ``Doors``."""
        return self._service.ledger.record_training(holder, course, Instant(until * DAY_MS), self._actor)

    def trainings(self) -> Sequence[Mapping[str, Any]]:
        """See ``Doors``."""
        found = self._service.ledger.trainings(self._actor)
        return [training_body(training, in_date=in_date).model_dump(mode="json") for training, in_date in found]

    def add_partner(self, partner: Partner) -> Receipt:
        """See ``Doors``."""
        return self._service.ledger.add_partner(partner, self._actor)

    def note_audit(self, partner_id: str, *, passed: bool, reference: str) -> Receipt:
        """See ``Doors``."""
        return self._service.ledger.note_audit(partner_id, passed=passed, reference=reference, actor=self._actor)

    def partners(self) -> Sequence[Mapping[str, Any]]:
        """See ``Doors``."""
        return [partner_body(line).model_dump(mode="json") for line in self._service.ledger.ledger(self._actor)]
