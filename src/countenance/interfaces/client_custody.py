"""The part of ``Client`` that is about what is kept; answers come back as they travelled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from countenance.terms import ErasureReason, HoldReason, Receipt


class CustodyClient(ABC):
    """What a served site keeps."""

    def show_person(self, person: str) -> Mapping[str, Any]:
        """Return everything kept about a person."""
        answer: Mapping[str, Any] = self._call("POST", "/persons/access", {"person": person})
        return answer

    def show_selfie(self, photograph: bytes) -> Sequence[Mapping[str, Any]]:
        """Return what is kept about whoever is on a photograph."""
        body = {"photograph": b64encode(photograph).decode()}
        answer: Sequence[Mapping[str, Any]] = self._call("POST", "/persons/selfie", body)
        return answer

    def erase_person(self, person: str, reason: ErasureReason) -> Mapping[str, Any]:
        """Erase a person before the clock."""
        answer: Mapping[str, Any] = self._call("POST", "/persons/erasure", {"person": person, "reason": reason})
        return answer

    def holds(self) -> Sequence[Mapping[str, Any]]:
        """Return evidence locks in force."""
        answer: Sequence[Mapping[str, Any]] = self._call("GET", "/holds")
        return answer

    def place_hold(self, encounter: str, reason: HoldReason, named: str, days: int) -> Mapping[str, Any]:
        """Keep an encounter beyond its clock."""
        body = {"encounter": encounter, "reason": reason, "named": named, "days": days}
        answer: Mapping[str, Any] = self._call("POST", "/holds", body)
        return answer

    def release_hold(self, hold: str) -> Receipt:
        """Release an evidence lock."""
        return Receipt(**self._call("DELETE", f"/holds/{quote(hold, safe='')}")["receipt"])

    def change_class(self, encounter: str, person_class: str) -> int:
        """Correct a person's class; return how many clocks that shortened."""
        path = f"/encounters/{quote(encounter, safe='')}/class"
        return int(self._call("POST", path, {"person_class": person_class})["shortened"])

    @abstractmethod
    def _call(
        self, method: str, path: str, body: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None
    ) -> Any: ...
