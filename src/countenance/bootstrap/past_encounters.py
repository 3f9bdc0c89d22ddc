"""Portraits out of earlier encounters: photographs kept of people who were referred and whom a human cleared.

Only under a charter that says so, then and now, and only while the photograph's own clock runs: nothing is kept for
this, and nothing is stored to find it by. An encounter is one document's where its claim was made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from countenance.documents.portrait_folder import MOST_PORTRAITS, key_of
from countenance.errors import DocumentError, VaultError
from countenance.ports import Transactions, UnitOfWork
from countenance.procedures import Lanes
from countenance.procedures.referring import photograph
from countenance.terms import DAY_MS, Case, Instant
from countenance.terms.documents import Traveller
from countenance.terms.staging import SourcePortrait

_YEAR_MS = DAY_MS * 1461 // 4
"""Of 365 and a quarter days."""


@dataclass(frozen=True, slots=True)
class PastEncounters:
    """Photographs of encounters under one charter's id, as of one time (port ``PortraitSource``)."""

    transactions: Transactions
    lanes: Lanes
    claim: Callable[[str, str, str], str]
    """The claim that a document makes, from the charter's id, the issuing state and the number."""
    charter_id: str
    now: Instant

    def of(self, traveller: Traveller) -> Sequence[SourcePortrait]:
        """Return the live photographs of cleared encounters opened for the traveller's documents, newest first.

        Raises:
            DocumentError: ``portraits.past``, a photograph is there and cannot be opened.
        """
        documents = [one for one in traveller.documents if key_of(one.number)]
        claims = {self.claim(self.charter_id, one.issuer, one.number) for one in documents}
        with self.transactions.read() as tx:
            cases = [case for case in reversed(tx.cases.cleared(self.now)) if claims and self._is(tx, case, claims)]
            try:
                found = [(case, photograph(tx, case.referral.probe_item)) for case in cases[:MOST_PORTRAITS]]
            except VaultError as error:
                raise DocumentError(
                    "portraits.past", "A photograph of an earlier encounter cannot be opened.",
                    remedy="Do an ordinary manual check, and tell the administrator.",
                ) from error  # fmt: skip
        return [
            SourcePortrait(image, (self.now - case.referral.opened_at) // _YEAR_MS) for case, image in found if image
        ]

    def _is(self, tx: UnitOfWork, case: Case, claims: set[str]) -> bool:
        """Return whether the case is of one of these claims, under a charter of this id that allows this."""
        charter = self.lanes.governing(case.referral.checkpoint_id, case.referral.charter).charter
        if charter.charter_id != self.charter_id or not charter.past_encounters:
            return False
        encounter = tx.encounters.by_id(case.referral.encounter_id)
        return encounter is not None and encounter.claim in claims
