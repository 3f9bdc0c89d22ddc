"""The part of ``LocalDoors`` that is about what is kept; everything comes back as it travels over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from countenance.bootstrap import Service
from countenance.interfaces.shown_custody import access_body, erased_body, hold_body
from countenance.terms import Actor, ErasureReason, HoldReason, Receipt


class LocalCustody:
    """Custody of the site opened in this process."""

    _service: Service
    _actor: Actor

    def show_person(self, person: str) -> Mapping[str, Any]:
        """See ``Doors``."""
        return access_body(self._service.persons.access(person, self._actor)).model_dump(mode="json")

    def show_selfie(self, photograph: bytes) -> Sequence[Mapping[str, Any]]:
        """See ``Doors``."""
        found = self._service.persons.access_by_selfie(photograph, self._actor)
        return [access_body(one).model_dump(mode="json") for one in found]

    def erase_person(self, person: str, reason: ErasureReason) -> Mapping[str, Any]:
        """See ``Doors``."""
        return erased_body(self._service.persons.erase(person, reason, self._actor)).model_dump(mode="json")

    def holds(self) -> Sequence[Mapping[str, Any]]:
        """See ``Doors``."""
        return [hold_body(one).model_dump(mode="json") for one in self._service.holding.holds(self._actor)]

    def place_hold(self, encounter: str, reason: HoldReason, named: str, days: int) -> Mapping[str, Any]:
        """See ``Doors``."""
        return hold_body(self._service.holding.place(encounter, reason, named, days, self._actor)).model_dump(
            mode="json"
        )

    def release_hold(self, hold: str) -> Receipt:
        """See ``Doors``."""
        return self._service.holding.release(hold, self._actor)

    def change_class(self, encounter: str, person_class: str) -> int:
        """See ``Doors``."""
        return self._service.holding.change_class(encounter, person_class, self._actor)[0]
