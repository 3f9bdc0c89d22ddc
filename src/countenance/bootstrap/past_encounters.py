"""Portraits out of earlier encounters: photographs kept of people who were referred and whom a human cleared.

Only under a charter that says so, then and now, and only while the photograph's own clock runs: nothing is kept for
this, and nothing is stored to find it by. An encounter is one document's where its claim was made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

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


class PastEncounters:
    """Photographs of encounters under one charter's id, as of one time (port ``PortraitSource``).

    Cases are looked through once, when the first traveller is asked for, whatever the gallery's size; whether a
    photograph is still kept is seen each time.
    """

    def __init__(
        self, transactions: Transactions, lanes: Lanes, claim: Callable[[str, str, str], str], charter_id: str,
        now: Instant,
    ) -> None:  # fmt: skip
        """Look under the charters of ``charter_id``.

        ``claim`` gives the claim that a document makes, from that id, the issuing state and the number.
        """
        self._transactions, self._lanes, self._claim = transactions, lanes, claim
        self._charter_id, self._now = charter_id, now
        self._by_claim: Mapping[str, Sequence[Case]] | None = None

    def of(self, traveller: Traveller) -> Sequence[SourcePortrait]:
        """Return the live photographs of cleared encounters opened for the traveller's documents, newest first.

        Raises:
            DocumentError: ``portraits.past``, a photograph is there and cannot be opened.
        """
        documents = [one for one in traveller.documents if key_of(one.number)]
        claims = {self._claim(self._charter_id, one.issuer, one.number) for one in documents}
        if not claims:
            return []
        with self._transactions.read() as tx:
            try:
                by_claim = self._cleared(tx)
                cases = sorted(
                    (case for claim in claims for case in by_claim.get(claim, ())),
                    key=lambda case: (case.referral.opened_at, case.referral.referral_id), reverse=True,
                )  # fmt: skip
                found = [(case, photograph(tx, case.referral.probe_item)) for case in cases[:MOST_PORTRAITS]]
            except VaultError as error:
                raise DocumentError(
                    "portraits.past", "A photograph of an earlier encounter cannot be opened.",
                    remedy="Do an ordinary manual check, and tell the administrator.",
                ) from error  # fmt: skip
        return [
            SourcePortrait(image, (self._now - case.referral.opened_at) // _YEAR_MS) for case, image in found if image
        ]

    def _cleared(self, tx: UnitOfWork) -> Mapping[str, Sequence[Case]]:
        """Return cleared cases by claim, of charters of this id that allow this."""
        if self._by_claim is None:
            cases = [case for case in tx.cases.cleared(self._now) if self._allowed(case)]
            claims = tx.encounters.claims([case.referral.encounter_id for case in cases])
            found: dict[str, list[Case]] = {}
            for case in cases:
                found.setdefault(claims.get(case.referral.encounter_id, ""), []).append(case)
            self._by_claim = found
        return self._by_claim

    def _allowed(self, case: Case) -> bool:
        charter = self._lanes.governing(case.referral.checkpoint_id, case.referral.charter).charter
        return charter.charter_id == self._charter_id and charter.past_encounters
