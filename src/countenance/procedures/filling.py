"""A manifest staged by the site alone, with portraits that it has or may ask for: whoever sends the file sends no face.

Rules: CBP-1 (only people expected at this event), CBP-2 (photographs discarded). The file is all that comes in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from countenance.documents import read_manifest
from countenance.errors import DocumentError
from countenance.ports import PortraitSource
from countenance.procedures.announcing import Announcing
from countenance.procedures.boarding import Boardings
from countenance.procedures.lanes import permit
from countenance.procedures.querying import Querying
from countenance.terms import Action, Actor, utc_day
from countenance.terms.documents import Traveller
from countenance.terms.staging import Announced, EventTerms, PortraitRow, PortraitsFrom, PortraitVerdict


@dataclass(frozen=True, slots=True)
class Filling:
    """Everything that staging from the site's own portraits needs, chosen by ``bootstrap``."""

    announcing: Announcing
    boarding: Boardings
    querying: Querying
    site_portraits: Callable[[int], PortraitSource] | None
    """Opens the site's portraits for one gallery, given the age in years where none is stated (-1: unknown); None where
    the site names none."""

    def fill(  # noqa: PLR0917 - one event's whole context
        self, gallery_id: str, checkpoint_id: str, file: bytes, terms: EventTerms, source: PortraitsFrom,
        reference_years: int, actor: Actor,
    ) -> tuple[Announced, Iterator[PortraitVerdict]]:  # fmt: skip
        """Announce a manifest and stage whoever is wanted, a verdict each once it is durable.

        (1) the actor may do all of this, and the portraits are there and may be used, or nothing changes; (2) the
        manifest is announced; (3) each wanted traveller's portraits are asked for when the networks are ready for
        them. Interrupted, fill again.

        Raises:
            CharterError: ``charter.no_past_encounters``.
            DocumentError: ``portraits.none``, ``portraits.folder``; in the stream ``portraits.service`` and the like.
            NotFound, AccessError, GalleryError: as ``Announcing.announce``.
        """
        staging = self.announcing.staging
        now = staging.clock.now()
        lane = staging.gallery_lane(checkpoint_id, now)
        for action in (Action.MANAGE_GALLERY, Action.ENROL):
            permit(staging.policy, actor, action, checkpoint_id)
        if source is PortraitsFrom.PAST:  # (1)
            portraits = self.querying.past_portraits(lane, now)
        elif self.site_portraits is not None:
            portraits = self.site_portraits(reference_years)
        else:
            raise DocumentError(
                "portraits.none", "This site has no portraits of its own.",
                remedy="Name a folder or a service with --portraits, or write 'portraits' into the site's site.toml.",
            )  # fmt: skip
        told = self.announcing.announce(gallery_id, checkpoint_id, file, terms, actor)  # (2)
        people = read_manifest(file, today=utc_day(now)).travellers
        return told, self.boarding.portray(gallery_id, portrait_rows(portraits, people, told), actor)  # (3)


def portrait_rows(source: PortraitSource, people: tuple[Traveller, ...], told: Announced) -> Iterator[PortraitRow]:
    """Yield every portrait that a source has of the people whom an announcement wants, of ``people`` in the file."""
    for number in told.wanted:
        place = number - told.offset
        if 1 <= place <= len(people):  # with late additions alone, those before them are in no hand here
            yield from (PortraitRow(number, one) for one in source.of(people[place - 1]))
