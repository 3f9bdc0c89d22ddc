"""A document is read and its chip is checked before anybody opens an encounter; nothing is kept and nothing recorded.

(1) whoever may open an encounter at a checkpoint of this site may; (2) the zone is read as of today, or every step of
the chip's check is made against the site's certificates (Doc 9303-11 5.1). No encounter, no camera: so no entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from countenance.documents import CscaStore, check_chip, read_mrz
from countenance.errors import AccessError, DocumentError
from countenance.ports import Clock, Policy
from countenance.procedures.chip import ChipChecked, expired_since
from countenance.procedures.events import age_at
from countenance.procedures.lanes import Lanes, permit
from countenance.terms import Action, Actor, ChipData, ChipFile, Instant, utc_day
from countenance.terms.documents import MachineReadableZone


@dataclass(frozen=True, slots=True)
class ZoneRead:
    """A zone, and how old its holder is."""

    zone: MachineReadableZone
    age: int
    """Completed years today in UTC, -1 when the date of birth does not say."""
    expired_since: date | None
    """The document's last day where it has passed, in UTC."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading needs, chosen by ``bootstrap``."""

    clock: Clock
    policy: Policy
    lanes: Lanes
    store: Callable[[Instant], CscaStore | None]

    def zone(self, text: str, actor: Actor) -> ZoneRead:
        """Return what a zone says.

        Raises:
            AccessError: ``access.denied``.
            DocumentError: it cannot be read (``document.mrz_…``).
        """
        now = self._permitted(actor)  # (1)
        today = utc_day(now)
        found = read_mrz(text, today=today)  # (2)
        return ZoneRead(found, age_at(found.birth_date, now), found.expiry_date.passed(today))

    def chip(self, files: Mapping[ChipFile, bytes], actor: Actor) -> ChipChecked:
        """Return every step of a chip's check.

        Raises:
            AccessError: ``access.denied``.
            DocumentError: ``document.no_store``.
        """
        now = self._permitted(actor)  # (1)
        store = self.store(now)
        if store is None:
            raise DocumentError(
                "document.no_store", "This site has no certificates to check a chip against.",
                remedy="Name a folder of CSCA certificates as csca_store in site.toml; check the document by hand.",
            )  # fmt: skip
        check = check_chip(ChipData(files), store, at=now)  # (2)
        return ChipChecked(check, len(store.certificates), store.left_out, expired_since(check, now))

    def _permitted(self, actor: Actor) -> Instant:
        """Return the time if the actor may open an encounter at any checkpoint here."""
        refusal: AccessError | None = None
        for lane in self.lanes.all:
            try:
                permit(self.policy, actor, Action.OPEN_ENCOUNTER, lane.checkpoint.checkpoint_id)
            except AccessError as error:
                refusal = error
            else:
                return self.clock.now()
        raise refusal or AccessError(
            "access.denied", "There is no checkpoint here.", remedy="Sign a charter that names one."
        )
