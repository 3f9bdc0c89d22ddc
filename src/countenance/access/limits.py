"""Limits that act: a closed gallery may not be searched at leisure."""

from __future__ import annotations

from countenance.errors import GalleryError
from countenance.terms import GalleryInfo

SEARCHES_PER_REFERENCE = 3
"""Everybody expected may be searched for three times over: once per attempt that reaches a search, on average."""


def check_search_budget(info: GalleryInfo) -> None:
    """Return only if the gallery may be searched once more.

    Searches already at three times the size are refused, so that a lane's key cannot be used to probe a gallery. An
    empty gallery is not refused here: nothing can be found out from it, and ``decision.admit`` answers it as an
    ordinary manual check.

    Raises:
        GalleryError: ``gallery.search_limit``.
    """
    if info.size > 0 and info.searches >= SEARCHES_PER_REFERENCE * info.size:
        raise GalleryError(
            "gallery.search_limit",
            f"The gallery {info.gallery_id!r} was searched {info.searches} times for {info.size} references.",
            remedy="Do ordinary manual checks, and find out who searches so often before you open a new gallery.",
        )
