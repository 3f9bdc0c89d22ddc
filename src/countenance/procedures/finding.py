"""Everything sealed about one person, found by opening what could be about them and nothing else.

No row and no key is named after a person, so that a stolen database names nobody; the price is paid here, where a
person or a court asks, and not at the lane. What was opened once is not opened again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from countenance.ports import UnitOfWork
from countenance.terms import ItemLabel

_ENCOUNTER = "encounter/"


@dataclass(frozen=True, slots=True)
class Found:
    """What one site keeps about one person."""

    encounters: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    """(gallery id, reference id)."""
    labels: tuple[ItemLabel, ...]


@dataclass(slots=True)
class Finder:
    """Looks for one person. The second look opens only what came since the first."""

    person: str
    _about: dict[str, bool] = field(default_factory=dict)
    """Whether each opened item is about the person, by item id."""

    def find(self, tx: UnitOfWork) -> Found:
        """Return everything sealed about the person in this transaction.

        Raises:
            VaultError: an item was changed.
        """
        if not self.person:  # "" stands for nobody in particular
            return Found((), (), ())
        subjects = {f"person/{self.person}"}
        subjects |= self._subjects(tx, "encounter", lambda text: str(json.loads(text)["claim"]))
        subjects |= self._subjects(tx, "personal", tx.record.pseudonym)
        references = tx.galleries.of_person(self.person)
        subjects |= {f"{gallery_id}/{self.person}" for gallery_id, _ in references}
        subjects |= {one.subject for one in tx.vault.of_purpose("roll") if one.subject.endswith(f"/{self.person}")}
        encounters = sorted(one.removeprefix(_ENCOUNTER) for one in subjects if one.startswith(_ENCOUNTER))
        return Found(tuple(encounters), references, tx.vault.of_subjects(sorted(subjects)))

    def _subjects(self, tx: UnitOfWork, purpose: str, about: Callable[[bytes], str]) -> set[str]:
        labels = tx.vault.of_purpose(purpose)
        new = [label.item_id for label in labels if label.item_id not in self._about]
        for item_id, text in tx.vault.open_many(new):
            self._about[item_id] = about(text) == self.person
        return {label.subject for label in labels if self._about[label.item_id] and label.subject != "site"}
