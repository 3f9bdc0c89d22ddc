"""The part of ``Client`` that is about cases and the ledger; answers come back as they travelled."""

from __future__ import annotations

import http.client
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from countenance.interfaces import wire
from countenance.interfaces.durations import day_text
from countenance.procedures import Basis
from countenance.terms import DAY_MS, CaseEvent, OfficerReason, Partner, Receipt


class CasesClient(ABC):
    """Cases and ledger of a served site."""

    def referrals(self) -> Sequence[Mapping[str, Any]]:
        """Return what waits for a human."""
        return self._list("/referrals")

    def refer(self, encounter_id: str, reason: OfficerReason, words: str) -> Mapping[str, Any]:
        """Refer somebody whatever was answered."""
        return self._map("/referrals", {"encounter": encounter_id, "reason": reason, "words": words})

    def take(self, reference: str, event: CaseEvent, basis: Basis) -> Mapping[str, Any]:
        """Do something with a referral."""
        body = {"event": event, "second_facts": list(basis.second_facts), "named": basis.named, "words": basis.words}
        return self._map(f"/referrals/{wire.in_path(reference)}/steps", body)

    def redress(self, reference: str) -> Mapping[str, Any]:
        """Return the person's receipt."""
        answer: Mapping[str, Any] = self._call("GET", f"/referrals/{wire.in_path(reference)}/redress")
        return answer

    def redress_page(self, reference: str) -> str:
        """Return the person's receipt as a page of HTML."""
        return self._send("GET", f"/referrals/{wire.in_path(reference)}/redress/page", None, {}).read().decode("utf-8")

    def notifications(self) -> Sequence[Mapping[str, Any]]:
        """Return what supervisors were told."""
        return self._list("/notifications")

    def see(self, notification_id: str) -> Receipt:
        """Acknowledge."""
        return self._receipt(f"/notifications/{wire.in_path(notification_id)}/seen", None)

    def suspensions(self) -> Sequence[Mapping[str, Any]]:
        """Return charters that stopped."""
        return self._list("/suspensions")

    def resume(self, charter_id: str, named: str, reason: str) -> Receipt:
        """Resume a charter."""
        return self._receipt(f"/suspensions/{wire.in_path(charter_id)}/resumption", {"named": named, "reason": reason})

    def record_training(self, holder: str, course: str, until: int) -> Receipt:
        """Record a training."""
        return self._receipt("/trainings", {"holder": holder, "course": course, "until": day_text(until)})

    def trainings(self) -> Sequence[Mapping[str, Any]]:
        """Return who is trained."""
        return self._list("/trainings")

    def add_partner(self, partner: Partner) -> Receipt:
        """Record a partner."""
        body = {
            "partner": partner.partner_id, "name": partner.name, "contact": partner.contact,
            "obligation": partner.obligation, "obliged": day_text(partner.obliged_at // DAY_MS),
            "audit_every_days": partner.audit_every_days,
        }  # fmt: skip
        return self._receipt("/partners", body)

    def note_audit(self, partner_id: str, *, passed: bool, reference: str) -> Receipt:
        """Note an audit of a partner."""
        return self._receipt(f"/partners/{wire.in_path(partner_id)}/audits", {"passed": passed, "reference": reference})

    def partners(self) -> Sequence[Mapping[str, Any]]:
        """Return the ledger."""
        return self._list("/partners")

    def _list(self, path: str) -> Sequence[Mapping[str, Any]]:
        answer: Sequence[Mapping[str, Any]] = self._call("GET", path)
        return answer

    def _map(self, path: str, body: Mapping[str, object]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self._call("POST", path, body)
        return answer

    def _receipt(self, path: str, body: Mapping[str, object] | None) -> Receipt:
        return Receipt(**self._call("POST", path, body)["receipt"])

    @abstractmethod
    def _call(
        self, method: str, path: str, body: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None
    ) -> Any: ...

    @abstractmethod
    def _send(
        self, method: str, path: str, body: bytes | Iterator[bytes] | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse: ...
