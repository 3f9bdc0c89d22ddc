"""What a gallery's rows may hold: ids that can be printed, templates of the gallery's own weights."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from countenance.errors import GalleryError
from countenance.terms import Reference

_LONGEST_GALLERY_ID = 80
_LONGEST_ID = 118  # subject "gallery/person" must fit its 200 characters


def check_gallery_id(gallery_id: str) -> None:
    """Return only if a gallery may have this id.

    Raises:
        GalleryError: ``gallery.bad_id``.
    """
    if not 0 < len(gallery_id) <= _LONGEST_GALLERY_ID or "/" in gallery_id or not gallery_id.isprintable():
        raise GalleryError(
            "gallery.bad_id",
            "A gallery's id is empty, too long, or holds a slash or a control character.",
            remedy=f"Use 1 to {_LONGEST_GALLERY_ID} printable characters without a slash.",
        )


def check_reference(reference: Reference, gallery: Row[Any]) -> None:
    """Return only if the gallery with this row takes the reference.

    Raises:
        GalleryError: ``gallery.closed``, ``gallery.other_weights`` or ``gallery.bad_id``.
    """
    if not gallery.open:
        raise GalleryError(
            "gallery.closed",
            f"Gallery {gallery.gallery_id!r} is closed.",
            remedy="Open a new gallery for a new event.",
        )
    if reference.template.weights != gallery.weights:
        raise GalleryError(
            "gallery.other_weights",
            f"Gallery {gallery.gallery_id!r} was opened for other weights than this template's.",
            remedy="Make the template with the gallery's weights, or open a new gallery.",
        )
    for name in (reference.reference_id, reference.person_id):
        if not 0 < len(name) <= _LONGEST_ID or not name.isprintable():
            raise GalleryError(
                "gallery.bad_id",
                "A reference's or person's id is empty, too long, or holds a control character.",
                remedy=f"Use 1 to {_LONGEST_ID} printable characters.",
            )


def unknown(gallery_id: str) -> GalleryError:
    """Return the error for a gallery that is not there."""
    return GalleryError(
        "gallery.unknown",
        f"There is no gallery {gallery_id!r}.",
        remedy="Open the gallery first, or name the right one.",
    )
