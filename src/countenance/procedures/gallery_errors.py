"""What procedures say of a gallery that is not there, is closed, or expects nobody: each in one place."""

from __future__ import annotations

from countenance.errors import GalleryError, NotFound


def unknown_gallery(gallery_id: str) -> NotFound:
    """Return ``gallery.unknown``, or ``gallery.not_named``."""
    if not gallery_id:
        return NotFound(
            "gallery.not_named", "At this checkpoint a gallery is searched, and none was named.",
            remedy="Name the gallery of the event: --gallery, or 'gallery' over HTTP.",
        )  # fmt: skip
    return NotFound(
        "gallery.unknown", f"There is no gallery {gallery_id!r}.",
        remedy="Open the gallery first, or name the right one.",
    )  # fmt: skip


def closed_gallery(gallery_id: str) -> GalleryError:
    """Return ``gallery.closed`` for whoever fills it; at a gate the remedy is another."""
    return GalleryError(
        "gallery.closed", f"Gallery {gallery_id!r} is closed.", remedy="Open a new gallery for a new event."
    )


def foreign_gallery(gallery_id: str) -> GalleryError:
    """Return ``gallery.foreign`` for a gallery that is asked for at another checkpoint, or under another charter."""
    return GalleryError(
        "gallery.foreign", f"Gallery {gallery_id!r} belongs to another checkpoint or charter.",
        remedy="Name a gallery opened at this checkpoint under the charter in force (CBP-1).",
    )  # fmt: skip
