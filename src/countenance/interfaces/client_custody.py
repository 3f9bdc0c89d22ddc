"""The part of ``Client`` that is about what is kept; answers come back as they travelled."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from countenance.interfaces import wire
from countenance.interfaces.client_cases import CasesClient
from countenance.terms import ErasureReason, HoldReason, Receipt


class CustodyClient(CasesClient):
    """What a served site keeps."""

    def show_person(self, person: str) -> Mapping[str, Any]:
        """Return everything kept about a person."""
        return self._map("/persons/access", {"person": person})

    def show_selfie(self, photograph: bytes) -> Sequence[Mapping[str, Any]]:
        """Return what is kept about whoever is on a photograph."""
        body = {"photograph": b64encode(photograph).decode()}
        answer: Sequence[Mapping[str, Any]] = self._call("POST", "/persons/selfie", body)
        return answer

    def erase_person(self, person: str, reason: ErasureReason) -> Mapping[str, Any]:
        """Erase a person before the clock."""
        return self._map("/persons/erasure", {"person": person, "reason": reason})

    def holds(self) -> Sequence[Mapping[str, Any]]:
        """Return evidence locks in force."""
        return self._list("/holds")

    def place_hold(self, encounter: str, reason: HoldReason, named: str, days: int) -> Mapping[str, Any]:
        """Keep an encounter beyond its clock."""
        body = {"encounter": encounter, "reason": reason, "named": named, "days": days}
        return self._map("/holds", body)

    def release_hold(self, hold: str) -> Receipt:
        """Release an evidence lock."""
        return Receipt(**self._call("DELETE", f"/holds/{wire.in_path(hold)}")["receipt"])

    def change_class(self, encounter: str, person_class: str) -> int:
        """Correct a person's class; return how many clocks that shortened."""
        path = f"/encounters/{wire.in_path(encounter)}/class"
        return int(self._map(path, {"person_class": person_class})["shortened"])
