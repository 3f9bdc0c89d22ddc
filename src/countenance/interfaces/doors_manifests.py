"""The part of ``LocalDoors`` that is about manifests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from countenance.bootstrap import Service
from countenance.errors import SiteError
from countenance.terms import Actor
from countenance.terms.staging import Announced, Boarding, EventTerms, PortraitRow, PortraitsFrom, PortraitVerdict


class LocalManifests:
    """Manifests of a site opened here."""

    _service: Service
    _actor: Actor

    def announce(self, gallery_id: str, checkpoint_id: str, file: bytes, terms: EventTerms) -> Announced:
        """See ``Doors``."""
        return self._service.announcing.announce(gallery_id, checkpoint_id, file, terms, self._actor)

    def portray(self, gallery_id: str, rows: Iterable[PortraitRow]) -> Iterator[PortraitVerdict]:
        """See ``Doors``."""
        return self._service.boarding.portray(gallery_id, rows, self._actor)

    def fill(  # noqa: PLR0917 - one event's whole context
        self, gallery_id: str, checkpoint_id: str, file: bytes, terms: EventTerms, source: PortraitsFrom, years: int
    ) -> tuple[Announced, Iterator[PortraitVerdict]]:  # fmt: skip
        """See ``Doors``."""
        return self._service.filling.fill(gallery_id, checkpoint_id, file, terms, source, years, self._actor)

    def boarding(self, gallery_id: str) -> Boarding:
        """See ``Doors``."""
        return self._service.boarding.status(gallery_id, self._actor)

    def follow(self, gallery_id: str) -> Iterator[Mapping[str, Any]]:
        """See ``Doors``.

        Raises:
            SiteError: ``site.not_followed``.
        """
        raise SiteError(
            "site.not_followed", f"Nobody serves this site, so nothing happens to gallery {gallery_id!r}.",
            remedy="Follow it while the site is served; without --follow its present state is told.",
        )  # fmt: skip
