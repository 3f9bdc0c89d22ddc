"""What must still hold when an attempt arrives: the charter under which the encounter was opened, and its gallery."""

from __future__ import annotations

from countenance.access import check_search_budget
from countenance.errors import CharterError, GalleryError
from countenance.ports import UnitOfWork
from countenance.procedures.gallery_errors import foreign_gallery, unknown_gallery
from countenance.procedures.lanes import Lane, Lanes
from countenance.terms import Encounter, GalleryInfo, Instant, Mode


def lane_of(lanes: Lanes, encounter: Encounter, mode: Mode, now: Instant) -> Lane:
    """Return the lane of an encounter, whose charter is in force and the one it was opened under.

    Raises:
        NotFound, CharterError: ``charter.not_in_force``, ``charter.changed``, ``charter.other_mode``.
    """
    lane = lanes.in_force(encounter.checkpoint_id, now).for_class(encounter.eligibility.person_class)
    if lane.charter.sha256 != encounter.charter:
        raise CharterError(
            "charter.changed", "The charter changed since this encounter was opened.",
            remedy="Open a new encounter under the charter in force.",
        )  # fmt: skip
    if encounter.mode is not mode:
        raise CharterError(
            "charter.other_mode", f"This checkpoint's charter allows {encounter.mode}, not {mode}.",
            remedy=f"Use the {encounter.mode} call at this checkpoint.",
        )  # fmt: skip
    return lane


def gallery_of(tx: UnitOfWork, lane: Lane, gallery_id: str, now: Instant) -> GalleryInfo | None:
    """Return the gallery to search, open, of this lane and within its budget of searches; None for a verification.

    Raises:
        NotFound, GalleryError: ``gallery.unknown``, ``gallery.foreign``, ``gallery.closed`` …
    """
    if lane.charter.mode is not Mode.IDENTIFY:
        return None
    info = tx.galleries.get(gallery_id)
    if info is None:
        raise unknown_gallery(gallery_id)
    if info.checkpoint_id != lane.checkpoint.checkpoint_id or info.charter != lane.charter.sha256:
        raise foreign_gallery(gallery_id)
    if not info.open or info.over(now):
        raise GalleryError(
            "gallery.closed", f"Gallery {gallery_id!r} is closed.", remedy="Do an ordinary manual check."
        )
    check_search_budget(info)
    return info
